package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nicgraph/internal/asktest"
	"nicgraph/seed"
)

// start runs the program on a free port over a new store and returns its address.
func start(t *testing.T, change func(*Config)) string {
	t.Helper()
	return startApp(t, change).Address()
}

func startApp(t *testing.T, change func(*Config)) *App {
	t.Helper()
	config := defaultConfig(func(string) (string, bool) { return "", false })
	config.Listen, config.Data = "127.0.0.1:0", t.TempDir()
	if change != nil {
		change(&config)
	}
	app, err := New(t.Context(), config, io.Discard, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		if err := app.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return app
}

// ask posts a question and returns its data; errors fail the test.
func ask(t *testing.T, address, query string) map[string]any {
	t.Helper()
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	got := asktest.Post(t, address+"/graphql", asktest.Question{Query: query})
	if err := json.Unmarshal(got.Body, &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Errors) > 0 {
		t.Fatalf("errors %v for %s", answer.Errors, query)
	}
	return answer.Data
}

func TestAFreshStartAnswersTheQuestionsItProposes(t *testing.T) {
	address := start(t, nil)
	for _, q := range questions {
		data := ask(t, address, q.query)
		text, _ := json.Marshal(data)
		if !strings.Contains(string(text), `"nodes":[{`) && !strings.Contains(string(text), `"edges":[{`) {
			t.Errorf("%s: no row in %s", q.about, text)
		}
	}
}

func TestAQuestionThatCannotBeAnsweredShowsInTheStatus(t *testing.T) {
	body := `{"query": "{ search(text: \"` + strings.Repeat("x", 600) + `\") { totalCount } }"}`
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, start(t, nil)+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "LIMIT_EXCEEDED") || strings.Contains(string(text), `"data"`) {
		t.Errorf("status %d, %s; want 400 and no data", resp.StatusCode, text)
	}
}

func TestAnEmptyStartHoldsNothing(t *testing.T) {
	address := start(t, func(c *Config) { c.Empty = true })
	data := ask(t, address, `{ organizations { totalCount } }`)
	if got := data["organizations"].(map[string]any)["totalCount"]; got != 0.0 {
		t.Errorf("got %v organizations, want none", got)
	}
}

// command runs the program as a shell would.
func command(t *testing.T, stdin string, args ...string) (code int, out, errOut string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var o, e bytes.Buffer
	code = run(ctx, args, strings.NewReader(stdin), &o, &e)
	return code, o.String(), e.String()
}

