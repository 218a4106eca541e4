package spread

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The slow and obvious counterparts: matrices, all chains written down, all states tried.

const far = math.MaxInt32 / 2

// drawn is a random panel, with what it was made of.
type drawn struct {
	*Panel
	ties    []Tie
	options LearningOptions
}

func drawAdoptions(t *rapid.T) drawn {
	people, periods := rapid.IntRange(1, 7).Draw(t, "people"), rapid.IntRange(1, 4).Draw(t, "periods")
	d := drawn{Panel: &Panel{Periods: periods}, ties: drawTies(t, people, periods)}
	d.Adopted = rapid.SliceOfN(rapid.Int32Range(Never, int32(periods-1)), people, people).Draw(t, "adopted")
	d.Group = rapid.SliceOfN(rapid.Int32Range(None, 2), people, people).Draw(t, "group")
	d.Ties, _ = NewTies(people, periods, d.ties)
	d.options = LearningOptions{NonStrict: rapid.Bool().Draw(t, "nonStrict"), When: When(rapid.IntRange(0, 2).Draw(t, "when"))}
	return d
}

func (d drawn) learning(t *rapid.T) *Learning {
	l, err := d.Learning(t.Context(), d.options)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// taught tells by the definition whether j is a possible source of i.
func (d drawn) taught(i, j int32) bool {
	learner, source := d.Adopted[i], d.Adopted[j]
	if i == j || learner == Never || source == Never || source > learner || source == learner && !d.options.NonStrict {
		return false
	}
	first, last := [3]int32{learner, source, source}[d.options.When], [3]int32{learner, source, learner}[d.options.When]
	for period := first; period <= last; period++ {
		if slice(d.People(), d.ties, period)[i][j] > 0 {
			return true
		}
	}
	return false
}

// edgesApart are the fewest edges along rows between any two (Floyd and Warshall).
func edgesApart(people int, rows Rows) [][]int32 {
	all := make([][]int32, people)
	for i := range all {
		all[i] = slices.Repeat([]int32{far}, people)
		all[i][i] = 0
		for _, j := range rows.Of(int32(i)) {
			all[i][j] = min(all[i][j], 1)
		}
	}
	for k := range all {
		for i := range all {
			for j := range all {
				all[i][j] = min(all[i][j], all[i][k]+all[k][j])
			}
		}
	}
	return all
}

// everyChain is all learning chains without repeated people, the source first.
func everyChain(l *Learning) (all [][]int32) {
	var extend func(chain []int32)
	extend = func(chain []int32) {
		all = append(all, slices.Clone(chain))
		for _, i := range l.Learners.Of(chain[len(chain)-1]) {
			if !slices.Contains(chain, i) {
				extend(append(slices.Clone(chain), i))
			}
		}
	}
	for i := range int32(l.panel.People()) {
		if l.adopted(i) {
			extend([]int32{i})
		}
	}
	return all
}

func differ(t *rapid.T, want, got any, what string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

func TestPossibleSourcesAreThoseOfTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawAdoptions(t)
		l := d.learning(t)
		for i := range int32(d.People()) {
			var sources, learners []int32
			for j := range int32(d.People()) {
				if d.taught(i, j) {
					sources = append(sources, j)
				}
				if d.taught(j, i) {
					learners = append(learners, j)
				}
			}
			differ(t, sources, slices.Clip(append([]int32(nil), l.Sources.Of(i)...)), "sources")
			differ(t, learners, append([]int32(nil), l.Learners.Of(i)...), "learners")
		}
	})
}

func TestReachIsWhatDistancesFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawAdoptions(t)
		l := d.learning(t)
		forward, backward, err := l.Reach(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		along := edgesApart(d.People(), l.Learners)
		for i := range int32(d.People()) {
			down, up := l.slowReached(along, i)
			if !l.adopted(i) {
				differ(t, [2]int32{None, None}, [2]int32{forward[i], backward[i]}, "reach of somebody who never adopted")
				continue
			}
			differ(t, [2]int32{int32(len(down)), int32(len(up))}, [2]int32{forward[i], backward[i]}, "forward, backward")
			hops := rapid.IntRange(0, 3).Draw(t, "maxHops")
			within := func(r Reached) bool { return hops > 0 && int(r.Hops) > hops }
			gotDown, _ := l.Downstream(t.Context(), i, hops)
			gotUp, _ := l.Upstream(t.Context(), i, hops)
			differ(t, slices.DeleteFunc(down, within), gotDown, "downstream")
			differ(t, slices.DeleteFunc(up, within), gotUp, "upstream")
		}
	})
}

