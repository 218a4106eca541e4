package spec_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/exchange"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/plan"
	"nicgraph/seed/studies"
)

func TestStudiesHaveTheShapesThatNetworkxFinds(t *testing.T) {
	shapesAreThoseOfNetworkx(t, inMemory(t, realCatalog(t)), "medinnovations", "kfamily")
}

func TestStudiesHaveTheShapesThatNetworkxFindsOnNeo4j(t *testing.T) {
	shapesAreThoseOfNetworkx(t, onNeo4j(t, neo4jtest.Start(t), realCatalog(t)), "medinnovations")
}

func shapesAreThoseOfNetworkx(t *testing.T, x *target, names ...string) {
	t.Helper()
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			tables, ok := studies.Tables(name)
			if !ok {
				t.Fatalf("there is no study %s", name)
			}
			if _, err := exchange.Import(t.Context(), x.store, tables, x.cat, exchange.Options{}); err != nil {
				t.Fatal(err)
			}
			want := readShape(t, name)
			got := x.shape(t, name)
			got.compare(t, want)
		})
	}
}

// shape is what networkx says about a study, by internal/network/testdata/reference.py, and
// what the server does.
type shape struct {
	IDs                                 []string
	Density, Reciprocity, Transitivity  float64
	MeanClustering, DegreeAssortativity float64
	Assortativity, EI                   float64
	Triangles                           int
	Weak, Strong                        []int
	In, Out                             []int
	InWeight, OutWeight                 []float64
	Betweenness, Closeness, PageRank    []float64
	Eigenvector                         []float64
	Clustering                          []*float64
	Roles                               [][6]int
	BestModularity                      float64
}

