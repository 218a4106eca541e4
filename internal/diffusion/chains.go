package diffusion

import (
	"context"
	"math"
	"slices"
)

// Chain is a way from a party to another: places in Network.Steps, the earliest first.
type Chain []int32

// Chains are the chains between two parties that a question found, without writing them
// all down. Their order is by the ids of their steps.
type Chains struct {
	From, To int
	Hops     int // of each; 0 when there is none
	network  *Network
	question *Question
	meter    meter
	arrival  *int64        // the day on which they must arrive; nil: any
	reach    *Reach        // from From, or up: of To
	stops    map[int]*stop // by party
	counts   map[rest]int
}

// stop is a party that may stand in a chain.
type stop struct {
	left  int // steps at least to the end, whatever the dates
	steps []int32
}

// rest is what a chain still has before it.
type rest struct {
	place
	hops int
}

// Shortest are the chains of the fewest steps from a party to another.
func (n *Network) Shortest(ctx context.Context, q *Question, from, to int) (*Chains, error) {
	r, err := n.Downstream(ctx, q, from)
	for _, one := range r.All {
		if one.Party == to {
			return r.Chains(ctx, one), err
		}
	}
	return r.Chains(ctx, Reached{Party: to}), err
}

// Earliest are the chains of dated steps from a party to another that arrive first, of
// these the ones with the fewest steps, and the day. A possible chain arrives on the
// earliest day on which it can; a certain one on the last day of its last step, when it
// has arrived for certain. The question's order must not be Ignore.
func (n *Network) Earliest(ctx context.Context, q *Question, from, to int) (*Chains, int64, error) {
	day, hops := int64(math.MaxInt64), 0
	r, err := n.reach(ctx, q.dated(), from, false, func(k *known) {
		if k.party == to && k.at.Last < day {
			day, hops = k.at.Last, int(k.hops)
		}
	})
	c := r.Chains(ctx, Reached{to, hops})
	c.arrival = &day
	return c, day, err
}

// dated is the question about dated steps only.
func (q *Question) dated() *Question {
	d := *q
	d.Use = func(s *Step) bool { return s.Dated && q.Uses(s) }
	return &d
}

// maxCount is the largest number of chains that is told; it fits GraphQL's Int.
const maxCount = math.MaxInt32

// Count is the number of the chains; ErrWork when there are too many to tell.
func (c *Chains) Count() (int, error) {
	if c.Hops == 0 {
		return 0, nil
	}
	c.prepare()
	return c.count(rest{place{c.From, start}, c.Hops})
}

// prepare finds the parties that may stand in a chain, and the steps between them. It goes
// toward the party that the reach is about, so that it meets nobody who is too far from it.
func (c *Chains) prepare() {
	if c.counts != nil {
		return
	}
	c.counts = map[rest]int{}
	fans, begin := &c.network.in, c.To
	if c.reach.up {
		fans, begin = &c.network.out, c.From
	}
	c.stops = map[int]*stop{begin: {}}
	front := []int{begin}
	for gone := 1; gone <= c.Hops; gone++ {
		var met []int
		for _, party := range front {
			met = c.further(fans, party, gone, met)
		}
		front = met
	}
	for _, s := range c.stops {
		slices.Sort(s.steps)
	}
}

// further notes the steps of a party that may be the gone-th on the way to the end, and
// appends the parties that it meets for the first time.
func (c *Chains) further(fans *fans, near, gone int, met []int) []int {
	first, last := fans.of(near)
	for i := first; i < last; i++ {
		far, step := int(fans.far[i]), fans.steps[i]
		left := c.reach.away(far)
		if left > c.Hops-gone || !c.question.Uses(&c.network.Steps[step]) {
			continue
		}
		from := near
		if !c.reach.up {
			from, left = far, gone
		}
		if c.stops[far] == nil {
			c.stops[far] = &stop{left: left}
			met = append(met, far)
		}
		c.stops[from].steps = append(c.stops[from].steps, step)
	}
	return met
}

// count is the number of ways over exactly r.hops steps. As these are the fewest, no
// party can stand twice in such a way.
func (c *Chains) count(r rest) (int, error) {
	if r.hops == 0 {
		return 1, nil
	}
	if known, ok := c.counts[r]; ok {
		return known, nil
	}
	sum := 0
	err := c.each(r, func(_ int32, next rest) (bool, error) {
		n, err := c.count(next)
		if sum += n; sum > maxCount {
			return false, ErrWork
		}
		return true, err
	})
	c.counts[r] = sum
	return sum, err
}

// each visits the steps that may come next, which the question is about, and what is left
// behind each, until visit says no.
func (c *Chains) each(r rest, visit func(step int32, next rest) (bool, error)) error {
	for _, i := range c.stops[r.party].steps {
		if err := c.meter.step(); err != nil {
			return err
		}
		s := &c.network.Steps[i]
		if c.stops[s.To].left >= r.hops {
			continue
		}
		at, ok := c.question.after(r.at, s, c.question.span(s))
		if !ok || !c.mayStand(s.To, r.hops-1, at) {
			continue
		}
		if more, err := visit(i, rest{place{s.To, at}, r.hops - 1}); err != nil || !more {
			return err
		}
	}
	return nil
}

// mayStand tells whether a party may stand in a chain with so many steps left.
func (c *Chains) mayStand(party, hops int, at moment) bool {
	if hops == 0 {
		return party == c.To && (c.arrival == nil || at.Last == *c.arrival)
	}
	return party != c.From && party != c.To && c.question.passes(party)
}

// Page is some of the chains: the first ones after skip.
func (c *Chains) Page(first, skip int) ([]Chain, error) {
	total, err := c.Count()
	if err != nil {
		return nil, err
	}
	var page []Chain
	for k := skip; k < total && len(page) < first; k++ {
		chain, err := c.at(k)
		if err != nil {
			return nil, err
		}
		page = append(page, chain)
	}
	return page, nil
}

// at is the k-th chain: the counts tell which step it takes at each party.
func (c *Chains) at(k int) (Chain, error) {
	chain := make(Chain, 0, c.Hops)
	for r := (rest{place{c.From, start}, c.Hops}); r.hops > 0; {
		var taken rest
		err := c.each(r, func(step int32, next rest) (bool, error) {
			n, err := c.count(next)
			if k >= n || err != nil {
				k -= n
				return true, err
			}
			chain, taken = append(chain, step), next
			return false, nil
		})
		if err != nil {
			return nil, err
		}
		r = taken
	}
	return chain, nil
}

// Arrival is the day on which a chain in order arrives, as Earliest says; ok is false
// when its dates do not tell.
func (n *Network) Arrival(q *Question, chain Chain) (day int64, ok bool) {
	if q.Order == Ignore {
		return 0, false
	}
	at := start
	for _, i := range chain {
		at, _ = q.after(at, &n.Steps[i], q.span(&n.Steps[i]))
	}
	return at.Last, at.Last > start.Last+int64(len(chain))
}
