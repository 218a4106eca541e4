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

// An answer of a thousand objects must not allocate per object: the budget is a
// hundred allocations for the whole of it, request and response included.
func TestAThousandObjectsTakeAHundredAllocations(t *testing.T) {
	handler := newHandler(t, 1000)
	w := &asktest.Sink{}
	allocations := testing.AllocsPerRun(10, func() { handler.ServeHTTP(w, request(thousand)) })
	t.Logf("%.0f allocations for %d bytes", allocations, w.Bytes/11)
	if allocations > 150 { // what httptest's request takes is on top of the budget
		t.Errorf("%.0f allocations for one answer", allocations)
	}
}

// A question that asks for nothing must cost little more than its way through net/http: of
// the sixty allocations or so, gqlgen's contexts and the reading of JSON take half.
func TestATrivialQuestionTakesSixtyAllocations(t *testing.T) {
	handler := newHandler(t, 1)
	w, r := &asktest.Sink{}, request(`{ __typename }`)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	allocations := testing.AllocsPerRun(100, func() {
		clear(w.Header())
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler.ServeHTTP(w, r)
	})
	t.Logf("%.0f allocations", allocations)
	if allocations > 62 {
		t.Errorf("%.0f allocations for one answer", allocations)
	}
}
