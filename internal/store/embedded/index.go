package embedded

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/btree"

	"nicgraph/internal/catalog"
	"nicgraph/internal/cores"
	"nicgraph/internal/value"
)

// orders keeps the sorted indexes that somebody has asked for. An index is built from
// a snapshot once and brought to other snapshots by the pages that differ.
type orders struct {
	base *orders // those of the store that the state is beside of; nil: of the store itself
	mu   sync.Mutex
	of   map[indexName]*index
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
	follower[trees]
	name indexName
}

// trees is a tree in two copies, since who copies a tree changes it a little.
type trees struct {
	own  *btree.BTreeG[entry] // what the next is made from, under the follower's mu
	read *btree.BTreeG[entry] // never changed
}

func inTwo(tree *btree.BTreeG[entry]) trees { return trees{own: tree, read: tree.Copy()} }

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
		x.typ, x.of = name.typ, x
		if o.base != nil {
			x.base = &o.base.index(name).follower
		}
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

func (x *index) build(s *snapshot, t *table) trees {
	entries := x.entries(s, t)
	tree := btree.NewBTreeGOptions(x.less, btree.Options{NoLocks: true})
	for _, r := range x.ranked(entries) {
		tree.Load(entries[r.at])
	}
	return inTwo(tree)
}

// entries are those of all nodes of a type, by row.
func (x *index) entries(s *snapshot, t *table) []entry {
	entries := make([]entry, t.rows)
	cores.Stretches(len(entries), func(_, from, to int) {
		for row := from; row < to; row++ {
			entries[row] = x.entryIn(&s.ids, t, uint32(row))
		}
	})
	if t.live < len(entries) {
		entries = slices.DeleteFunc(entries, func(e entry) bool { return e.num == 0 })
	}
	return entries
}

// ranked is an entry on its way to its place.
type ranked struct {
	rank uint64 // smaller than that of what comes later, or the same
	at   int32
}

// ranked sorts places of entries.
func (x *index) ranked(entries []entry) []ranked {
	all := make([]ranked, len(entries))
	for i := range all {
		all[i].at = int32(i)
	}
	inOrder := areInOrder(entries)
	s := sorter{index: x, entries: entries, compare: x.compareSameRank(entries, inOrder), room: make([]ranked, len(all))}
	s.deep = x.keyed() && x.name.kind == value.Text || !x.keyed() && !inOrder
	s.sort(all, 0)
	return all
}

// areInOrder tells whether entries are in the order of their ids. Tables often are, and then the
// rows are.
func areInOrder(entries []entry) bool {
	return slices.IsSortedFunc(entries, func(a, b entry) int { return strings.Compare(a.id, b.id) })
}

// sorter sorts places of entries. Comparing entries means looking at texts that lie anywhere in
// memory, which takes several times as long as all the rest; most are told apart by their ranks.
type sorter struct {
	*index
	entries []entry
	compare func(a, b ranked) int // when the ranks are the same
	room    []ranked
	deep    bool // whether there are more ranks than one: texts in the order of their bytes
}

// Of texts so many that are alike are ranked by their next eight bytes, and so many times.
const alike, deepest = 64, 8

func (s *sorter) sort(all []ranked, depth int) {
	cores.Stretches(len(all), func(_, from, to int) {
		for i := from; i < to; i++ {
			all[i].rank = s.rank(&s.entries[all[i].at], depth)
		}
	})
	sortRanks(all, s.room[:len(all)])
	for len(all) > 0 {
		same := all[:sameRank(all)]
		if s.deep && len(same) > alike && depth < deepest {
			s.sort(same, depth+1)
		} else {
			cores.Sort(same, s.compare)
		}
		all = all[len(same):]
	}
}

// sameRank is how many have the rank of the first.
func sameRank(all []ranked) int {
	n := 1
	for n < len(all) && all[n].rank == all[0].rank {
		n++
	}
	return n
}

