package graph_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"nicgraph/graph"
	"nicgraph/internal/asktest"
	"nicgraph/internal/change"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/value"
)

// thousand are a thousand objects of five fields.
const thousand = `{ people(first: 1000) { nodes { id name summary aliases __typename } } }`

// newHandler serves a graph of n people.
func newHandler(tb testing.TB, n int) http.Handler {
	tb.Helper()
	domain, err := graph.Domain()
	if err != nil {
		tb.Fatal(err)
	}
	cat := domain.Catalog()
	st := store.New(embedded.OpenMemory(cat, nil), store.Limits{})
	tb.Cleanup(func() { _ = st.Close() })
	person, _ := cat.Type("Person")
	batch := &change.Batch{}
	for i := range n {
		batch.Upserts = append(batch.Upserts, change.Node{
			Type: person, ID: fmt.Sprintf("p-%04d", i), Links: make([][]string, len(person.Out)),
			Values: []value.Value{
				value.OfID(fmt.Sprintf("p-%04d", i)), value.OfText(fmt.Sprintf("Person Number %d", i)),
				value.OfStrings([]string{"P"}), value.OfText("Somebody who improves schools."), {},
			},
		})
	}
	if _, err := st.Apply(tb.Context(), batch, nil); err != nil {
		tb.Fatal(err)
	}
	edge, err := graph.New(st, cat, graph.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	return handlerOf(tb, edge)
}

func handlerOf(tb testing.TB, edge *graph.Edge) http.Handler {
	tb.Helper()
	handler, err := httpserver.New(httpserver.Config{
		Schema: edge, Extensions: edge.Extensions(), Documents: edge.Documents(), Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return handler
}

func request(query string) *http.Request {
	return asktest.Request(asktest.Question{Query: query}.String())
}

func BenchmarkHandler(b *testing.B) {
	handler := newHandler(b, 1000)
	for name, query := range map[string]string{
		"trivial":  `{ __typename }`,
		"lookup":   `{ person(id: "p-0500") { name } }`,
		"thousand": thousand,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				handler.ServeHTTP(&asktest.Sink{}, request(query))
			}
		})
	}
}

// least is the fewest allocations of several tries: a collection empties what is kept to be used again.
func least(f func()) float64 {
	n := testing.AllocsPerRun(5, f)
	for range 3 {
		n = min(n, testing.AllocsPerRun(5, f))
	}
	return n
}

// again is a function that asks the same question each time, in a request that is made once.
func again(t *testing.T, handler http.Handler, query string) func() {
	t.Helper()
	w, r := &asktest.Sink{}, request(query)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		clear(w.Header())
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler.ServeHTTP(w, r)
	}
}

// Known questions, small or large, must cost little more than their way through net/http: no answer
// allocates per object, and what is large is used again. The race detector adds a few.
func TestKnownQuestionsTakeFewAllocations(t *testing.T) {
	handler := newHandler(t, 1000)
	for query, most := range map[string]float64{
		`{ __typename }`:                       18,
		`{ person(id: "p-0500") { name } }`:    18,
		`{ people(first: 20) { totalCount } }`: 20,
		thousand:                               28,
	} {
		allocations := least(again(t, handler, query))
		t.Logf("%s: %.0f allocations", query, allocations)
		if allocations > most {
			t.Errorf("%s: %.0f allocations, want at most %.0f", query, allocations, most)
		}
	}
}

// What is asked for the first time in this form is read and planned as well.
func TestAnotherQuestionTakesAHundredAllocations(t *testing.T) {
	handler := newHandler(t, 1)
	n := 0
	allocations := least(func() {
		n++
		handler.ServeHTTP(&asktest.Sink{}, asktest.Request(fmt.Sprintf(`{"query":"query($id: ID!) { person(id: $id) { name } }","variables":{"id":"p-%d"}}`, n)))
	})
	t.Logf("%.0f allocations", allocations)
	if allocations > 110 {
		t.Errorf("%.0f allocations for one answer", allocations)
	}
}
