package spread

import (
	"cmp"
	"slices"
	"sync"
)

// Ties are who names whom, in which periods, as compressed rows. Entries of a row ascend by
// the person at the far end, then by time; the parts of one pair do not overlap in time.
// Ties are immutable.
type Ties struct {
	Start       []int64   // per person, where its row begins; one more than there are people
	Other       []int32   // per entry, the person at the far end
	Weight      []float64 // per entry; nil: all 1
	From, Until []int32   // per entry, places of the first and last period in which it holds, inclusive; nil: every period

	once     sync.Once
	reversed *Ties
}

// Tie says that a learner names a source in the periods From to Until, both included.
type Tie struct {
	Learner, Source int32
	Weight          float64 // positive
	From, Until     int32
}

// NewTies makes rows of ties between so many people, learner to source, in time linear in
// the ties but for the sorting of each row. Several ties of one pair in one period become
// one whose weight is the sum. Ties with oneself are left out and counted; so, without
// being counted, is what holds in none of the periods.
func NewTies(people, periods int, ties []Tie) (t *Ties, selfTies int) {
	b := tieBuilder{t: &Ties{Start: make([]int64, people+1)}, last: int32(periods - 1)}
	b.t.Other = make([]int32, 0, len(ties))
	order, starts, selfTies := rowsOf(people, ties)
	for learner := range people {
		row := order[starts[learner]:starts[learner+1]]
		slices.SortFunc(row, func(x, y int32) int {
			a, b := &ties[x], &ties[y]
			return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.From, b.From), cmp.Compare(x, y))
		})
		b.row(ties, row)
		b.t.Start[learner+1] = int64(len(b.t.Other))
	}
	b.t.Other = slices.Clip(b.t.Other)
	return b.t, selfTies
}

// rowsOf puts the places of ties into rows by learner, leaving out ties with oneself.
func rowsOf(people int, ties []Tie) (order []int32, starts []int64, selfTies int) {
	starts = make([]int64, people+1)
	for i := range ties {
		if ties[i].Learner == ties[i].Source {
			selfTies++
			continue
		}
		starts[ties[i].Learner+1]++
	}
	for i := range people {
		starts[i+1] += starts[i]
	}
	order = make([]int32, len(ties)-selfTies)
	next := slices.Clone(starts)
	for i := range ties {
		if l := ties[i].Learner; l != ties[i].Source {
			order[next[l]] = int32(i)
			next[l]++
		}
	}
	return order, starts, selfTies
}

// tieBuilder appends entries. It makes room for weights and periods only when the first
// entry needs them: most networks have neither, and may be large.
type tieBuilder struct {
	t    *Ties
	last int32
}

// row adds the ties of one learner, which are sorted by source.
func (b *tieBuilder) row(ties []Tie, order []int32) {
	for len(order) > 0 {
		same := 1
		for same < len(order) && ties[order[same]].Source == ties[order[0]].Source {
			same++
		}
		if same == 1 {
			b.add(b.clamped(ties[order[0]]))
		} else {
			b.pair(ties, order[:same])
		}
		order = order[same:]
	}
}

func (b *tieBuilder) clamped(t Tie) Tie {
	t.From, t.Until = max(t.From, 0), min(t.Until, b.last)
	return t
}

