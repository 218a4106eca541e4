package spread

import (
	"context"
	"fmt"
	"math"
)

// ExposureOptions say which exposure is meant.
type ExposureOptions struct {
	Lag        int   // ties and adoptions are those of so many periods before; 0 or more
	Weighted   bool  // count the weights of ties, else every tie as one
	Normalized bool  // the share of those named, else their number
	Ties       *Ties // nil: the panel's; reversed ones give exposure to those who name a person
	Compat     bool
}

func (o *ExposureOptions) check() error {
	if o.Lag < 0 {
		return fmt.Errorf("measure exposure: a lag of %d periods looks ahead", o.Lag)
	}
	return nil
}

// Exposure is how many of those whom a person names had adopted: the entry of person i in
// period t stands at i*Periods + t. It is missing in the first periods, which the lag takes.
type Exposure struct {
	Periods         int
	Adopters, Named []float64 // counts or sums of weights
	options         ExposureOptions
}

// Value is the exposure of a person in a period:
//
//	E_i(t) = sum_j A_ij(t-L) z_j(t-L) / sum_j A_ij(t-L)
//
// (Valente 1995). It is missing for somebody who names nobody, zero in compat.
func (x *Exposure) Value(person, period int) float64 {
	at := person*x.Periods + period
	return x.options.value(x.Adopters[at], x.Named[at])
}

func (o *ExposureOptions) value(adopters, named float64) float64 {
	if !o.Normalized {
		return adopters
	}
	return quotient(adopters, named, tinyEpsilon, o.Compat)
}

// tiesOr are the ties to look at: those asked for, or the panel's, or none.
func (p *Panel) tiesOr(asked *Ties) *Ties {
	switch {
	case asked != nil:
		return asked
	case p.Ties != nil:
		return p.Ties
	default:
		return &Ties{Start: make([]int64, p.People()+1)}
	}
}

// Exposure works out everybody's exposure in every period, in time linear in the ties and
// in people times periods. (Weights of ties that change are added period by period:
// differences of sums would leave rounding where there is nothing.)
func (p *Panel) Exposure(ctx context.Context, o ExposureOptions) (*Exposure, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	x, ties := newExposure(p.People(), p.Periods, o), p.tiesOr(o.Ties)
	for i := range p.People() {
		if err := cancelled(ctx, i); err != nil {
			return nil, err
		}
		x.fill(i, p.Adopted, ties, i)
	}
	return x, nil
}

// ExposureOf is one person's exposure, as if there were nobody else in the result: in time
// linear in that person's ties and in periods.
func (p *Panel) ExposureOf(person int, o ExposureOptions) (*Exposure, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	x := newExposure(1, p.Periods, o)
	x.fill(0, p.Adopted, p.tiesOr(o.Ties), person)
	return x, nil
}

func newExposure(people, periods int, o ExposureOptions) *Exposure {
	n := people * periods
	slab := make([]float64, 2*n)
	x := &Exposure{Periods: periods, Adopters: slab[:n:n], Named: slab[n:], options: o}
	x.options.Ties = nil // done with: whoever keeps the exposure need not keep them
	return x
}

// fill works out a person's row, which stands at a place.
func (x *Exposure) fill(at int, adopted []int32, ties *Ties, person int) {
	lag := min(x.options.Lag, x.Periods)
	adopters, named := x.Adopters[at*x.Periods:][:x.Periods], x.Named[at*x.Periods:][:x.Periods]
	for t := range lag {
		adopters[t], named[t] = math.NaN(), math.NaN()
	}
	r := exposureRow{adopters: adopters[lag:], named: named[lag:]}
	r.add(adopted, ties, person, x.options.Weighted)
}

// exposureRow is one person's counts, from the first period on that the lag leaves.
type exposureRow struct{ adopters, named []float64 }

func (r *exposureRow) add(adopted []int32, ties *Ties, person int, weighted bool) {
	switch {
	case len(r.named) == 0:
	case ties.Static():
		r.addStatic(adopted, ties, person, weighted)
	case weighted && ties.Weight != nil:
		r.addWeighted(adopted, ties, person)
	default:
		r.addChanging(adopted, ties, person)
	}
}

// addStatic notes each tie's weight where its source adopts; the sums run from there on.
func (r *exposureRow) addStatic(adopted []int32, ties *Ties, person int, weighted bool) {
	total := 0.0
	for e, end := ties.Row(person); e < end; e++ {
		w := ties.weight(e, weighted)
		total += w
		if a := adopted[ties.Other[e]]; a != Never && int(a) < len(r.adopters) {
			r.adopters[a] += w
		}
	}
	accumulate(r.adopters)
	for t := range r.named {
		r.named[t] = total
	}
}

// addChanging notes where each tie begins and where it ends to count.
func (r *exposureRow) addChanging(adopted []int32, ties *Ties, person int) {
	last := int32(len(r.named) - 1)
	for e, end := ties.Row(person); e < end; e++ {
		from, until := ties.Span(e, last)
		mark(r.named, from, until)
		if a := adopted[ties.Other[e]]; a != Never {
			mark(r.adopters, max(from, a), until)
		}
	}
	accumulate(r.named)
	accumulate(r.adopters)
}

// mark adds one to the differences of from..until.
func mark(differences []float64, from, until int32) {
	if from > until || int(from) >= len(differences) {
		return
	}
	differences[from]++
	if int(until)+1 < len(differences) {
		differences[until+1]--
	}
}

func accumulate(row []float64) {
	for t := 1; t < len(row); t++ {
		row[t] += row[t-1]
	}
}

func (r *exposureRow) addWeighted(adopted []int32, ties *Ties, person int) {
	last := int32(len(r.named) - 1)
	for e, end := ties.Row(person); e < end; e++ {
		from, until := ties.Span(e, last)
		a := adopted[ties.Other[e]]
		for t := from; t <= min(until, last); t++ {
			r.named[t] += ties.Weight[e]
			if a != Never && a <= t {
				r.adopters[t] += ties.Weight[e]
			}
		}
	}
}
