package spread

import (
	"context"
	"math"

	"gonum.org/v1/gonum/stat"
)

// Degrees are how many people each person names and is named by: the entry of person i in
// period t stands at i*Periods + t. Ties that hold in every period have one period only.
type Degrees struct {
	Periods        int
	Names, NamedBy []float64 // counts, or sums of weights
}

// At is what a person has in a period of the panel.
func (d *Degrees) At(person, period int) (names, namedBy float64) {
	at := person*d.Periods + min(period, d.Periods-1)
	return d.Names[at], d.NamedBy[at]
}

// Degrees counts everybody's ties, in one pass over the ties.
func (p *Panel) Degrees(ctx context.Context, weighted bool) (*Degrees, error) {
	ties := p.tiesOr(nil)
	d := newDegrees(p.People(), p.Periods, ties)
	for i := range p.People() {
		if err := cancelled(ctx, i); err != nil {
			return nil, err
		}
		for e, end := ties.Row(i); e < end; e++ {
			d.add(ties, e, i, weighted)
		}
	}
	return d, nil
}

// DegreesOf are one person's, as if there were nobody else in the result: in time linear in
// that person's ties.
func (p *Panel) DegreesOf(person int, weighted bool) *Degrees {
	ties := p.tiesOr(nil)
	d := newDegrees(1, p.Periods, ties)
	addRow(d.Names, ties, person, weighted)
	addRow(d.NamedBy, ties.Reversed(), person, weighted)
	return d
}

func newDegrees(people, periods int, ties *Ties) *Degrees {
	if ties.Static() {
		periods = min(1, periods)
	}
	n := people * periods
	slab := make([]float64, 2*n)
	return &Degrees{Periods: periods, Names: slab[:n:n], NamedBy: slab[n:]}
}

// addRow adds a person's ties to one number per period.
func addRow(sums []float64, ties *Ties, person int, weighted bool) {
	for e, end := ties.Row(person); e < end; e++ {
		from, until := ties.Span(e, int32(len(sums)-1))
		for t := from; t <= until; t++ {
			sums[t] += ties.weight(e, weighted)
		}
	}
}

func (d *Degrees) add(ties *Ties, entry int64, learner int, weighted bool) {
	w, source := ties.weight(entry, weighted), int(ties.Other[entry])
	from, until := ties.Span(entry, int32(d.Periods-1))
	for t := int(from); t <= int(until); t++ {
		d.Names[learner*d.Periods+t] += w
		d.NamedBy[source*d.Periods+t] += w
	}
}

// Timing is whether those who name many, or are named by many, adopted early.
type Timing struct {
	Names, NamedBy float64 // Pearson's correlation with the time of adoption; missing when either does not vary
	Adopters       int
}

// Timing correlates degrees, as the mean over all periods, with times of adoption, over
// adopters. Below zero: the more ties, the earlier.
func (p *Panel) Timing(d *Degrees) Timing {
	var names, namedBy, times []float64
	for i, a := range p.Adopted {
		if a == Never {
			continue
		}
		begin, end := i*d.Periods, (i+1)*d.Periods
		names = append(names, stat.Mean(d.Names[begin:end], nil))
		namedBy = append(namedBy, stat.Mean(d.NamedBy[begin:end], nil))
		times = append(times, float64(p.Label(a)))
	}
	return Timing{Names: correlation(names, times), NamedBy: correlation(namedBy, times), Adopters: len(times)}
}

func correlation(x, y []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	return stat.Correlation(x, y, nil)
}

// Density is, per period, how many ties hold, and their share of the n(n-1) that could.
func (p *Panel) Density(ctx context.Context) (ties []int, share []float64, err error) {
	rows := p.tiesOr(nil)
	changes := make([]int, p.Periods+1)
	for e := range rows.Other {
		if err := cancelled(ctx, e); err != nil {
			return nil, nil, err
		}
		from, until := rows.Span(int64(e), int32(p.Periods-1))
		changes[from]++
		changes[until+1]--
	}
	n := float64(p.People())
	ties, share = make([]int, p.Periods), make([]float64, p.Periods)
	sum := 0
	for t := range ties {
		sum += changes[t]
		ties[t], share[t] = sum, quotient(float64(sum), n*(n-1), 0, false)
	}
	return ties, share, nil
}