// slowReached are the people at a distance along and against the edges, by hops.
func (l *Learning) slowReached(along [][]int32, i int32) (down, up []Reached) {
	down, up = []Reached{}, []Reached{}
	for hops := int32(1); int(hops) <= len(along); hops++ {
		for j := range int32(len(along)) {
			if along[i][j] == hops {
				down = append(down, Reached{j, hops})
			}
			if along[j][i] == hops {
				up = append(up, Reached{j, hops})
			}
		}
	}
	return down, up
}

// manyPeople is a panel of more people than fit one word of a bit set, thinly tied, so that
// there are several clusters.
func manyPeople(t *rapid.T) drawn {
	people := rapid.IntRange(60, 200).Draw(t, "people")
	periods := rapid.IntRange(1, 6).Draw(t, "periods")
	d := drawn{Panel: &Panel{Periods: periods}, options: LearningOptions{NonStrict: rapid.Bool().Draw(t, "nonStrict")}}
	r := newRandom(rapid.Uint64().Draw(t, "seed"))
	for range people {
		d.Adopted = append(d.Adopted, int32(r.IntN(periods+1)-1))
	}
	for range people * rapid.IntRange(1, 3).Draw(t, "ties each") {
		d.ties = append(d.ties, Tie{Learner: int32(r.IntN(people)), Source: int32(r.IntN(people)), Weight: 1, Until: int32(periods - 1)})
	}
	d.Ties, _ = NewTies(people, periods, d.ties)
	return d
}

func TestBlocksOfReachAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := manyPeople(t)
		l := d.learning(t)
		o, most := l.order(), limits{bytes: 1, words: math.MaxInt}
		backward, err := l.reach(t.Context(), l.Sources, o, most)
		if err != nil {
			t.Fatal(err)
		}
		forward, err := l.reach(t.Context(), l.Learners, o.turned(), most)
		if err != nil {
			t.Fatal(err)
		}
		along := edgesApart(d.People(), l.Learners)
		wantForward, wantBackward := l.perAdopter(), l.perAdopter()
		for i := range wantForward {
			for j := range wantForward {
				if i != j && along[i][j] < far {
					wantForward[i]++
					wantBackward[j]++
				}
			}
		}
		differ(t, wantForward, forward, "forward")
		differ(t, wantBackward, backward, "backward")
	})
}

func TestLongestChainsAreWhatTryingAllFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawAdoptions(t)
		d.options.NonStrict = false
		l := d.learning(t)
		want := l.perAdopter()
		var longest []int32
		for _, chain := range everyChain(l) {
			end := chain[len(chain)-1]
			want[end] = max(want[end], int32(len(chain)-1))
			if len(chain) > len(longest) || len(chain) == len(longest) && endsBefore(chain, longest) {
				longest = chain
			}
		}
		got, err := l.LongestChains(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		differ(t, want, got, "edges")
		chain, err := l.LongestChain(t.Context(), None)
		if err != nil {
			t.Fatal(err)
		}
		differ(t, longest, chain, "chain")
	})
}

// endsBefore compares chains by the places of their people, from the end backwards.
func endsBefore(a, b []int32) bool {
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Reverse(x)
	slices.Reverse(y)
	return slices.Compare(x, y) < 0
}

func TestFewestHopsStartWhereNobodyCouldTeach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawAdoptions(t)
		l := d.learning(t)
		want := slices.Repeat([]int32{None}, d.People())
		for _, chain := range everyChain(l) {
			end := chain[len(chain)-1]
			if hops := int32(len(chain) - 1); len(l.Sources.Of(chain[0])) == 0 && (want[end] == None || hops < want[end]) {
				want[end] = hops
			}
		}
		got, err := l.FewestHops(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		differ(t, want, got, "fewest hops")
	})
}

func TestTheEarliestChainBetweenTwoPeopleIsTheBestOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawAdoptions(t)
		l := d.learning(t)
		along := edgesApart(d.People(), l.Learners)
		best := map[[2]int32][]int32{}
		for _, chain := range everyChain(l) {
			pair := [2]int32{chain[0], chain[len(chain)-1]}
			if known := best[pair]; len(chain) > 1 && (known == nil || slices.Compare(l.rank(along, chain), l.rank(along, known)) < 0) {
				best[pair] = chain
			}
		}
		for source := range int32(d.People()) {
			for learner := range int32(d.People()) {
				got, err := l.EarliestChain(t.Context(), source, learner)
				if err != nil {
					t.Fatal(err)
				}
				differ(t, best[[2]int32{source, learner}], got, "chain")
			}
		}
	})
}

// rank compares chains from the learner backwards: by adoption, then hops, then place.
func (l *Learning) rank(along [][]int32, chain []int32) []int32 {
	var rank []int32
	for _, i := range slices.Backward(chain[:len(chain)-1]) {
		rank = append(rank, l.panel.Adopted[i], along[chain[0]][i], i)
	}
	return rank
}

func TestTreesAreWhatDistancesFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawAdoptions(t)
		a := d.Recorded(rapid.SliceOfN(rapid.Int32Range(None, int32(d.People()-1)), d.People(), d.People()).Draw(t, "parents"))
		f, err := a.Forest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var both []Tie
		for i, parent := range a.Parent {
			if parent != None {
				both = append(both, Tie{Learner: int32(i), Source: parent, Weight: 1}, Tie{Learner: parent, Source: int32(i), Weight: 1})
			}
		}
		ties, _ := NewTies(d.People(), 1, both)
		apart := edgesApart(d.People(), Rows{ties.Start, ties.Other})
		members := 0
		for _, tree := range f.Trees {
			differ(t, d.slowTree(apart, tree.Root), tree, "tree")
			members += tree.Size
		}
		for i := range f.Root {
			if f.Root[i] != None {
				members--
				differ(t, apart[f.Root[i]][i], f.Depth[i], "depth")
			}
		}
		differ(t, 0, members, "members that are not in the trees")
	})
}

func (d drawn) slowTree(apart [][]int32, root int32) Tree {
	t := Tree{Root: root, RootPeriod: d.Adopted[root], LastPeriod: Never}
	width := map[int32]int{}
	for i := range apart {
		depth := apart[root][i]
		if depth == far {
			continue
		}
		width[depth]++
		t.Size++
		t.Depth, t.MaxWidth = max(t.Depth, int(depth)), max(t.MaxWidth, width[depth])
		t.LastPeriod = max(t.LastPeriod, d.Adopted[i])
		for j := range i {
			if apart[root][j] < far {
				t.WienerIndex += int64(apart[i][j])
			}
		}
	}
	return t
}

func TestCirclesOfRecordedSourcesAreCutWhereTheFirstAdopted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawAdoptions(t)
		parents := rapid.SliceOfN(rapid.Int32Range(None, int32(d.People()-1)), d.People(), d.People()).Draw(t, "parents")
		a := d.Recorded(parents)
		want := slices.Clone(parents)
		for i := range int32(len(parents)) {
			circle := []int32{i}
			for j := parents[i]; j != None && j != i && len(circle) <= len(parents); j = parents[j] {
				circle = append(circle, j)
			}
			back := parents[circle[len(circle)-1]] == i
			earlier := func(j int32) bool {
				x, y := uint32(d.Adopted[j]), uint32(d.Adopted[i]) // never comes last
				return x < y || x == y && j < i
			}
			if back && !slices.ContainsFunc(circle, earlier) {
				want[i] = None
			}
		}
		differ(t, want, a.Parent, "parents")
	})
}

func TestReproductionAndFlowCountEveryLinkOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawAdoptions(t)
		l := d.learning(t)
		rule, window := Rule(rapid.IntRange(0, 3).Draw(t, "rule")), rapid.IntRange(0, 3).Draw(t, "window")
		a, err := l.Attribute(t.Context(), rule)
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range []By{ByPeriod, ByGeneration, ByGroup} {
			cohorts, err := a.Reproduction(t.Context(), by, window)
			if err != nil {
				t.Fatal(err)
			}
			d.checkCohorts(t, a, cohorts, window)
		}
		d.checkFlow(t, a)
	})
}

func (d drawn) checkCohorts(t *rapid.T, a *Attribution, cohorts []Cohort, window int) {
	adopters, learners := 0, 0.0
	for _, c := range cohorts {
		adopters += c.Adopters
		learners += c.Learners
	}
	want := 0.0
	for i := range int32(d.People()) {
		sources, credit := a.sources(i)
		for _, j := range sources {
			if lag := int(d.Adopted[i] - d.Adopted[j]); window == 0 || lag <= window {
				want += credit
			}
		}
	}
	if math.Abs(want-learners) > tolerance {
		t.Fatalf("%v learners, want %v", learners, want)
	}
	for _, period := range d.Adopted {
		if period != Never {
			adopters--
		}
	}
	differ(t, 0, adopters, "adopters that are in no cohort")
}

func (d drawn) checkFlow(t *rapid.T, a *Attribution) {
	flows, err := a.Flow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[[2]int32]int{}
	for _, f := range flows {
		got[[2]int32{f.Source, f.Learner}] = f.Links
	}
	want := map[[2]int32]int{}
	for i := range int32(d.People()) {
		sources, _ := a.sources(i)
		for _, j := range sources {
			want[[2]int32{d.Group[j], d.Group[i]}]++
		}
	}
	differ(t, want, got, "flow")
}
