package store

import (
	"context"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
)

// still is a state of the graph beside the present one, for reading: one that the history
// remembers, or one that a batch would make. Of what was done it asks the store that it is
// a state of, and hears no more than was done up to it.
type still struct {
	Backend  // which reads the nodes
	of       Backend
	newest   int // the number of the newest change up to it
	revision uint64
}

// Past is the graph as a change left it: one backend reads the nodes, the other is the store
// that it is a state of.
func Past(nodes, of Backend, number int) Backend {
	return &still{nodes, of, number, uint64(number)}
}

// Imagined is the graph as a batch would make it after the newest change. turn tells it apart
// from all others of its store.
func Imagined(nodes, of Backend, newest int, turn uint64) Backend {
	return &still{nodes, of, newest, Passing | turn}
}

func errReading() error {
	return fault.New(fault.Invalid, "this state of the graph is for reading only")
}

// Apply refuses: nobody writes here.
func (s *still) Apply(context.Context, *change.Batch, func(done, total int)) (change.Outcome, error) {
	return change.Outcome{}, errReading()
}

// Preview refuses: a batch is for the present.
func (s *still) Preview(context.Context, *change.Batch, func(Backend) error) (change.Outcome, error) {
	return change.Outcome{}, errReading()
}

// At is the graph as an earlier change left it.
func (s *still) At(ctx context.Context, number int) (Backend, error) {
	if number > s.newest {
		return nil, NoChange(number, s.newest)
	}
	return s.of.At(ctx, number)
}

// NoChange says that there is no change with a number.
func NoChange(number, newest int) error {
	return fault.New(fault.NotFound, "there is no change %d; the newest is %d", number, newest)
}

// Changes lists the changes up to this state.
func (s *still) Changes(ctx context.Context, ask *change.Ask) ([]change.Recorded, error) {
	upTo := *ask
	upTo.Before = s.before(ask.Before)
	return s.of.Changes(ctx, &upTo)
}

// before is a number before which changes lie, and which is not beyond this state.
func (s *still) before(number int) int {
	if number == 0 {
		return s.newest + 1
	}
	return min(number, s.newest+1)
}

// Entries lists what a change did, when it is one of those up to this state.
func (s *still) Entries(ctx context.Context, number int, after string, first int) ([]change.Entry, error) {
	if number > s.newest {
		return nil, nil
	}
	return s.of.Entries(ctx, number, after, first)
}

// NodeHistory lists what was done to a node up to this state.
func (s *still) NodeHistory(ctx context.Context, id string, before, first int) ([]change.Entry, error) {
	return s.of.NodeHistory(ctx, id, s.before(before), first)
}

// Aliased lists what a change did to aliases, when it is one of those up to this state.
func (s *still) Aliased(ctx context.Context, number int) ([]change.Alias, error) {
	if number > s.newest {
		return nil, nil
	}
	return s.of.Aliased(ctx, number)
}

// Ready tells whether the store that this is a state of can answer.
func (s *still) Ready(ctx context.Context) error { return s.of.Ready(ctx) }

// Revision tells this state apart from all others.
func (s *still) Revision(context.Context) (uint64, error) { return s.revision, nil }

// Close has nothing to release.
func (s *still) Close() error { return nil }
