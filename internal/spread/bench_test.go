package spread

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"
)

// randomTies are ten ties per person, in every period: one to somebody in each tenth of
// the population.
func randomTies(people, periods int) []Tie {
	random := rand.New(rand.NewPCG(1, 2))
	ties := make([]Tie, 0, 10*people)
	for i := range people {
		for tenth := range 10 {
			source := (tenth*people + random.IntN(people)) / 10
			ties = append(ties, Tie{Learner: int32(i), Source: int32(source), Weight: 1, Until: int32(periods - 1)})
		}
	}
	return ties
}

// randomPanel is a population of whom one in eleven never adopts.
func randomPanel(people, periods int) *Panel {
	random := rand.New(rand.NewPCG(3, 4))
	p := &Panel{Periods: periods, First: 1, Adopted: make([]int32, people)}
	for i := range p.Adopted {
		p.Adopted[i] = int32(random.IntN(periods+1)) - 1
	}
	p.Ties, _ = NewTies(people, periods, randomTies(people, periods))
	return p
}

var sizes = []int{1_000, 10_000, 60_000}

// measured are the measures whose time netdiffuseR's is compared with.
var measured = []struct {
	name string
	run  func(context.Context, *Panel) error
}{
	{"exposure", func(ctx context.Context, p *Panel) error {
		_, err := p.Exposure(ctx, ExposureOptions{Normalized: true})
		return err
	}},
	{"threshold", func(ctx context.Context, p *Panel) error {
		_, err := p.Thresholds(ctx, ExposureOptions{Normalized: true})
		return err
	}},
	{"infectiousness", func(ctx context.Context, p *Panel) error {
		_, err := p.Infectiousness(ctx, ContagionOptions{Window: 1, Normalized: true})
		return err
	}},
	{"susceptibility", func(ctx context.Context, p *Panel) error {
		_, err := p.Susceptibility(ctx, ContagionOptions{Window: 1, Normalized: true})
		return err
	}},
}

func BenchmarkMeasures(b *testing.B) {
	for _, people := range sizes {
		p := randomPanel(people, 10)
		for _, m := range measured {
			b.Run(fmt.Sprintf("%s/%d", m.name, people), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := m.run(b.Context(), p); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkAutocorrelation(b *testing.B) {
	for _, people := range []int{1_000, 5_000} {
		p := randomPanel(people, 10)
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			for b.Loop() {
				if _, err := p.Autocorrelation(b.Context(), AutocorrelationOptions{MaxSteps: 6}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMillion is one million people with ten million ties: MB is what the panel
// keeps; what an answer keeps is what its measure allocates.
func BenchmarkMillion(b *testing.B) {
	const people = 1_000_000
	var p *Panel
	b.Run("ties", func(b *testing.B) {
		ties := randomTies(people, 10)
		before := kept()
		for b.Loop() {
			p = &Panel{Periods: 10, Adopted: make([]int32, people)}
			p.Ties, _ = NewTies(people, 10, ties)
		}
		b.ReportMetric(kept()-before, "MB")
		runtime.KeepAlive(ties)
	})
	p = randomPanel(people, 10)
	for _, m := range measured {
		b.Run(m.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := m.run(b.Context(), p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// kept is the memory in use, in megabytes.
func kept() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}
