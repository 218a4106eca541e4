package network

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// random is a network of people who name others at random, each so many times.
func random(t testing.TB, people, each int) *Network {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(people), uint64(each)))
	ties := make([]Tie, 0, people*each)
	for learner := range people {
		for range each {
			ties = append(ties, Tie{int32(learner), r.Int32N(int32(people)), 1})
		}
	}
	n, _, err := New(people, ties)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func anyMissing(values []float64) bool { return slices.ContainsFunc(values, math.IsNaN) }

func sortedList(words []string) string {
	slices.Sort(words)
	return strings.Join(words, ", ")
}

func BenchmarkMeasures(b *testing.B) {
	for _, people := range []int{1_000, 10_000} {
		n := random(b, people, 10)
		groups := make([]int32, people)
		for i := range groups {
			groups[i] = int32(i % 10)
		}
		measures := []struct {
			name string
			run  func() error
		}{
			{"weak", func() error { n.WeakComponents(); return nil }},
			{"strong", func() error { n.StrongComponents(); return nil }},
			{"betweenness", func() error { _, err := n.Betweenness(b.Context()); return err }},
			{"closeness", func() error { _, err := n.Closeness(b.Context()); return err }},
			{"pagerank", func() error { _, err := n.PageRank(b.Context(), Damping); return err }},
			{"eigenvector", func() error { _, err := n.Eigenvector(b.Context()); return err }},
			{"communities", func() error { _, err := n.Communities(b.Context(), 1); return err }},
			{"clustering", func() error { _, err := n.Clustering(b.Context()); return err }},
			{"brokerage", func() error { _, err := n.Brokerage(b.Context(), groups); return err }},
		}
		for _, m := range measures {
			b.Run(fmt.Sprintf("%s/%d", m.name, people), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := m.run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
