package embedded

import (
	"slices"

	"nicgraph/internal/plan"
)

// page makes room for a page block and writes a reference to it.
func (r *run) page(cell, rows, width int) (at int, ok bool) {
	at, ok = r.grow(1 + rows*(1+width))
	if !ok {
		return 0, false
	}
	r.result.Cells[at] = plan.Cell{Kind: plan.CellPage, Len: int32(rows)}
	r.result.Cells[cell] = plan.Cell{Kind: plan.CellAt, Num: int64(at)}
	return at, true
}

// many writes a page of nodes.
func (r *run) many(m *many, cell int, n, from node) {
	args, s := &r.pages[m.at], r.sift(m)
	total := r.offer(m, &s, n, from)
	if r.err != nil {
		return
	}
	found := s.sorted()
	next := m.plan.Rows && len(found) > args.first
	found = found[:min(len(found), args.first)]
	if args.backward {
		slices.Reverse(found)
	}
	if page, ok := r.page(cell, len(found), len(m.row.slots)); ok {
		r.result.Cells[page].Next = next
		if m.plan.Total {
			r.result.Cells[page].Num = int64(total)
		}
		r.rows(m, page, s.start, len(found), n)
	}
	r.candidates = r.candidates[:s.start]
}

// sift is an empty sieve for the page that is wanted.
func (r *run) sift(m *many) sift {
	args := &r.pages[m.at]
	s := sift{run: r, order: &m.order, after: args.after, before: args.before, start: len(r.candidates)}
	if args.backward { // a page of the reverse order, its rows turned round
		s.order, s.after, s.before = &m.back, args.before, args.after
	}
	if m.plan.Rows {
		s.limit = args.first + 1 // one more tells whether more follow
	}
	return s
}

func (r *run) rows(m *many, page, start, rows int, from node) {
	for i := range rows {
		if r.stopped() {
			return
		}
		r.fill(&m.row, plan.RowAt(page, i, len(m.row.slots)), r.candidates[start+i].node, from)
	}
}

// offer brings the nodes of a connection that meet its filter to s, as far as they
// can come on the page, and tells the number of all of them when it is asked for.
func (r *run) offer(m *many, s *sift, n, from node) (total int) {
	mark := len(r.numbers)
	defer func() { r.numbers = r.numbers[:mark] }()
	if m.source.from == fromScan {
		return r.offerScan(m, s)
	}
	if m.number != nil {
		return int(r.count(m.number, n))
	}
	numbers := r.near(&m.source, n, from)
	if s.limit == 0 && m.source.where == nil {
		return len(numbers)
	}
	s.positions = r.positions(m, len(numbers))
	s.offerAll(m.source.where, numbers)
	return s.total
}

// offerScan is offer for all nodes of some types: it begins where that is cheapest.
func (r *run) offerScan(m *many, s *sift) (total int) {
	where, types := m.source.where, m.source.types
	if s.limit == 0 && where == nil {
		return r.live(types)
	}
	way, seen := r.way(m, s), r.visited
	switch {
	case way.members != nil:
		r.offerMembers(m, s, &way)
		return way.members.count
	case way.start != nil:
		s.positions = r.positions(m, len(way.found))
		s.offerAll(m.source.left(way.start), way.found)
	case way.walks:
		r.walk(m, s, nil)
	default:
		r.scan(&m.source, s.offer)
	}
	if where == nil {
		return r.live(types)
	}
	way.unknown.pay(r.visited - seen)
	return s.total
}

// offerMembers is offer for those that are known to meet the filter.
func (r *run) offerMembers(m *many, s *sift, way *way) {
	switch {
	case s.limit == 0:
	case way.walks:
		r.walk(m, s, way.members)
	default:
		r.eachMember(way.members, s.offer)
	}
}

// way is how the nodes of a scan are found: those that are known to meet the filter, those that a start leads to, all
// in the order of an index, or else all of them. Members may be read in the order of an index too.
type way struct {
	members *members
	unknown *kept // of a condition: where it is paid for that the members are not known
	start   *start
	found   []uint32
	walks   bool
	few     int // so many nodes may a start lead to
}

// way chooses by what it counts.
func (r *run) way(m *many, s *sift) way {
	types := m.source.types
	w := way{walks: s.order.indexed()}
	all := s.limit == 0 || m.plan.Total || !w.walks // every node has to be looked at
	if w.members, w.unknown = r.members(&m.source, all && r.led == nil); w.members != nil {
		w.walks = w.walks && r.walksMembers(m, s, w.members.count)
		return w
	}
	w.walks = w.walks && (m.source.where == nil || !m.plan.Total)
	w.few = r.budget(types, s.limit, w.walks)
	w.found, w.start = r.begin(m.source.starts, types, w.few)
	return w
}

// siftedFor is how many entries of an index are walked over in the time in which one member is sifted:
// what decides about an entry lies in the index, that about a member anywhere. placedFor is the same where it
// is known how the members stand in the order.
const siftedFor, placedFor = 8, 3

// walksMembers tells whether an index is walked until the page is full of members, rather than all members sifted.
func (r *run) walksMembers(m *many, s *sift, members int) bool {
	walked := s.limit * r.live(m.source.types) // entries, as many times as there are members
	if walked > placedFor*members*members {
		s.positions = r.positions(m, members)
	}
	return s.positions == nil && walked < siftedFor*members*members
}
