package spread

import (
	"context"
	"fmt"
	"math"
)

// Discount says how much less a later period of the window counts.
type Discount uint8

// The discounts of the k-th period: 1, 1/k and 1/(1+rate)^(k-1).
const (
	NoDiscount Discount = iota
	Linear
	Exponential
)

// ContagionOptions say which infectiousness or susceptibility is meant.
type ContagionOptions struct {
	Window     int // K: how many periods after (or before) a person's adoption count; 1 or more
	Discount   Discount
	Rate       float64 // of the exponential discount
	Normalized bool    // divide by how many people at all adopted in those periods
	Ties       *Ties   // nil: the panel's
	Compat     bool
}

// Contagion is how much people infected others, or were infected. Every slice has one entry
// per person; counts are sums of discounts, which are plain counts for a window of one.
type Contagion struct {
	Value   []float64
	Part    []float64 // who adopted just then
	Whole   []float64 // who could have
	Divisor []float64 // how many people adopted just then, with ties or without; nil unless normalized
}

// Infectiousness is, for each adopter i, the share of those naming i and adopting later who
// did so k = 1..K periods after i (Myers 2000, doi:10.1086/303110; Valente and others 2015,
// doi:10.1016/j.socscimed.2015.10.001), with ties of the period a_i+k:
//
//	sum_k 1/w_k sum_j A_ji(a_i+k) [a_j = a_i+k] / sum_k 1/w_k sum_j A_ji(a_i+k) [a_j >= a_i+k]
//
// It is missing where nobody could be infected: for those who never adopted, adopted in the
// last period, or are named by nobody who adopts later. In compat it is zero for adopters.
// Left-censored people are taken to have adopted in the period in which they were seen to.
// Time is linear in the ties.
func (p *Panel) Infectiousness(ctx context.Context, o ContagionOptions) (*Contagion, error) {
	g, err := p.newGauge(&o)
	if err != nil {
		return nil, err
	}
	if err := g.eachTie(ctx, g.infects); err != nil {
		return nil, err
	}
	return g.finish(1), nil
}

// Susceptibility is, for each adopter i, the share of those whom i names and who adopted
// before who did so k = 1..K periods before i, with ties of the period a_i-k+1:
//
//	sum_k 1/w_k sum_j A_ij(a_i-k+1) [a_j = a_i-k] / sum_k 1/w_k sum_j A_ij(a_i-k+1) [a_j <= a_i-k]
//
// It is missing where nobody could infect: for those who never adopted, adopted in the
// first period, or name nobody who adopted before. In compat it is zero for adopters, and
// those who never adopt count as having adopted before, which is a fault of netdiffuseR.
// Time is linear in the ties.
func (p *Panel) Susceptibility(ctx context.Context, o ContagionOptions) (*Contagion, error) {
	g, err := p.newGauge(&o)
	if err != nil {
		return nil, err
	}
	if err := g.eachTie(ctx, g.isInfected); err != nil {
		return nil, err
	}
	return g.finish(-1), nil
}

// gauge adds up who infected whom, tie by tie.
type gauge struct {
	panel   *Panel
	options *ContagionOptions
	ties    *Ties
	last    int32     // period
	weight  []float64 // per k = 0..K: 1/w_k, and 0 for k = 0
	upTo    []float64 // per k: sum of weight[0..k]
	result  *Contagion
}

func (p *Panel) newGauge(o *ContagionOptions) (*gauge, error) {
	if o.Window < 1 {
		return nil, fmt.Errorf("measure contagion: a window of %d periods is none", o.Window)
	}
	n, window := p.People(), max(min(o.Window, p.Periods-1), 0)
	slab := make([]float64, 3*n)
	g := &gauge{panel: p, options: o, ties: p.tiesOr(o.Ties), last: int32(p.Periods - 1)}
	g.weight, g.upTo = make([]float64, window+1), make([]float64, window+1)
	for k := 1; k <= window; k++ {
		g.weight[k] = o.discount(k)
		g.upTo[k] = g.upTo[k-1] + g.weight[k]
	}
	g.result = &Contagion{Value: slab[:n:n], Part: slab[n : 2*n : 2*n], Whole: slab[2*n:]}
	return g, nil
}

