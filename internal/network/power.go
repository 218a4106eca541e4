package network

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"
)

// Damping is the share of PageRank that is passed on along ties when nothing else is said.
const Damping = 0.85

const (
	// tolerance is how much of all values taken together may change in the last round.
	tolerance = 1e-14
	// maxRounds bounds the rounds of a power iteration.
	maxRounds = 20_000
	// nothing is what a value of an eigenvector is not told apart from zero below.
	nothing = 1e-12
)

// Gonum's PageRank begins at random places, so that its last digits differ from run to
// run, and cannot be cancelled.

// PageRank is, per person, the share of the time that somebody spends with them who goes
// along ties, each as often as its weight says, and begins anew with anybody in 1-damping
// of the steps and where nobody is named (Page and others 1999). The shares make 1.
func (n *Network) PageRank(ctx context.Context, damping float64) ([]float64, error) {
	people := n.People()
	given := make([]float64, people)
	_, named := n.out.degrees()
	m := meter{ctx: ctx}
	return n.iterate(&m, 1, func(last, next []float64) {
		anywhere := (1 - damping) / float64(people)
		for person, sum := range named {
			given[person] = 0
			if sum > 0 {
				given[person] = damping * last[person] / sum
			} else {
				anywhere += damping * last[person] / float64(people)
			}
		}
		n.pass(given, next)
		floats.AddConst(anywhere, next)
	})
}

// Eigenvector is, per person, a value in proportion to the values of those who name them,
// by weight (Bonacich 1972), of length 1 taken together, from equal values onwards:
//
//	x <- (x + A'x) / |x + A'x|
//
// It is NaN for all when nobody reaches themselves along the ties, for then no value but
// zero is in proportion; and when the values do not settle, because several parts of the
// network are equally strong. Adding x itself makes the values settle where they would
// go back and forth, and changes no result.
func (n *Network) Eigenvector(ctx context.Context) ([]float64, error) {
	people := n.People()
	if len(n.StrongComponents().Sizes) == people {
		return missing(people), nil
	}
	m := meter{ctx: ctx}
	values, err := n.iterate(&m, 2, func(last, next []float64) {
		n.pass(last, next)
		floats.Add(next, last)
		floats.Scale(1/floats.Norm(next, 2), next)
	})
	for person, v := range values {
		if v < nothing {
			values[person] = 0
		}
	}
	return values, err
}

// pass gives each person what those who name them give, by weight.
func (n *Network) pass(given, received []float64) {
	for person := range n.people() {
		sum, weights := 0.0, n.in.weights(person)
		for i, learner := range n.in.of(person) {
			sum += given[learner] * weights[i]
		}
		received[person] = sum
	}
}

// iterate repeats a step from equal values with a norm of one until the values settle. It
// is NaN for all when they do not.
func (n *Network) iterate(m *meter, norm float64, step func(last, next []float64)) ([]float64, error) {
	people := n.People()
	last, next := make([]float64, people), make([]float64, people)
	floats.AddConst(1/math.Pow(float64(people), 1/norm), next)
	for range maxRounds {
		if err := m.add(people + n.Ties()); err != nil {
			return nil, err
		}
		last, next = next, last
		step(last, next)
		if floats.Distance(last, next, 1) <= tolerance*floats.Norm(next, 1) {
			return next, nil
		}
	}
	return missing(people), nil
}
