package embedded

import (
	"sync/atomic"
	"weak"

	"nicgraph/internal/catalog"
)

// keptGroups are the groups of all nodes of some types as they were when the types were changed
// last: facets without a condition are counted once per change, not once per question.
type keptGroups struct{ last atomic.Pointer[groupsAt] }

// groupsAt are groups with the tables that they were made of. They do not hold on to these.
type groupsAt struct {
	types  catalog.TypeSet
	tables []weak.Pointer[table]
	found  []group
}

// mostKept bounds how many groups are kept.
const mostKept = 1000

// lasting tells whether the groups are the same as long as the tables of the source's types are.
func (g *groups) lasting() bool {
	if g.source.from != fromScan || g.source.where != nil || len(g.distinct) > 0 {
		return false
	}
	for i := range g.by {
		if k := &g.by[i]; k.path != nil || !k.scalar.own() {
			return false
		}
	}
	return true
}

func (k *keptGroups) of(s *snapshot) ([]group, bool) {
	last := k.last.Load()
	if last == nil {
		return nil, false
	}
	i := 0
	for typ := range last.types.IDs() {
		if last.tables[i].Value() != s.tables[typ] {
			return nil, false
		}
		i++
	}
	return last.found, true
}

func (k *keptGroups) keep(s *snapshot, types catalog.TypeSet, found []group) {
	at := &groupsAt{types: types, found: found}
	for typ := range types.IDs() {
		at.tables = append(at.tables, weak.Make(s.tables[typ]))
	}
	k.last.Store(at)
}
