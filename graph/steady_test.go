package graph_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"nicgraph/graph"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/search"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

// hasty is a backend in which what a search finds first is deleted before it can be read.
type hasty struct {
	store.Backend
	t    *testing.T
	done bool
}

func (h *hasty) Search(ctx context.Context, ask *search.Ask) (search.Page, error) {
	found, err := h.Backend.Search(ctx, ask)
	if !h.done {
		h.done = true
		if _, err := h.Apply(ctx, &change.Batch{Deletes: []string{"doomed"}}, nil); err != nil {
			h.t.Error(err)
		}
	}
	return found, err
}

// steady is one that keeps the reads of an answer to one state.
type steady struct {
	*hasty
	inner *embedded.Store
}

func (s steady) Steady(ctx context.Context) context.Context { return s.inner.Steady(ctx) }

func TestWhatIsDeletedWhileAnAnswerIsWorkedOutIsNoFault(t *testing.T) {
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		wrap func(*hasty, *embedded.Store) store.Backend
		want string
	}{
		"a store that keeps to one state tells all of that": {
			func(h *hasty, inner *embedded.Store) store.Backend { return steady{h, inner} },
			`{"data":{"search":{"totalCount":2,"edges":[{"node":{"id":"doomed"}},{"node":{"id":"lasting"}}]}}}`,
		},
		"of another the question is asked again": {
			func(h *hasty, _ *embedded.Store) store.Backend { return h },
			`{"data":{"search":{"totalCount":1,"edges":[{"node":{"id":"lasting"}}]}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inner := embedded.OpenMemory(domain.Catalog(), nil)
			handler := newServer(t, domain.Catalog(), test.wrap(&hasty{Backend: inner, t: t}, inner))
			if w := ask(handler, `mutation { createSources(input: [{id: "doomed", title: "Some text", publisher: "P"}, {id: "lasting", title: "Some text", publisher: "P"}]) { created } }`); w.Code != http.StatusOK {
				t.Fatal(w.Body)
			}
			w := ask(handler, `{ search(text: "text") { totalCount edges { node { id } } } }`)
			if got := strings.TrimSpace(w.Body.String()); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func newServer(t *testing.T, cat *catalog.Catalog, backend store.Backend) http.Handler {
	t.Helper()
	st := store.New(backend, store.Limits{})
	t.Cleanup(func() { _ = st.Close() })
	edge, err := graph.New(st, cat, graph.Config{Allow: func(context.Context) (string, error) { return "ann", nil }})
	if err != nil {
		t.Fatal(err)
	}
	return handlerOf(t, edge)
}
