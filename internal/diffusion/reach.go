package diffusion

import (
	"cmp"
	"context"
	"slices"
)

// Reached is a party at the end of a chain, with the fewest steps that lead there.
type Reached struct {
	Party int
	Hops  int
}

// Downstream is everyone whom something could have reached from a party: by hops, then id.
func (n *Network) Downstream(ctx context.Context, q *Question, from int) ([]Reached, error) {
	return n.reach(ctx, q, from, false)
}

// Upstream is everyone from whom something could have reached a party: by hops, then id.
func (n *Network) Upstream(ctx context.Context, q *Question, to int) ([]Reached, error) {
	return n.reach(ctx, q, to, true)
}

func (n *Network) reach(ctx context.Context, q *Question, from int, up bool) ([]Reached, error) {
	var all []Reached
	seen := make([]bool, len(n.Parties))
	w := wave{network: n, question: q, up: up, meter: meter{ctx: ctx}}
	err := w.spread(from, func(party, hops int, _ moment) {
		if !seen[party] {
			seen[party] = true
			all = append(all, Reached{party, hops})
		}
	})
	slices.SortFunc(all, func(a, b Reached) int {
		return cmp.Or(cmp.Compare(a.Hops, b.Hops), cmp.Compare(a.Party, b.Party))
	})
	return all, err
}

// wave goes out from a party, one hop at a time. Upstream it goes against the steps and
// against time, which turns every period round.
type wave struct {
	network  *Network
	question *Question
	up       bool
	meter    meter
	known    map[int][]moment // per party, none of which an earlier one covers
}

type place struct {
	party int
	at    moment
}

// spread tells arrived of each party and moment that is reached, fewest hops first. A way
// that comes back to a party can be cut short there, so ways with repeated parties reach
// nothing that others do not reach in fewer hops.
func (w *wave) spread(from int, arrived func(party, hops int, at moment)) error {
	w.known = map[int][]moment{from: {start}}
	front := []place{{from, start}}
	for hops := 1; hops <= w.question.MaxHops && len(front) > 0; hops++ {
		var next []place
		for _, p := range front {
			if p.party != from && !w.question.passes(p.party) {
				continue
			}
			var err error
			if next, err = w.from(p, next); err != nil {
				return err
			}
		}
		for _, p := range next {
			arrived(p.party, hops, p.at)
		}
		front = next
	}
	return nil
}

// from appends the places one step further that are not covered by known ones.
func (w *wave) from(p place, next []place) ([]place, error) {
	for _, i := range w.steps(p.party) {
		if err := w.meter.step(); err != nil {
			return nil, err
		}
		s := &w.network.Steps[i]
		if !w.question.uses(s) {
			continue
		}
		far, span := s.To, w.question.span(s)
		if w.up {
			far, span = s.From, Span{-span.Last, -span.First}
		}
		at, ok := w.question.after(p.at, s, span)
		if !ok || w.covered(far, at) {
			continue
		}
		w.known[far] = append(w.known[far], at)
		next = append(next, place{far, at})
	}
	return next, nil
}

func (w *wave) steps(party int) []int {
	if w.up {
		return w.network.in[party]
	}
	return w.network.out[party]
}

func (w *wave) covered(party int, at moment) bool {
	return slices.ContainsFunc(w.known[party], func(known moment) bool { return w.question.covers(known, at) })
}
