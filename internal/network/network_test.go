package network

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/community"
	gonum "gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"pgregory.net/rapid"
)

// draw makes a network of so many people, A the first, with ties such as "AB": A names B.
func draw(t testing.TB, people int, ties string) *Network {
	t.Helper()
	var all []Tie
	for _, tie := range strings.Fields(ties) {
		all = append(all, Tie{int32(tie[0] - 'A'), int32(tie[1] - 'A'), 1})
	}
	n, _, err := New(people, all)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSeveralTiesOfAPairAreOne(t *testing.T) {
	n, selfTies, err := New(3, []Tie{{0, 1, 2}, {1, 0, 1}, {0, 1, 0.5}, {2, 2, 9}})
	if err != nil {
		t.Fatal(err)
	}
	want := Degrees{In: []int{1, 1, 0}, Out: []int{1, 1, 0}, InWeight: []float64{1, 2.5, 0}, OutWeight: []float64{2.5, 1, 0}}
	if diff := cmp.Diff(want, n.Degrees()); diff != "" {
		t.Errorf("degrees (-want +got)\n%s", diff)
	}
	if selfTies != 1 || n.Ties() != 2 || n.Mutual() != 2 {
		t.Errorf("%d ties with oneself, %d others, %d answered; want 1, 2, 2", selfTies, n.Ties(), n.Mutual())
	}
}

func TestTiesComeByLearnerAndSource(t *testing.T) {
	n, _, err := New(4, []Tie{{3, 0, 2}, {1, 3, 1}, {1, 0, 4}})
	if err != nil {
		t.Fatal(err)
	}
	var got []Tie
	for at := range n.Ties() {
		got = append(got, n.Tie(at))
	}
	if diff := cmp.Diff([]Tie{{1, 0, 4}, {1, 3, 1}, {3, 0, 2}}, got); diff != "" {
		t.Errorf("ties (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]Tie{{1, 0, 1}, {1, 3, 1}, {3, 0, 1}}, []Tie{n.Plain().Tie(0), n.Plain().Tie(1), n.Plain().Tie(2)}); diff != "" {
		t.Errorf("plain ties (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([][]int32{{0, 3}, {1, 3}}, [][]int32{n.Sources(1), n.Learners(0)}); diff != "" {
		t.Errorf("sources of 1, learners of 0 (-want +got)\n%s", diff)
	}
}

func TestATieThatDoesNotFitIsRefused(t *testing.T) {
	for _, tie := range []Tie{{0, 3, 1}, {-1, 0, 1}, {0, 1, -1}, {0, 1, math.NaN()}, {0, 1, math.Inf(1)}} {
		if _, _, err := New(3, []Tie{tie}); !errors.Is(err, ErrTie) {
			t.Errorf("%v: %v, want ErrTie", tie, err)
		}
	}
}

// all are all measures of a network whose people are in alternating groups, by name.
func all(t testing.TB, n *Network) map[string][]float64 {
	t.Helper()
	groups := make([]int32, n.People())
	for i := range groups {
		groups[i] = int32(i % 2)
	}
	ctx, h := t.Context(), n.Homophily(groups)
	values := map[string][]float64{
		"density": {n.Density()}, "reciprocity": {n.Reciprocity()},
		"assortativity": {h.Assortativity}, "E-I index": {h.EI}, "degree assortativity": {n.DegreeAssortativity()},
	}
	clustering, err := n.Clustering(ctx)
	if err != nil {
		t.Fatal(err)
	}
	values["transitivity"], values["clustering"], values["mean clustering"] = []float64{clustering.Transitivity}, clustering.Of, []float64{clustering.Mean}
	people := map[string]func(context.Context) ([]float64, error){
		"betweenness": n.Betweenness, "closeness": n.Closeness, "eigenvector": n.Eigenvector,
		"PageRank": func(ctx context.Context) ([]float64, error) { return n.PageRank(ctx, Damping) },
	}
	for name, measure := range people {
		if values[name], err = measure(ctx); err != nil {
			t.Fatal(err)
		}
	}
	communities, err := n.Communities(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	values["modularity"] = []float64{n.Modularity(communities.Of, 1)}
	return values
}

func TestWhatIsNotDefinedIsMissing(t *testing.T) {
	everywhere := "E-I index, assortativity, clustering, degree assortativity, eigenvector, mean clustering, modularity, reciprocity, transitivity"
	tests := []struct {
		name   string
		people int
		ties   string
		want   string
	}{
		{"nobody at all", 0, "", "E-I index, assortativity, degree assortativity, density, mean clustering, modularity, reciprocity, transitivity"},
		{"one alone", 1, "", "E-I index, assortativity, betweenness, closeness, clustering, degree assortativity, density, eigenvector, mean clustering, modularity, reciprocity, transitivity"},
		{"two without a tie", 2, "", strings.Replace(everywhere, "clustering", "betweenness, clustering", 1)},
		{"three without a tie", 3, "", everywhere},
		{"one names another", 3, "AB", "clustering, degree assortativity, eigenvector, mean clustering, transitivity"},
		{"two name each other", 3, "AB BA", "clustering, degree assortativity, mean clustering, transitivity"},
		{"a triangle", 3, "AB BC CA", "degree assortativity"},
		{"all in one group", 3, "AC CA", "assortativity, clustering, degree assortativity, mean clustering, transitivity"},
		{"a chain, in which nobody reaches themselves", 4, "AB BC CD", "clustering, degree assortativity, eigenvector"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for name, values := range all(t, draw(t, test.people, test.ties)) {
				if len(values) > 0 && anyMissing(values) {
					got = append(got, name)
				}
			}
			if diff := cmp.Diff(test.want, sortedList(got)); diff != "" {
				t.Errorf("missing (-want +got)\n%s", diff)
			}
		})
	}
}

func TestWhoStandsWhere(t *testing.T) {
	// A and B name C, C names D; D and E name each other.
	//
	//	A ──▶ C ──▶ D ◀──▶ E
	//	B ──▶ ┘
	n := draw(t, 5, "AC BC CD DE ED")
	got := all(t, n)
	want := map[string][]float64{
		"betweenness": {0, 0, 4. / 12, 3. / 12, 0},
		"closeness":   {0, 0, 2. / 4 * 2 / (1 + 1), 4. / (1 + 1 + 2 + 2), 4. / (1 + 2 + 3 + 3)},
		"density":     {5. / 20},
		"reciprocity": {2. / 5},
		"clustering":  {math.NaN(), math.NaN(), 0, 0, math.NaN()},
	}
	for name, values := range want {
		compareNumbers(t, name, values, got[name], 1e-15)
	}
	if diff := cmp.Diff(Parts{Of: []int32{1, 2, 3, 0, 0}, Sizes: []int{2, 1, 1, 1}}, n.StrongComponents()); diff != "" {
		t.Errorf("strong components (-want +got)\n%s", diff)
	}
}

func TestRolesFollowTheKnowledge(t *testing.T) {
	// The learner A names the broker B, who names the source C.
	tests := []struct {
		name   string
		groups []int32 // of A, B, C
		ties   string
		want   Roles
	}{
		{"all in one group", []int32{0, 0, 0}, "AB BC", Roles{Coordinator: 1}},
		{"a broker from outside", []int32{0, 1, 0}, "AB BC", Roles{Itinerant: 1}},
		{"in from outside", []int32{0, 0, 1}, "AB BC", Roles{Gatekeeper: 1}},
		{"out to another group", []int32{1, 0, 0}, "AB BC", Roles{Representative: 1}},
		{"three groups", []int32{0, 1, 2}, "AB BC", Roles{Liaison: 1}},
		{"a learner without a group", []int32{-1, 1, 2}, "AB BC", Roles{LeftOut: 1}},
		{"a learner who names the source too", []int32{0, 0, 1}, "AB BC AC", Roles{}},
		{"a source who names the learner", []int32{0, 0, 1}, "AB BC CA", Roles{Gatekeeper: 1}},
		{"two who name each other", []int32{0, 0, 1}, "AB BA", Roles{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			roles, err := draw(t, 3, test.ties).Brokerage(t.Context(), test.groups)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, roles[1]); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestGroupsThatKeepToThemselves(t *testing.T) {
	// A, B and C, D are groups, E has none: one tie within each, two between, one left out.
	got := draw(t, 5, "AB CD BC DA EA").Homophily([]int32{0, 0, 1, 1, -1})
	want := Homophily{
		Assortativity: 0, EI: 0, Internal: 2, External: 2, LeftOut: 1,
		Groups: []Group{{People: 2, Internal: 1, Naming: 1, Named: 1}, {People: 2, Internal: 1, Naming: 1, Named: 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if ei := got.Groups[0].EI(); ei != 1./3 {
		t.Errorf("E-I index of a group is %v, want 1/3", ei)
	}
}

func TestTwoCirclesAreTwoCommunities(t *testing.T) {
	// Two circles of three, one tie between them, and somebody alone.
	n := draw(t, 7, "DE EF FD AB BC CA AD")
	got, err := n.Communities(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	want := Parts{Of: []int32{0, 0, 0, 1, 1, 1, 2}, Sizes: []int{3, 3, 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// someTies draws a network, and the same ties in another order.
func someTies(t *rapid.T) (people int, ties, shuffled []Tie) {
	people = rapid.IntRange(1, 12).Draw(t, "people")
	place := rapid.Int32Range(0, int32(people)-1)
	tie := rapid.Custom(func(t *rapid.T) Tie {
		return Tie{place.Draw(t, "learner"), place.Draw(t, "source"), rapid.Float64Range(0.1, 5).Draw(t, "weight")}
	})
	ties = rapid.SliceOfN(tie, 0, 40).Draw(t, "ties")
	return people, ties, rapid.Permutation(ties).Draw(t, "shuffled")
}

func TestTheOrderOfTiesDoesNotCount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		people, ties, shuffled := someTies(rt)
		first, _, err := New(people, ties)
		if err != nil {
			rt.Fatal(err)
		}
		second, _, err := New(people, shuffled)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(written(all(t, first)), written(all(t, second))); diff != "" {
			rt.Fatalf("(-as drawn +shuffled)\n%s", diff)
		}
	})
}

// written are values to the last digit, so that missing ones compare.
func written(values map[string][]float64) string { return fmt.Sprint(values) }

func TestBetweennessAndClosenessAreThoseOfGonum(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		people, ties, _ := someTies(rt)
		n, _, err := New(max(people, 3), ties)
		if err != nil {
			rt.Fatal(err)
		}
		got, pairs := all(t, n), float64((n.People()-1)*(n.People()-2))
		between := gonum.Betweenness(view{n})
		distances := path.DijkstraAllPaths(unweighted{n})
		for person := range n.People() {
			if want := between[int64(person)] / pairs; math.Abs(want-got["betweenness"][person]) > 1e-12 {
				rt.Errorf("betweenness of %d: %v, want %v", person, got["betweenness"][person], want)
			}
			if want := slowCloseness(n.People(), person, distances.Weight); math.Abs(want-got["closeness"][person]) > 1e-12 {
				rt.Errorf("closeness of %d: %v, want %v", person, got["closeness"][person], want)
			}
		}
	})
}

func slowCloseness(people, person int, steps func(from, to int64) float64) float64 {
	reached, sum := 0.0, 0.0
	for other := range people {
		if d := steps(int64(other), int64(person)); other != person && !math.IsInf(d, 1) {
			reached, sum = reached+1, sum+d
		}
	}
	if reached == 0 {
		return 0
	}
	return reached / float64(people-1) * reached / sum
}

// unweighted is a view in which every tie is one step.
type unweighted struct{ *Network }

func (u unweighted) Node(id int64) graph.Node       { return view(u).Node(id) }
func (u unweighted) Nodes() graph.Nodes             { return view(u).Nodes() }
func (u unweighted) From(id int64) graph.Nodes      { return view(u).From(id) }
func (u unweighted) HasEdgeBetween(a, b int64) bool { return view(u).HasEdgeBetween(a, b) }
func (u unweighted) Edge(from, to int64) graph.Edge { return view(u).Edge(from, to) }
func (u unweighted) Weight(from, to int64) (w float64, ok bool) {
	if from == to {
		return 0, true
	}
	return 1, view(u).HasEdgeFromTo(from, to)
}

func TestModularityIsThatOfGonum(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		people, ties, _ := someTies(rt)
		n, _, err := New(people, ties)
		if err != nil {
			rt.Fatal(err)
		}
		if n.Ties() == 0 {
			rt.Skip("gonum divides no network without ties")
		}
		found, err := n.Communities(t.Context(), 1)
		if err != nil {
			rt.Fatal(err)
		}
		g := gonumOf(n)
		got, want := n.Modularity(found.Of, 1), community.Q(g, membersOf(found), 1)
		if math.Abs(want-got) > 1e-12 {
			rt.Errorf("modularity %v, want %v", got, want)
		}
		theirs := community.Q(g, community.Modularize(g, 1, rand.NewPCG(1, 1)).Communities(), 1)
		if got < theirs-0.05 {
			rt.Errorf("modularity %v, gonum finds %v", got, theirs)
		}
	})
}

func gonumOf(n *Network) *simple.WeightedDirectedGraph {
	g := simple.NewWeightedDirectedGraph(0, 0)
	for person := range n.people() {
		if g.Node(int64(person)) == nil {
			g.AddNode(simple.Node(person))
		}
		weights := n.out.weights(person)
		for i, source := range n.out.of(person) {
			g.SetWeightedEdge(simple.WeightedEdge{F: simple.Node(person), T: simple.Node(source), W: weights[i]})
		}
	}
	return g
}

func membersOf(p Parts) [][]graph.Node {
	members := make([][]graph.Node, len(p.Sizes))
	for person, part := range p.Of {
		members[part] = append(members[part], simple.Node(person))
	}
	return members
}

func TestTooLargeANetworkIsRefusedAtOnce(t *testing.T) {
	n := random(t, 100_000, 1)
	if _, err := n.Betweenness(t.Context()); !errors.Is(err, ErrWork) {
		t.Errorf("betweenness: %v, want ErrWork", err)
	}
	if _, err := n.Closeness(t.Context()); !errors.Is(err, ErrWork) {
		t.Errorf("closeness: %v, want ErrWork", err)
	}
}

func TestACancelledMeasureStops(t *testing.T) {
	n := random(t, 1000, 10)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	measures := map[string]func() error{
		"betweenness": func() error { _, err := n.Betweenness(ctx); return err },
		"closeness":   func() error { _, err := n.Closeness(ctx); return err },
		"PageRank":    func() error { _, err := n.PageRank(ctx, Damping); return err },
		"eigenvector": func() error { _, err := n.Eigenvector(ctx); return err },
		"communities": func() error { _, err := n.Communities(ctx, 1); return err },
		"clustering":  func() error { _, err := n.Clustering(ctx); return err },
		"brokerage":   func() error { _, err := n.Brokerage(ctx, make([]int32, n.People())); return err },
	}
	for name, measure := range measures {
		if err := measure(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
}
