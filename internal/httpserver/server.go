// Package httpserver serves GraphQL over HTTP, with health, metrics and a log line per request.
// It knows neither the graph nor any store: the executable schema and the pages are handed to it.
package httpserver

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/cors"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/wording"
)

// Config says what a server serves and within which bounds. Only Schema must be set.
type Config struct {
	Schema         graphql.ExecutableSchema
	Extensions     []graphql.HandlerExtension        // limits and the like, outermost first
	ErrorPresenter graphql.ErrorPresenterFunc        // nil: PresentError; must leave what it presented as it is
	Pictures       []Picture                         // answers that are drawn, each at an address of its own
	Downloads      []Download                        // tables, each at an address of its own
	Admit          Admit                             // tells who asks; nil: everybody may, and nobody is known
	Explorer       http.Handler                      // serves / and /explorer/; nil: neither exists
	Ready          func(context.Context) error       // asked by /readyz; nil: always ready
	Logger         *slog.Logger                      // nil: slog.Default()
	Metrics        *prometheus.Registry              // takes the server's metrics and is served; nil: an own one
	Origins        []string                          // other origins whose pages may read answers; "*" allows all
	Timeout        time.Duration                     // for one operation; 0: 10 s
	ReadyTimeout   time.Duration                     // for one question to Ready; 0: 2 s
	MaxBody        int64                             // bytes of a request body; 0: 1 MiB
	MaxTokens      int                               // tokens of a document; 0: 10,000
	Documents      graphql.Cache[*ast.QueryDocument] // keeps validated documents by their text; nil: none are kept
	Live           Live                              // bounds of what lasts
}

func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.ErrorPresenter == nil {
		c.ErrorPresenter = PresentError(c.Logger)
	}
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	setDefault(&c.Timeout, 10*time.Second)
	setDefault(&c.ReadyTimeout, 2*time.Second)
	setDefault(&c.MaxBody, 1<<20)
	setDefault(&c.MaxTokens, 10_000)
	c.Live = c.Live.WithDefaults()
	return c
}

func setDefault[T comparable](value *T, otherwise T) {
	var zero T
	if *value == zero {
		*value = otherwise
	}
}

// New makes the handler for every path of the server.
func New(c Config) (http.Handler, error) {
	c = c.withDefaults()
	guard, err := originGuard(c.Origins)
	if err != nil {
		return nil, err
	}
	endpoint := &transport{
		timeout: c.Timeout, maxBody: c.MaxBody, known: newKnown(), origins: guard, schema: c.Schema.Schema(),
		recover: recovered(c.Logger), present: c.ErrorPresenter,
	}
	watched := &api{
		carrier: endpoint, executor: newExecutor(c), admit: c.Admit, present: c.ErrorPresenter,
		metrics: newMetrics(c.Metrics), log: c.Logger,
	}
	compress, err := compression()
	if err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	mux := routes(c)
	mux.Handle("/graphql", shared(lively(watched, endpoint, c, compress(orPage(watched))), c.Origins))
	for _, p := range c.Pictures {
		drawn, err := newPicture(p, endpoint)
		if err != nil {
			return nil, fmt.Errorf("serve %s: %w", p.Path, err)
		}
		mux.Handle(p.Path, compress(shared(watched.carriedBy(drawn), c.Origins)))
	}
	for _, d := range c.Downloads {
		mux.Handle(d.Path, compress(shared(watched.carriedBy(&download{d, endpoint}), c.Origins)))
	}
	return withRequestID(withSafety(c.Logger, mux)), nil
}

// compression compresses answers for those who can read that. What stands between them and others is
// made for them only.
func compression() (func(http.Handler) http.Handler, error) {
	compress, err := gzhttp.NewWrapper(gzhttp.SuffixETag("-gzip"))
	return func(h http.Handler) http.Handler {
		compressed := compress(h)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if len(r.Header["Accept-Encoding"]) > 0 {
				compressed.ServeHTTP(w, r)
				return
			}
			vary(w, r, "Accept-Encoding")
			h.ServeHTTP(w, r)
		})
	}, err
}

func newExecutor(c Config) graphql.GraphExecutor {
	e := executor.New(c.Schema)
	e.SetErrorPresenter(c.ErrorPresenter)
	e.SetRecoverFunc(recovered(c.Logger))
	e.SetParserTokenLimit(c.MaxTokens)
	if c.Documents != nil {
		e.SetQueryCache(c.Documents)
	}
	for _, x := range c.Extensions {
		e.Use(x)
	}
	return worded{e, c.Schema.Schema()}
}

// worded is an executor that says in our words what is wrong with an operation.
type worded struct {
	graphql.GraphExecutor
	schema *ast.Schema
}

func (w worded) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	operation, errs := w.GraphExecutor.CreateOperationContext(ctx, params)
	for i, err := range errs {
		errs[i] = wording.Of(w.schema, operation.Operation, err)
	}
	return operation, errs
}

func routes(c Config) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", ready(c.Ready, c.ReadyTimeout, c.Logger))
	mux.Handle("GET /metrics", promhttp.HandlerFor(c.Metrics, promhttp.HandlerOpts{}))
	if c.Explorer != nil {
		mux.Handle("GET /{$}", c.Explorer)
		mux.Handle("GET /explorer/", c.Explorer)
	}
	mux.HandleFunc("/", unknown)
	return mux
}

func alive(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, "alive")
}

func ready(ask func(context.Context) error, timeout time.Duration, log *slog.Logger) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		if err := ask(ctx); err != nil {
			log.Warn("not ready", "error", err, "request_id", idOf(w))
			http.Error(w, "not ready: the store cannot be asked now", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	}
}

func unknown(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "There is nothing here. Questions go to /graphql; a page to ask them is at /.", http.StatusNotFound)
}

// shared lets pages of the listed origins read answers. Without a list no CORS header is ever sent.
func shared(h http.Handler, origins []string) http.Handler {
	if len(origins) == 0 {
		return h
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Accept", "If-None-Match", requestIDHeader, "X-Nicgraph-Cost"},
		ExposedHeaders: []string{requestIDHeader, "WWW-Authenticate", "ETag", "Link", cursorHeader, "Content-Disposition", RowsHeader, LeftCensoredHeader},
		MaxAge:         600,
	}).Handler(h)
}

// CheckOrigins tells which of the origins cannot be one.
func CheckOrigins(origins []string) error {
	_, err := originGuard(origins)
	return err
}

// originGuard refuses what a page of an unlisted origin makes a browser send, however it manages to.
func originGuard(origins []string) (*http.CrossOriginProtection, error) {
	if slices.Contains(origins, "*") {
		return nil, nil
	}
	guard := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := guard.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("%q is no origin: write it as https://example.org: %w", origin, err)
		}
	}
	return guard, nil
}
