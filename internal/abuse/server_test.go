// Package abuse attacks the whole server, HTTP included, and bounds by counts what each
// attack makes it do. It holds only tests; docs/abuse.md records what they found.
package abuse

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"nicgraph/graph"
	"nicgraph/internal/asktest"
	"nicgraph/internal/auth"
	"nicgraph/internal/catalog"
	"nicgraph/internal/exchange"
	"nicgraph/internal/explorer"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/seed"
)

// newServer is the server as it is run, over the curated data, for somebody who may do all.
func newServer(tb testing.TB) http.Handler {
	tb.Helper()
	return serverOf(tb, nil)
}

func serverOf(tb testing.TB, opts *embedded.Options) http.Handler {
	tb.Helper()
	return serverFor(tb, opts, slog.New(slog.DiscardHandler), auth.Local("attacker"))
}

// serverFor takes everybody for the viewer.
func serverFor(tb testing.TB, opts *embedded.Options, logger *slog.Logger, viewer auth.Viewer) http.Handler {
	tb.Helper()
	handler, _, _ := open(tb, opts, logger, viewer)
	return handler
}

// open is the same, with the store behind the server.
func open(tb testing.TB, opts *embedded.Options, logger *slog.Logger, viewer auth.Viewer) (http.Handler, *store.Store, *catalog.Catalog) {
	tb.Helper()
	domain, err := graph.Domain()
	if err != nil {
		tb.Fatal(err)
	}
	cat := domain.Catalog()
	backend := embedded.OpenMemory(cat, opts)
	st := store.New(backend, store.Limits{})
	tb.Cleanup(func() { _ = st.Close() })
	if _, err := exchange.Import(tb.Context(), st, seed.Tables, cat, exchange.Options{}); err != nil {
		tb.Fatal(err)
	}
	edge, err := graph.New(st, cat, graph.Config{Allow: auth.Writer, Proposals: backend, Persons: backend})
	if err != nil {
		tb.Fatal(err)
	}
	handler, err := httpserver.New(httpserver.Config{
		Schema: edge, Extensions: edge.Extensions(), Documents: edge.Documents(), Explorer: explorer.Handler(),
		Logger: logger,
		Admit:  func(*http.Request) (auth.Viewer, error) { return viewer, nil },
	})
	if err != nil {
		tb.Fatal(err)
	}
	return handler, st, cat
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// code is the code of the first error, "" when there is none.
func (a answer) code() string {
	var reply struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if json.Unmarshal([]byte(a.body), &reply) != nil || len(reply.Errors) == 0 {
		return ""
	}
	return reply.Errors[0].Extensions.Code
}

func send(h http.Handler, r *http.Request) answer {
	w := asktest.Of(h, r)
	return answer{status: w.Code, header: w.Header(), body: w.Body.String()}
}

// post is a request of a client that takes statuses seriously.
func post(body string) *http.Request {
	return asktest.Request(body, "Accept", "application/graphql-response+json")
}

// get asks an address with a header or none.
func get(target string, header ...string) *http.Request {
	return asktest.With(httptest.NewRequest(http.MethodGet, target, http.NoBody), header...)
}

// fresh numbers documents, so that no cache knows them.
var fresh atomic.Int64

// asked is the body of a question whose text was never seen before.
func asked(query string, variables any) string {
	return asktest.Question{Query: query + strings.Repeat(" ", int(fresh.Add(1)%4096)), Variables: variables}.String()
}
