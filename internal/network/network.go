// Package network describes the shape of a network of who names whom: how dense it is,
// into which parts it falls, who stands where in it, and how much groups keep to
// themselves. It knows neither the graph nor GraphQL; package shape brings networks
// and serves the answers.
//
// Everything is the same for the same ties, in whatever order they come. What is not
// defined is NaN, never zero.
package network

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
)

// ErrWork says that a measure needs more work than one question is given.
var ErrWork = errors.New("the network is too large for this measure")

// ErrTie says that a tie cannot stand in a network.
var ErrTie = errors.New("a tie has an end that is no place of the network, or a weight that is negative or not finite")

// maxWork bounds the ties that one measure looks at.
const maxWork = 4_000_000_000

// Tie is that the learner names the source. People are places 0..N-1.
type Tie struct {
	Learner, Source int32
	Weight          float64
}

// Network is a directed, weighted graph of people with at most one tie from one to
// another and none with oneself. It is immutable and may be used by many goroutines at
// once.
type Network struct{ out, in rows } // by learner, by source

// rows are compressed rows: the row of person i is the entries start[i] to start[i+1], by
// the far end.
type rows struct {
	start  []int
	other  []int32
	weight []float64
}

func (r *rows) of(person int32) []int32 { return r.other[r.start[person]:r.start[person+1]] }

func (r *rows) weights(person int32) []float64 {
	return r.weight[r.start[person]:r.start[person+1]]
}

// New makes a network of people with ties between them. Several ties of one pair become
// one whose weight is their sum; ties with oneself are left out and counted.
func New(people int, ties []Tie) (n *Network, selfTies int, err error) {
	all := make([]Tie, 0, len(ties))
	for _, t := range ties {
		switch {
		case !t.fits(people):
			return nil, 0, fmt.Errorf("make a network of %d people: tie from %d to %d of weight %v: %w", people, t.Learner, t.Source, t.Weight, ErrTie)
		case t.Learner == t.Source:
			selfTies++
		default:
			all = append(all, t)
		}
	}
	return fromTies(people, all), selfTies, nil
}

// fromTies makes a network of ties that fit, in their own memory.
func fromTies(people int, ties []Tie) *Network {
	out := rowsOf(people, merged(ties))
	return &Network{out: out, in: out.reversed()}
}

func (t Tie) fits(people int) bool {
	within := func(place int32) bool { return place >= 0 && int(place) < people }
	return within(t.Learner) && within(t.Source) && t.Weight >= 0 && !math.IsInf(t.Weight, 1)
}

// merged sorts ties by pair and adds up those of one pair, in the order of their weights,
// so that rounding does not depend on the order in which they come.
func merged(ties []Tie) []Tie {
	slices.SortFunc(ties, func(a, b Tie) int {
		return cmp.Or(cmp.Compare(a.Learner, b.Learner), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Weight, b.Weight))
	})
	kept := ties[:0]
	for _, t := range ties {
		if last := len(kept) - 1; last >= 0 && kept[last].Learner == t.Learner && kept[last].Source == t.Source {
			kept[last].Weight += t.Weight
			continue
		}
		kept = append(kept, t)
	}
	return kept
}

func rowsOf(people int, ties []Tie) rows {
	r := rows{start: make([]int, people+1), other: make([]int32, len(ties)), weight: make([]float64, len(ties))}
	for i, t := range ties {
		r.start[t.Learner+1]++
		r.other[i], r.weight[i] = t.Source, t.Weight
	}
	r.addUp()
	return r
}

// addUp turns the lengths of rows into where they begin.
func (r *rows) addUp() {
	for i := 1; i < len(r.start); i++ {
		r.start[i] += r.start[i-1]
	}
}

// reversed are the same ties by their far end.
func (r *rows) reversed() rows {
	back := rows{start: make([]int, len(r.start)), other: make([]int32, len(r.other)), weight: make([]float64, len(r.weight))}
	for _, far := range r.other {
		back.start[far+1]++
	}
	back.addUp()
	next := slices.Clone(back.start)
	for near := range int32(len(r.start) - 1) {
		weights := r.weights(near)
		for i, far := range r.of(near) {
			at := next[far]
			back.other[at], back.weight[at] = near, weights[i]
			next[far]++
		}
	}
	return back
}

// People is how many people there are.
func (n *Network) People() int { return len(n.out.start) - 1 }

// Ties is how many pairs of a learner and a source there are.
func (n *Network) Ties() int { return len(n.out.other) }

// Tie is a tie by its place: by learner, then by source.
func (n *Network) Tie(at int) Tie {
	learner := sort.Search(n.People(), func(person int) bool { return n.out.start[person+1] > at })
	return Tie{int32(learner), n.out.other[at], n.out.weight[at]}
}

// Sources are those whom a person names, ascending. They must not be changed.
func (n *Network) Sources(person int32) []int32 { return n.out.of(person) }

// Learners are those who name a person, ascending. They must not be changed.
func (n *Network) Learners(person int32) []int32 { return n.in.of(person) }

// Plain is the same network with a weight of 1 for all ties.
func (n *Network) Plain() *Network {
	ones := slices.Repeat([]float64{1}, n.Ties())
	plain := *n
	plain.out.weight, plain.in.weight = ones, ones
	return &plain
}

// people are the places of all people.
func (n *Network) people() int32 { return int32(n.People()) }

// Density is the share of the possible ties that there are, m / (n(n-1)).
func (n *Network) Density() float64 {
	people := float64(n.People())
	return ratio(float64(n.Ties()), people*(people-1))
}

// Mutual is how many ties are answered: the source names the learner too.
func (n *Network) Mutual() int {
	mutual := 0
	for person := range n.people() {
		for range shared(n.out.of(person), n.in.of(person)) {
			mutual++
		}
	}
	return mutual
}

// Reciprocity is the share of ties that are answered (Wasserman and Faust 1994,
// section 13.2; networkx's overall_reciprocity).
func (n *Network) Reciprocity() float64 { return ratio(float64(n.Mutual()), float64(n.Ties())) }

// Degrees are, per person, the ties as source (In: how many name them), as learner (Out:
// how many they name), and the sums of their weights.
type Degrees struct {
	In, Out             []int
	InWeight, OutWeight []float64
}

// Degrees counts the ties of each person.
func (n *Network) Degrees() Degrees {
	var d Degrees
	d.In, d.InWeight = n.in.degrees()
	d.Out, d.OutWeight = n.out.degrees()
	return d
}

func (r *rows) degrees() (count []int, weight []float64) {
	people := len(r.start) - 1
	count, weight = make([]int, people), make([]float64, people)
	for person := range people {
		count[person] = r.start[person+1] - r.start[person]
		for _, w := range r.weights(int32(person)) {
			weight[person] += w
		}
	}
	return count, weight
}

// ratio is a / b, NaN when b is zero.
func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

// missing is a value for each person, none of which is defined.
func missing(people int) []float64 { return slices.Repeat([]float64{math.NaN()}, people) }

// meter counts the ties that a measure looks at, and notices that nobody waits for it any
// more.
type meter struct {
	ctx             context.Context
	work, nextCheck int
}

// checkEvery is how many ties may be looked at between two looks at the context.
const checkEvery = 1 << 18

func (m *meter) add(ties int) error {
	m.work += ties + 1
	if m.work > maxWork {
		return ErrWork
	}
	if m.work < m.nextCheck {
		return nil
	}
	m.nextCheck = m.work + checkEvery
	return m.ctx.Err()
}
