package network

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reference is what networkx says about a network; testdata/reference.py writes it.
type reference struct {
	Ties                [][3]float64
	Groups              []int32
	Density             number
	Reciprocity         number
	Weak, Strong        []int
	In, Out             []int
	InWeight, OutWeight numbers
	Betweenness         numbers
	Closeness           numbers
	PageRank            numbers
	Eigenvector         numbers
	Clustering          numbers
	MeanClustering      number
	Transitivity        number
	Triangles           int
	Assortativity       number
	DegreeAssortativity number
	EI                  number
	Roles               [][6]int
	Communities         []int32
	Modularity          number
	BestModularity      number
}

// number is null where it is NaN.
type number float64

func (n *number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*n = number(math.NaN())
		return nil
	}
	return json.Unmarshal(text, (*float64)(n))
}

type numbers []number

// floats are the numbers, or NaN for each person when there are none.
func (n numbers) floats(people int) []float64 {
	if n == nil {
		return missing(people)
	}
	all := make([]float64, len(n))
	for i, v := range n {
		all[i] = float64(v)
	}
	return all
}

// references are all networks that networkx has described, by name.
func references(t testing.TB) map[string]*reference {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.json.gz")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d files of reference numbers: %v", len(paths), err)
	}
	all := map[string]*reference{}
	for _, path := range paths {
		all[strings.TrimSuffix(filepath.Base(path), ".json.gz")] = readReference(t, path)
	}
	return all
}

func readReference(t testing.TB, path string) *reference {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.NewDecoder(plain).Decode(&r); err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	return &r
}

func (r *reference) network(t testing.TB) *Network {
	t.Helper()
	ties := make([]Tie, len(r.Ties))
	for i, tie := range r.Ties {
		ties[i] = Tie{int32(tie[0]), int32(tie[1]), tie[2]}
	}
	n, _, err := New(len(r.Groups), ties)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNumbersAreThoseOfNetworkx(t *testing.T) {
	for name, want := range references(t) {
		t.Run(name, func(t *testing.T) {
			n := want.network(t)
			compareWhole(t, want, n)
			comparePeople(t, want, n)
		})
	}
}

func compareWhole(t *testing.T, want *reference, n *Network) {
	clustering, err := n.Clustering(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h := n.Homophily(want.Groups)
	numbers := []struct {
		name string
		want number
		got  float64
	}{
		{"density", want.Density, n.Density()},
		{"reciprocity", want.Reciprocity, n.Reciprocity()},
		{"transitivity", want.Transitivity, clustering.Transitivity},
		{"mean clustering", want.MeanClustering, clustering.Mean},
		{"triangles", number(want.Triangles), float64(clustering.Triangles)},
		{"assortativity", want.Assortativity, h.Assortativity},
		{"E-I index", want.EI, h.EI},
		{"degree assortativity", want.DegreeAssortativity, n.DegreeAssortativity()},
		{"modularity", want.Modularity, n.Modularity(want.Communities, 1)},
	}
	for _, c := range numbers {
		compareNumbers(t, c.name, []float64{float64(c.want)}, []float64{c.got}, 1e-12)
	}
	compareCounts(t, "weak components", want.Weak, n.WeakComponents().Sizes)
	compareCounts(t, "strong components", want.Strong, n.StrongComponents().Sizes)
}

func comparePeople(t *testing.T, want *reference, n *Network) {
	worked := func(values []float64, err error) []float64 {
		if err != nil {
			t.Fatal(err)
		}
		return values
	}
	ctx, degrees := t.Context(), n.Degrees()
	clustering, err := n.Clustering(ctx)
	roles, errRoles := n.Brokerage(ctx, want.Groups)
	measures := []struct {
		name   string
		want   numbers
		got    []float64
		within float64
	}{
		{"weight as source", want.InWeight, degrees.InWeight, 1e-12},
		{"weight as learner", want.OutWeight, degrees.OutWeight, 1e-12},
		{"betweenness", want.Betweenness, worked(n.Betweenness(ctx)), 1e-12},
		{"closeness", want.Closeness, worked(n.Closeness(ctx)), 1e-12},
		{"PageRank", want.PageRank, worked(n.PageRank(ctx, Damping)), 1e-12},
		{"eigenvector", want.Eigenvector, worked(n.Eigenvector(ctx)), 1e-9},
		{"clustering", want.Clustering, worked(clustering.Of, err), 1e-12},
	}
	for _, m := range measures {
		compareNumbers(t, m.name, m.want.floats(n.People()), m.got, m.within)
	}
	compareCounts(t, "ties as source", want.In, degrees.In)
	compareCounts(t, "ties as learner", want.Out, degrees.Out)
	worked(nil, errRoles)
	got := make([][6]int, len(roles))
	for i, r := range roles {
		got[i] = [6]int{r.Coordinator, r.Itinerant, r.Gatekeeper, r.Representative, r.Liaison, r.LeftOut}
	}
	if diff := cmp.Diff(want.Roles, got); diff != "" {
		t.Errorf("roles (-want +got)\n%s", diff)
	}
}

// compareNumbers tells the largest difference, and whether it is small enough. NaN equals
// NaN alone.
func compareNumbers(t *testing.T, name string, want, got []float64, within float64) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%s: %d numbers, want %d", name, len(got), len(want))
	}
	largest, defined := 0.0, 0
	for i := range want {
		if math.IsNaN(want[i]) || math.IsNaN(got[i]) {
			if math.IsNaN(want[i]) != math.IsNaN(got[i]) {
				t.Errorf("%s of %d: %v, want %v", name, i, got[i], want[i])
			}
			continue
		}
		defined++
		largest = max(largest, math.Abs(want[i]-got[i]))
	}
	t.Logf("%-22s %5d numbers, largest difference %.1e", name, defined, largest)
	if largest > within {
		t.Errorf("%s: largest difference %g, want at most %g", name, largest, within)
	}
}

func compareCounts(t *testing.T, name string, want, got []int) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

func TestCommunitiesAreAsGoodAsNetworkxFindsThem(t *testing.T) {
	for name, want := range references(t) {
		t.Run(name, func(t *testing.T) {
			n := want.network(t)
			found, err := n.Communities(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			got, best := n.Modularity(found.Of, 1), float64(want.BestModularity)
			t.Logf("modularity %.6f in %d communities, networkx's best of 20 %.6f", got, len(found.Sizes), best)
			if got < 0.99*best {
				t.Errorf("modularity %v, want at least 0.99 of %v", got, best)
			}
			again, err := n.Communities(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(found, again); diff != "" {
				t.Errorf("found again (-first +second)\n%s", diff)
			}
			if !slices.IsSortedFunc(found.Sizes, func(a, b int) int { return b - a }) {
				t.Errorf("communities by size: %v", found.Sizes)
			}
		})
	}
}