// discount is 1/w_k.
func (o *ContagionOptions) discount(k int) float64 {
	switch o.Discount {
	case NoDiscount:
		return 1
	case Linear:
		return 1 / float64(k)
	case Exponential:
		return math.Pow(1+o.Rate, float64(1-k))
	}
	panic(fmt.Sprintf("no such discount: %d", o.Discount))
}

func (g *gauge) window() int32 { return int32(len(g.weight) - 1) }

// between is the sum of the discounts of k = low..high.
func (g *gauge) between(low, high int32) float64 {
	if low > high {
		return 0
	}
	return g.upTo[high] - g.upTo[low-1]
}

func (g *gauge) eachTie(ctx context.Context, add func(entry int64, learner, source int32)) error {
	for i, a := range g.panel.Adopted {
		if err := cancelled(ctx, i); err != nil {
			return err
		}
		if a == Never {
			continue
		}
		for e, end := g.ties.Row(i); e < end; e++ {
			add(e, int32(i), g.ties.Other[e])
		}
	}
	return nil
}

// infects notes what one tie says of its source: the learner adopted k periods later, and
// could have in each of 1..k.
func (g *gauge) infects(entry int64, learner, source int32) {
	a := g.panel.Adopted[source]
	if a == Never {
		return
	}
	k := g.panel.Adopted[learner] - a
	from, until := g.ties.Span(entry, g.last)
	low, high := max(from-a, 1), min(until-a, g.window())
	g.result.Whole[source] += g.between(low, min(high, k))
	if low <= k && k <= high {
		g.result.Part[source] += g.weight[k]
	}
}

// isInfected notes what one tie says of its learner: the source adopted k periods before,
// and could have done so by 1..k periods before. The tie is that of the period after the
// source's.
func (g *gauge) isInfected(entry int64, learner, source int32) {
	after, a := g.panel.Adopted[learner]+1, g.panel.Adopted[source]
	from, until := g.ties.Span(entry, g.last)
	low, high := max(after-until, 1), min(after-from, after-1, g.window())
	if a == Never {
		if g.options.Compat {
			g.result.Whole[learner] += g.between(low, high)
		}
		return
	}
	k := after - 1 - a
	g.result.Whole[learner] += g.between(low, min(high, k))
	if low <= k && k <= high {
		g.result.Part[learner] += g.weight[k]
	}
}

// finish divides. The step is 1 when the periods after an adoption count, -1 when those
// before it do.
func (g *gauge) finish(step int32) *Contagion {
	r := g.result
	divisors := g.divisors(step)
	if g.options.Normalized {
		r.Divisor = missing(len(r.Value))
	}
	for i, a := range g.panel.Adopted {
		if a == Never {
			r.Value[i], r.Part[i], r.Whole[i] = math.NaN(), math.NaN(), math.NaN()
			continue
		}
		r.Value[i] = quotient(r.Part[i], r.Whole[i], epsilon, g.options.Compat)
		if g.options.Normalized {
			r.Divisor[i] = divisors[a]
			r.Value[i] = quotient(r.Value[i], divisors[a], epsilon, g.options.Compat)
		}
	}
	return r
}

// divisors are, per period of adoption, how many people adopted in its window.
func (g *gauge) divisors(step int32) []float64 {
	adopters := g.panel.adoptersPerPeriod()
	sums := make([]float64, len(adopters))
	for a := range sums {
		for k := int32(1); k <= g.window(); k++ {
			if t := int32(a) + k*step; t >= 0 && t <= g.last {
				sums[a] += g.weight[k] * float64(adopters[t])
			}
		}
	}
	return sums
}
