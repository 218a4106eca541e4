package spread

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// benchPanel is people with ten ties each to anybody in their village; nine of ten adopt,
// evenly over ten periods.
func benchPanel(people, village int) *Panel {
	const periods = 10
	r := rand.New(rand.NewPCG(1, uint64(people)))
	p := &Panel{Periods: periods, Adopted: make([]int32, people)}
	ties := make([]Tie, 0, 10*people)
	for i := range people {
		if p.Adopted[i] = int32(r.IntN(periods)); r.IntN(10) == 0 {
			p.Adopted[i] = Never
		}
		for range 10 {
			source := min(i/village*village+r.IntN(village), people-1)
			ties = append(ties, Tie{Learner: int32(i), Source: int32(source), Weight: 1, Until: periods - 1})
		}
	}
	p.Ties, _ = NewTies(people, periods, ties)
	return p
}

func benchCluster(people int) *Panel { return benchPanel(people, people) }

func benchVillages(people int) *Panel { return benchPanel(people, 40) }

func benchSizes(b *testing.B, make func(int) *Panel, run func(*testing.B, *Panel)) {
	for _, people := range []int{1_000, 60_000, 1_000_000} {
		b.Run(fmt.Sprintf("%d people", people), func(b *testing.B) {
			if people == 1_000_000 && testing.Short() {
				b.Skip("a million people take their time")
			}
			p := make(people)
			b.ReportAllocs()
			run(b, p)
			runtime.KeepAlive(p)
		})
	}
}

func learn(b *testing.B, p *Panel) *Learning {
	b.Helper()
	l, err := p.Learning(b.Context(), LearningOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func BenchmarkLearning(b *testing.B) {
	benchSizes(b, benchCluster, func(b *testing.B, p *Panel) {
		for b.Loop() {
			learn(b, p)
		}
	})
}

func benchReach(b *testing.B, p *Panel) {
	l := learn(b, p)
	for b.Loop() {
		if _, _, err := l.Reach(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// A million people in one cluster are beyond the limit of work.
func BenchmarkReachInOneCluster(b *testing.B) {
	for _, people := range []int{1_000, 60_000, 250_000} {
		b.Run(fmt.Sprintf("%d people", people), func(b *testing.B) {
			b.ReportAllocs()
			benchReach(b, benchCluster(people))
		})
	}
}

func BenchmarkReachInVillages(b *testing.B) { benchSizes(b, benchVillages, benchReach) }

func BenchmarkTrees(b *testing.B) {
	benchSizes(b, benchCluster, func(b *testing.B, p *Panel) {
		l := learn(b, p)
		for b.Loop() {
			a, err := l.Attribute(b.Context(), Latest)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := a.Forest(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkReproduction(b *testing.B) {
	benchSizes(b, benchCluster, func(b *testing.B, p *Panel) {
		a, err := learn(b, p).Attribute(b.Context(), Fractional)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := a.Reproduction(b.Context(), ByPeriod, 3); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchContacts(people int) *Contacts {
	r := rand.New(rand.NewPCG(2, uint64(people)))
	all := make([]Contact, 0, 60*people)
	for range 60 * people {
		all = append(all, Contact{Learner: int32(r.IntN(people)), Source: int32(r.IntN(people)), Time: int64(r.IntN(400))})
	}
	c := contactsAmong(people, all)
	return c
}

func BenchmarkContactReach(b *testing.B) {
	for _, people := range []int{1_000, 10_000} {
		for name, o := range map[string]JourneyOptions{"strict": {}, "non-strict": {NonStrict: true}} {
			b.Run(fmt.Sprintf("%s, %d people", name, people), func(b *testing.B) {
				c := benchContacts(people)
				b.ReportAllocs()
				for b.Loop() {
					if _, _, err := c.Reach(b.Context(), o); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkJourneysFromOne(b *testing.B) {
	c, wait := benchContacts(60_000), int64(24)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.From(b.Context(), 7, JourneyOptions{MaxWait: &wait, MaxHops: 20}); err != nil {
			b.Fatal(err)
		}
	}
}
