package graph_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/exchange"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/tabular"
	"nicgraph/seed"
	"nicgraph/seed/studies"
)

// newEdge answers from the curated data and a made-up study.
func newEdge(t *testing.T) *graph.Edge {
	t.Helper()
	study, _ := studies.Tables("fakesurvey")
	return edgeOver(t, study)
}

func edgeOver(t *testing.T, study fs.FS) *graph.Edge {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	cat := domain.Catalog()
	st := store.New(embedded.OpenMemory(cat, nil), store.Limits{})
	t.Cleanup(func() { _ = st.Close() })
	if _, err := exchange.Import(t.Context(), st, seed.Tables, cat, exchange.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.Import(t.Context(), st, study, cat, exchange.Options{}); err != nil {
		t.Fatal(err)
	}
	edge, err := graph.New(st, cat, graph.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return edge
}

func inputOf(t *testing.T, text string) (input map[string]any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&input); err != nil {
		t.Fatal(err)
	}
	return input
}

func csvOf(t *testing.T, edge *graph.Edge, name, input string, o graph.TableOptions) string {
	t.Helper()
	table, err := edge.SpreadTable(t.Context(), name, inputOf(t, input), o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := table.Write(t.Context(), &out, tabular.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// 104 names 105 alone, who adopted in 2; 105 names 103 (5) and 104 (3); both are of group 1.
func TestATableOfAStudyHasItsPartiesPeriodByPeriod(t *testing.T) {
	got := csvOf(t, newEdge(t), graph.PersonPeriod, `{"practice": "fakesurvey-practice", "lag": 1,
		"population": {"study": "fakesurvey", "where": {"id": {"in": ["fakesurvey-103", "fakesurvey-104", "fakesurvey-105"]}}}}`,
		graph.TableOptions{Covariates: []string{"type", "country"}})
	want := `party,period,adopted,exposure,adopters,named,names,named_by,group,left_censored,type,country
fakesurvey-103,1,0,,,,0,1,1,0,Person,
fakesurvey-103,2,0,,0,0,0,1,1,0,Person,
fakesurvey-103,3,0,,0,0,0,1,1,0,Person,
fakesurvey-103,4,0,,0,0,0,1,1,0,Person,
fakesurvey-103,5,1,,0,0,0,1,1,0,Person,
fakesurvey-104,1,0,,,,1,1,1,0,Person,
fakesurvey-104,2,0,0,0,1,1,1,1,0,Person,
fakesurvey-104,3,1,1,1,1,1,1,1,0,Person,
fakesurvey-105,1,0,,,,2,1,1,0,Person,
fakesurvey-105,2,1,0,0,2,2,1,1,0,Person,
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestATableOfRecordedLearningsHasTheFactsOfItsParties(t *testing.T) {
	got := csvOf(t, newEdge(t), graph.PersonPeriod, `{"practice": "improvement-science", "population": {"where": {"type": {"eq": "ORGANIZATION"}}}, "lag": 1}`,
		graph.TableOptions{Covariates: []string{"type", "region"}})
	if want := ",Organization,CA\n"; !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
}

func TestAStudyOfTiesAloneHasNoTableOfWhoAdopted(t *testing.T) {
	study, _ := studies.Tables("fakesurvey")
	ties := fstest.MapFS{}
	names, err := fs.Glob(study, "*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(study, name)
		if err != nil {
			t.Fatal(err)
		}
		if name != "adoptions.csv" {
			ties[name] = &fstest.MapFile{Data: data}
		}
	}
	edge, input := edgeOver(t, ties), `{"practice": "fakesurvey-practice", "population": {"study": "fakesurvey"}}`
	if _, err := edge.SpreadTable(t.Context(), graph.PersonPeriod, inputOf(t, input), graph.TableOptions{}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v, want that nobody knows who adopted", err)
	}
	if got := csvOf(t, edge, graph.Edges, input, graph.TableOptions{}); !strings.Contains(got, "fakesurvey-104") {
		t.Errorf("the ties are not in\n%s", got)
	}
}

func TestWhatIsWrongWithAnInputIsTold(t *testing.T) {
	edge := newEdge(t)
	for name, c := range map[string]struct{ table, input, want string }{
		"a table that does not exist": {"trees", `{}`, `there is no table "trees" of spread; there are person-period and edges`},
		"a required value":            {graph.Edges, `{"practice": "p"}`, "input.population: must be defined"},
		"a field inside":              {graph.Edges, `{"practice": "p", "population": {"plot": "x"}}`, "input.population.plot: PopulationInput has no field plot"},
		"a word of no vocabulary":     {graph.Edges, `{"practice": "p", "population": {"study": "x"}, "weights": "HEAVY"}`, "input.weights: HEAVY is not a value of TieWeights; take one of "},
		"no condition":                {graph.Edges, `{"practice": "improvement-science", "population": {}}`, "population"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := edge.SpreadTable(t.Context(), c.table, inputOf(t, c.input), graph.TableOptions{})
			if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