func TestWhatGoesWrongIsToldInOneSentence(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	folder := t.TempDir()
	file, question, misspelt := filepath.Join(folder, "file"), filepath.Join(folder, "question"), filepath.Join(folder, "misspelt")
	for name, text := range map[string]string{
		file:     "text",
		question: "query ($first: Int) { practices(first: $first) { totalCount } }",
		misspelt: "{ practices { facets(by: KNID) { by } } }",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"an unknown command", []string{"serv"}, exitUsage, `there is no command "serv"; did you mean "serve"?`},
		{"a command with a letter missing", []string{"chek"}, exitUsage, `there is no command "chek"; did you mean "check"?`},
		{"help on an unknown command", []string{"help", "serv"}, exitUsage, `there is no command "serv"; did you mean "serve"?`},
		{"help on an unknown command of another", []string{"help", "token", "mak"}, exitUsage, `there is no command "mak"; see nicgraph token --help`},
		{"no file", []string{"backup"}, exitUsage, "one file is wanted, 0 were given; see nicgraph backup --help"},
		{"no name", []string{"token", "create"}, exitUsage, "one name is wanted, 0 were given; see nicgraph token create --help"},
		{"an unknown flag", []string{"serve", "--port", "1"}, exitUsage, "unknown flag: --port"},
		{"an argument too many", []string{"version", "now"}, exitUsage, "see nicgraph version --help"},
		{"no folder", []string{"import"}, exitUsage, "one folder of tables is wanted, 0 were given"},
		{"a data set that does not exist", []string{"import", "--seed", "kfamilie"}, exitUsage, `no data set "kfamilie" comes with the program; there are curated, epigames,`},
		{"a data set that would take the place of the others", []string{"import", "--seed", "kfamily", "--replace"}, exitUsage, "leave it out with names behind --seed"},
		{"a period that means never, of no study", []string{"import", t.TempDir(), "--never", "11"}, exitUsage, "--never 11 is not STUDY=PERIOD"},
		{"an unknown store", []string{"export", t.TempDir(), "--store", "paper"}, exitUsage, "--store takes embedded or neo4j"},
		{"a busy port", []string{"serve", "--data", t.TempDir(), "--listen", busy.Addr().String()}, exitFailed, "is taken by another program"},
		{"an origin that is none", []string{"serve", "--data", file, "--listen", "127.0.0.1:0", "--cors", "example.org"}, exitUsage, "write it as https://example.org"},
		{"no time to answer", []string{"serve", "--data", file, "--listen", "127.0.0.1:0", "--timeout", "-1s"}, exitUsage, "--timeout -1s leaves no time to answer"},
		{"no place to answer at", []string{"serve", "--data", file, "--listen", "127.0.0.1:0", "--at-once", "-1"}, exitUsage, "--at-once -1 lets nobody ask"},
		{"no subscription", []string{"serve", "--data", file, "--listen", "127.0.0.1:0", "--subscriptions", "0"}, exitUsage, "--subscriptions 0 is none"},
		{"no time to read", []string{"serve", "--data", file, "--listen", "127.0.0.1:0", "--slow-reader", "0s"}, exitUsage, "--slow-reader 0s is too short"},
		{"a store whose folder cannot be made", []string{"import", "--seed", "--data", filepath.Join(file, "store")}, exitFailed, "(not a directory)"},
		{"tables that cannot be put anywhere", []string{"export", file, "--data", begun(t)}, exitFailed, "not a directory"},
		{"an address that is none", []string{"serve", "--data", t.TempDir(), "--listen", "nowhere"}, exitFailed, "write --listen as host:port"},
		{"a folder that is not there", []string{"import", "--data", t.TempDir(), filepath.Join(t.TempDir(), "gone")}, exitFailed, "cannot be read"},
		{"a file in place of a folder", []string{"import", "--data", t.TempDir(), file}, exitFailed, "is a file; name the folder"},
		{"a file in place of the store", []string{"import", "--seed", "--data", file}, exitFailed, file},
		{"an unreachable Neo4j", []string{"import", "--seed", "--store", "neo4j", "--neo4j-uri", "bolt://127.0.0.1:1"}, exitFailed, "127.0.0.1:1"},
		{"a question that is not there", []string{"explain", filepath.Join(t.TempDir(), "q.graphql")}, exitFailed, "cannot be read"},
		{"a question that is none", []string{"explain", file}, exitFailed, "the question is not valid: input:1:1: "},
		{"a question with a misspelt word", []string{"explain", misspelt}, exitFailed, "KNID is not a value of PracticeKey; did you mean KIND?"},
		{"a variable that does not fit", []string{"explain", question, "--variables", `{"first": 1.5}`}, exitFailed, "the variables do not fit: $first: what is given is not of the type Int"},
		{"variables that are no JSON", []string{"explain", "-", "--variables", "{"}, exitUsage, "--variables is not a JSON object"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, _, errOut := command(t, "{ __typename }", test.args...)
			if code != test.code || !strings.Contains(errOut, test.want) {
				t.Errorf("exit %d, %q; want exit %d, %q", code, errOut, test.code, test.want)
			}
			if strings.Count(errOut, "\n") != 1 {
				t.Errorf("not one line: %q", errOut)
			}
		})
	}
}

// begun is the folder of a store with the curated data.
func begun(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	if code, _, errOut := command(t, "", "import", "--seed", "--data", data); code != exitOK {
		t.Fatal(errOut)
	}
	return data
}

func TestWhatOnlyReadsMakesNoStore(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "mistyped")
	for _, args := range [][]string{
		{"check"},
		{"backup", filepath.Join(dir, "file.backup")},
		{"export", filepath.Join(dir, "tables")},
		{"export", "--spread", "-"},
		{"explain", "--with-store", "-"},
	} {
		stdin := "{ networks { totalCount } }"
		if args[0] == "export" {
			stdin = `{"practice": "tetracycline", "population": {"study": "medinnovations"}}`
		}
		code, _, errOut := command(t, stdin, append(args, "--data", data)...)
		if code != exitFailed || !strings.Contains(errOut, "there is no store in "+data) {
			t.Errorf("%v: exit %d, %q", args, code, errOut)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("something was left behind: %v, %v", left, err)
	}
}

