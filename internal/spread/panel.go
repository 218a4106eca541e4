// Package spread measures how a practice spread through a population: how fast, among
// whom, along which ties. It knows neither the graph nor GraphQL; package spreading brings
// panels and serves the numbers.
//
// People are places 0..N-1, sorted by their ids, so that the smaller place breaks ties the
// same way everywhere. Periods are places 0..Periods-1. A float result that cannot be told
// is NaN. Formulas follow Valente (1995), Network Models of the Diffusion of Innovations,
// where no other source is named.
package spread

import (
	"context"
	"errors"
	"math"
)

// Never is the period of somebody who was not seen to adopt.
const Never = -1

// ErrWork says that a measure needs more work than one question is given.
var ErrWork = errors.New("the measure needs more work than one question is given")

// Panel is who adopted when in a population, and who names whom. It is immutable.
type Panel struct {
	Periods      int
	First        int     // the label of the first period: 1, 1990
	Adopted      []int32 // per person: place of the period of (first) adoption, or Never
	LeftCensored []bool  // per person: adopted in that period or before; nil: nobody
	Group        []int32 // per person: place of a group, or -1; nil: no groups
	Ties         *Ties   // learner -> source
}

// People is the number of people in the population.
func (p *Panel) People() int { return len(p.Adopted) }

// Label is what a period is called: its number or year.
func (p *Panel) Label(period int32) int { return p.First + int(period) }

// AdoptionTimes are the labels of the periods in which people adopted, missing for those
// who never did.
func (p *Panel) AdoptionTimes() []float64 {
	times := make([]float64, p.People())
	for i, a := range p.Adopted {
		times[i] = math.NaN()
		if a != Never {
			times[i] = float64(p.Label(a))
		}
	}
	return times
}

// adoptersPerPeriod counts who adopted in each period.
func (p *Panel) adoptersPerPeriod() []int {
	count := make([]int, p.Periods)
	for _, a := range p.Adopted {
		if a != Never {
			count[a]++
		}
	}
	return count
}

func (p *Panel) leftCensored(person int) bool {
	return p.LeftCensored != nil && p.LeftCensored[person]
}

// quotient divides. What cannot be told is missing; in compat it is the zero (or the huge
// number) that netdiffuseR gets by adding epsilon to the denominator.
func quotient(numerator, denominator, epsilon float64, compat bool) float64 {
	switch {
	case compat:
		return numerator / (denominator + epsilon)
	case denominator == 0:
		return math.NaN()
	default:
		return numerator / denominator
	}
}

// The smallest numbers that netdiffuseR adds to denominators.
const (
	epsilon     = 1e-15
	tinyEpsilon = 1e-20
)

// cancelled looks at ctx once in a while: in round 0, 1024, 2048 …
func cancelled(ctx context.Context, round int) error {
	if round&1023 != 0 {
		return nil
	}
	return ctx.Err()
}

// missing is a slice of numbers that are all missing.
func missing(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}
