package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"time"

	"nicgraph/bench/questions"
	"nicgraph/graph"
	"nicgraph/internal/exchange"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

// inside is nicgraph in this process, with the tables of a folder in memory: what a question
// costs without sockets.
func inside(ctx context.Context, tables fs.FS) (http.Handler, error) {
	domain, err := graph.Domain()
	if err != nil {
		return nil, err
	}
	st := store.New(embedded.OpenMemory(domain.Catalog(), nil), store.Limits{})
	if _, err := exchange.Import(ctx, st, tables, domain.Catalog(), exchange.Options{}); err != nil {
		return nil, err
	}
	edge, err := graph.New(st, domain.Catalog(), graph.Config{})
	if err != nil {
		return nil, err
	}
	return httpserver.New(httpserver.Config{
		Schema: edge, Extensions: edge.Extensions(), Documents: edge.Documents(), Logger: slog.New(slog.DiscardHandler),
	})
}

// handle asks a handler without a socket.
func handle(ctx context.Context, handler http.Handler, body []byte) (*httptest.ResponseRecorder, time.Duration) {
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	reply := httptest.NewRecorder()
	began := time.Now()
	handler.ServeHTTP(reply, request)
	return reply, time.Since(began)
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
	handler, err := inside(ctx, tables)
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
		reply, t := handle(ctx, handler, body)
		if answer = reply.Body.Bytes(); reply.Code != http.StatusOK {
			return Handled{}, fmt.Errorf("%s", answer)
		}
		took = append(took, t)
	}
	return Handled{Took: median(took[times:]), Objects: bytes.Count(answer, []byte(`"id":`))}, nil
}
