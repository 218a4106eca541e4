package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"

	"nicgraph/graph"
	"nicgraph/internal/catalog"
	"nicgraph/internal/exchange"
	"nicgraph/internal/explorer"
	"nicgraph/internal/fault"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/picture"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/neo4jstore"
	"nicgraph/seed"
)

// App is the running program: New opens everything, Run serves until its context ends,
// Close gives everything back.
type App struct {
	config   Config
	catalog  *catalog.Catalog
	store    *store.Store
	listener net.Listener
	handler  http.Handler
	out      io.Writer
}

// New opens the store, gives a new one the curated data, and takes the address.
func New(ctx context.Context, config Config, out io.Writer, logger *slog.Logger) (*App, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	a := &App{config: config, out: out}
	if err := a.open(ctx, logger); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context, logger *slog.Logger) (err error) {
	// The address first: a busy port must not cost an import.
	if a.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", a.config.Listen); err != nil {
		return listenFault(a.config.Listen, err)
	}
	if a.store, a.catalog, err = openStore(ctx, &a.config); err != nil {
		return err
	}
	if err := a.begin(ctx); err != nil {
		return err
	}
	edge, err := graph.New(a.store, a.catalog, graph.Config{Allow: a.allow})
	if err != nil {
		return err
	}
	a.handler, err = httpserver.New(httpserver.Config{
		Schema: edge, Extensions: edge.Extensions(), Documents: edge.Documents(),
		Pictures: picture.All(), Downloads: spreadDownloads(edge), Explorer: explorer.Handler(), Ready: a.store.Ready, Logger: logger,
		Origins: a.config.Origins, Timeout: a.config.Timeout,
	})
	return err
}

// begin imports the curated data into a store that holds nothing yet.
func (a *App) begin(ctx context.Context) error {
	empty, err := a.store.Empty(ctx)
	if err != nil || !empty || a.config.Empty {
		return err
	}
	report, err := exchange.Import(ctx, a.store, seed.Tables, a.catalog, exchange.Options{Note: noteOf(curated)})
	if err != nil {
		return fmt.Errorf("import the curated data: %w", err)
	}
	fmt.Fprintf(a.out, "A new store: the curated data is in (%s).\n", report)
	return nil
}

// allow lets everybody write who can reach an address of this machine only, under the name of
// whoever runs the program. On any other address, and where pages of every origin may send
// requests, nobody writes.
func (a *App) allow(context.Context) (string, error) {
	switch {
	case !loopback(a.listener.Addr()):
		return "", fault.New(fault.Forbidden, "writing is closed here, for other machines can reach this address; write on the machine itself, at a loopback address")
	case slices.Contains(a.config.Origins, "*"):
		return "", fault.New(fault.Forbidden, "writing is closed here, for pages of every origin can send requests (--cors '*'); list the origins instead")
	}
	return a.config.Writer, nil
}

// Address is where the program serves.
func (a *App) Address() string { return "http://" + a.listener.Addr().String() }

// Run serves until ctx ends.
func (a *App) Run(ctx context.Context) error {
	return httpserver.Serve(ctx, a.listener, a.handler)
}

// Close gives back the address and the store.
func (a *App) Close() error {
	var errs []error
	if a.listener != nil {
		if err := a.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}

// openStore opens the store that the configuration names.
func openStore(ctx context.Context, config *Config) (*store.Store, *catalog.Catalog, error) {
	domain, err := graph.Domain()
	if err != nil {
		return nil, nil, err
	}
	cat := domain.Catalog()
	backend, err := openBackend(ctx, config, cat)
	if err != nil {
		return nil, nil, err
	}
	return store.New(backend, store.Limits{Timeout: config.Timeout}), cat, nil
}

func openBackend(ctx context.Context, config *Config, cat *catalog.Catalog) (store.Backend, error) {
	switch config.Store {
	case "embedded":
		return embedded.Open(config.Data, cat, nil)
	case "neo4j":
		return neo4jstore.Open(ctx, config.Neo4j, cat)
	default:
		return nil, usageError{fmt.Errorf("there is no store %q; --store takes embedded or neo4j", config.Store)}
	}
}
