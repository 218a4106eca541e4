package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"time"

	"nicgraph/bench/inside"
	"nicgraph/bench/questions"
	"nicgraph/graph"
	"nicgraph/internal/exchange"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

// withTables is nicgraph's handler with the tables of a folder in memory.
func withTables(ctx context.Context, tables fs.FS) (http.Handler, error) {
	domain, err := graph.Domain()
	if err != nil {
		return nil, err
	}
	st := store.New(embedded.OpenMemory(domain.Catalog(), nil), store.Limits{})
	if _, err := exchange.Import(ctx, st, tables, domain.Catalog(), exchange.Options{}); err != nil {
		return nil, err
	}
	return inside.Handler(st, domain.Catalog())
}

// times is how often a handler is asked for one of its times, after as many to warm up.
const times = 300

// Handled is what a question costs without sockets.
type Handled struct {
	Took    time.Duration // median
	Objects int           // in the answer: things with an id
}

// handled asks nicgraph's handler some questions, by name.
func handled(ctx context.Context, tables fs.FS, all []*questions.Question, names ...string) (map[string]Handled, error) {
	handler, err := withTables(ctx, tables)
	if err != nil {
		return nil, err
	}
	costs := map[string]Handled{}
	for _, q := range all {
		if !slices.Contains(names, q.Name) {
			continue
		}
		if costs[q.Name], err = handleAgain(ctx, handler, q); err != nil {
			return nil, fmt.Errorf("ask the handler %s: %w", q.Name, err)
		}
	}
	return costs, nil
}

func handleAgain(ctx context.Context, handler http.Handler, q *questions.Question) (Handled, error) {
	body, err := q.Request("nicgraph")
	if err != nil {
		return Handled{}, err
	}
	var took []time.Duration
	var answer []byte
	for range 2 * times {
		said, t, err := inside.Ask(ctx, handler, body)
		if err != nil {
			return Handled{}, err
		}
		answer, took = said, append(took, t)
	}
	return Handled{Took: median(took[times:]), Objects: bytes.Count(answer, []byte(`"id":`))}, nil
}
