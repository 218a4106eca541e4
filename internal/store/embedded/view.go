package embedded

import (
	"context"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
)

// view is a state beside the present one, for reading: one that the history remembers, or
// one that a batch would make. It shares with the store all that the two have in common.
type view struct {
	*Store   // whose only state it is
	base     *Store
	revision uint64
}

var _ store.Backend = view{}

// firstBeside is the first generation of states that are never published.
const firstBeside = 1 << 63

// beside begins a state that is never published.
func (s *Store) beside(from *snapshot) *edit {
	e := from.edit(s.layout, s.numbers, firstBeside|s.besides.Add(1))
	e.history, e.private = s, make(map[inKey]bool)
	return e
}

func (s *Store) view(of *snapshot, revision uint64) view {
	beside := &Store{layout: s.layout, options: s.options, numbers: s.numbers}
	beside.orders.base, beside.postings.base = &s.orders, &s.postings
	beside.runs.New = newRun
	beside.current.Store(of)
	return view{beside, s, revision}
}

// Preview does what Apply would do beside the present state, and shows it.
func (s *Store) Preview(ctx context.Context, batch *change.Batch, look func(store.Backend) error) (change.Outcome, error) {
	if err := s.Ready(ctx); err != nil {
		return change.Outcome{}, err
	}
	e := s.beside(s.current.Load())
	out, err := e.apply(batch, nil)
	if err != nil {
		return change.Outcome{}, err
	}
	return out, look(s.view(e.snapshot, store.Passing|e.gen))
}

func errReading() error {
	return fault.New(fault.Invalid, "this state of the graph is for reading only")
}

// Apply refuses: nobody writes here.
func (v view) Apply(context.Context, *change.Batch, func(done, total int)) (change.Outcome, error) {
	return change.Outcome{}, errReading()
}

// Preview refuses: a batch is for the present.
func (v view) Preview(context.Context, *change.Batch, func(store.Backend) error) (change.Outcome, error) {
	return change.Outcome{}, errReading()
}

// At is the graph as an earlier change left it.
func (v view) At(ctx context.Context, number int) (store.Backend, error) {
	if last := v.current.Load().last.Number; number > last {
		return nil, noChange(number, last)
	}
	return v.base.At(ctx, number)
}

// Changes lists the changes up to this state.
func (v view) Changes(ctx context.Context, ask *change.Ask) ([]change.Recorded, error) {
	upTo := *ask
	upTo.Before = v.before(ask.Before)
	return v.base.Changes(ctx, &upTo)
}

// before is a number before which changes lie, and which is not beyond this state.
func (v view) before(number int) int {
	end := min(v.current.Load().last.Number, v.base.current.Load().last.Number) + 1
	if number == 0 {
		return end
	}
	return min(number, end)
}

// Entries lists what a change did, when it is one of those up to this state.
func (v view) Entries(ctx context.Context, number int, after string, first int) ([]change.Entry, error) {
	if number >= v.before(0) {
		return nil, nil
	}
	return v.base.Entries(ctx, number, after, first)
}

// NodeHistory lists what was done to a node up to this state.
func (v view) NodeHistory(ctx context.Context, id string, before, first int) ([]change.Entry, error) {
	return v.base.NodeHistory(ctx, id, v.before(before), first)
}

// Ready tells whether the store that this is a state of can answer.
func (v view) Ready(ctx context.Context) error { return v.base.Ready(ctx) }

// Revision tells this state apart from all others.
func (v view) Revision(context.Context) (uint64, error) { return v.revision, nil }

// Close has nothing to release.
func (v view) Close() error { return nil }
