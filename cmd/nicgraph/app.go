package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"

	"nicgraph/graph"
	"nicgraph/internal/auth"
	"nicgraph/internal/catalog"
	"nicgraph/internal/exchange"
	"nicgraph/internal/explorer"
	"nicgraph/internal/fault"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/picture"
	"nicgraph/internal/proposal"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/neo4jstore"
	"nicgraph/internal/withdraw"
	"nicgraph/seed"
)

// App is the running program: New opens everything, Run serves until its context ends,
// Close gives everything back.
type App struct {
	config   Config
	catalog  *catalog.Catalog
	store    *store.Store
	listener net.Listener
	backups  net.Listener // nil: none are given
	gate     *auth.Gate
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
	all, err := openAll(ctx, &a.config, store.Limits{Timeout: a.config.Timeout})
	if err != nil {
		return err
	}
	a.store, a.catalog = all.store, all.catalog
	a.backups = listenForBackups(ctx, &a.config)
	if err := a.begin(ctx); err != nil {
		return err
	}
	if a.gate, err = a.config.Who.gate(ctx, all.keeper, loopback(a.listener.Addr()), logger); err != nil {
		return err
	}
	edge, err := graph.New(a.store, a.catalog, graph.Config{Allow: auth.Writer, Proposals: all.proposals, Persons: all.persons, Reads: a.config.atOnce(), Live: a.config.Follow})
	if err != nil {
		return err
	}
	a.handler, err = httpserver.New(httpserver.Config{
		Schema: edge, Extensions: edge.Extensions(), Documents: edge.Documents(), Admit: a.gate.Admit,
		Pictures: picture.All(), Downloads: spreadDownloads(edge), Explorer: explorer.Handler(), Ready: a.store.Ready, Logger: logger,
		Origins: a.config.Origins, Timeout: a.config.Timeout, Live: a.config.Live,
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

// Address is where the program serves.
func (a *App) Address() string { return "http://" + a.listener.Addr().String() }

// Run serves until ctx ends.
func (a *App) Run(ctx context.Context) error {
	if a.backups != nil {
		go giveBackups(ctx, a.backups, a.store)
	}
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
	if a.backups != nil {
		errs = append(errs, a.backups.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}

// opened is a store that is open, with the tokens beside it.
type opened struct {
	store   *store.Store
	catalog *catalog.Catalog
	keeper  auth.Keeper

	proposals proposal.Keeper
	persons   withdraw.Keeper
}

// openStore opens the store that the configuration names for a command that does its work and
// ends: it may take the time that it needs, and whoever waits can interrupt it.
func openStore(ctx context.Context, config *Config) (*store.Store, *catalog.Catalog, error) {
	o, err := openAll(ctx, config, store.Limits{})
	return o.store, o.catalog, err
}

// openExisting opens the store for a command that only reads. Where there is none it makes none: the
// folder is a wrong one.
func openExisting(ctx context.Context, config *Config) (*store.Store, *catalog.Catalog, error) {
	if config.Store == embedded.Kind && embedded.Missing(config.Data) {
		return nil, nil, fault.New(fault.NotFound, "there is no store in %s; name another folder with --data, or begin one with nicgraph serve or nicgraph import", config.Data)
	}
	return openStore(ctx, config)
}

func openAll(ctx context.Context, config *Config, limits store.Limits) (o opened, err error) {
	domain, err := graph.Domain()
	if err != nil {
		return o, err
	}
	o.catalog = domain.Catalog()
	backend, keeper, err := openBackend(ctx, config, o.catalog)
	if err != nil {
		return o, err
	}
	o.store, o.keeper = store.New(backend, limits), keeper
	o.proposals, o.persons = backend, backend
	return o, nil
}

// backend is a store with the proposals, and with what is hidden, beside the graph.
type backend interface {
	store.Backend
	proposal.Keeper
	withdraw.Keeper
}

func openBackend(ctx context.Context, config *Config, cat *catalog.Catalog) (backend, auth.Keeper, error) {
	switch config.Store {
	case "embedded":
		s, err := embedded.Open(config.Data, cat, nil)
		return s, embedded.TokensIn(config.Data), err
	case "neo4j":
		s, err := neo4jstore.Open(ctx, config.Neo4j, cat)
		return s, s, err
	default:
		return nil, nil, usageError{fmt.Errorf("there is no store %q; --store takes embedded or neo4j", config.Store)}
	}
}
