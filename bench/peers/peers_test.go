package peers

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const tiny = "../compare/testdata/tiny"

func TestPackagesHaveExactVersionsAndNoAddress(t *testing.T) {
	exact := regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	for _, name := range []string{"neo4j-graphql", "postgraphile"} {
		text, err := files.ReadFile(name + "/package.json")
		if err != nil {
			t.Fatal(err)
		}
		var p struct{ Dependencies, OptionalDependencies map[string]string }
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatal(err)
		}
		for _, wanted := range []map[string]string{p.Dependencies, p.OptionalDependencies} {
			for module, version := range wanted {
				if !exact.MatchString(version) {
					t.Errorf("%s wants %s %s, which is no exact version", name, module, version)
				}
			}
		}
		lock, err := files.ReadFile(name + "/package-lock.json")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(lock), `"resolved"`) {
			t.Errorf("%s: the lock file says where packages came from", name)
		}
	}
}

func TestWhoCannotBeHadSaysWhatIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for name, start := range map[string]func() error{
		"Neo4j":          func() error { return (&neo4jDatabase{}).start(t.Context()) },
		"@neo4j/graphql": func() error { _, err := (&neo4jGraphQL{}).Prepare(t.Context()); return err },
	} {
		var missing *Missing
		if err := start(); !errors.As(err, &missing) || missing.What == "" {
			t.Errorf("%s without any program: error %v does not say what is missing", name, err)
		}
	}
}

func TestNeo4jHasMoreMemoryForMoreData(t *testing.T) {
	for scale, want := range map[float64]int{0.2: 2, 1: 2, 10: 5, 100: 32} {
		if got := (&neo4jDatabase{place: Place{Scale: scale}}).heap(); got != want {
			t.Errorf("a heap of %d GiB at scale %g, want %d", got, scale, want)
		}
	}
}

func TestDatesAreThoseThatNicgraphKeeps(t *testing.T) {
	for _, test := range []struct {
		started, precision string
		want               []string
	}{
		{"2015-03", "MONTH", []string{"2015-03", "16495", "16525"}},
		{"2015", "SCHOOL_YEAR", []string{"2015-08/2016-07", "16648", "17013"}},
		{"2015", "APPROXIMATE", []string{"2015~", "16071", "17166"}},
		{"", "UNKNOWN", []string{"", "", ""}},
	} {
		got := learning(map[string]string{"id": "l-1", "started": test.started, "date_precision": test.precision})
		if d := cmp.Diff(test.want, got[5:8]); d != "" {
			t.Errorf("%s (-want +got)\n%s", test.precision, d)
		}
	}
}

func TestTriplesLeadBothWays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.rdf.gz")
	if err := writeRDF(tiny, path); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	packed, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	for _, triple := range []string{
		`_:n0 <dgraph.type> "Organization" .`, `_:n0 <dgraph.type> "Party" .`, `_:n0 <Party.id> "bay" .`, `_:n0 <Organization.region> "CA" .`,
		`_:n3 <Party.aliases> "Annie;A. Ada" .`, `_:n4 <Party.nameFold> "bob łuk" .`,
		`_:n9 <Learning.learner> _:n3 .`, `_:n3 <Party.learningsAsLearner> _:n9 .`, `_:n9 <Learning.teacher> _:n0 .`, `_:n0 <Party.learningsAsTeacher> _:n9 .`,
		`_:n9 <Learning.id> "l-1" .`, `_:n9 <Learning.startedFrom> "16861" .`,
	} {
		if !strings.Contains(string(text), triple+"\n") {
			t.Errorf("there is no triple %s in\n%s", triple, text)
			return
		}
	}
}
