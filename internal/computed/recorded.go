package computed

import (
	"context"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

// pastPlans are the plans about the graph as it was known, ready to run.
type pastPlans = lru.Cache[*plan.Recorded, *store.Prepared]

// recorded runs a plan on the graph as it was known at a moment, and puts its root row into
// the cell.
func (f *filler) recorded(read *plan.Recorded, cell int) error {
	prepared, err := f.engine.preparePast(read)
	if err != nil {
		return err
	}
	then, err := f.engine.asKnown(f.ctx, read.Time.Value(f.params).Str)
	if err != nil {
		return err
	}
	brought, err := prepared.Run(then, f.params)
	if err != nil {
		return err
	}
	defer brought.Release()
	if err := f.engine.Fill(then, prepared.Plan, brought, f.params); err != nil {
		return err
	}
	f.result.Cells[cell] = plan.Cell{Kind: plan.CellAt, Num: int64(f.append(brought))}
	return nil
}

func (e *Engine) preparePast(read *plan.Recorded) (*store.Prepared, error) {
	if ready, ok := e.pasts.Get(read); ok {
		return ready, nil
	}
	prepared, err := e.Store.Prepare(read.Plan)
	if err != nil {
		return nil, err
	}
	e.pasts.Add(read, prepared)
	return prepared, nil
}

// asKnown is a context whose reads are of the graph as it was known at a moment: as the last
// change until then left it.
func (e *Engine) asKnown(ctx context.Context, moment string) (context.Context, error) {
	at, err := value.ParseMoment(moment)
	if err != nil {
		return nil, err
	}
	newest, err := e.Store.Revision(ctx)
	if err != nil {
		return nil, err
	}
	e.cache.reach(newest)
	number, err := e.lastUntil(ctx, at)
	if err != nil {
		return nil, err
	}
	return e.Store.At(ctx, number)
}

// lastUntil is the number of the last change until a moment, 0 when there was none.
func (e *Engine) lastUntil(ctx context.Context, at time.Time) (int, error) {
	last, err := e.Store.Changes(ctx, &change.Ask{Until: at, Backward: true, First: 1})
	if err != nil || len(last) == 0 {
		return 0, err
	}
	return last[0].Number, nil
}
