package spread

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawLearning is who could have learned from whom in a small random population.
func drawLearning(t *rapid.T, nonStrict bool) *Learning {
	people, periods := rapid.IntRange(2, 7).Draw(t, "people"), rapid.IntRange(1, 4).Draw(t, "periods")
	p := &Panel{Periods: periods, First: 1, Adopted: make([]int32, people)}
	for i := range p.Adopted {
		p.Adopted[i] = rapid.Int32Range(Never, int32(periods-1)).Draw(t, "adopted")
	}
	p.Ties, _ = NewTies(people, periods, drawTies(t, people, periods))
	l, err := p.Learning(context.Background(), LearningOptions{NonStrict: nonStrict})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// allChains writes down every chain between two people that passes nobody twice, by the
// places of its people.
func allChains(l *Learning, way []int32, learner int32) (all [][]int32) {
	last := way[len(way)-1]
	if last == learner && len(way) > 1 {
		return [][]int32{slices.Clone(way)}
	}
	for _, next := range l.Learners.Of(last) {
		if !slices.Contains(way, next) {
			all = append(all, allChains(l, append(way, next), learner)...)
		}
	}
	return all
}

// withEdges are the chains that have as many edges as choose picks of all lengths.
func withEdges(chains [][]int32, choose func(...int) int) (some [][]int32) {
	if len(chains) == 0 {
		return nil
	}
	hops := len(chains[0])
	for _, c := range chains {
		hops = choose(hops, len(c))
	}
	for _, c := range chains {
		if len(c) == hops {
			some = append(some, c)
		}
	}
	return some
}

func least(n ...int) int { return slices.Min(n) }
func most(n ...int) int  { return slices.Max(n) }

func TestShortestChainsAreThoseThatWritingAllDownFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLearning(t, rapid.Bool().Draw(t, "nonStrict"))
		place := rapid.Int32Range(0, int32(len(l.panel.Adopted)-1))
		source, learner := place.Draw(t, "source"), place.Draw(t, "learner")
		want := withEdges(allChains(l, []int32{source}, learner), least)
		chains, err := l.ShortestChains(context.Background(), source, learner)
		if err != nil {
			t.Fatal(err)
		}
		count, err := chains.Count()
		if err != nil || count != len(want) {
			t.Fatalf("counted %d chains (%v), want %d", count, err, len(want))
		}
		if diff := cmp.Diff(want, chains.Page(len(want)+1, 0)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		skip, first := rapid.IntRange(0, len(want)).Draw(t, "skip"), rapid.IntRange(0, len(want)).Draw(t, "first")
		page := chains.Page(first, skip)
		part := want[skip:min(skip+first, len(want))]
		if len(part) != len(page) || len(part) > 0 && !cmp.Equal(part, page) {
			t.Fatalf("first %d after %d: %v, want %v", first, skip, page, part)
		}
	})
}

func TestTheLongestChainBetweenTwoIsOneOfThoseThatWritingAllDownFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLearning(t, false)
		place := rapid.Int32Range(0, int32(len(l.panel.Adopted)-1))
		source, learner := place.Draw(t, "source"), place.Draw(t, "learner")
		got, err := l.LongestChainBetween(context.Background(), source, learner)
		if err != nil {
			t.Fatal(err)
		}
		want := withEdges(allChains(l, []int32{source}, learner), most)
		for _, c := range append(want, got) {
			slices.Reverse(c)
		}
		slices.SortFunc(want, slices.Compare)
		if len(want) == 0 && got != nil || len(want) > 0 && !slices.Equal(want[0], got) {
			t.Fatalf("got %v, want the first of %v", got, want)
		}
	})
}

func TestTheLongestChainBetweenTwoNeedsStrictTime(t *testing.T) {
	l, err := (&Panel{Periods: 1, Adopted: []int32{0, 0}}).Learning(context.Background(), LearningOptions{NonStrict: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.LongestChainBetween(context.Background(), 0, 1); !errors.Is(err, ErrNonStrict) {
		t.Fatalf("got %v, want %v", err, ErrNonStrict)
	}
}

// A ladder of layers of two, each layer naming the one before: 2^layers chains.
func TestMoreChainsThanCanBeToldAreAnError(t *testing.T) {
	const layers = 40
	p := &Panel{Periods: layers + 2, Adopted: make([]int32, 2*layers+2)}
	var ties []Tie
	for i := range p.Adopted {
		p.Adopted[i] = int32((i + 1) / 2)
		for j := range i {
			if p.Adopted[j] == p.Adopted[i]-1 || i == len(p.Adopted)-1 && j == i-1 {
				ties = append(ties, Tie{Learner: int32(i), Source: int32(j), Weight: 1, Until: layers + 1})
			}
		}
	}
	p.Ties, _ = NewTies(len(p.Adopted), p.Periods, ties)
	l, err := p.Learning(context.Background(), LearningOptions{})
	if err != nil {
		t.Fatal(err)
	}
	chains, err := l.ShortestChains(context.Background(), 0, int32(len(p.Adopted)-1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chains.Count(); !errors.Is(err, ErrWork) {
		t.Fatalf("got %v, want %v", err, ErrWork)
	}
	if page := chains.Page(3, 1_000_000_000); len(page) != 3 {
		t.Fatalf("got %d chains, want 3", len(page))
	}
}