// pair adds several ties of one pair: one entry for each stretch of time over which the
// sum of their weights stays the same.
func (b *tieBuilder) pair(ties []Tie, order []int32) {
	var edges []int32
	for _, i := range order {
		if t := b.clamped(ties[i]); t.From <= t.Until {
			edges = append(edges, t.From, t.Until+1)
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	pending := Tie{Until: -2} // never holds
	for k := 1; k < len(edges); k++ {
		part := Tie{Source: ties[order[0]].Source, From: edges[k-1], Until: edges[k] - 1}
		part.Weight = weightOver(ties, order, part)
		if part.From == pending.Until+1 && part.Weight == pending.Weight {
			pending.Until = part.Until
			continue
		}
		b.add(pending)
		pending = part
	}
	b.add(pending)
}

// weightOver is the sum of the weights of the ties that hold over the whole of a part.
func weightOver(ties []Tie, order []int32, part Tie) (sum float64) {
	for _, i := range order {
		if t := &ties[i]; t.From <= part.From && t.Until >= part.Until {
			sum += t.Weight
		}
	}
	return sum
}

func (b *tieBuilder) add(t Tie) {
	if t.From > t.Until || t.Weight == 0 {
		return
	}
	b.t.Other = append(b.t.Other, t.Source)
	b.addWeight(t.Weight)
	b.addPeriods(t.From, t.Until)
}

func (b *tieBuilder) addWeight(weight float64) {
	if b.t.Weight == nil {
		if weight == 1 {
			return
		}
		b.t.Weight = make([]float64, len(b.t.Other)-1, cap(b.t.Other))
		for i := range b.t.Weight {
			b.t.Weight[i] = 1
		}
	}
	b.t.Weight = append(b.t.Weight, weight)
}

func (b *tieBuilder) addPeriods(from, until int32) {
	if b.t.From == nil {
		if from == 0 && until == b.last {
			return
		}
		b.t.From = make([]int32, len(b.t.Other)-1, cap(b.t.Other))
		b.t.Until = make([]int32, len(b.t.Other)-1, cap(b.t.Other))
		for i := range b.t.Until {
			b.t.Until[i] = b.last
		}
	}
	b.t.From, b.t.Until = append(b.t.From, from), append(b.t.Until, until)
}

// People is the number of people, with or without ties.
func (t *Ties) People() int { return len(t.Start) - 1 }

// Row is where the entries of a person begin and end.
func (t *Ties) Row(person int) (begin, end int64) { return t.Start[person], t.Start[person+1] }

// Static tells whether every tie holds in every period.
func (t *Ties) Static() bool { return t.From == nil }

// Span is the first and last period in which an entry holds, when last is the last period
// of all.
func (t *Ties) Span(entry int64, last int32) (from, until int32) {
	if t.From == nil {
		return 0, last
	}
	return t.From[entry], t.Until[entry]
}

// Holds tells whether an entry holds in a period.
func (t *Ties) Holds(entry int64, period int32) bool {
	return t.From == nil || t.From[entry] <= period && period <= t.Until[entry]
}

// weight is the weight of an entry, or 1 when weights do not count.
func (t *Ties) weight(entry int64, weighted bool) float64 {
	if !weighted || t.Weight == nil {
		return 1
	}
	return t.Weight[entry]
}

// Reversed are the same ties in rows of the people who are named: source to learner. They
// are worked out once and shared; reversed again they are these ties.
func (t *Ties) Reversed() *Ties {
	t.once.Do(func() {
		if t.reversed == nil {
			t.reversed = t.turnRound()
		}
	})
	return t.reversed
}

func (t *Ties) turnRound() *Ties {
	r := &Ties{Start: make([]int64, len(t.Start)), Other: make([]int32, len(t.Other)), reversed: t}
	if t.Weight != nil {
		r.Weight = make([]float64, len(t.Other))
	}
	if t.From != nil {
		r.From, r.Until = make([]int32, len(t.Other)), make([]int32, len(t.Other))
	}
	for _, j := range t.Other {
		r.Start[j+1]++
	}
	for i := range t.People() {
		r.Start[i+1] += r.Start[i]
	}
	next := slices.Clone(r.Start)
	for i := range t.People() {
		for e, end := t.Row(i); e < end; e++ {
			t.copyEntry(r, e, next[t.Other[e]], int32(i))
			next[t.Other[e]]++
		}
	}
	return r
}

// copyEntry writes an entry to a place in other rows, with the person at its near end.
func (t *Ties) copyEntry(r *Ties, entry, place int64, near int32) {
	r.Other[place] = near
	if t.Weight != nil {
		r.Weight[place] = t.Weight[entry]
	}
	if t.From != nil {
		r.From[place], r.Until[place] = t.From[entry], t.Until[entry]
	}
}
