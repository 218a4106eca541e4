package clients

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"nicgraph/graph"
	"nicgraph/internal/change"
	"nicgraph/internal/exchange"
	"nicgraph/internal/explorer"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/picture"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/seed"
)

// serverURL starts a server with the curated data for one test and returns its address, without a slash at the end.
func serverURL(t *testing.T) string {
	t.Helper()
	return serve(t, seeded(t))
}

// seeded is a store with the curated data.
func seeded(t *testing.T) *store.Store {
	t.Helper()
	return holding(t, seed.Tables)
}

// holding is a store with the tables of some folders.
func holding(t *testing.T, folders ...fs.FS) *store.Store {
	t.Helper()
	cat := realCatalog(t)
	backend := store.New(embedded.OpenMemory(cat, nil), store.Limits{})
	t.Cleanup(func() { _ = backend.Close() })
	note := change.Note{By: "import", At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	for _, tables := range folders {
		if _, err := exchange.Import(t.Context(), backend, tables, cat, exchange.Options{Note: note}); err != nil {
			t.Fatal(err)
		}
	}
	return backend
}

// serve starts a server over a store for one test and returns its address.
func serve(t *testing.T, backend *store.Store) string {
	t.Helper()
	return serveTo(t, backend, nil)
}

// serveTo is serve to those whom a gate admits.
func serveTo(t *testing.T, backend *store.Store, admit httpserver.Admit) string {
	t.Helper()
	edge, err := graph.New(backend, realCatalog(t), graph.Config{Allow: func(context.Context) (string, error) { return "tester", nil }})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := httpserver.New(httpserver.Config{
		Schema:     edge,
		Extensions: []graphql.HandlerExtension{edge},
		Documents:  edge.Documents(),
		Pictures:   picture.All(),
		Explorer:   explorer.Handler(),
		Admit:      admit,
		Logger:     slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}
