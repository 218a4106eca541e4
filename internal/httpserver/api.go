package httpserver

import (
	"context"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// api is an address that is watched: the GraphQL endpoint, a picture or a download.
type api struct {
	carrier  carrier
	executor graphql.GraphExecutor
	admit    Admit // nil: everybody, and nobody knows who
	present  graphql.ErrorPresenterFunc
	metrics  *metrics
	log      *slog.Logger
}

// carrier answers a request, mostly by bringing its operation to the executor and the answer back.
type carrier interface {
	serve(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) served
	methods() string
}

// carriedBy is the same executor, watched by the same metrics and log, behind another carrier.
func (a *api) carriedBy(c carrier) *api {
	other := *a
	other.carrier = c
	return &other
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", a.carrier.methods())
		w.WriteHeader(http.StatusNoContent)
		return
	}
	start := time.Now()
	a.metrics.inFlight.Inc()
	defer a.metrics.inFlight.Dec()
	ctx := identify(r.Context(), w)
	done := a.admitted(ctx, w, r)
	a.ended(ctx, done, time.Since(start))
	if done.broken { // the connection breaks off too, lest a part is taken for the whole
		panic(http.ErrAbortHandler)
	}
}

// ended counts and logs what is done.
func (a *api) ended(ctx context.Context, done served, took time.Duration) {
	a.metrics.observe(done, took)
	a.record(ctx, done, took)
}

// orPage leads people who typed the endpoint's address into a browser to the page for asking.
func orPage(endpoint http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wantsPage(r) {
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		endpoint.ServeHTTP(w, r)
	})
}

// wantsPage recognizes a person who typed the endpoint's address into a browser.
func wantsPage(r *http.Request) bool {
	if r.Method != http.MethodGet || r.URL.RawQuery != "" {
		return false
	}
	first, _, _ := strings.Cut(r.Header.Get("Accept"), ",")
	media, _, _ := mime.ParseMediaType(first)
	return media == "text/html"
}

// record writes the one line of a request. It never holds variables or the text of the query.
func (a *api) record(ctx context.Context, done served, took time.Duration) {
	level := slog.LevelInfo
	if done.status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	if !a.log.Enabled(ctx, level) {
		return
	}
	attrs := append(make([]slog.Attr, 0, 10),
		slog.String("operation", done.name()),
		slog.String("kind", done.kind()),
		slog.Int("status", done.status),
		slog.String("outcome", done.code),
		slog.Duration("duration", took),
		slog.Int("bytes", done.bytes),
		slog.String("request_id", RequestID(ctx)))
	if done.viewer != "" {
		attrs = append(attrs, slog.String("viewer", done.viewer))
	}
	a.log.LogAttrs(ctx, level, "request", append(attrs, done.stats()...)...)
}

func (s served) name() string {
	if s.operation == nil {
		return s.download
	}
	return s.operation.Name
}

func (s served) kind() string {
	switch {
	case s.download != "":
		return "download"
	case s.socket:
		return "socket"
	case s.operation == nil:
		return "none"
	default:
		return string(s.operation.Operation)
	}
}

func (s served) stats() (attrs []slog.Attr) {
	if s.spent.Cost != 0 {
		attrs = append(attrs, slog.Int("cost", s.spent.Cost))
	}
	if s.spent.Rows != 0 {
		attrs = append(attrs, slog.Int("rows", s.spent.Rows))
	}
	return attrs
}
