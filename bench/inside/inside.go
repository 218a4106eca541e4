// Package inside runs nicgraph within this process, over any store, and asks it through everything
// but the socket. How often, and how long that takes, is told by those who ask.
package inside

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"nicgraph/graph"
	"nicgraph/internal/catalog"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/store"
)

// patience is how long an answer may take: the first ones of a large graph wait for what is made
// once, on a busy machine for long.
const patience = time.Minute

// Handler is the server's handler over a store.
func Handler(st *store.Store, cat *catalog.Catalog) (http.Handler, error) {
	edge, err := graph.New(st, cat, graph.Config{})
	if err != nil {
		return nil, err
	}
	return httpserver.New(httpserver.Config{
		Schema: edge, Extensions: edge.Extensions(), Documents: edge.Documents(), Logger: slog.New(slog.DiscardHandler),
		Timeout: patience,
	})
}

// Ask asks a handler, and tells how long it took over its answer.
func Ask(ctx context.Context, handler http.Handler, body []byte) (answer []byte, took time.Duration, err error) {
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	reply := httptest.NewRecorder()
	began := time.Now()
	handler.ServeHTTP(reply, request)
	took = time.Since(began)
	if answer = reply.Body.Bytes(); reply.Code != http.StatusOK || bytes.HasPrefix(answer, []byte(`{"errors"`)) {
		return nil, took, fmt.Errorf("refused with %d: %.500s", reply.Code, answer)
	}
	return answer, took, nil
}

// Query asks a handler a question.
func Query(ctx context.Context, handler http.Handler, query string) ([]byte, error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return nil, err
	}
	answer, _, err := Ask(ctx, handler, body)
	return answer, err
}
