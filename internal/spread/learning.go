package spread

import (
	"context"
	"fmt"
	"slices"
)

// None stands where a person, a group or a count is missing.
const None = -1

// When says in which periods a tie must hold so that its learner could learn by it.
type When uint8

// The periods that count.
const (
	AtLearner When = iota // the one in which the learner adopts
	AtSource              // the one in which the source adopts
	Between               // any one from the source's adoption to the learner's, both included
)

// LearningOptions say who could have learned from whom.
type LearningOptions struct {
	NonStrict bool // a source may also adopt in the learner's own period
	When      When
}

// Learning is who could have learned from whom, directly. The possible sources of an
// adopter i are
//
//	C_i = { j : i names j when it counts, and a_j < a_i }    NonStrict: a_j <= a_i
//
// with a the periods of adoption. Strict chains never come back to a person, and as
// everybody adopts once they are exactly the time-respecting ones. Non-strict ones may run
// in circles within a period. It is immutable.
type Learning struct {
	Sources  Rows // per learner the possible sources, ascending
	Learners Rows // per source the possible learners, ascending
	panel    *Panel
	strict   bool
}

// Rows are lists of people, one list per person.
type Rows struct {
	Start []int64 // per person, where the list begins; len N+1
	Other []int32
}

// Of is the list of a person.
func (r Rows) Of(person int32) []int32 { return r.Other[r.Start[person]:r.Start[person+1]] }

// Learning finds the possible sources of all adopters, in time linear in the ties.
func (p *Panel) Learning(ctx context.Context, o LearningOptions) (*Learning, error) {
	l := &Learning{panel: p, strict: !o.NonStrict}
	l.Sources.Start = make([]int64, p.People()+1)
	for i := range int32(p.People()) {
		if err := cancelled(ctx, int(i)); err != nil {
			return nil, fmt.Errorf("find the possible sources: %w", err)
		}
		if p.Adopted[i] != Never && p.Ties != nil {
			l.Sources.Other = o.appendSources(l.Sources.Other, p, i)
		}
		l.Sources.Start[i+1] = int64(len(l.Sources.Other))
	}
	l.Learners = l.Sources.turned()
	return l, nil
}

// appendSources appends C_i. The ties of a learner ascend by source, so the several
// stretches of one tie stand side by side.
func (o LearningOptions) appendSources(list []int32, p *Panel, i int32) []int32 {
	latest := p.Adopted[i]
	if !o.NonStrict {
		latest--
	}
	begin := len(list)
	for at, end := p.Ties.Row(int(i)); at < end; at++ {
		j := p.Ties.Other[at]
		known := len(list) > begin && list[len(list)-1] == j
		if a := p.Adopted[j]; a != Never && a <= latest && !known && o.counts(p.Ties, at, a, p.Adopted[i]) {
			list = append(list, j)
		}
	}
	return list
}

// counts tells whether a tie holds when it has to.
func (o LearningOptions) counts(t *Ties, at int64, source, learner int32) bool {
	switch o.When {
	case AtLearner:
		return t.Holds(at, learner)
	case AtSource:
		return t.Holds(at, source)
	case Between:
		return t.Static() || t.From[at] <= learner && source <= t.Until[at]
	}
	panic(fmt.Sprintf("spread: when %d", o.When))
}

// turned are the lists of those in whose list a person stands, ascending.
func (r Rows) turned() Rows {
	people := len(r.Start) - 1
	t := Rows{Start: make([]int64, people+1), Other: make([]int32, len(r.Other))}
	for _, j := range r.Other {
		t.Start[j+1]++
	}
	for i := range people {
		t.Start[i+1] += t.Start[i]
	}
	next := slices.Clone(t.Start)
	for i := range int32(people) {
		for _, j := range r.Of(i) {
			t.Other[next[j]] = i
			next[j]++
		}
	}
	return t
}

// Edges is the number of pairs of a learner and a possible source.
func (l *Learning) Edges() int { return len(l.Sources.Other) }

// adopted tells whether a person takes part in learning.
func (l *Learning) adopted(person int32) bool { return l.panel.Adopted[person] != Never }

// perAdopter is a count per person, None for those who did not adopt.
func (l *Learning) perAdopter() []int32 {
	counts := make([]int32, len(l.panel.Adopted))
	for i := range int32(len(counts)) {
		if !l.adopted(i) {
			counts[i] = None
		}
	}
	return counts
}

// sortedBy is the people in the order of a key between 0 and keys-1, equal ones as they
// stood.
func sortedBy(people, key []int32, keys int) []int32 {
	next := make([]int32, keys+1)
	for _, i := range people {
		next[key[i]+1]++
	}
	for k := range keys {
		next[k+1] += next[k]
	}
	sorted := make([]int32, len(people))
	for _, i := range people {
		sorted[next[key[i]]] = i
		next[key[i]]++
	}
	return sorted
}
