package diffusion

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Reached is a party at the end of a chain, with the fewest steps that lead there.
type Reached struct {
	Party int
	Hops  int
}

// Reach is whom something could have reached from a party, or from whom it could have reached it.
type Reach struct {
	All      []Reached // by hops, then id
	network  *Network
	question *Question
	party    int
	up       bool
	hops     []int8 // per party the fewest steps between it and party, 0: none; nil until asked for
}

// Downstream is everyone whom something could have reached from a party.
func (n *Network) Downstream(ctx context.Context, q *Question, from int) (*Reach, error) {
	return n.reach(ctx, q, from, false, nil)
}

// Upstream is everyone from whom something could have reached a party.
func (n *Network) Upstream(ctx context.Context, q *Question, to int) (*Reach, error) {
	return n.reach(ctx, q, to, true, nil)
}

// reach also shows all moments at which somebody is reached, fewest hops first.
func (n *Network) reach(ctx context.Context, q *Question, party int, up bool, show func(*known)) (*Reach, error) {
	r := &Reach{network: n, question: q, party: party, up: up}
	w := n.wave(ctx, q, up)
	defer w.end()
	err := w.spread(party)
	for i := 1; i < len(w.known); i++ {
		k := &w.known[i]
		if show != nil {
			show(k)
		}
		if k.before == 0 {
			r.All = append(r.All, Reached{k.party, int(k.hops)})
		}
	}
	slices.SortFunc(r.All, func(a, b Reached) int { return cmp.Or(a.Hops-b.Hops, a.Party-b.Party) })
	return r, err
}

// Chains are the chains of the fewest steps between the party and one of those reached.
func (r *Reach) Chains(ctx context.Context, other Reached) *Chains {
	c := &Chains{From: r.party, To: other.Party, Hops: other.Hops, network: r.network, question: r.question, reach: r, meter: meter{ctx: ctx}}
	if r.up {
		c.From, c.To = c.To, c.From
	}
	return c
}

// away is how many steps a party is at least from the party that the reach is about.
func (r *Reach) away(party int) int {
	if r.hops == nil {
		r.hops = make([]int8, len(r.network.Parties))
		for _, one := range r.All {
			r.hops[one.Party] = int8(one.Hops)
		}
	}
	switch hops := int(r.hops[party]); {
	case party == r.party:
		return 0
	case hops == 0:
		return math.MaxInt
	default:
		return hops
	}
}

// wave goes out from a party, one hop at a time. Upstream it goes against the steps and
// against time, which turns every period round.
type wave struct {
	network  *Network
	question *Question
	up       bool
	fans     *fans
	meter    meter
	known    []known  // fewest hops first; the first is the party itself
	last     *[]int32 // per party, the place of its last in known and one more; 0: none
}

// known is a moment at which a party is reached, which no earlier one of the same party covers.
type known struct {
	place
	hops   int32
	before int32 // the place of the party's one before it and one more; 0: none
}

type place struct {
	party int
	at    moment
}

func (n *Network) wave(ctx context.Context, q *Question, up bool) *wave {
	w := &wave{network: n, question: q, up: up, fans: &n.out, meter: meter{ctx: ctx}, last: n.blank.Get().(*[]int32)}
	if up {
		w.fans = &n.in
	}
	return w
}

// end leaves the memory to the next wave.
func (w *wave) end() {
	for i := range w.known {
		(*w.last)[w.known[i].party] = 0
	}
	w.network.blank.Put(w.last)
}

// spread finds the parties and moments that are reached. A way that comes back to a party can
// be cut short there, so ways with repeated parties reach nothing that others do not reach in
// fewer hops.
func (w *wave) spread(from int) error {
	w.note(place{from, start}, 0)
	front := 0
	for hops := 1; hops <= w.question.MaxHops; hops++ {
		end := len(w.known)
		for ; front < end; front++ {
			p := w.known[front].place
			if p.party != from && !w.question.passes(p.party) {
				continue
			}
			if err := w.from(p, hops); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *wave) note(p place, hops int) {
	last := &(*w.last)[p.party]
	w.known = append(w.known, known{p, int32(hops), *last})
	*last = int32(len(w.known))
}

// from notes the places one step further that are not covered by known ones.
func (w *wave) from(p place, hops int) error {
	first, end := w.fans.of(p.party)
	for i := first; i < end; i++ {
		if err := w.meter.step(); err != nil {
			return err
		}
		far := place{party: int(w.fans.far[i])}
		if w.question.Order == Ignore && (*w.last)[far.party] != 0 {
			continue // whatever the step is
		}
		s := &w.network.Steps[w.fans.steps[i]]
		if !w.question.Uses(s) {
			continue
		}
		var ok bool
		if far.at, ok = w.question.after(p.at, s, w.span(s)); ok && !w.covered(far) {
			w.note(far, hops)
		}
	}
	return nil
}

func (w *wave) span(s *Step) Span {
	span := w.question.span(s)
	if w.up {
		return Span{-span.Last, -span.First}
	}
	return span
}

func (w *wave) covered(p place) bool {
	for i := (*w.last)[p.party]; i > 0; i = w.known[i-1].before {
		if w.question.covers(w.known[i-1].at, p.at) {
			return true
		}
	}
	return false
}
