package diffusion

import (
	"context"
	"math"
	"slices"
)

// Chain is a way from a party to another: places in Network.Steps, the earliest first.
type Chain []int

// Chains are the chains between two parties that a question found, without writing them
// all down. Their order is by the ids of their steps.
type Chains struct {
	From, To int
	Hops     int // of each; 0 when there is none
	network  *Network
	question *Question
	meter    meter
	arrival  *int64 // the day on which they must arrive; nil: any
	left     []int  // per party, the fewest steps to the end, whatever the dates; -1: none
	counts   map[rest]int
}

// rest is what a chain still has before it.
type rest struct {
	place
	hops int
}

// Shortest are the chains of the fewest steps from a party to another.
func (n *Network) Shortest(ctx context.Context, q *Question, from, to int) (*Chains, error) {
	c := n.chains(ctx, q, from, to)
	w := wave{network: n, question: q, meter: meter{ctx: ctx}}
	err := w.spread(from, func(party, hops int, _ moment) {
		if party == to && c.Hops == 0 {
			c.Hops = hops
		}
	})
	return c, err
}

// ShortestOf are the chains of the fewest steps when that number is known from Reached.
func (n *Network) ShortestOf(ctx context.Context, q *Question, from, to, hops int) *Chains {
	c := n.chains(ctx, q, from, to)
	c.Hops = hops
	return c
}

// Earliest are the chains of dated steps from a party to another that arrive first, of
// these the ones with the fewest steps, and the day. A possible chain arrives on the
// earliest day on which it can; a certain one on the last day of its last step, when it
// has arrived for certain. The question's order must not be Ignore.
func (n *Network) Earliest(ctx context.Context, q *Question, from, to int) (*Chains, int64, error) {
	dated := q.dated()
	c := n.chains(ctx, dated, from, to)
	day := int64(math.MaxInt64)
	w := wave{network: n, question: dated, meter: meter{ctx: ctx}}
	err := w.spread(from, func(party, hops int, at moment) {
		if party == to && at.Last < day {
			c.Hops, day = hops, at.Last
		}
	})
	c.arrival = &day
	return c, day, err
}

// dated is the question about dated steps only.
func (q *Question) dated() *Question {
	d := *q
	d.Use = func(s *Step) bool { return s.Dated && q.uses(s) }
	return &d
}

func (n *Network) chains(ctx context.Context, q *Question, from, to int) *Chains {
	return &Chains{From: from, To: to, network: n, question: q, meter: meter{ctx: ctx}}
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

// prepare finds, for each party, the fewest steps to the end, whatever the dates: what is
// farther than the steps left is not looked at.
func (c *Chains) prepare() {
	if c.counts != nil {
		return
	}
	c.counts = map[rest]int{}
	c.left = slices.Repeat([]int{-1}, len(c.network.Parties))
	c.left[c.To] = 0
	for front := []int{c.To}; len(front) > 0; front = front[1:] {
		for _, i := range c.network.in[front[0]] {
			s := &c.network.Steps[i]
			if c.left[s.From] < 0 && c.question.uses(s) {
				c.left[s.From] = c.left[front[0]] + 1
				front = append(front, s.From)
			}
		}
	}
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
	err := c.each(r, func(_ int, next rest) (bool, error) {
		n, err := c.count(next)
		if sum += n; sum > maxCount {
			return false, ErrWork
		}
		return true, err
	})
	c.counts[r] = sum
	return sum, err
}

// each visits the steps that may come next and what is left behind each, until visit
// says no.
func (c *Chains) each(r rest, visit func(step int, next rest) (bool, error)) error {
	for _, i := range c.network.out[r.party] {
		if err := c.meter.step(); err != nil {
			return err
		}
		s := &c.network.Steps[i]
		if left := c.left[s.To]; left < 0 || left >= r.hops || !c.question.uses(s) {
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
		err := c.each(r, func(step int, next rest) (bool, error) {
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
