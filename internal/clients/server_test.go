package clients

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"nicgraph/graph"
	"nicgraph/internal/change"
	"nicgraph/internal/explorer"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
)

// serverURL starts a server for one test and returns its address, without a slash at the end.
func serverURL(t *testing.T) string {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	edge, err := graph.New(store.New(bare{}, store.Limits{}), domain.Catalog(), graph.Config{})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := httpserver.New(httpserver.Config{
		Schema:     edge,
		Extensions: []graphql.HandlerExtension{edge},
		Documents:  edge.Documents(),
		Explorer:   explorer.Handler(),
		Logger:     slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// bare is a store in which nothing is found.
type bare struct{}

func (bare) Prepare(*plan.Plan) (store.Query, error) { return bare{}, nil }

func (bare) Run(context.Context, plan.Params) (*plan.Result, error) {
	return plan.NewResult(), nil
}

func (bare) Apply(context.Context, *change.Batch, func(int, int)) (change.Summary, error) {
	return change.Summary{}, nil
}
func (bare) Ready(context.Context) error         { return nil }
func (bare) Empty(context.Context) (bool, error) { return true, nil }
func (bare) Close() error                        { return nil }
