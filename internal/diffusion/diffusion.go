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
	out, in [][]int  // per party the places of its steps, ascending
}

// NewNetwork makes a network of steps between parties, whose ids must be ascending.
func NewNetwork(parties []string, steps []Step) *Network {
	n := &Network{Parties: parties, Steps: slices.Clone(steps), out: make([][]int, len(parties)), in: make([][]int, len(parties))}
	slices.SortFunc(n.Steps, func(a, b Step) int { return cmp.Compare(a.ID, b.ID) })
	for i, s := range n.Steps {
		n.out[s.From] = append(n.out[s.From], i)
		n.in[s.To] = append(n.in[s.To], i)
	}
	return n
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

func (q *Question) uses(s *Step) bool { return q.Use == nil || q.Use(s) }

func (q *Question) passes(party int) bool { return q.Through == nil || q.Through(party) }

// Usable tells whether a step can stand in some chain, its date considered.
func (q *Question) Usable(s *Step) bool {
	return q.uses(s) && (s.Dated || q.Order == Ignore || q.Possible)
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
