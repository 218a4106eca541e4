package embedded

import (
	"sync"

	"github.com/tidwall/btree"

	"nicgraph/internal/catalog"
)

// follower keeps a tree made from the nodes of a type and brings it from snapshot to
// snapshot. What stands in the tree is left to a maker.
type follower[E any] struct {
	of   maker[E]
	typ  catalog.TypeID
	base *follower[E] // the same of the store that the state is beside of; nil: of the store itself

	mu    sync.Mutex
	table *table           // the state that the two trees show; nil: not built yet
	ids   pages[string]    // of the same snapshot
	own   *btree.BTreeG[E] // what the next state is made from, under mu
	read  *btree.BTreeG[E] // never changed
}

// maker makes the trees that a follower keeps.
type maker[E any] interface {
	// build makes the tree of a snapshot.
	build(s *snapshot, t *table) *btree.BTreeG[E]
	// carry brings a tree from the follower's state to that of a snapshot.
	carry(tree *btree.BTreeG[E], s *snapshot, to *table)
}

// at is the tree as of a snapshot.
func (f *follower[E]) at(s *snapshot) *btree.BTreeG[E] {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := s.tables[f.typ]
	switch {
	case f.table == t:
	case f.table == nil:
		f.keep(s, f.first(s, t))
	case f.table.gen > t.gen: // a reader of an older snapshot: the newer tree stays
		return f.carried(s, t)
	default:
		f.keep(s, f.carried(s, t))
	}
	return f.read
}

// carried is the tree as of a snapshot, made from that of the follower's state.
func (f *follower[E]) carried(s *snapshot, t *table) *btree.BTreeG[E] {
	tree := f.own.Copy()
	f.of.carry(tree, s, t)
	return tree
}

func (f *follower[E]) keep(s *snapshot, own *btree.BTreeG[E]) {
	f.table, f.ids, f.own, f.read = s.tables[f.typ], s.ids, own, own.Copy()
}

// first makes the tree where there is none yet: out of that of the store, where the state
// is beside it, since the two differ little.
func (f *follower[E]) first(s *snapshot, t *table) *btree.BTreeG[E] {
	if f.base != nil {
		if tree := f.base.beside(s, t); tree != nil {
			return tree
		}
	}
	return f.of.build(s, t)
}

// beside is the tree as of a state beside the store's, nil while there is none to begin with.
func (f *follower[E]) beside(s *snapshot, t *table) *btree.BTreeG[E] {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.table == nil {
		return nil
	}
	return f.carried(s, t)
}
