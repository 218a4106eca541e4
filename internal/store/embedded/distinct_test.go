package embedded

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestDistinctNumbersAreSortedAndEachThereOnce(t *testing.T) {
	r := new(run)
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.IntRange(0, 3).Draw(t, "start")
		apart := rapid.SampledFrom([]uint32{1, 3, 63, 64, 65, 1000}).Draw(t, "apart")
		from := rapid.Uint32Range(1, 1<<20).Draw(t, "from")
		numbers := rapid.SliceOfN(rapid.Map(rapid.Uint32Range(0, 300), func(n uint32) uint32 { return from + n*apart }), start, 400).Draw(t, "numbers")
		want := slices.Clone(numbers[start:])
		slices.Sort(want)
		r.numbers = append(r.numbers[:0], numbers...)
		if got := r.distinct(start); !slices.Equal(slices.Compact(want), got) {
			t.Fatalf("got %d, want %d", got, want)
		}
		if !slices.Equal(numbers[:start], r.numbers[:start]) {
			t.Fatalf("what lay before has become %d, want %d", r.numbers[:start], numbers[:start])
		}
	})
}

func BenchmarkDistinct(b *testing.B) {
	numbers := make([]uint32, 10_000)
	for i := range numbers {
		numbers[i] = uint32(i*7919) % 500_000
	}
	r := new(run)
	for b.Loop() {
		r.numbers = append(r.numbers[:0], numbers...)
		r.distinct(0)
	}
}
