package embedded

import (
	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// walk reads nodes in order from the indexes of their types until the page is full,
// so that a page far behind costs what the first does. An order of several keys is
// walked by the first; nodes that share it are sorted on the way. Where members are known, only these count.
func (r *run) walk(m *many, s *sift, members *members) {
	if s.limit == 0 {
		return
	}
	walks := r.walks(m, s)
	var last entry
	kept := 0
	for w := s.order.firstOf(walks); w != nil; w = s.order.firstOf(walks) {
		e := w.iter.Item()
		if kept >= s.limit && (len(s.order.keys) < 2 || !s.order.sameKey(last, e)) {
			return
		}
		if r.stopped() || s.before != nil && s.order.beyond(e, s.before) {
			return
		}
		if n, in := r.onWalk(m, members, e.num); in {
			before := len(r.candidates)
			s.offer(n)
			if len(r.candidates) != before { // it is between the bookmarks
				kept++
			}
		}
		last = e
		w.next()
	}
}

// onWalk is the node with a number, if it meets the filter: where the members are known, few nodes are looked at.
func (r *run) onWalk(m *many, members *members, num uint32) (n node, in bool) {
	if members != nil && !members.has(num) {
		return n, false
	}
	n, _ = r.snapshot.node(num)
	return n, members != nil || m.source.where == nil || m.source.where(r, n)
}

func (o *order) sameKey(a, b entry) bool { return o.keys[0].compare(a.key, b.key) == 0 }

// beyond tells whether neither the entry nor any after it comes before the bookmark.
func (o *order) beyond(e entry, b *bookmark) bool {
	if len(o.keys) > 1 {
		return o.keys[0].compare(e.key, b.keys[0]) > 0
	}
	mark := entry{id: b.id}
	if len(o.keys) == 1 {
		mark.key = b.keys[0]
	}
	return o.entries(e, mark) >= 0
}

// firstOf is the walk whose next entry comes first, nil when all are at their end.
func (o *order) firstOf(walks []walk) *walk {
	var first *walk
	for i := range walks {
		w := &walks[i]
		if w.more && (first == nil || o.entries(w.iter.Item(), first.iter.Item()) < 0) {
			first = w
		}
	}
	return first
}

// entries compares by the first key and the id.
func (o *order) entries(a, b entry) int {
	if len(o.keys) > 0 {
		if c := o.keys[0].compare(a.key, b.key); c != 0 {
			return c
		}
	}
	return o.compareIDs(a.id, b.id)
}

// walks starts a walk for each type at the bookmark.
func (r *run) walks(m *many, s *sift) []walk {
	place := s.order.place(s.after)
	if len(s.order.keys) > 0 && s.order.keys[0].count != nil {
		return r.walkRanking(m, s, place)
	}
	return r.indexes(s.order, m.source.types, place)
}

// indexes starts the walks of an order by what nodes have themselves.
func (r *run) indexes(o *order, types catalog.TypeSet, place *entry) []walk {
	walks := make([]walk, 0, types.Len())
	for typ := range types.IDs() {
		if r.snapshot.tables[typ].live == 0 {
			continue
		}
		index, reverse := r.query.store.indexFor(o, typ)
		w := walk{iter: index.at(r.snapshot).read.Iter(), reverse: reverse}
		w.seek(place)
		walks = append(walks, w)
	}
	return walks
}

// walkRanking starts the one walk of an order by a count.
func (r *run) walkRanking(m *many, s *sift, place *entry) []walk {
	ranking, reverse := r.ranking(m.source.types, s.order)
	if ranking == nil {
		return nil
	}
	w := walk{iter: ranking.read.Iter(), reverse: reverse}
	w.seek(place)
	return []walk{w}
}

// place is where the entries after a bookmark begin, nil for the very start. Where
// several keys count, those that share the first begin before it.
func (o *order) place(after *bookmark) *entry {
	switch {
	case after == nil:
		return nil
	case len(o.keys) == 0:
		return &entry{id: after.id}
	case len(o.keys) == 1:
		return &entry{key: after.keys[0], id: after.id}
	case o.keys[0].Desc:
		return &entry{key: after.keys[0], edge: 1}
	default:
		return &entry{key: after.keys[0], edge: -1}
	}
}

// indexFor is the index that an order walks, and whether backward. One index serves an
// order and its opposite.
func (s *Store) indexFor(o *order, typ catalog.TypeID) (x *index, reverse bool) {
	if len(o.keys) == 0 {
		return s.orders.index(indexName{typ: typ, kind: value.ID}), o.idDesc
	}
	k := &o.keys[0]
	name := indexName{typ: typ, kind: k.Kind, property: k.columns[typ], nullsFirst: k.NullsFirst != k.Desc, idDesc: o.idDesc != k.Desc}
	return s.orders.index(name), k.Desc
}
