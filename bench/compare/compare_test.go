package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/bench/peers"
	"nicgraph/bench/questions"
)

// fake is a contestant that a test runs itself.
type fake struct {
	peers.Contestant

	name, language string
}

func (f fake) Name() string     { return f.name }
func (f fake) Language() string { return f.language }

// serving is a contestant behind a handler.
func serving(t *testing.T, name, language string, handler http.Handler) *server {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return &server{Contestant: fake{name: name, language: language}, address: strings.TrimPrefix(s.URL, "http://")}
}

// saying is a contestant that always says the same.
func saying(t *testing.T, name, text string) *server {
	t.Helper()
	return serving(t, name, "nicgraph", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }))
}

func tinyQuestions(t *testing.T) []*questions.Question {
	t.Helper()
	picked, err := questions.Pick("testdata/tiny")
	if err != nil {
		t.Fatal(err)
	}
	all, err := questions.All(picked)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func question(t *testing.T, name string) *questions.Question {
	t.Helper()
	for _, q := range tinyQuestions(t) {
		if q.Name == name {
			return q
		}
	}
	t.Fatalf("there is no question %s", name)
	return nil
}

func TestNicgraphAnswersATinyNetworkAsWorkedOutByHand(t *testing.T) {
	handler, err := withTables(t.Context(), os.DirFS("testdata/tiny"))
	if err != nil {
		t.Fatal(err)
	}
	ours := serving(t, "nicgraph", "nicgraph", handler)
	text, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, q := range tinyQuestions(t) {
		if q.Name == "page-500" {
			q = q.With(map[string]any{"first": 2, "behind": 2})
		}
		same, _, err := ours.answer(t.Context(), q)
		if err != nil {
			t.Fatalf("%s: %v", q.Name, err)
		}
		var answer any
		if err := json.Unmarshal([]byte(same), &answer); err != nil {
			t.Fatal(err)
		}
		got[q.Name] = answer
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestADifferentAnswerEndsTheComparison(t *testing.T) {
	ann := saying(t, "one", `{"data":{"person":{"id":"ann","name":"Ann Ada","summary":"Teaches."}}}`)
	bob := saying(t, "other", `{"data":{"person":{"id":"ann","name":"Ann Adams","summary":"Teaches."}}}`)
	_, _, err := agree(t.Context(), question(t, "person"), []*server{ann, bob})
	for _, part := range []string{"one and other answer person differently", "Ann Ada", "Ann Adams"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v, want one that says %q", err, part)
		}
	}
}

func TestWhoRefusesIsLeftOutWithTheReason(t *testing.T) {
	ann := saying(t, "one", `{"data":{"person":{"id":"ann","name":"Ann Ada","summary":"Teaches."}}}`)
	refusing := saying(t, "other", `{"errors":[{"message":"out of memory"}]}`)
	able, cannot, err := agree(t.Context(), question(t, "person"), []*server{ann, refusing})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := able["one"]; !ok || len(able) != 1 || !strings.Contains(cannot["other"], "out of memory") {
		t.Errorf("able %v, cannot %v; want only one able, and other out of memory", able, cannot)
	}
}

// once is one run: its p50 and its answers per second.
func once(p50 time.Duration, perSecond float64) []Run {
	return []Run{{Answers: 1, P50: p50, P99: 2 * p50, PerSecond: perSecond}}
}

func measured(who string, p50 time.Duration, perSecond float64) *Measured {
	return &Measured{Contestant: who, Bytes: 2000, One: once(p50, 0), Many: once(0, perSecond)}
}

func smallResult() *Result {
	return &Result{Questions: []*Asked{
		{Name: "flat", Asks: "Much.", By: []*Measured{
			measured(ours, time.Millisecond, 6000), measured(oursOnNeo, 12*time.Millisecond, 500), measured(byHand, 10*time.Millisecond, 400), measured(library, 25*time.Millisecond, 100),
		}},
		{Name: "lineage", Asks: "Far.", By: []*Measured{
			measured(ours, time.Millisecond, 2000), measured(oursOnNeo, 10*time.Millisecond, 200), measured(byHand, 10*time.Millisecond, 200), {Contestant: library, Cannot: "it has\nno | paths"},
		}},
	}}
}

func TestBudgetsFollowFromTheNumbers(t *testing.T) {
	r := smallResult()
	r.judge()
	got := map[string]string{}
	for _, b := range r.Budgets[:4] {
		got[b.Says[:min(len(b.Says), 60)]] = b.verdict() + ": " + b.Found
	}
	want := map[string]string{
		"On Neo4j: an answer over one connection takes at most 1.15 t": "**not met**: missed on 1 of 2: flat 1.20",
		"On Neo4j: at least 3 times the answers per second of @neo4j/": "met: the least good of 1: flat 5.00",
		"On Neo4j: an answer over one connection takes at most half a": "met: the least good of 1: flat 0.480",
		"Embedded: at least 30 times the answers per second of @neo4j": "met: the least good of 1: flat 60.0",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	for _, b := range r.Budgets[4:] {
		if b.Known {
			t.Errorf("%q is said to be known though nothing was measured: %s", b.Says, b.Found)
		}
	}
}

func TestTheTablesSayWhatWasMeasured(t *testing.T) {
	r := smallResult()
	r.Contestants = []Contestant{{Name: ours, About: "this one", ColdStart: 81 * time.Millisecond}, {Name: dgraphName, LeftOut: "it cannot be built"}}
	r.judge()
	written := r.tables()
	for _, row := range []string{
		"| nicgraph | this one | 81.0 |",
		"| Dgraph | left out: it cannot be built |  |",
		"| flat | 60.0 | 15.0 | – | – | 5.00 | 1.25 |",
		"| flat | 0.040 | 0.100 | – | – | 0.480 | 1.20 |",
		"| lineage | it cannot | 10.0 | – | – | it cannot | 1.00 |",
		"| nicgraph on Neo4j | 12.0 | 24.0 | 500 | 0.000 | 2.00 | 5.00 | 1.20 |",
		"| @neo4j/graphql | cannot: it has no / paths |  |  |  |  |  |  |",
	} {
		if !strings.Contains(written, row+"\n") {
			t.Errorf("the tables lack the row %q:\n%s", row, written)
		}
	}
}