func readShape(t *testing.T, name string) *shape {
	t.Helper()
	file, err := os.Open("../network/testdata/" + name + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	s := new(shape)
	if err := json.NewDecoder(plain).Decode(s); err != nil {
		t.Fatal(err)
	}
	for i, id := range s.IDs {
		s.IDs[i] = name + "-" + id
	}
	return s
}

const shapeQuery = `query ($study: ID!, $skip: Int!) {
  analysis(input: {population: {study: $study}, weights: TIES}) {
    memberCount density reciprocity degreeAssortativity
    clustering { triangles transitivity mean }
    homophily { assortativity eiIndex }
    communities { modularity }
    weakComponents { parts(first: 1000) { size } }
    strongComponents { parts(first: 1000) { size } }
    members(first: 1000, skip: $skip) {
      party { id }
      names namedBy namesWeight namedByWeight betweenness closeness pageRank eigenvector clustering
      roles { coordinator itinerant gatekeeper representative liaison ungrouped }
    }
  }
}`

// shapeAnswer is the answer to shapeQuery.
type shapeAnswer struct {
	Errors []any
	Data   struct {
		Analysis struct {
			MemberCount                               int
			Density, Reciprocity, DegreeAssortativity float64
			Clustering                                struct {
				Triangles          int
				Transitivity, Mean float64
			}
			Homophily                        struct{ Assortativity, EIIndex float64 }
			Communities                      struct{ Modularity float64 }
			WeakComponents, StrongComponents struct{ Parts []struct{ Size int } }
			Members                          []shapeMember
		}
	}
}

type shapeMember struct {
	Party                                         struct{ ID string }
	Names, NamedBy                                int
	NamesWeight, NamedByWeight                    float64
	Betweenness, Closeness, PageRank, Eigenvector float64
	Clustering                                    *float64
	Roles                                         struct{ Coordinator, Itinerant, Gatekeeper, Representative, Liaison, Ungrouped int }
}

// shape asks for all that the server says about a study.
func (x *target) shape(t *testing.T, study string) *shape {
	t.Helper()
	s := &shape{}
	for skip, members := 0, 1; skip < members; skip += plan.MaxPage {
		var answer shapeAnswer
		text := x.post(t, map[string]any{"query": shapeQuery, "variables": map[string]any{"study": study, "skip": skip}})
		if err := json.Unmarshal(text, &answer); err != nil || answer.Errors != nil {
			t.Fatalf("%v in %.1000s", err, text)
		}
		a := &answer.Data.Analysis
		members = a.MemberCount
		s.Density, s.Reciprocity, s.DegreeAssortativity = a.Density, a.Reciprocity, a.DegreeAssortativity
		s.Triangles, s.Transitivity, s.MeanClustering = a.Clustering.Triangles, a.Clustering.Transitivity, a.Clustering.Mean
		s.Assortativity, s.EI, s.BestModularity = a.Homophily.Assortativity, a.Homophily.EIIndex, a.Communities.Modularity
		s.Weak, s.Strong = nil, nil
		for _, part := range a.WeakComponents.Parts {
			s.Weak = append(s.Weak, part.Size)
		}
		for _, part := range a.StrongComponents.Parts {
			s.Strong = append(s.Strong, part.Size)
		}
		for i := range a.Members {
			s.add(&a.Members[i])
		}
	}
	return s
}

func (s *shape) add(m *shapeMember) {
	s.IDs = append(s.IDs, m.Party.ID)
	s.Out, s.In = append(s.Out, m.Names), append(s.In, m.NamedBy)
	s.OutWeight, s.InWeight = append(s.OutWeight, m.NamesWeight), append(s.InWeight, m.NamedByWeight)
	s.Betweenness, s.Closeness = append(s.Betweenness, m.Betweenness), append(s.Closeness, m.Closeness)
	s.PageRank, s.Eigenvector = append(s.PageRank, m.PageRank), append(s.Eigenvector, m.Eigenvector)
	s.Clustering = append(s.Clustering, m.Clustering)
	r := &m.Roles
	s.Roles = append(s.Roles, [6]int{r.Coordinator, r.Itinerant, r.Gatekeeper, r.Representative, r.Liaison, r.Ungrouped})
}

// compare tells where a shape differs from the wanted one, whose members come in another
// order.
func (s *shape) compare(t *testing.T, want *shape) {
	t.Helper()
	best := want.BestModularity
	if s.BestModularity < 0.99*best {
		t.Errorf("modularity %v, want at least 0.99 of %v", s.BestModularity, best)
	}
	within := cmp.Comparer(func(x, y float64) bool { return math.Abs(x-y) <= 1e-9 })
	got := s.inOrderOf(t, want.IDs)
	got.BestModularity = best
	if diff := cmp.Diff(want, got, within); diff != "" {
		t.Errorf("(-want +got)\n%.4000s", diff)
	}
}

// inOrderOf is the shape with its members in the order of their ids.
func (s *shape) inOrderOf(t *testing.T, ids []string) *shape {
	t.Helper()
	if len(ids) != len(s.IDs) {
		t.Fatalf("%d members, want %d", len(s.IDs), len(ids))
	}
	o := *s
	o.IDs = ids
	places := make([]int, len(ids))
	for i, id := range ids {
		if places[i] = slices.Index(s.IDs, id); places[i] < 0 {
			t.Fatalf("no member %s among %s", id, fmt.Sprint(s.IDs[:3]))
		}
	}
	o.Out, o.In, o.OutWeight, o.InWeight = inPlaces(s.Out, places), inPlaces(s.In, places), inPlaces(s.OutWeight, places), inPlaces(s.InWeight, places)
	o.Betweenness, o.Closeness, o.PageRank = inPlaces(s.Betweenness, places), inPlaces(s.Closeness, places), inPlaces(s.PageRank, places)
	o.Eigenvector, o.Clustering, o.Roles = inPlaces(s.Eigenvector, places), inPlaces(s.Clustering, places), inPlaces(s.Roles, places)
	return &o
}

func inPlaces[T any](all []T, places []int) []T {
	some := make([]T, len(places))
	for i, at := range places {
		some[i] = all[at]
	}
	return some
}
