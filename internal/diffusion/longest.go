package diffusion

import (
	"context"
	"slices"
)

// maxLongest bounds the chains of the greatest length that are brought.
const maxLongest = 10_000

// Longest are the chains of dated steps with the most steps, at most q.MaxHops: from a
// party, or from any when from is negative, to a party, or to any when to is negative.
// The order is by the first party, then by the ids of the steps. The question's order
// must not be Ignore: without it, a longest chain says nothing about dates.
func (n *Network) Longest(ctx context.Context, q *Question, from, to int) ([]Chain, error) {
	f := finder{network: n, question: q.dated(), to: to, meter: meter{ctx: ctx}, inside: make([]bool, len(n.Parties))}
	for party := range n.Parties {
		if from >= 0 && party != from {
			continue
		}
		if err := f.extend(party, start); err != nil {
			return nil, err
		}
	}
	return f.best, nil
}

// finder tries every chain. Parties may not repeat, and here a way round can be longer
// than the straight one, so nothing shorter is known to be right.
type finder struct {
	network  *Network
	question *Question
	to       int
	meter    meter
	inside   []bool // per party, whether it stands in chain
	chain    Chain
	best     []Chain
}

func (f *finder) extend(party int, at moment) error {
	if err := f.keep(party); err != nil {
		return err
	}
	if len(f.chain) == f.question.MaxHops || party == f.to || len(f.chain) > 0 && !f.question.passes(party) {
		return nil
	}
	f.inside[party] = true
	defer func() { f.inside[party] = false }()
	first, end := f.network.out.of(party)
	for _, i := range f.network.out.steps[first:end] {
		if err := f.meter.step(); err != nil {
			return err
		}
		s := &f.network.Steps[i]
		next, ok := f.question.after(at, s, f.question.span(s))
		if !ok || f.inside[s.To] || !f.question.Uses(s) {
			continue
		}
		f.chain = append(f.chain, i)
		if err := f.extend(s.To, next); err != nil {
			return err
		}
		f.chain = f.chain[:len(f.chain)-1]
	}
	return nil
}

// keep notes the chain when none is longer.
func (f *finder) keep(party int) error {
	if len(f.chain) == 0 || f.to >= 0 && party != f.to {
		return nil
	}
	if len(f.best) > 0 && len(f.chain) < len(f.best[0]) {
		return nil
	}
	if len(f.best) > 0 && len(f.chain) > len(f.best[0]) {
		f.best = f.best[:0]
	}
	if len(f.best) == maxLongest {
		return ErrWork
	}
	f.best = append(f.best, slices.Clone(f.chain))
	return nil
}
