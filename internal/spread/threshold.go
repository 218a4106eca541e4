package spread

import (
	"context"
	"math"
)

// Thresholds are how exposed people were when they adopted, and how many have none, by the
// first reason that applies.
type Thresholds struct {
	Value        []float64 // per person: E_i(a_i), with the lag's ties and adoptions
	Adopters     []float64 // per person: how many of those named had adopted, or their weight
	Named        []float64 // per person: how many are named, or their weight
	Never        int       // did not adopt
	LeftCensored int       // adopted in or before the period: nobody knows when
	TooEarly     int       // adopted before the lag allows to look
	NamesNobody  int
}

// Thresholds is everybody's exposure at adoption (Valente 1996, Social network thresholds
// in the diffusion of innovations), in time linear in the ties. With lag 0 it counts those
// who adopted in the same period. In compat, left-censored adopters have a threshold and
// people who name nobody have zero.
func (p *Panel) Thresholds(ctx context.Context, o ExposureOptions) (*Thresholds, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	n := p.People()
	slab := missing(3 * n)
	th := &Thresholds{Value: slab[:n:n], Adopters: slab[n : 2*n : 2*n], Named: slab[2*n:]}
	ties := p.tiesOr(o.Ties)
	for i := range n {
		if err := cancelled(ctx, i); err != nil {
			return nil, err
		}
		if p.hasThreshold(th, i, &o) {
			th.set(p, ties, i, &o)
		}
	}
	return th, nil
}

// hasThreshold counts somebody who can have none among those left out.
func (p *Panel) hasThreshold(th *Thresholds, person int, o *ExposureOptions) bool {
	switch a := p.Adopted[person]; {
	case a == Never:
		th.Never++
	case p.leftCensored(person) && !o.Compat:
		th.LeftCensored++
	case int(a) < o.Lag:
		th.TooEarly++
	default:
		return true
	}
	return false
}

func (th *Thresholds) set(p *Panel, ties *Ties, person int, o *ExposureOptions) {
	period := p.Adopted[person] - int32(o.Lag)
	adopters, named := 0.0, 0.0
	for e, end := ties.Row(person); e < end; e++ {
		if !ties.Holds(e, period) {
			continue
		}
		w := ties.weight(e, o.Weighted)
		named += w
		if a := p.Adopted[ties.Other[e]]; a != Never && a <= period {
			adopters += w
		}
	}
	th.Adopters[person], th.Named[person] = adopters, named
	th.Value[person] = o.value(adopters, named)
	if math.IsNaN(th.Value[person]) {
		th.NamesNobody++
	}
}