// compareSameRank compares entries whose ranks are the same.
func (x *index) compareSameRank(entries []entry, inOrder bool) func(a, b ranked) int {
	byID := x.compareIDs(entries, inOrder)
	return func(a, b ranked) int {
		if x.keyed() {
			if c := compareKeys(x.name.kind, x.name.nullsFirst, entries[a.at].key, entries[b.at].key); c != 0 {
				return c
			}
		}
		return byID(a.at, b.at)
	}
}

// sortRanks sorts by rank, a byte after the other from the last on, those of the same rank left
// as they are. Bytes that all have in common take no time.
func sortRanks(all, room []ranked) {
	var differ uint64
	for i := range all {
		differ |= all[i].rank ^ all[0].rank
	}
	from, to := all, room
	for shift := 0; shift < 64; shift += 8 {
		if differ>>shift&0xff != 0 {
			distribute(from, to, shift)
			from, to = to, from
		}
	}
	copy(all, from)
}

// distribute puts into another slice what it is given, by one byte of the ranks.
func distribute(all, other []ranked, shift int) {
	var next [257]int // by byte, where its next one goes
	for i := range all {
		next[all[i].rank>>shift&0xff+1]++
	}
	for b := range 256 {
		next[b+1] += next[b]
	}
	for i := range all {
		b := all[i].rank >> shift & 0xff
		other[next[b]] = all[i]
		next[b]++
	}
}

// compareIDs compares the ids of entries by their places.
func (x *index) compareIDs(entries []entry, inOrder bool) func(a, b int32) int {
	compare := func(a, b int32) int { return strings.Compare(entries[a].id, entries[b].id) }
	if inOrder {
		compare = cmp.Compare[int32]
	}
	if x.name.idDesc {
		return func(a, b int32) int { return compare(b, a) }
	}
	return compare
}

// rank agrees with compare, as far as it goes: that of texts by the depth-th eight bytes where
// those before are the same.
func (x *index) rank(e *entry, depth int) uint64 {
	const sign = 1 << 63 // turned over, negative numbers come first
	switch k := &e.key; {
	case !x.keyed() && x.name.idDesc:
		return ^headAt(e.id, depth)
	case !x.keyed():
		return headAt(e.id, depth)
	case k.missing() && x.name.nullsFirst:
		return 0
	case k.missing():
		return math.MaxUint64
	case x.name.kind == value.Text:
		return headAt(k.text.fold(), depth)
	case k.text != nil:
		return value.Head(k.text.raw)
	case k.date != nil:
		return uint64(k.date.days.From) ^ sign
	default:
		return uint64(k.num.n) ^ sign
	}
}

func headAt(text string, depth int) uint64 { return value.Head(text[min(len(text), 8*depth):]) }

func (x *index) entry(ids *pages[string], t *table, row, num uint32) entry {
	e := entry{id: ids.at(num), num: num}
	if x.keyed() {
		e.key = t.columns[x.name.property].key(row)
	}
	return e
}

// carry takes out what differs and sets it anew.
func (x *index) carry(kept trees, s *snapshot, to *table) trees {
	from, tree := x.table, kept.own.Copy()
	var come []entry // set last: a node may come back in another row
	move := func(row uint32) {
		was, is := x.entryIn(&x.ids, from, row), x.entryIn(&s.ids, to, row)
		if was == is {
			return
		}
		if was.num != 0 {
			tree.Delete(was)
		}
		if is.num != 0 {
			come = append(come, is)
		}
	}
	differ(&from.nodes, &to.nodes, move)
	if x.keyed() {
		from.columns[x.name.property].differ(&to.columns[x.name.property], move)
	}
	for _, e := range come {
		tree.Set(e)
	}
	return inTwo(tree)
}

// entryIn is the entry of the node in a row, zero when there is none.
func (x *index) entryIn(ids *pages[string], t *table, row uint32) (e entry) {
	if num := t.nodes.at(row); num != 0 {
		e = x.entry(ids, t, row, num)
	}
	return e
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
