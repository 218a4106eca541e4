package graph

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"nicgraph/internal/answer"
	"nicgraph/internal/compile"
	"nicgraph/internal/computed"
	"nicgraph/internal/effort"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// run is an operation that is ready, with the values of its variables.
type run struct {
	*entry
	params plan.Params
	cost   int
}

// runKey is the name under which an operation context carries its run.
const runKey = "nicgraph.run"

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
	return &run{entry: ready, params: params, cost: cost}, err
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
	ready := &entry{prepared: prepared, computed: computed.Has(p)}
	if kept(oc.RawQuery, key.structure, p) {
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

func (r *run) respond(ctx context.Context, e *Edge, oc *graphql.OperationContext) *graphql.Response {
	effort.Note(oc, effort.Cost, r.cost)
	leave, err := e.reads.Enter(ctx, e.places(r.cost))
	if err != nil {
		return failure(ctx, err)
	}
	defer leave()
	if r.computed {
		ctx = e.store.Steady(ctx)
	}
	for try := 1; ; try++ {
		told, err := r.answer(ctx, e, oc)
		switch {
		case err != nil:
			return failure(ctx, err)
		case len(told.missing) == 0, !r.computed, try == tries:
			if oc.Headers.Get(CostHeader) != "" {
				graphql.RegisterExtension(ctx, "cost", map[string]int{"cost": r.cost, "limit": e.config.MaxCost, "objects": told.objects})
			}
			return &graphql.Response{Data: told.data, Errors: errorsOf(told.missing)}
		}
	}
}

// tries is how often an answer is begun that takes several reads: what one of them names may be
// deleted before the next, where the store cannot keep them to one state.
const tries = 3

// told is an answer as it is sent.
type told struct {
	data    []byte
	missing []answer.Error
	objects int
}

// answer reads and works out everything, and writes it.
func (r *run) answer(ctx context.Context, e *Edge, oc *graphql.OperationContext) (t told, err error) {
	result, err := r.prepared.Run(ctx, r.params)
	if err != nil {
		return t, err
	}
	defer result.Release()
	if r.computed {
		if err := e.computed.Fill(ctx, r.prepared.Plan, result, r.params); err != nil {
			return t, err
		}
	}
	t.objects = result.Objects()
	effort.Note(oc, effort.Rows, t.objects)
	room := make([]byte, 0, r.size.Load()+64)
	if t.data, t.missing, err = answer.Append(room, r.prepared.Plan, result, r.params, e.config.MaxAnswer); err != nil {
		return t, err
	}
	r.size.Store(int64(len(t.data)))
	return t, nil
}
