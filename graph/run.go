package graph

import (
	"context"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/answer"
	"nicgraph/internal/compile"
	"nicgraph/internal/computed"
	"nicgraph/internal/effort"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/prepared"
	"nicgraph/internal/store"
)

// run is an operation that is ready, with the values of its variables. It may run many times at once.
type run struct {
	*entry
	edge   *Edge
	bound  *store.Prepared // the entry's, for these variables
	params plan.Params
	cost   int
}

var _ prepared.Operation = (*run)(nil)

func (e *Edge) prepare(oc *graphql.OperationContext) (*run, error) {
	op, ok := e.operations.Get(oc.Operation)
	if !ok {
		op = e.compiler.Operation(oc.Operation)
		if len(oc.RawQuery) <= longestKept {
			e.operations.Add(oc.Operation, op)
		}
	}
	structure, params, err := op.Specialize(oc.Variables)
	if err != nil {
		return nil, err
	}
	ready, err := e.plan(op, planKey{oc.Operation, structure}, oc)
	if err != nil {
		return nil, err
	}
	if err := ready.prepared.Check(params); err != nil {
		return nil, err
	}
	if ready.computed {
		if err := e.computed.Check(ready.prepared.Plan, params); err != nil {
			return nil, err
		}
	}
	cost, err := e.afford(ready.prepared.Plan, params)
	if err != nil {
		return nil, err
	}
	return &run{entry: ready, edge: e, bound: ready.prepared.Bind(params), params: params, cost: cost}, nil
}

// afford is the cost of a plan, which must not be over the limit.
func (e *Edge) afford(p *plan.Plan, params plan.Params) (int, error) {
	cost := p.Cost(params)
	if cost > e.config.MaxCost {
		return cost, fault.New(fault.Limit, "the question may cost %s and this server allows %d: it asks for too many objects inside each other; ask for smaller pages", countString(cost), e.config.MaxCost)
	}
	return cost, nil
}

// countString writes a cost, or that it is beyond counting.
func countString(n int) string {
	if n > 1e15 {
		return "more than can be counted"
	}
	return strconv.Itoa(n)
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
	ready := &entry{prepared: prepared, computed: computed.Has(p), lasting: kept(oc.RawQuery, key.structure, p)}
	if ready.lasting {
		e.plans.Add(key, ready)
	}
	return ready, nil
}

// writesAtOnce is how many writes are worked on at once: they wait for the disk, and share it.
const writesAtOnce = 64

// dearest is how many places the dearest operation takes that is let through.
const dearest = 16

// places are what an operation of a cost takes of those that can be worked on at once.
func (e *Edge) places(cost int) int { return 1 + (dearest-1)*cost/e.config.MaxCost }

// CostHeader asks for the cost of a question among the answer's extensions.
const CostHeader = "X-Nicgraph-Cost"

// respond answers as gqlgen's executor wants it.
func (r *run) respond(ctx context.Context, oc *graphql.OperationContext) *graphql.Response {
	a := r.Answer(ctx, oc.Headers)
	effort.Note(oc, a.Spent)
	for name, extension := range a.Extensions {
		graphql.RegisterExtension(ctx, name, extension)
	}
	return &graphql.Response{Data: a.Data, Errors: a.Errors}
}

// Lasting tells whether the run is worth keeping.
func (r *run) Lasting() bool { return r.lasting }

// Answer reads and works out everything, and writes it.
func (r *run) Answer(ctx context.Context, header http.Header) prepared.Answer {
	leave, err := r.edge.reads.Enter(ctx, r.edge.places(r.cost))
	if err != nil {
		return r.failed(err)
	}
	defer leave()
	if r.computed {
		ctx = r.edge.store.Steady(ctx)
	}
	for try := 1; ; try++ {
		a, missing, err := r.answer(ctx)
		if err != nil {
			return r.failed(err)
		}
		if len(missing) > 0 && r.computed && try < tries {
			a.Release()
			continue
		}
		a.Errors = errorsOf(missing)
		if header.Get(CostHeader) != "" {
			a.Extensions = map[string]any{"cost": map[string]int{"cost": r.cost, "limit": r.edge.config.MaxCost, "objects": a.Spent.Rows}}
		}
		return a
	}
}

// failed is the answer when there is none. It has no data, not even null, so that the HTTP status tells
// of it.
func (r *run) failed(err error) prepared.Answer {
	return prepared.Answer{Errors: gqlerror.List{refusal(err)}, Spent: effort.Spent{Cost: r.cost}}
}

// tries is how often an answer is begun that takes several reads: what one of them names may be
// deleted before the next, where the store cannot keep them to one state.
const tries = 3

// answer is one try.
func (r *run) answer(ctx context.Context) (a prepared.Answer, missing []answer.Error, err error) {
	result, err := r.bound.Run(ctx, r.params)
	if err != nil {
		return a, nil, err
	}
	defer result.Release()
	if r.computed {
		if err := r.edge.computed.Fill(ctx, r.prepared.Plan, result, r.params); err != nil {
			return a, nil, err
		}
	}
	room := prepared.NewRoom(int(r.size.Load()))
	text, missing, err := answer.Append(room.Begin(), r.prepared.Plan, result, r.params, r.edge.config.MaxAnswer)
	if err != nil {
		room.Release()
		return a, nil, err
	}
	a = room.Answer(text)
	a.Spent = effort.Spent{Cost: r.cost, Rows: result.Objects()}
	r.size.Store(int64(len(a.Data)))
	return a, missing, nil
}
