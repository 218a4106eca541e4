package embedded

import (
	"context"

	"nicgraph/internal/change"
	"nicgraph/internal/store"
)

// firstBeside is the first generation of states that are never published.
const firstBeside = 1 << 63

// beside begins a state that is never published.
func (s *Store) beside(from *snapshot) *edit {
	e := from.edit(s.layout, s.numbers, firstBeside|s.besides.Add(1))
	e.history, e.private = s, make(map[inKey]bool)
	return e
}

// still reads a state, and shares with the store all that the two have in common.
func (s *Store) still(of *snapshot) *Store {
	beside := &Store{layout: s.layout, options: s.options, numbers: s.numbers}
	beside.orders.base, beside.finders.base = &s.orders, &s.finders
	beside.keeper.most = mostKeptBeside
	beside.runs.New = newRun
	beside.current.Store(of)
	return beside
}

// Preview does what Apply would do beside the present state, and shows it.
func (s *Store) Preview(ctx context.Context, batch *change.Batch, look func(store.Backend) error) (change.Outcome, error) {
	if err := s.Ready(ctx); err != nil {
		return change.Outcome{}, err
	}
	now := s.current.Load()
	e := s.beside(now)
	out, err := e.apply(batch, nil)
	if err != nil {
		return change.Outcome{}, err
	}
	return out, look(store.Imagined(s.still(e.snapshot), s, now.last.Number, e.gen))
}
