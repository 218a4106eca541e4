package spread

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// By says what cohorts adopters are put into.
type By uint8

// The cohorts.
const (
	ByPeriod     By = iota // all periods, also those in which nobody adopted
	ByGeneration           // depth in the rule's trees; with several sources, fewest hops from somebody without one
	ByGroup                // nobody's group last
)

// Cohort is how many learners each adopter of a cohort brought along: its reproduction
// number. The last cohorts fall to 0 because their learners are not observed yet; FollowUp
// tells how far that goes.
type Cohort struct {
	Key      int32 // the period, generation or group; None: adopters without one
	Adopters int
	Roots    int     // of them, those without a source
	Learners float64 // credit for direct learners, summed up
	FollowUp float64 // mean number of periods observed after their adoption, at most the window
}

// Mean is the reproduction number: learners per adopter, NaN when nobody adopted.
func (c Cohort) Mean() float64 { return quotient(c.Learners, float64(c.Adopters), 0, false) }

// Reproduction counts the direct learners of adopters, cohort by cohort. With a window only
// those learners count who adopted at most so many periods after the source (0: all).
func (a *Attribution) Reproduction(ctx context.Context, by By, window int) ([]Cohort, error) {
	keys, err := a.cohorts(ctx, by)
	if err != nil {
		return nil, fmt.Errorf("put adopters into cohorts: %w", err)
	}
	credits, err := a.Credits(ctx, window)
	if err != nil {
		return nil, err
	}
	cohorts := map[int32]*Cohort{}
	if by == ByPeriod {
		for period := range int32(a.panel.Periods) {
			cohorts[period] = &Cohort{Key: period}
		}
	}
	for i := range int32(len(keys)) {
		if a.panel.Adopted[i] != Never {
			a.count(cohorts, keys[i], i, credits[i], window)
		}
	}
	return sortedCohorts(cohorts), nil
}

// cohorts are the keys of people.
func (a *Attribution) cohorts(ctx context.Context, by By) ([]int32, error) {
	switch {
	case by == ByPeriod:
		return a.panel.Adopted, nil
	case by == ByGroup:
		return a.panel.groups(), nil
	case by == ByGeneration && a.Parent == nil:
		return a.learning.FewestHops(ctx)
	case by == ByGeneration:
		forest, err := a.Forest(ctx)
		if err != nil {
			return nil, err
		}
		return forest.Depth, nil
	}
	panic(fmt.Sprintf("spread: cohorts by %d", by))
}

func (a *Attribution) count(cohorts map[int32]*Cohort, key, person int32, credit float64, window int) {
	c := cohorts[key]
	if c == nil {
		c = &Cohort{Key: key}
		cohorts[key] = c
	}
	left := a.panel.Periods - 1 - int(a.panel.Adopted[person])
	c.Adopters++
	c.Learners += credit
	if window > 0 {
		left = min(left, window)
	}
	c.FollowUp += float64(left)
	if sources, _ := a.sources(person); len(sources) == 0 {
		c.Roots++
	}
}

func sortedCohorts(cohorts map[int32]*Cohort) []Cohort {
	all := make([]Cohort, 0, len(cohorts))
	for _, c := range cohorts {
		if c.FollowUp /= float64(c.Adopters); c.Adopters == 0 {
			c.FollowUp = math.NaN()
		}
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b Cohort) int { return cmp.Compare(noneLast(a.Key), noneLast(b.Key)) })
	return all
}

// noneLast orders keys with None behind all others.
func noneLast(key int32) uint32 { return uint32(key) }
