package graph_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nicgraph/graph"
	"nicgraph/internal/asktest"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

const addASource = `mutation { createSources(input: [{id: "s", title: "S", publisher: "P"}]) { change { by } } }`

// newWritable serves an empty graph to which the hook lets people write.
func newWritable(t *testing.T, allow func(context.Context) (string, error)) http.Handler {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	st := store.New(embedded.OpenMemory(domain.Catalog(), nil), store.Limits{})
	t.Cleanup(func() { _ = st.Close() })
	edge, err := graph.New(st, domain.Catalog(), graph.Config{Allow: allow})
	if err != nil {
		t.Fatal(err)
	}
	return handlerOf(t, edge)
}

func ask(handler http.Handler, query string) *httptest.ResponseRecorder {
	return asktest.Of(handler, asktest.With(request(query), "Accept", "application/graphql-response+json"))
}

func TestNobodyWritesUnlessTheHookSaysSo(t *testing.T) {
	unknown := func(context.Context) (string, error) { return "", fault.New(fault.Unauthenticated, "who are you?") }
	known := func(context.Context) (string, error) { return "ann", nil }
	for _, test := range []struct {
		name  string
		allow func(context.Context) (string, error)
		query string
		code  int
		says  string
	}{
		{"no hook", nil, addASource, http.StatusForbidden, `"code":"FORBIDDEN"`},
		{"somebody unknown", unknown, addASource, http.StatusUnauthorized, `"code":"UNAUTHENTICATED"`},
		{"who may not write is told nothing else", unknown, `mutation { deleteSources(input: [{id: "s"}]) { sources { citedBy(first: -1) { totalCount } } } }`, http.StatusUnauthorized, `who are you?`},
		{"somebody known", known, addASource, http.StatusOK, `"by":"ann"`},
		{"a wrong page is told before anything is written", known, strings.Replace(addASource, "change { by }", "sources { citedBy(first: -1) { nodes { id } } }", 1), http.StatusBadRequest, `first is -1`},
	} {
		t.Run(test.name, func(t *testing.T) {
			handler := newWritable(t, test.allow)
			w := ask(handler, test.query)
			if w.Code != test.code || !strings.Contains(w.Body.String(), test.says) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			there := strings.Contains(ask(handler, `{ source(id: "s") { id } }`).Body.String(), `"id":"s"`)
			if there != (test.code == http.StatusOK) {
				t.Errorf("written: %t", there)
			}
		})
	}
}
