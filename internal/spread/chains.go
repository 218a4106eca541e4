package spread

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrNonStrict says that a measure is defined for strict learning only: without it, chains
// may run in circles within a period.
var ErrNonStrict = errors.New("the longest chain is defined for strict learning only")

// LongestChains gives, per adopter, the edges in the longest learning chain that ends
// there; None for those who did not adopt. ErrNonStrict unless learning is strict.
func (l *Learning) LongestChains(ctx context.Context) ([]int32, error) {
	if !l.strict {
		return nil, ErrNonStrict
	}
	longest := l.perAdopter()
	people, _ := l.byPeriod()
	for round, i := range people {
		if err := cancelled(ctx, round); err != nil {
			return nil, fmt.Errorf("find the longest chains: %w", err)
		}
		for _, j := range l.Sources.Of(i) {
			longest[i] = max(longest[i], longest[j]+1)
		}
	}
	return longest, nil
}

// LongestChain is one longest learning chain, the source first: the one that ends at a
// person, or, when that is None, at the smallest place where a longest of all ends. Among
// equals each link comes from the smallest place. It is empty when there is none.
func (l *Learning) LongestChain(ctx context.Context, end int32) ([]int32, error) {
	longest, err := l.LongestChains(ctx)
	if err != nil || len(longest) == 0 {
		return nil, err
	}
	if end == None {
		end = int32(slices.Index(longest, slices.Max(longest)))
	}
	if longest[end] == None {
		return nil, nil
	}
	chain := []int32{end}
	for i := end; longest[i] > 0; {
		at := slices.IndexFunc(l.Sources.Of(i), func(j int32) bool { return longest[j] == longest[i]-1 })
		i = l.Sources.Of(i)[at]
		chain = append(chain, i)
	}
	slices.Reverse(chain)
	return chain, nil
}

// FewestHops gives, per adopter, the edges in the shortest learning chain that ends there
// and starts at somebody without a possible source. None: not an adopter, or (non-strict)
// only circles lead there.
func (l *Learning) FewestHops(ctx context.Context) ([]int32, error) {
	hops := slices.Repeat([]int32{None}, l.panel.People())
	var roots []int32
	for i := range int32(len(hops)) {
		if l.adopted(i) && len(l.Sources.Of(i)) == 0 {
			hops[i] = 0
			roots = append(roots, i)
		}
	}
	reached, err := reachedFrom(ctx, l.Learners, roots, 0)
	for _, r := range reached {
		hops[r.Person] = r.Hops
	}
	return hops, err
}

// EarliestChain is a learning chain between two people, the source first: each link, from
// the learner backwards, comes from the possible source who adopted earliest, among those
// who can have learned down the line from the chain's first person; among equals from the
// fewest hops, then the smallest place. It is empty when there is none, and nobody has one
// to oneself.
func (l *Learning) EarliestChain(ctx context.Context, source, learner int32) ([]int32, error) {
	reached, err := l.Downstream(ctx, source, 0)
	if err != nil {
		return nil, fmt.Errorf("find a chain: %w", err)
	}
	hops := map[int32]int32{source: 0}
	for _, r := range reached {
		hops[r.Person] = r.Hops
	}
	if _, ok := hops[learner]; !ok || source == learner {
		return nil, nil
	}
	chain := []int32{learner}
	for i := learner; i != source; chain = append(chain, i) {
		i = l.link(i, hops)
	}
	slices.Reverse(chain)
	return chain, nil
}

// link is the source from which a chain comes to a person: one among those with known
// hops. It adopted before the person, or has fewer hops; so no chain runs in circles.
func (l *Learning) link(i int32, hops map[int32]int32) int32 {
	best := int32(None)
	for _, j := range l.Sources.Of(i) {
		if _, ok := hops[j]; ok && (best == None || l.earlier(j, best, hops)) {
			best = j
		}
	}
	return best
}

// earlier tells whether one adopted before the other or, at the same time, has fewer hops.
func (l *Learning) earlier(i, j int32, hops map[int32]int32) bool {
	a, b := l.panel.Adopted[i], l.panel.Adopted[j]
	return a < b || a == b && hops[i] < hops[j]
}
