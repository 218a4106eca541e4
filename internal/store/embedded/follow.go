package embedded

import (
	"sync"

	"nicgraph/internal/catalog"
)

// follower keeps something made from the nodes of a type and brings it from snapshot to
// snapshot. A maker decides what.
type follower[T any] struct {
	of   maker[T]
	typ  catalog.TypeID
	base *follower[T] // the same of the store that the state is beside of; nil: of the store itself

	mu    sync.Mutex
	table *table        // the state that is shown; nil: not built yet
	ids   pages[string] // of the same snapshot
	kept  T
}

// maker makes what a follower keeps. Whoever reads it has it beyond the next change, so it
// never changes.
type maker[T any] interface {
	// build makes it from a snapshot.
	build(s *snapshot, t *table) T
	// carry makes that of a snapshot from that of the follower's state.
	carry(kept T, s *snapshot, to *table) T
}

// at is what is kept, as of a snapshot.
func (f *follower[T]) at(s *snapshot) T {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := s.tables[f.typ]
	switch {
	case f.table == t:
	case f.table == nil:
		f.keep(s, f.first(s, t))
	case f.table.gen > t.gen: // a reader of an older snapshot: the newer state stays
		return f.of.carry(f.kept, s, t)
	default:
		f.keep(s, f.of.carry(f.kept, s, t))
	}
	return f.kept
}

func (f *follower[T]) keep(s *snapshot, kept T) {
	f.table, f.ids, f.kept = s.tables[f.typ], s.ids, kept
}

// first makes it where there is none yet: out of that of the store, where the state is
// beside it, since the two differ little.
func (f *follower[T]) first(s *snapshot, t *table) T {
	if f.base != nil {
		if kept, ok := f.base.beside(s, t); ok {
			return kept
		}
	}
	return f.of.build(s, t)
}

// beside makes that of a state beside the store's, where there is something to begin with.
func (f *follower[T]) beside(s *snapshot, t *table) (kept T, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.table == nil {
		return kept, false
	}
	return f.of.carry(f.kept, s, t), true
}
