// Package diffusion finds who could have passed what to whom in a network of dated
// learnings: who is reached in how many steps, and by which chains. It knows neither the
// graph's store nor GraphQL; package lineage brings the network and serves the answers.
package diffusion

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"sync"
)

// ErrWork says that a question needs more work, or has more answers, than one is given.
var ErrWork = errors.New("the question needs more work than one question is given")

// Span is a period, both days included, counted from 1970-01-01.
type Span struct{ First, Last int64 }

// anyDay is the period of an undated step where any day is possible. Its ends are far
// enough from the ends of int64 to count steps on them.
var anyDay = Span{math.MinInt64 / 2, math.MaxInt64 / 2}

// Step is one learning: To learned from From. The parties are places in Network.Parties.
type Step struct {
	ID         string
	From, To   int
	Practice   string
	Confidence string
	Channel    string // the sort of channel
	Dated      bool
	Widened    Span // every day that the date may mean
	Written    Span // the period that the table's text alone names
}

// Network is a directed graph in which several steps may lead from one party to another.
// It is immutable.
type Network struct {
	Parties []string // ascending
	Steps   []Step   // by ID
	out, in fans
	blank   sync.Pool // of *[]int32, a zero for each party: what a wave begins with and leaves behind
}

// fans are the steps of each party that lead from it, or to it, by ID.
type fans struct {
	first []int32 // per party, where its steps begin; one more than there are
	steps []int32 // places in Network.Steps
	far   []int32 // the parties at their other ends
}

// of is where the steps of a party lie.
func (f *fans) of(party int) (first, end int32) { return f.first[party], f.first[party+1] }

// NewNetwork makes a network of steps between parties, whose ids must be ascending. It takes
// both over.
func NewNetwork(parties []string, steps []Step) *Network {
	slices.SortFunc(steps, func(a, b Step) int { return cmp.Compare(a.ID, b.ID) })
	n := &Network{Parties: parties, Steps: steps}
	n.out = fansOf(len(parties), steps, func(s *Step) (near, far int) { return s.From, s.To })
	n.in = fansOf(len(parties), steps, func(s *Step) (near, far int) { return s.To, s.From })
	n.blank.New = func() any {
		zeros := make([]int32, len(parties))
		return &zeros
	}
	return n
}

func fansOf(parties int, steps []Step, ends func(*Step) (near, far int)) fans {
	f := fans{first: make([]int32, parties+1), steps: make([]int32, len(steps)), far: make([]int32, len(steps))}
	for i := range steps {
		near, _ := ends(&steps[i])
		f.first[near+1]++
	}
	for party := range parties {
		f.first[party+1] += f.first[party]
	}
	free := slices.Clone(f.first)
	for i := range steps {
		near, far := ends(&steps[i])
		f.steps[free[near]], f.far[free[near]] = int32(i), int32(far)
		free[near]++
	}
	return f
}

// Party is the place of a party; ok is false when nobody learned from or taught it.
func (n *Network) Party(id string) (at int, ok bool) { return slices.BinarySearch(n.Parties, id) }

// Order says how the steps of a chain follow each other.
type Order uint8

// The orders. NonStrict: no step is before the one ahead of it. Strict: each is after it.
const (
	Ignore Order = iota
	NonStrict
	Strict
)

// Question says which chains count.
//
// A chain is in order for certain when it is so whatever days the dates mean: each step's
// period ends on or before (Strict: before) the first day of the next; NonStrict also
// takes two steps of the same period in a row. It is possibly in order when there is one
// day in each step's period so that the days do not fall (Strict: rise) along the chain:
//
//	A -2015-> B -2015-> C     NonStrict: certain. Strict: possible (May, June), not certain.
//	A -2015-> B -2015-06-> C  NonStrict: possible, not certain.
//	A -2016-> B -2015-> C     never, but when the order is ignored.
//	A -2015-> B -undated-> C  possible, never certain.
//	A -2018-> B -undated-> C -2015-> D  not even possible: the days along the whole chain count.
//
// No party stands twice in a chain.
type Question struct {
	Order    Order
	Possible bool // else certain
	Written  bool // compare Step.Written, else Step.Widened
	MaxHops  int
	Use      func(*Step) bool     // which steps; nil: all
	Through  func(party int) bool // who may stand inside a chain; nil: anybody
}

// Uses tells whether the question is about a step.
func (q *Question) Uses(s *Step) bool { return q.Use == nil || q.Use(s) }

func (q *Question) passes(party int) bool { return q.Through == nil || q.Through(party) }

// Usable tells whether a step can stand in some chain, its date considered.
func (q *Question) Usable(s *Step) bool {
	return q.Uses(s) && (s.Dated || q.Order == Ignore || q.Possible)
}

func (q *Question) span(s *Step) Span {
	switch {
	case !s.Dated:
		return anyDay
	case q.Written:
		return s.Written
	default:
		return s.Widened
	}
}

// moment is when a chain stands at its end: what the next step is compared with. In a
// possible chain both days are the earliest day on which it can have arrived; in a
// certain one they are the last step's period.
type moment = Span

var start = moment{anyDay.First, anyDay.First}

// after is the moment after one more step, if the step may follow.
func (q *Question) after(m moment, s *Step, span Span) (moment, bool) {
	switch {
	case q.Order == Ignore:
		return start, true
	case q.Possible:
		day := m.First
		if q.Order == Strict {
			day++
		}
		day = max(day, span.First)
		return moment{day, day}, day <= span.Last
	case !s.Dated:
		return m, false
	case q.Order == Strict:
		return span, m.Last < span.First
	default:
		return span, m.Last <= span.First || m == span
	}
}

// covers tells whether whatever may follow b may follow a too.
func (q *Question) covers(a, b moment) bool {
	switch {
	case q.Order == Ignore:
		return true
	case q.Possible:
		return a.First <= b.First
	case q.Order == Strict:
		return a.Last <= b.Last
	default:
		return a == b || a.Last <= b.First
	}
}

// maxWork bounds the steps that one question looks at.
const maxWork = 5_000_000

// meter counts the work of one question.
type meter struct {
	ctx  context.Context
	work int
}

func (m *meter) step() error {
	m.work++
	if m.work > maxWork {
		return ErrWork
	}
	if m.work%1024 == 1 {
		return m.ctx.Err()
	}
	return nil
}
