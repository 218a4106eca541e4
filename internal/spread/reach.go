package spread

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"
)

// limits bound the work with bit sets: the bytes of the sets held at a time, and the words
// of them that are joined in all.
type limits struct{ bytes, words int }

func reachLimits() limits { return limits{bytes: 32 << 20, words: 3_000_000_000} }

// Reach counts, per adopter, the other people reachable along learning edges (forward) and
// against them (backward); None for those who did not adopt. Chains are followed with bit
// sets, in blocks of limited size. ErrWork when, summed up over the clusters that learning
// edges tie together, people times edges are beyond what one question is given: one cluster
// of 250,000 people with ten ties each is still within, and so is any number of small ones.
func (l *Learning) Reach(ctx context.Context) (forward, backward []int32, err error) {
	o := l.order()
	if backward, err = l.reach(ctx, l.Sources, o, reachLimits()); err == nil {
		forward, err = l.reach(ctx, l.Learners, o.turned(), reachLimits())
	}
	if err != nil {
		return nil, nil, fmt.Errorf("count who is reached: %w", err)
	}
	return forward, backward, nil
}

// reach counts whom people reach along their rows; the order puts those in the rows first.
func (l *Learning) reach(ctx context.Context, rows Rows, o *order, most limits) ([]int32, error) {
	s := newSweep(rows, o, most.bytes)
	if s.work() > most.words {
		return nil, ErrWork
	}
	counts := l.perAdopter()
	for first := 0; first < len(o.people); first += s.width() {
		if err := s.block(ctx, first, counts); err != nil {
			return nil, err
		}
	}
	for _, i := range o.people {
		counts[i]-- // oneself
	}
	return counts, nil
}

// sweep passes over the circles in order, once for every block of people, and joins for
// each the set of those of the block who are reached from it.
type sweep struct {
	rows  Rows
	order *order
	words int      // of one set
	sets  []uint64 // per circle, counted from the first of the block
}

func newSweep(rows Rows, o *order, bytes int) *sweep {
	people := max(len(o.people), 1)
	words := wordsOfSet(people, bytes)
	return &sweep{rows: rows, order: o, words: words, sets: make([]uint64, words*people)}
}

// wordsOfSet is how many words a set may have when everybody has one.
func wordsOfSet(people, bytes int) int { return min((people+63)/64, max(1, bytes/8/people)) }

// width is how many people a block has.
func (s *sweep) width() int { return s.words * 64 }

// circles are those that the block beginning at a place in the order can touch: from its
// first person to the end of the cluster of its last.
func (s *sweep) circles(first int) (begin, end int32) {
	o := s.order
	last := min(first+s.width(), len(o.people)) - 1
	return o.of[o.people[first]], o.end[o.of[o.people[last]]]
}

// work is the number of words that all the blocks join.
func (s *sweep) work() (words int) {
	o := s.order
	edges := make([]int, len(o.people)+1) // before a place in the order
	for at, i := range o.people {
		edges[at+1] = edges[at] + len(s.rows.Of(i))
	}
	for first := 0; first < len(o.people); first += s.width() {
		begin, end := s.circles(first)
		words += s.words * (edges[o.circle[end]] - edges[o.circle[begin]])
	}
	return words
}

func (s *sweep) block(ctx context.Context, first int, counts []int32) error {
	begin, end := s.circles(first)
	clear(s.sets[:int(end-begin)*s.words])
	for c := begin; c < end; c++ {
		if err := cancelled(ctx, int(c-begin)); err != nil {
			return err
		}
		set := s.set(c - begin)
		s.fill(set, c, begin)
		s.addMembers(set, first, c)
		count := ones(set)
		for _, i := range s.order.people[s.order.circle[c]:s.order.circle[c+1]] {
			counts[i] += count
		}
	}
	return nil
}

func (s *sweep) set(at int32) []uint64 {
	return s.sets[int(at)*s.words : (int(at)+1)*s.words]
}

// fill joins the sets of those in the rows of a circle's members. Circles before begin
// reach nobody of the block.
func (s *sweep) fill(set []uint64, c, begin int32) {
	for _, i := range s.order.people[s.order.circle[c]:s.order.circle[c+1]] {
		for _, j := range s.rows.Of(i) {
			if other := s.order.of[j]; other >= begin && other != c {
				join(set, s.set(other-begin))
			}
		}
	}
}

// addMembers adds those of a circle who stand in the block.
func (s *sweep) addMembers(set []uint64, first int, c int32) {
	from := max(int(s.order.circle[c]), first)
	until := min(int(s.order.circle[c+1]), first+s.width())
	for at := from; at < until; at++ {
		set[(at-first)/64] |= 1 << ((at - first) % 64)
	}
}

func join(set, other []uint64) {
	other = other[:len(set)]
	for w := range set {
		set[w] |= other[w]
	}
}

func ones(set []uint64) int32 {
	count := 0
	for _, word := range set {
		count += bits.OnesCount64(word)
	}
	return int32(count)
}

// Reached is a person at the end of a chain of learning edges, with the fewest edges that
// lead there.
type Reached struct {
	Person int32
	Hops   int32
}

// Downstream is everybody who could have learned from a person, directly or down the line
// over at most maxHops edges (0: any number): by hops, then place. As periods never fall
// along a chain, those among them who adopted by some period are those reached by then.
func (l *Learning) Downstream(ctx context.Context, person int32, maxHops int) ([]Reached, error) {
	return reachedFrom(ctx, l.Learners, []int32{person}, maxHops)
}

// Upstream is everybody from whom a person could have learned, directly or up the line over
// at most maxHops edges (0: any number): by hops, then place.
func (l *Learning) Upstream(ctx context.Context, person int32, maxHops int) ([]Reached, error) {
	return reachedFrom(ctx, l.Sources, []int32{person}, maxHops)
}

// reachedFrom is whoever is reached along the rows from some people, themselves not told.
func reachedFrom(ctx context.Context, rows Rows, start []int32, maxHops int) ([]Reached, error) {
	w := wave{seen: make([]bool, len(rows.Start)-1)}
	w.visit(start, 0)
	for begin, hops := 0, 1; begin < len(w.reached) && (maxHops == 0 || hops <= maxHops); hops++ {
		front := w.reached[begin:]
		begin = len(w.reached)
		for at, r := range front {
			if err := cancelled(ctx, at); err != nil {
				return nil, fmt.Errorf("follow learning edges: %w", err)
			}
			w.visit(rows.Of(r.Person), int32(hops))
		}
	}
	reached := w.reached[len(start):]
	slices.SortFunc(reached, func(a, b Reached) int {
		return cmp.Or(cmp.Compare(a.Hops, b.Hops), cmp.Compare(a.Person, b.Person))
	})
	return reached, nil
}

// wave goes out along rows, the fewest hops first.
type wave struct {
	seen    []bool
	reached []Reached
}

func (w *wave) visit(people []int32, hops int32) {
	for _, j := range people {
		if !w.seen[j] {
			w.seen[j] = true
			w.reached = append(w.reached, Reached{Person: j, Hops: hops})
		}
	}
}
