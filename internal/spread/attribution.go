package spread

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Rule says who gets the credit for a learner's adoption. The choice changes who comes out
// as influential (DeVerna and others 2024, arXiv 2410.21554).
type Rule uint8

// The rules. What somebody recorded is never mixed with what is inferred.
const (
	Earliest    Rule = iota // the possible source who adopted earliest; among equals the smallest place
	Latest                  // the possible source who adopted latest; among equals the smallest place
	Fractional              // each of the possible sources, 1/|C_i|
	AllPossible             // each of the possible sources, in full
	Recorded                // the source that somebody recorded
)

// Attribution is which sources get the credit for which learners. It is immutable.
type Attribution struct {
	Rule     Rule
	Parent   []int32 // per person the one source, None: nobody; nil when the rule credits several
	panel    *Panel
	learning *Learning // nil: recorded
}

// Attribute credits possible sources by any rule but Recorded.
func (l *Learning) Attribute(ctx context.Context, rule Rule) (*Attribution, error) {
	a := &Attribution{Rule: rule, panel: l.panel, learning: l}
	switch rule {
	case Earliest, Latest:
		if err := a.chooseParents(ctx); err != nil {
			return nil, fmt.Errorf("choose a source for each learner: %w", err)
		}
	case Fractional, AllPossible:
	default:
		panic(fmt.Sprintf("spread: rule %d", rule))
	}
	return a, nil
}

// Recorded credits the source that was recorded for each learner; None: nothing recorded.
// Learners and sources need not be adopters. Of every circle one link is set aside, that
// of the member who adopted first (among equals, of the smallest place).
func (p *Panel) Recorded(parents []int32) *Attribution {
	a := &Attribution{Rule: Recorded, panel: p, Parent: slices.Clone(parents)}
	a.cutCircles()
	return a
}

func (a *Attribution) chooseParents(ctx context.Context) error {
	a.Parent = slices.Repeat([]int32{None}, a.panel.People())
	for i := range int32(len(a.Parent)) {
		if err := cancelled(ctx, int(i)); err != nil {
			return err
		}
		for _, j := range a.learning.Sources.Of(i) {
			if a.Parent[i] == None || a.better(j, a.Parent[i]) {
				a.Parent[i] = j
			}
		}
	}
	a.cutCircles() // only non-strict learning has any
	return nil
}

func (a *Attribution) better(j, best int32) bool {
	if a.Rule == Latest {
		return a.panel.Adopted[j] > a.panel.Adopted[best]
	}
	return a.panel.Adopted[j] < a.panel.Adopted[best]
}

// cutCircles follows everybody's sources until somebody known; who is met twice on one way
// stands in a circle.
func (a *Attribution) cutCircles() {
	way := make([]int32, len(a.Parent)) // on whose way a person was met first, counted from 1
	for start := range int32(len(a.Parent)) {
		i := start
		for i != None && way[i] == 0 {
			way[i] = start + 1
			i = a.Parent[i]
		}
		if i != None && way[i] == start+1 {
			a.cut(i)
		}
	}
}

// cut sets aside the link of the circle's member who adopted first.
func (a *Attribution) cut(member int32) {
	first := member
	for i := a.Parent[member]; i != member; i = a.Parent[i] {
		if a.before(i, first) {
			first = i
		}
	}
	a.Parent[first] = None
}

// before tells whether one adopted before the other; those who were not seen to come last,
// equals go by place.
func (a *Attribution) before(i, j int32) bool {
	x, y := uint32(a.panel.Adopted[i]), uint32(a.panel.Adopted[j])
	return x < y || x == y && i < j
}

// Links visits every source and learner with the credit that the source gets: by learner,
// then by source.
func (a *Attribution) Links(ctx context.Context, visit func(source, learner int32, credit float64)) error {
	for i := range int32(a.panel.People()) {
		if err := cancelled(ctx, int(i)); err != nil {
			return fmt.Errorf("credit the sources: %w", err)
		}
		sources, credit := a.sources(i)
		for _, j := range sources {
			visit(j, i, credit)
		}
	}
	return nil
}

// sources are those who share in the credit for a learner, and the part of each.
func (a *Attribution) sources(i int32) ([]int32, float64) {
	switch {
	case a.Parent == nil && a.Rule == Fractional:
		sources := a.learning.Sources.Of(i)
		return sources, 1 / float64(len(sources))
	case a.Parent == nil:
		return a.learning.Sources.Of(i), 1
	case a.Parent[i] == None:
		return nil, 0
	default:
		return a.Parent[i : i+1], 1
	}
}

// Credits sums up, per person, the credit for direct learners: their number under the rules
// of one source, the number of possible learners under AllPossible. With a window only
// learners count who adopted at most so many periods after the source (0: all); what is
// shared among a learner's sources stays the same. NaN for those who neither adopted nor
// were recorded as a source.
func (a *Attribution) Credits(ctx context.Context, window int) ([]float64, error) {
	credits := missing(a.panel.People())
	for i, period := range a.panel.Adopted {
		if period != Never {
			credits[i] = 0
		}
	}
	err := a.Links(ctx, func(source, learner int32, credit float64) {
		if !a.within(source, learner, window) {
			return
		}
		if math.IsNaN(credits[source]) {
			credits[source] = 0
		}
		credits[source] += credit
	})
	return credits, err
}

// within tells whether a learner adopted at most so many periods after a source.
func (a *Attribution) within(source, learner int32, window int) bool {
	if window == 0 {
		return true
	}
	from, until := a.panel.Adopted[source], a.panel.Adopted[learner]
	return from != Never && until >= from && int(until-from) <= window
}
