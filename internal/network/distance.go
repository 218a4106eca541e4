package network

import (
	"context"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/floats"
)

// Gonum has both measures of this file, and can do neither for us: its closeness holds
// the distances of all pairs, which is quadratic in memory, both look places up in maps,
// and neither can be cancelled.

// Closeness is, per person, how near those are who reach them by naming, after Wasserman
// and Faust (1994, equation 5.22; networkx's closeness_centrality):
//
//	(r-1)/(n-1) * (r-1)/sum of the steps
//
// where r-1 others reach the person along the ties, each in its fewest steps. It is 0 for
// people whom nobody names, and NaN in a network of one.
func (n *Network) Closeness(ctx context.Context) ([]float64, error) {
	people := n.People()
	if people < 2 {
		return missing(people), nil
	}
	near := make([]float64, people)
	err := n.fromEach(ctx, func(_ int, w *walk, person int32) {
		w.from(&n.in, person)
		near[person] = w.nearness(people)
	})
	return near, err
}

func (w *walk) nearness(people int) float64 {
	steps := 0
	for _, other := range w.order {
		steps += int(w.steps[other])
	}
	if steps == 0 {
		return 0
	}
	reached := len(w.order) - 1
	return float64(reached*reached) / float64((people-1)*steps)
}

// Betweenness is, per person, the share of the shortest ways between others that lead
// over them, by the fewest ties, as a mean over all pairs of others (Freeman 1977;
// worked out after Brandes 2001):
//
//	1/((n-1)(n-2)) * sum over s, t of (shortest ways from s to t over v) / (shortest ways from s to t)
//
// It is NaN in a network of fewer than three.
func (n *Network) Betweenness(ctx context.Context) ([]float64, error) {
	people := n.People()
	if people < 3 {
		return missing(people), nil
	}
	var between [lanes][]float64 // what each lane found, added up in the same order every time
	for lane := range between {
		between[lane] = make([]float64, people)
	}
	err := n.fromEach(ctx, func(lane int, w *walk, person int32) {
		w.count(&n.out, person)
		w.accumulate(&n.in, between[lane])
	})
	for _, found := range between[1:] {
		floats.Add(between[0], found)
	}
	floats.Scale(1/(float64(people-1)*float64(people-2)), between[0])
	return between[0], err
}

// lanes is how many parts the walks from all people are divided into, whatever the number
// of processors, so that sums are rounded the same everywhere.
const lanes = 8

// fromEach does some work from each person, on all processors.
func (n *Network) fromEach(ctx context.Context, work func(lane int, w *walk, person int32)) error {
	if n.People()*(n.People()+n.Ties()) > maxWork {
		return ErrWork
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for lane := range lanes {
		group.Go(func() error {
			m, w := meter{ctx: ctx}, newWalk(n.People())
			for person := lane; person < n.People(); person += lanes {
				if err := m.add(n.Ties()); err != nil {
					return err
				}
				work(lane, w, int32(person))
			}
			return nil
		})
	}
	return group.Wait()
}

// walk goes out from a person breadth first. It is used again for the next person.
type walk struct {
	steps   []int32   // per person, -1 when not reached
	order   []int32   // those reached, the person first, by steps
	ways    []float64 // per person reached, how many shortest ways there are
	depends []float64 // per person reached, their share of the shortest ways to all others
}

func newWalk(people int) *walk {
	return &walk{
		steps: slices.Repeat([]int32{-1}, people), order: make([]int32, 0, people),
		ways: make([]float64, people), depends: make([]float64, people),
	}
}

func (w *walk) begin(person int32) {
	for _, reached := range w.order {
		w.steps[reached] = -1
	}
	w.order = append(w.order[:0], person)
	w.steps[person] = 0
}

func (w *walk) from(r *rows, person int32) {
	w.begin(person)
	for i := 0; i < len(w.order); i++ {
		step := w.steps[w.order[i]] + 1
		for _, next := range r.of(w.order[i]) {
			if w.steps[next] < 0 {
				w.steps[next] = step
				w.order = append(w.order, next)
			}
		}
	}
}

// count also counts the shortest ways.
func (w *walk) count(r *rows, person int32) {
	w.begin(person)
	w.ways[person] = 1
	for i := 0; i < len(w.order); i++ {
		near := w.order[i]
		step := w.steps[near] + 1
		for _, next := range r.of(near) {
			switch w.steps[next] {
			case -1:
				w.steps[next], w.ways[next] = step, w.ways[near]
				w.order = append(w.order, next)
			case step:
				w.ways[next] += w.ways[near]
			}
		}
	}
}

// accumulate adds to each person what depends on them, the farthest first; r are the ties
// backwards.
func (w *walk) accumulate(r *rows, between []float64) {
	for _, person := range w.order {
		w.depends[person] = 0
	}
	for i := len(w.order) - 1; i > 0; i-- {
		far := w.order[i]
		between[far] += w.depends[far]
		share, step := (1+w.depends[far])/w.ways[far], w.steps[far]-1
		for _, near := range r.of(far) {
			if w.steps[near] == step {
				w.depends[near] += w.ways[near] * share
			}
		}
	}
}
