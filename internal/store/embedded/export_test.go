package embedded

import (
	"time"

	"go.etcd.io/bbolt"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
)

// RunAhead puts a change into the file of which the store does not know, as a disk does that
// keeps what it says it could not.
func RunAhead(s *Store) error {
	return s.disk.db.Update(func(tx *bbolt.Tx) error {
		r := record{Recorded: change.Recorded{Number: s.current.Load().last.Number + 1, Note: change.Note{At: time.Now()}}}
		return journal{fileShelf{tx}}.add(&r)
	})
}

// Forget drops the states of the past that a store keeps.
func Forget(s *Store) { s.pasts.clear() }

// Sort makes a sorted index of a type's nodes anew, and tells how many entries it has.
func Sort(s *Store, typ catalog.TypeID, p *catalog.Property) int {
	now := s.current.Load()
	return sortedBy(typ, p, false).build(now, now.tables[typ]).read.Len()
}

// Sorted is the ids of a type's nodes in the order of a property.
func Sorted(s *Store, typ catalog.TypeID, p *catalog.Property, idDesc bool) (ids []string) {
	now := s.current.Load()
	sortedBy(typ, p, idDesc).build(now, now.tables[typ]).read.Scan(func(e entry) bool {
		ids = append(ids, e.id)
		return true
	})
	return ids
}

func sortedBy(typ catalog.TypeID, p *catalog.Property, idDesc bool) *index {
	return &index{name: indexName{typ: typ, kind: p.Kind, property: int16(p.Index), idDesc: idDesc}}
}

// Kept is how many places for findings there are, and how many bytes these take.
func Kept(s *Store) (places, bytes int) {
	s.keeper.mu.Lock()
	defer s.keeper.mu.Unlock()
	return s.keeper.of.Len(), s.keeper.bytes
}

// LimitKept bounds the bytes that findings may take.
func LimitKept(s *Store, most int) { s.keeper.most = most }

// Made is how many times members, rankings or positions were made or mended.
func Made(s *Store) uint64 { return s.keeper.gens.Load() }

// Unkeep drops all findings.
func Unkeep(s *Store) { s.keeper.of, s.keeper.bytes = nil, 0 }

// LimitSteps bounds how many nodes an answer may look at from now on.
func LimitSteps(s *Store, most int) { s.options.MaxSteps = most }

// Lineups is of how many orders positions are kept.
func Lineups(s *Store) (count int) {
	s.keeper.mu.Lock()
	defer s.keeper.mu.Unlock()
	for _, e := range s.keeper.of.Values() {
		if _, ok := e.what.(*positions); ok {
			count++
		}
	}
	return count
}
