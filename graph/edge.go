package graph

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/answer"
	"nicgraph/internal/catalog"
	"nicgraph/internal/compile"
	"nicgraph/internal/guard"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
)

// Config bounds what the edge lets through. The zero value takes the defaults.
type Config struct {
	Limits    guard.Limits // of a document; zero: guard.Default
	MaxAnswer int          // bytes of an answer; 0: 16 MiB
	Plans     int          // plans kept; 0: 2,000
}

// Edge answers GraphQL operations from a store. It is gqlgen's executable schema, and
// the handler extension that refuses an operation before it is run: one that is over a
// limit, or whose arguments are wrong.
type Edge struct {
	schema   *ast.Schema
	compiler *compile.Compiler
	store    *store.Store
	config   Config

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
	size     atomic.Int64 // bytes of its last answer: room to begin the next one with
}

// New makes the edge over a store whose catalog is cat.
func New(st *store.Store, cat *catalog.Catalog, config Config) (*Edge, error) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: served})
	if err != nil {
		return nil, fmt.Errorf("load the served schema: %w", err)
	}
	// What the library adds to every schema and this one does not have must not be told.
	delete(schema.Types, "Float")
	delete(schema.Directives, "defer")
	if config.Limits == (guard.Limits{}) {
		config.Limits = guard.Default
	}
	if config.MaxAnswer == 0 {
		config.MaxAnswer = 16 << 20
	}
	if config.Plans == 0 {
		config.Plans = 2000
	}
	e := &Edge{schema: schema, compiler: compile.New(schema, cat), store: st, config: config}
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
func (e *Edge) MutateOperationContext(_ context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	run, err := e.prepare(oc)
	if err != nil {
		return refusal(err)
	}
	oc.Stats.SetExtension(runKey, run)
	return nil
}

// run is an operation that is ready, with the values of its variables.
type run struct {
	*entry
	params plan.Params
}

// runKey is the name under which an operation context carries its run.
const runKey = "nicgraph.run"

func (e *Edge) prepare(oc *graphql.OperationContext) (*run, error) {
	op, ok := e.operations.Get(oc.Operation)
	if !ok {
		op = e.compiler.Operation(oc.Operation)
		e.operations.Add(oc.Operation, op)
	}
	structure, params, err := op.Specialize(oc.Variables)
	if err != nil {
		return nil, err
	}
	ready, err := e.plan(op, planKey{oc.Operation, structure}, oc)
	if err != nil {
		return nil, err
	}
	return &run{entry: ready, params: params}, ready.prepared.Check(params)
}

func (e *Edge) plan(op *compile.Operation, key planKey, oc *graphql.OperationContext) (*entry, error) {
	if ready, ok := e.plans.Get(key); ok {
		return ready, nil
	}
	p, err := op.Plan(oc.Variables)
	if err != nil {
		return nil, err
	}
	if err := compile.CheckDates(oc.Doc); err != nil { // after the plan, which tells where
		return nil, err
	}
	prepared, err := e.store.Prepare(p)
	if err != nil {
		return nil, err
	}
	ready := &entry{prepared: prepared}
	e.plans.Add(key, ready)
	return ready, nil
}

// Exec answers the operation of ctx.
func (e *Edge) Exec(ctx context.Context) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	ready, ok := oc.Stats.GetExtension(runKey).(*run)
	if !ok {
		return graphql.OneShot(graphql.ErrorResponse(ctx, "the operation was not prepared: the edge must be used as an extension too"))
	}
	return graphql.OneShot(e.respond(ctx, oc, ready))
}

func (e *Edge) respond(ctx context.Context, oc *graphql.OperationContext, r *run) *graphql.Response {
	result, err := r.prepared.Run(ctx, r.params)
	if err != nil {
		return failure(ctx, err)
	}
	defer result.Release()
	oc.Stats.SetExtension("nicgraph.rows", int64(len(result.Cells)))
	room := make([]byte, 0, r.size.Load()+64)
	data, missing, err := answer.Append(room, r.prepared.Plan, result, r.params, e.config.MaxAnswer)
	if err != nil {
		return failure(ctx, err)
	}
	r.size.Store(int64(len(data)))
	return &graphql.Response{Data: data, Errors: errorsOf(missing)}
}
