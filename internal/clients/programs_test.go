package clients

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/seed"
)

var update = flag.Bool("update", false, "write what genqlient generates into its folder")

// What the programs ask about: Carnegie taught Summit improvement science in the school year 2013-14.
const (
	carnegie = "carnegie-foundation-for-the-advancement-of-teaching"
	practice = "improvement-science"
	learning = "l-0001"
)

func TestRelayShowsTwoPagesAndRefetchesANode(t *testing.T) {
	got := program[struct {
		Teacher   string
		Total     int
		FirstPage int
		Learners  []string
		Card      map[string]any
	}](t, "relay", serverURL(t)+"/graphql", artifacts(t), carnegie, learning)
	want := got
	want.Teacher, want.FirstPage = "Carnegie Foundation for the Advancement of Teaching", 20
	want.Learners = learnersOf(t, carnegie)
	want.Total = len(want.Learners)
	want.Card = map[string]any{
		"__typename": "Learning", "id": learning, "started": "2013-08/2014-07", "stage": "ADOPTED",
		"learner": map[string]any{"name": "Summit Public Schools"}, "practice": map[string]any{"name": "Improvement science"},
	}
	slices.Sort(got.Learners)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// artifacts compiles the documents of the Relay program and returns the folder with the results.
// relay-compiler takes a schema only from a file that ends in .graphql, so it works on a copy.
func artifacts(t *testing.T) string {
	t.Helper()
	installed(t)
	dir := t.TempDir()
	for to, from := range map[string]string{
		"documents.js": "relay/documents.js", "relay.config.json": "relay/relay.config.json", "schema.graphql": "../../graph/schema.graphqls",
	} {
		write(t, filepath.Join(dir, to), read(t, from))
	}
	folder := filepath.Join(dir, "artifacts")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	compiler, err := filepath.Abs("node_modules/relay-compiler/cli.js")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", compiler, "relay.config.json")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("compile with Relay: %v\n%s", err, out)
	}
	return folder
}

func TestApolloClientKeepsPagesInOneCache(t *testing.T) {
	type card struct {
		ID, Learner, Teacher, Stage string
		Sources                     int
	}
	type refusal struct{ Message, Code string }
	got := program[struct {
		Parties   []string
		Teacher   string
		Total     int
		FirstPage int
		Learners  []string
		Cached    bool
		Learning  card
		Refused   refusal
		Persisted []string
	}](t, "apollo", serverURL(t)+"/graphql", carnegie, learning)
	want := got
	want.Parties = []string{"Network", "Organization", "Person"}
	want.Teacher, want.FirstPage, want.Cached = "Organization:"+carnegie, 20, true
	want.Learners = learnersOf(t, carnegie)
	want.Total = len(want.Learners)
	want.Learning = card{"Learning:" + learning, "Summit Public Schools", "Carnegie Foundation for the Advancement of Teaching", "ADOPTED", 2}
	want.Refused.Code = "BAD_USER_INPUT"
	want.Persisted = []string{"hash", "text", "text"} // once refused, it tries no second hash
	slices.Sort(got.Learners)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestURQLAsksWithVariablesAndTellsErrors(t *testing.T) {
	type refusal struct {
		Network       bool
		Message, Code string
		Data          any
	}
	got := program[struct {
		Total           int
		Learnings       []string
		SecondFromCache bool
		UnknownField    refusal
		TooMany         refusal
	}](t, "urql", serverURL(t)+"/graphql", practice, "2015")
	want := got
	want.Learnings = learnedAfter(t, practice, "2015")
	want.Total, want.SecondFromCache = len(want.Learnings), true
	want.UnknownField = refusal{Message: `Cannot query field "mood" on type "Learning".`, Code: "BAD_USER_INPUT"}
	want.TooMany = refusal{Message: got.TooMany.Message, Code: "LIMIT_EXCEEDED"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGenqlientAsksForInterfacesEnumsDatesAndPages(t *testing.T) {
	type learned struct{ ID, Learner, Region, Started, Stage string }
	var got struct {
		Total, Pages int
		Learnings    []learned
		Refused      string
	}
	noticed(t, "genqlient")
	decode(t, "go", []string{"-C", "genqlient", "run", ".", serverURL(t) + "/graphql", practice, "2011"}, &got)
	var ids []string
	for _, l := range got.Learnings {
		ids = append(ids, l.ID)
	}
	slices.Sort(ids)
	want := learnedAfter(t, practice, "2011", "TRIED", "ADOPTED", "ADAPTED", "SPREAD")
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.Total != len(want) || got.Pages != (len(want)+1)/2 || got.Refused != "LIMIT_EXCEEDED" {
		t.Errorf("total %d on %d pages, refused as %q; want %d", got.Total, got.Pages, got.Refused, len(want))
	}
	first := learned{learning, "Summit Public Schools", "CA", "2013-08/2014-07", "ADOPTED"}
	if !slices.Contains(got.Learnings, first) {
		t.Errorf("%v is missing in %v", first, got.Learnings)
	}
}

// genqlient takes no schema in which an interface implements another one (its issue 164). What an
// object implements is all that it needs.
func TestTheCodeOfGenqlientIsFresh(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("genqlient")); err != nil {
		t.Fatal(err)
	}
	extends := regexp.MustCompile(`(?m)^(interface \w+) implements [^{]*\{`)
	write(t, filepath.Join(dir, "schema.graphql"), extends.ReplaceAll(read(t, "../../graph/schema.graphqls"), []byte("$1 {")))
	run(t, "go", "-C", dir, "tool", "genqlient")
	got := read(t, filepath.Join(dir, "generated.go"))
	if *update {
		write(t, "genqlient/generated.go", got)
	}
	if diff := cmp.Diff(string(read(t, "genqlient/generated.go")), string(got)); diff != "" {
		t.Errorf("run this test with -update (-want +got)\n%s", diff)
	}
}

// program runs the program of a folder and reads the JSON that it prints.
func program[T any](t *testing.T, folder string, args ...string) (answer T) {
	t.Helper()
	installed(t)
	noticed(t, folder)
	decode(t, "node", append([]string{folder + "/program.mjs"}, args...), &answer)
	return answer
}

// noticed lets the test run again, whatever the cache of go test holds, when a file of the folder changed.
func noticed(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err == nil {
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// decode runs a program and reads what it prints; what it complains of meanwhile is told if it fails.
func decode(t *testing.T, name string, args []string, answer any) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	text, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(text, answer)
	}
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, text, complaints.String())
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// learnersOf are the ids of all who learned from a party, by the table alone.
func learnersOf(t *testing.T, teacher string) (ids []string) {
	t.Helper()
	for _, row := range learnings(t) {
		if row["teacher_id"] == teacher {
			ids = append(ids, row["learner_id"])
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// learnedAfter are the ids of the learnings of a practice that began after a year, by the table alone,
// only those of some stages if any are given. It compares the years as they are written.
func learnedAfter(t *testing.T, practice, year string, stages ...string) (ids []string) {
	t.Helper()
	for _, row := range learnings(t) {
		if row["practice_id"] != practice || row["started"] == "" || row["started"][:4] <= year {
			continue
		}
		if len(stages) == 0 || slices.Contains(stages, row["stage"]) {
			ids = append(ids, row["id"])
		}
	}
	slices.Sort(ids)
	return ids
}

func learnings(t *testing.T) (rows []map[string]string) {
	t.Helper()
	file, err := seed.Tables.Open("learnings.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		row := make(map[string]string, len(record))
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}
