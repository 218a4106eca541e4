package spread

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Chains are all learning chains with the fewest edges between two people. They are counted
// without being written down. They are immutable.
type Chains struct {
	Hops     int // edges of each; 0: there is none
	learning *Learning
	source   int32
	left     map[int32]int32 // per person on a chain, the edges to the learner
	ways     map[int32]int   // per person on a chain, the chains from there, at most tooMany
}

// tooMany stands for more chains than are counted.
const tooMany = math.MaxInt32

// ShortestChains finds the chains with the fewest edges from a source to a learner. Nobody
// has one to oneself.
func (l *Learning) ShortestChains(ctx context.Context, source, learner int32) (*Chains, error) {
	c := &Chains{learning: l, source: source, left: map[int32]int32{learner: 0}, ways: map[int32]int{learner: 1}}
	upstream, err := l.Upstream(ctx, learner, 0)
	if err != nil {
		return nil, fmt.Errorf("find the shortest chains: %w", err)
	}
	at := slices.IndexFunc(upstream, func(r Reached) bool { return r.Person == source })
	if at < 0 || source == learner {
		return c, nil
	}
	c.Hops = int(upstream[at].Hops)
	for _, r := range upstream {
		if int(r.Hops) < c.Hops || r.Person == source {
			c.add(r)
		}
	}
	return c, nil
}

// add counts the chains from a person; those with fewer edges to go are counted before.
func (c *Chains) add(r Reached) {
	c.left[r.Person] = r.Hops
	for _, next := range c.learning.Learners.Of(r.Person) {
		if c.leads(r.Person, next) {
			c.ways[r.Person] = min(c.ways[r.Person]+c.ways[next], tooMany)
		}
	}
}

// leads tells whether a shortest chain goes from a person to one of its learners.
func (c *Chains) leads(person, next int32) bool {
	left, known := c.left[next]
	return known && left == c.left[person]-1
}

// Count is the number of chains. ErrWork when it is beyond two thousand million.
func (c *Chains) Count() (int, error) {
	switch count := c.ways[c.source]; {
	case c.Hops == 0:
		return 0, nil
	case count == tooMany:
		return 0, fmt.Errorf("count the chains: %w", ErrWork)
	default:
		return count, nil
	}
}

// First is the first of the chains, empty when there is none.
func (c *Chains) First() []int32 {
	for _, chain := range c.Page(1, 0) {
		return chain
	}
	return nil
}

// Page is some of the chains, by the places of their people from the source on.
func (c *Chains) Page(first, skip int) [][]int32 {
	p := chainPage{chains: c, first: first, skip: skip}
	if c.Hops > 0 {
		p.from(c.source)
	}
	return p.found
}

// chainPage gathers chains, leaving out whole branches as long as there is to skip.
type chainPage struct {
	chains      *Chains
	first, skip int
	way         []int32
	found       [][]int32
}

func (p *chainPage) from(person int32) {
	c := p.chains
	p.way = append(p.way, person)
	defer func() { p.way = p.way[:len(p.way)-1] }()
	if c.left[person] == 0 {
		p.found = append(p.found, slices.Clone(p.way))
		return
	}
	for _, next := range c.learning.Learners.Of(person) {
		switch {
		case len(p.found) == p.first:
			return
		case !c.leads(person, next):
		case p.skip >= c.ways[next]:
			p.skip -= c.ways[next]
		default:
			p.from(next)
		}
	}
}

// LongestChainBetween is one of the longest learning chains from a source to a learner, the
// source first; among equals each link, from the learner backwards, comes from the smallest
// place. It is empty when there is none. ErrNonStrict unless learning is strict.
func (l *Learning) LongestChainBetween(ctx context.Context, source, learner int32) ([]int32, error) {
	if !l.strict {
		return nil, ErrNonStrict
	}
	reached, err := l.Downstream(ctx, source, 0)
	if err != nil {
		return nil, fmt.Errorf("find the longest chain: %w", err)
	}
	slices.SortFunc(reached, func(a, b Reached) int {
		return int(l.panel.Adopted[a.Person] - l.panel.Adopted[b.Person])
	})
	longest := map[int32]int32{source: 0}
	for _, r := range reached {
		longest[r.Person] = l.longestOver(r.Person, longest)
	}
	if longest[learner] == 0 {
		return nil, nil
	}
	return l.backwards(learner, longest), nil
}

// longestOver is the edges of the longest chain to a person over those with known lengths.
func (l *Learning) longestOver(person int32, longest map[int32]int32) (most int32) {
	for _, j := range l.Sources.Of(person) {
		if hops, ok := longest[j]; ok {
			most = max(most, hops+1)
		}
	}
	return most
}

// backwards is the chain that ends at a person and has as many edges as is known.
func (l *Learning) backwards(end int32, longest map[int32]int32) []int32 {
	chain := []int32{end}
	for i := end; longest[i] > 0; chain = append(chain, i) {
		sources := l.Sources.Of(i)
		i = sources[slices.IndexFunc(sources, func(j int32) bool {
			hops, ok := longest[j]
			return ok && hops == longest[i]-1
		})]
	}
	slices.Reverse(chain)
	return chain
}
