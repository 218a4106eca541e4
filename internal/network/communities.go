package network

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// Gonum's search for communities goes through all members of a community for each person
// who may join it, and cannot be cancelled; its modularity is quadratic in the size of a
// community. The tests compare with both.

// draws is how many orders of people are tried.
const draws = 8

// Communities divides people into parts with many ties within and few between, by the
// Louvain method (Blondel and others 2008) for the directed modularity; a larger
// resolution makes smaller communities, 1 is the usual one. People are visited in an
// order drawn with a fixed seed, a few times over, and the best division is kept, the
// first among equals; so the same ties always give the same communities. Without ties
// everybody is alone.
func (n *Network) Communities(ctx context.Context, resolution float64) (Parts, error) {
	m := meter{ctx: ctx}
	var best Parts
	most := math.Inf(-1)
	for seed := range uint64(draws) {
		of, err := n.louvain(&m, rand.New(rand.NewPCG(seed, 0)), resolution)
		if err != nil {
			return Parts{}, err
		}
		if q := n.Modularity(of, resolution); !(q <= most) { // NaN without ties
			best, most = numbered(of), q
		}
	}
	return best, nil
}

// louvain settles people into communities, then these into larger ones, until none gains.
func (n *Network) louvain(m *meter, draw *rand.Rand, resolution float64) ([]int32, error) {
	of := make([]int32, n.People())
	for person := range of {
		of[person] = int32(person)
	}
	for level := n.level(); ; level = level.above() {
		moved, err := level.settle(m, draw, resolution)
		if err != nil || !moved {
			return of, err
		}
		for person, place := range of {
			of[person] = level.joined[place]
		}
	}
}

// level is a network of communities of the level below, with the sums of their weights as
// learners and sources, ties within them included.
type level struct {
	ties    *Network
	out, in []float64
	total   float64
	joined  []int32   // per place its community, a place of this level
	sumOut  []float64 // per community
	sumIn   []float64
	between []float64 // per community, the weight of ties with the place at hand; zero between two places
	near    []int32   // the communities that the place at hand has ties with, its own first
}

func (n *Network) level() *level {
	d := n.Degrees()
	return newLevel(n, d.OutWeight, d.InWeight)
}

func newLevel(ties *Network, out, in []float64) *level {
	l := &level{
		ties: ties, out: out, in: in, joined: make([]int32, ties.People()),
		sumOut: slices.Clone(out), sumIn: slices.Clone(in), between: make([]float64, ties.People()),
	}
	for place, weight := range out {
		l.joined[place] = int32(place)
		l.total += weight
	}
	return l
}

// least is what a move must gain, as a share of all weight, so that rounding moves nobody.
const least = 1e-12

// settle moves places to the community where they add most, until none gains by moving,
// and numbers the communities that are left from zero.
func (l *level) settle(m *meter, draw *rand.Rand, resolution float64) (moved bool, err error) {
	if l.total == 0 {
		return false, nil
	}
	order := draw.Perm(l.ties.People())
	for again := true; again; {
		again = false
		for _, place := range order {
			if err := m.add(len(l.ties.out.of(int32(place))) + len(l.ties.in.of(int32(place)))); err != nil {
				return false, err
			}
			again = l.move(int32(place), resolution) || again
		}
		moved = moved || again
	}
	l.renumber()
	return moved, nil
}

// move puts a place where it gains most, among equals into the community with the
// smallest number.
func (l *level) move(place int32, resolution float64) bool {
	own := l.joined[place]
	l.gather(place)
	l.sumOut[own] -= l.out[place]
	l.sumIn[own] -= l.in[place]
	gain := func(community int32) float64 {
		return l.between[community] - resolution*(l.out[place]*l.sumIn[community]+l.in[place]*l.sumOut[community])/l.total
	}
	best, most := own, gain(own)+least*l.total
	for _, community := range l.near[1:] {
		if g := gain(community); g > most || g == most && community < best {
			best, most = community, g
		}
	}
	l.joined[place] = best
	l.sumOut[best] += l.out[place]
	l.sumIn[best] += l.in[place]
	for _, community := range l.near {
		l.between[community] = 0
	}
	return best != own
}

// gather adds up the weights between a place and the communities near it.
func (l *level) gather(place int32) {
	own := l.joined[place]
	l.near = append(l.near[:0], own)
	for _, r := range []*rows{&l.ties.out, &l.ties.in} {
		weights := r.weights(place)
		for i, other := range r.of(place) {
			community := l.joined[other]
			if l.between[community] == 0 && community != own {
				l.near = append(l.near, community)
			}
			l.between[community] += weights[i]
		}
	}
}

// renumber numbers communities from zero in the order of their first places.
func (l *level) renumber() {
	number := slices.Repeat([]int32{-1}, len(l.joined))
	next := int32(0)
	for place, community := range l.joined {
		if number[community] < 0 {
			number[community] = next
			next++
		}
		l.joined[place] = number[community]
	}
}

// above is the network whose places are the communities of this level.
func (l *level) above() *level {
	communities := int(slices.Max(l.joined)) + 1
	out, in := make([]float64, communities), make([]float64, communities)
	ties := make([]Tie, 0, l.ties.Ties())
	for place := range l.ties.people() {
		community, weights := l.joined[place], l.ties.out.weights(place)
		out[community] += l.out[place]
		in[community] += l.in[place]
		for i, other := range l.ties.out.of(place) {
			if l.joined[other] != community {
				ties = append(ties, Tie{community, l.joined[other], weights[i]})
			}
		}
	}
	return newLevel(fromTies(communities, ties), out, in)
}

// Modularity is how much more weight lies within communities than if ties heeded only how
// much everybody names and is named (Leicht and Newman 2008), per person the place of a
// community:
//
//	1/m * sum over communities of (weight within - resolution * weight as learners * weight as sources / m)
//
// It is NaN without ties.
func (n *Network) Modularity(communities []int32, resolution float64) float64 {
	d := n.Degrees()
	out, in := make([]float64, len(communities)), make([]float64, len(communities))
	var within, total float64
	for learner := range n.people() {
		own, weights := communities[learner], n.out.weights(learner)
		out[own] += d.OutWeight[learner]
		in[own] += d.InWeight[learner]
		total += d.OutWeight[learner]
		for i, source := range n.out.of(learner) {
			if communities[source] == own {
				within += weights[i]
			}
		}
	}
	if total == 0 {
		return math.NaN()
	}
	for community := range out {
		within -= resolution * out[community] * in[community] / total
	}
	return within / total
}
