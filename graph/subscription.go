package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"nicgraph/internal/analytics"
	"nicgraph/internal/answer"
	"nicgraph/internal/change"
	"nicgraph/internal/compile"
	"nicgraph/internal/effort"
	"nicgraph/internal/live"
	"nicgraph/internal/plan"
)

// waiting is a subscription that is ready, with the values of its variables.
type waiting struct {
	*compile.Subscription
	params plan.Params
	cost   int // of each change that is told
	where  live.Where
	after  *int
}

// prepareWaiting compiles a subscription. Its plan is not kept: it serves for long.
func (e *Edge) prepareWaiting(oc *graphql.OperationContext) (*waiting, error) {
	op := e.compiler.Operation(oc.Operation)
	_, params, err := op.Specialize(oc.Variables)
	if err != nil {
		return nil, err
	}
	s, err := op.Subscription(oc.Variables)
	if err != nil {
		return nil, err
	}
	if err := compile.CheckDates(oc.Doc); err != nil {
		return nil, err
	}
	if err := e.check(s.Plan, params); err != nil {
		return nil, err
	}
	cost, err := e.afford(s.Plan, params)
	w := &waiting{Subscription: s, params: params, cost: cost}
	w.where = live.Where{Types: w.texts("where.types"), IDs: w.texts("where.ids"), By: w.texts("where.by")}
	if after := w.Args["after"].Value(params); !after.IsNull() {
		number := int(after.Num)
		w.after = &number
	}
	return w, err
}

// texts are those of an argument that is a list, nil when it is not given.
func (w *waiting) texts(name string) []string {
	operand, given := w.Args[name]
	if !given {
		return nil
	}
	list := operand.Value(w.params)
	if list.IsNull() {
		return nil
	}
	all := make([]string, len(list.List()))
	for i, v := range list.List() {
		all[i] = v.Str
	}
	return all
}

// stream answers with one change after the other, until the reader falls behind or ctx ends.
func (w *waiting) stream(ctx context.Context, e *Edge, oc *graphql.OperationContext) graphql.ResponseHandler {
	effort.Note(oc, effort.Spent{Cost: w.cost})
	reader, err := e.feed.Read(ctx, w.where, w.after)
	if err != nil {
		return graphql.OneShot(&graphql.Response{Errors: refusals(err, w.Path)})
	}
	context.AfterFunc(ctx, reader.Close)
	ended := false
	return func(ctx context.Context) *graphql.Response {
		if ended {
			return nil
		}
		response, err := w.next(ctx, e, reader)
		if err == nil {
			return response
		}
		ended = true
		reader.Close()
		if ctx.Err() != nil { // whoever ended it knows why
			return nil
		}
		return &graphql.Response{Errors: refusals(err, w.Path)}
	}
}

// next waits for a change and tells it.
func (w *waiting) next(ctx context.Context, e *Edge, reader *live.Reader) (*graphql.Response, error) {
	written, err := reader.Next(ctx)
	if err != nil {
		return nil, err
	}
	leave, err := e.turn(ctx, w.cost)
	if err != nil {
		return nil, err
	}
	defer leave()
	var t told
	err = live.Patiently(ctx, func() (err error) {
		for range tries {
			if t, err = w.tell(ctx, e, written); err != nil || len(t.missing) == 0 {
				break
			}
		}
		return err
	})
	return &graphql.Response{Data: t.data, Errors: errorsOf(t.missing)}, err
}

// turn waits until a change may be told: as much as questions may take at once is taken by all
// changes together that are being told. Who waits for long falls behind, and is ended for that.
func (e *Edge) turn(ctx context.Context, cost int) (leave func(), err error) {
	places := int64(min(e.places(cost), e.tellers))
	if err := e.telling.Acquire(ctx, places); err != nil {
		return nil, err
	}
	return func() { e.telling.Release(places) }, nil
}

// told is a change as it is told.
type told struct {
	data    []byte
	missing []answer.Error
}

func (w *waiting) tell(ctx context.Context, e *Edge, written *change.Recorded) (t told, err error) {
	result := plan.NewResult()
	defer result.Release()
	result.Grow(1 + len(w.Plan.Query.Slots))
	result.Cells[0] = plan.Cell{Kind: plan.CellRow}
	ctx = e.store.Steady(ctx)
	notice := analytics.Notice(ctx, e.computed, written, w.where.Touches)
	if err := e.computed.Put(ctx, w.Plan, result, w.params, w.Slot, notice); err != nil {
		return t, err
	}
	t.data, t.missing, err = answer.Append(nil, w.Plan, result, w.params, e.config.MaxAnswer)
	return t, err
}
