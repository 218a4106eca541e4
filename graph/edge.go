package graph

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/sync/semaphore"

	"nicgraph/internal/admission"
	"nicgraph/internal/analytics"
	"nicgraph/internal/catalog"
	"nicgraph/internal/compile"
	"nicgraph/internal/computed"
	"nicgraph/internal/edit"
	"nicgraph/internal/guard"
	"nicgraph/internal/live"
	"nicgraph/internal/prepared"
	"nicgraph/internal/proposal"
	"nicgraph/internal/review"
	"nicgraph/internal/store"
	"nicgraph/internal/withdraw"
)

// Config bounds what the edge lets through. The zero value takes the defaults.
type Config struct {
	Limits    guard.Limits // of a document; zero: guard.Default
	MaxAnswer int          // bytes of an answer; 0: 16 MiB
	MaxCost   int          // of an operation, see plan.Cost; 0: 1,000,000
	Plans     int          // plans kept; 0: 500

	// Allow tells who writes, under the name that the history keeps, or why that may not be
	// (fault.Unauthenticated, fault.Forbidden). It is asked before anything is made of a
	// mutation; nil: nobody may write.
	Allow func(ctx context.Context) (by string, err error)
	// Proposals keeps what is proposed by those who may propose and not write; nil: nobody proposes.
	Proposals proposal.Keeper
	Persons   withdraw.Keeper  // hides, shows and erases persons; nil: nobody does
	Clock     func() time.Time // tells when something is written; nil: time.Now
	Live      live.Limits      // of subscriptions

	Reads, Writes admission.Limits // of what is worked on at once; the dearest takes dearest places
}

// Edge answers GraphQL operations from a store. It is gqlgen's executable schema, and
// the handler extension that refuses an operation before it is run: one that is over a
// limit, or whose arguments are wrong.
type Edge struct {
	schema   *ast.Schema
	catalog  *catalog.Catalog
	compiler *compile.Compiler
	store    *store.Store
	computed *computed.Engine
	editor   *edit.Editor
	feed     *live.Feed
	desk     *review.Desk // nil: nobody proposes
	config   Config
	spread   *ast.QueryDocument // the question behind tables of spread
	reads    *admission.Queue
	writes   *admission.Queue
	telling  *semaphore.Weighted // of what subscriptions tell
	tellers  int                 // its size

	documents  Documents
	operations *lru.Cache[*ast.OperationDefinition, *compile.Operation]
	plans      *lru.Cache[planKey, *entry]
}

// planKey tells plans apart: by the operation, a pointer into a cached document, and by
// the structure that its variables give it.
type planKey struct {
	operation *ast.OperationDefinition
	structure string
}

// entry is a plan that is ready to run.
type entry struct {
	prepared *store.Prepared
	computed bool         // parts of it are worked out after the store's run
	lasting  bool         // it is kept for the next time
	size     atomic.Int64 // bytes of its last answer: room to begin the next one with
}

// New makes the edge over a store whose catalog is cat.
func New(st *store.Store, cat *catalog.Catalog, config Config) (*Edge, error) {
	schema, err := loadSchema()
	if err != nil {
		return nil, err
	}
	if config.Limits == (guard.Limits{}) {
		config.Limits = guard.Default
	}
	if config.MaxAnswer == 0 {
		config.MaxAnswer = 16 << 20
	}
	if config.MaxCost == 0 {
		config.MaxCost = 1_000_000
	}
	if config.Plans == 0 {
		config.Plans = 500
	}
	if config.Allow == nil {
		config.Allow = nobody
	}
	if config.Writes.Places == 0 {
		config.Writes.Places = writesAtOnce
	}
	if config.Clock == nil {
		config.Clock = time.Now
	}
	e := &Edge{schema: schema, catalog: cat, compiler: compile.New(schema, cat), store: st, config: config, editor: edit.New(st, cat), feed: live.New(st, config.Live)}
	e.reads, e.writes = admission.New(config.Reads), admission.New(config.Writes)
	e.tellers = e.reads.Places()
	e.telling = semaphore.NewWeighted(int64(e.tellers))
	if config.Proposals != nil {
		e.desk = review.New(config.Proposals, e.editor, cat, config.Clock)
	}
	e.computed = computed.New(st, cat, e.computedFields(), analytics.Checks())
	if e.spread, err = parseSpread(schema); err != nil {
		return nil, err
	}
	if err := e.makeCaches(config.Plans); err != nil {
		return nil, fmt.Errorf("make room for %d plans: %w", config.Plans, err)
	}
	return e, nil
}

func (e *Edge) makeCaches(size int) (err error) {
	if e.documents.cache, err = lru.New[string, *ast.QueryDocument](size); err != nil {
		return err
	}
	if e.operations, err = lru.New[*ast.OperationDefinition, *compile.Operation](size); err != nil {
		return err
	}
	e.plans, err = lru.New[planKey, *entry](size)
	return err
}

// Documents keeps validated documents by their text. The HTTP server must use it as its
// query cache: a document in it has passed the limits.
func (e *Edge) Documents() Documents { return e.documents }

// Extensions are what gqlgen's executor must be given besides the schema.
func (e *Edge) Extensions() []graphql.HandlerExtension { return []graphql.HandlerExtension{e} }

// Schema is the served schema.
func (e *Edge) Schema() *ast.Schema { return e.schema }

// Complexity is not used: cost is decided on plans.
func (e *Edge) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

// ExtensionName names the extension.
func (e *Edge) ExtensionName() string { return "nicgraph" }

// Validate accepts every schema: the edge brings its own.
func (e *Edge) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses a document that is over a limit before it is validated.
func (e *Edge) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if _, known := e.documents.Get(ctx, request.Query); known {
		return nil
	}
	if _, err := guard.Parse(request.Query, e.config.Limits); err != nil {
		return refusal(err)
	}
	return nil
}

// MutateOperationContext compiles the operation and checks its arguments, so that
// nothing runs unless all of it can.
func (e *Edge) MutateOperationContext(ctx context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	ready, err := e.ready(ctx, oc)
	if err != nil {
		return refusal(err)
	}
	prepared.Leave(oc, ready)
	return nil
}

// ready makes an operation ready: a *run, a *writing, or a *waiting.
func (e *Edge) ready(ctx context.Context, oc *graphql.OperationContext) (any, error) {
	switch oc.Operation.Operation {
	case ast.Mutation:
		return e.prepareWriting(ctx, oc)
	case ast.Subscription:
		return e.prepareWaiting(oc)
	default:
		return e.prepare(oc)
	}
}

// Exec answers the operation of ctx.
func (e *Edge) Exec(ctx context.Context) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	switch ready := prepared.Left(oc).(type) {
	case *run:
		return once(func(ctx context.Context) *graphql.Response { return ready.respond(ctx, oc) })
	case *writing:
		return once(func(ctx context.Context) *graphql.Response { return ready.respond(ctx, e, oc) })
	case *waiting:
		return ready.stream(ctx, e, oc)
	default:
		return graphql.OneShot(graphql.ErrorResponse(ctx, "the operation was not prepared: the edge must be used as an extension too"))
	}
}

// once is the one answer of an operation.
func once(respond graphql.ResponseHandler) graphql.ResponseHandler {
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		return respond(ctx)
	}
}
