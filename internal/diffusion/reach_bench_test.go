package diffusion

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// learned is a network in which each of so many people learned from three others, undated.
func learned(people int) *Network {
	random := rand.New(rand.NewPCG(1, 2))
	parties := make([]string, people)
	var steps []Step
	for to := range parties {
		parties[to] = fmt.Sprintf("p%07d", to)
		for k := range 3 {
			steps = append(steps, Step{ID: fmt.Sprintf("s%07d-%d", to, k), From: random.IntN(people), To: to})
		}
	}
	return NewNetwork(parties, steps)
}

func BenchmarkReachOfFourHops(b *testing.B) {
	for _, people := range []int{1000, 100_000} {
		n := learned(people)
		for name, order := range map[string]Order{"ignore": Ignore, "non-strict": NonStrict} {
			b.Run(fmt.Sprintf("%s/%d", name, people), func(b *testing.B) {
				b.ReportAllocs()
				found := 0
				for i := 0; b.Loop(); i++ {
					r, err := n.Downstream(b.Context(), &Question{Order: order, Possible: true, MaxHops: 4}, i%people)
					if err != nil {
						b.Fatal(err)
					}
					found += len(r.All)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(max(found, 1)), "ns/person")
			})
		}
	}
}

func BenchmarkChainsToEverybodyReached(b *testing.B) {
	n := learned(100_000)
	b.ReportAllocs()
	found := 0
	for i := 0; b.Loop(); i++ {
		found += chainsOf(b, n, i%len(n.Parties))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(max(found, 1)), "ns/person")
}

// chainsOf brings a chain to each party reached, and tells how many there are.
func chainsOf(t testing.TB, n *Network, from int) int {
	t.Helper()
	r, err := n.Downstream(t.Context(), &Question{Order: Ignore, MaxHops: 4}, from)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range r.All {
		if page, err := r.Chains(t.Context(), one).Page(1, 0); err != nil || len(page) != 1 {
			t.Fatalf("%v, %v", page, err)
		}
	}
	return len(r.All)
}

// What a question takes depends on whom it reaches, not on how many there are.
func TestMemoryOfAQuestionIsThatOfItsAnswer(t *testing.T) {
	for _, people := range []int{1000, 50_000} {
		n := learned(people)
		reached := chainsOf(t, n, 0) // makes the memory that waves leave to each other
		got := testing.AllocsPerRun(20, func() { chainsOf(t, n, 0) })
		if most := 40 + 25*float64(reached); got > most {
			t.Errorf("%d people, %d reached: %.0f allocations, want %.0f at most", people, reached, got, most)
		}
	}
}