func TestTablesGoInAndComeOutTheSame(t *testing.T) {
	data, tables := t.TempDir(), filepath.Join(t.TempDir(), "tables")
	steps := []struct {
		args []string
		want string
	}{
		{[]string{"import", "--seed", "--data", data}, "2477 created"},
		{[]string{"import", "--seed", "--data", data}, "nothing to change: all 2477 rows are stored as they are"},
		{[]string{"export", tables, "--data", data}, "The tables are in"},
		{[]string{"import", tables, "--data", data, "--replace"}, "nothing to change"},
	}
	for _, step := range steps {
		code, out, errOut := command(t, "", step.args...)
		if code != exitOK || !strings.Contains(out, step.want) {
			t.Fatalf("%v: exit %d, %q, %q; want %q", step.args, code, out, errOut, step.want)
		}
	}
	entries, err := os.ReadDir(tables)
	if err != nil || len(entries) != 23 {
		t.Errorf("%d tables were written, %v; want 23", len(entries), err)
	}
}

func TestReplaceListsWhatItDeletes(t *testing.T) {
	data, tables := t.TempDir(), t.TempDir()
	if err := os.CopyFS(tables, seed.Tables); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := command(t, "", "import", tables, "--data", data); code != exitOK {
		t.Fatal(errOut)
	}
	levels := filepath.Join(tables, "standard_levels.csv")
	text, err := os.ReadFile(levels)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	gone, _, _ := strings.Cut(lines[1], ",")
	if err := os.WriteFile(levels, []byte(lines[0]+strings.Join(lines[2:], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"--dry-run", ""} {
		args := []string{"import", tables, "--data", data, "--replace"}
		if flag != "" {
			args = append(args, flag)
		}
		code, out, errOut := command(t, "", args...)
		if code != exitOK || !strings.Contains(out, "delete StandardLevel "+gone) || !strings.Contains(out, "deleted") {
			t.Errorf("%s: exit %d, %q, %q", flag, code, out, errOut)
		}
	}
}

func TestExplainPrintsPlanAndCypher(t *testing.T) {
	code, out, errOut := command(t, `query Q($id: ID!) { party(id: $id) { name learners { totalCount } } }`,
		"explain", "-", "--variables", `{"id": "core-districts"}`)
	for _, want := range []string{"find Organization|Network|Person with id $id", "MATCH (n", `"core-districts"`} {
		if !strings.Contains(out, want) {
			t.Errorf("exit %d, %s: %q is not in %s", code, errOut, want, out)
		}
	}
}

func TestExplainAsksTheStoreOnRequest(t *testing.T) {
	data := t.TempDir()
	if code, _, errOut := command(t, "", "import", "--seed", "--data", data); code != exitOK {
		t.Fatal(errOut)
	}
	question := `{ networks(where: {hub: {id: {eq: "carnegie-foundation-for-the-advancement-of-teaching"}}}) { nodes { name } } }`
	code, out, errOut := command(t, question, "explain", "-", "--with-store", "--data", data)
	for _, want := range []string{"plan\n", "\ncypher\n", "\nembedded\nnetworks: begins at 1 node with id = \"carnegie-foundation-for-the-advancement-of-teaching\", goes back over hub"} {
		if !strings.Contains(out, want) {
			t.Errorf("exit %d, %s: %q is not in %s", code, errOut, want, out)
		}
	}
}

func TestHelpAndSchemaAndVersionSpeak(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--help"}, "NICGRAPH_LISTEN"},
		{[]string{"serve", "--help"}, "--cors"},
		{[]string{"schema"}, "type Query"},
		{[]string{"schema", "--domain"}, "@relationship"},
		{[]string{"version"}, "nicgraph "},
	} {
		code, out, errOut := command(t, "", test.args...)
		if code != exitOK || !strings.Contains(out, test.want) {
			t.Errorf("%v: exit %d, %s: %q is missing", test.args, code, errOut, test.want)
		}
	}
}
