package embedded

import (
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/btree"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// orders keeps the sorted indexes that somebody has asked for. An index is built from
// a snapshot once and brought to other snapshots by the pages that differ.
type orders struct {
	mu sync.Mutex
	of map[indexName]*index
}

// indexName names one way to sort a type. Reading it backward gives the opposite way.
type indexName struct {
	typ        catalog.TypeID
	kind       value.Kind // of the key; ID: by id alone
	property   int16      // its place, none when the type does not have it
	nullsFirst bool
	idDesc     bool
}

// index is a sorted list of a type's nodes at one snapshot.
type index struct {
	name indexName

	mu    sync.Mutex
	table *table               // the state that the two show; nil: not built yet
	ids   pages[string]        // of the same snapshot
	own   *btree.BTreeG[entry] // what the next state is made from, under mu
	read  *btree.BTreeG[entry] // never changed
}

// entry is a node in an index, or a place between nodes when edge is not 0.
type entry struct {
	key  key
	id   string
	num  uint32
	edge int8 // -1: before all entries of the key, 1: after them
}

func (o *orders) index(name indexName) *index {
	o.mu.Lock()
	defer o.mu.Unlock()
	x, ok := o.of[name]
	if !ok {
		if o.of == nil {
			o.of = make(map[indexName]*index)
		}
		x = &index{name: name}
		o.of[name] = x
	}
	return x
}

func (x *index) compare(a, b entry) int {
	if x.name.kind != value.ID {
		if c := compareKeys(x.name.kind, x.name.nullsFirst, a.key, b.key); c != 0 {
			return c
		}
	}
	switch {
	case a.edge != b.edge:
		return int(a.edge) - int(b.edge)
	case x.name.idDesc:
		return strings.Compare(b.id, a.id)
	default:
		return strings.Compare(a.id, b.id)
	}
}

// keyed tells whether the entries have keys besides their ids.
func (x *index) keyed() bool { return x.name.kind != value.ID && x.name.property != none }

func (x *index) less(a, b entry) bool { return x.compare(a, b) < 0 }

// at is the index as of a snapshot.
func (x *index) at(s *snapshot) *btree.BTreeG[entry] {
	x.mu.Lock()
	defer x.mu.Unlock()
	t := s.tables[x.name.typ]
	switch {
	case x.table == t:
		return x.read
	case x.table == nil:
		x.keep(s, x.build(s, t))
		return x.read
	case x.table.gen > t.gen: // a reader of an older snapshot: the newer index stays
		old := x.own.Copy()
		x.carry(old, s, t)
		return old
	default:
		next := x.own.Copy()
		x.carry(next, s, t)
		x.keep(s, next)
		return x.read
	}
}

func (x *index) keep(s *snapshot, own *btree.BTreeG[entry]) {
	x.table, x.ids, x.own, x.read = s.tables[x.name.typ], s.ids, own, own.Copy()
}

func (x *index) build(s *snapshot, t *table) *btree.BTreeG[entry] {
	entries := make([]entry, 0, t.live)
	for row := range t.rows {
		if num := t.nodes.at(row); num != 0 {
			entries = append(entries, x.entry(&s.ids, t, row, num))
		}
	}
	slices.SortFunc(entries, x.compare)
	tree := btree.NewBTreeGOptions(x.less, btree.Options{NoLocks: true})
	for _, e := range entries {
		tree.Load(e)
	}
	return tree
}

func (x *index) entry(ids *pages[string], t *table, row, num uint32) entry {
	e := entry{id: ids.at(num), num: num}
	if x.keyed() {
		e.key = t.columns[x.name.property].key(row)
	}
	return e
}

// carry brings a tree from the state of x to another one.
func (x *index) carry(tree *btree.BTreeG[entry], s *snapshot, to *table) {
	from, ids := x.table, &s.ids
	if from.gen > to.gen {
		ids = &x.ids // the later of the two knows all the ids
	}
	move := func(row uint32) {
		a, b := from.nodes.at(row), to.nodes.at(row)
		var was, is entry
		if num := max(a, b); num != 0 {
			was, is = x.entry(ids, from, row, num), x.entry(ids, to, row, num)
		}
		if a == b && was.key == is.key {
			return
		}
		if a != 0 {
			tree.Delete(was)
		}
		if b != 0 {
			tree.Set(is)
		}
	}
	differ(&from.nodes, &to.nodes, move)
	if x.keyed() {
		from.columns[x.name.property].differ(&to.columns[x.name.property], move)
	}
}

// walk reads an index in one direction.
type walk struct {
	iter    btree.IterG[entry]
	reverse bool
	more    bool
}

// seek goes to the first entry of the walk that is not before the place.
func (w *walk) seek(place *entry) {
	switch {
	case place == nil && w.reverse:
		w.more = w.iter.Last()
	case place == nil:
		w.more = w.iter.First()
	case !w.reverse:
		w.more = w.iter.Seek(*place)
	case w.iter.Seek(*place):
		w.more = w.iter.Prev()
	default:
		w.more = w.iter.Last()
	}
}

func (w *walk) next() {
	if w.reverse {
		w.more = w.iter.Prev()
	} else {
		w.more = w.iter.Next()
	}
}
