package embedded

import (
	"math/bits"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

// source is where the nodes of a connection or of groups come from, resolved.
type source struct {
	from   from
	types  catalog.TypeSet // scan
	path   path            // follow, between
	where  test[node]
	starts []start // scan: where to begin instead of looking at all nodes

	kept *condition // of a scan with a condition
}

type from uint8

const (
	fromScan from = iota
	fromLink
	fromBetween
)

func (c *compiler) source(f plan.From, where plan.Filter) source {
	s := source{where: c.filter(where)}
	switch f := f.(type) {
	case plan.Scan:
		s.from, s.types, s.starts = fromScan, f.Types, c.starts(where)
		for i := range s.starts {
			if begin := &s.starts[i]; begin.exact && len(begin.also) > 0 {
				begin.rest = c.filter(begin.also)
			}
		}
		if where != nil {
			s.kept = &condition{types: f.Types, where: s.where, starts: s.starts, named: plan.NameOfNodes(f.Types, where), read: c.reads(f.Types, where)}
		}
	case plan.Follow:
		s.from, s.path = fromLink, c.path(f.Link, f.Facts)
	case plan.Between:
		s.from, s.path = fromBetween, c.path(f.Link, nil)
	default:
		panic(f)
	}
	return s
}

// leadsTo is the types of the nodes that come from a source.
func (s *source) leadsTo() catalog.TypeSet {
	switch {
	case s.from == fromScan:
		return s.types
	case s.from == fromLink && s.path.far != nil:
		return s.path.far.targets
	default:
		return s.path.targets
	}
}

// near is the numbers of the nodes to which a source that is no scan leads from n, and
// for facts from the node before it. It may lie in the run's memory, as that of reach.
func (r *run) near(s *source, n, from node) []uint32 {
	if s.from == fromBetween {
		return r.between(&s.path, from, n)
	}
	return r.reach(&s.path, n)
}

// among visits those of some nodes that meet a filter.
func (r *run) among(where test[node], numbers []uint32, visit func(node)) {
	for _, num := range numbers {
		if r.stopped() {
			return
		}
		if n, _ := r.snapshot.node(num); where == nil || where(r, n) {
			visit(n)
		}
	}
}

// scan looks at all nodes of the types and visits those that meet the filter.
func (r *run) scan(s *source, visit func(node)) {
	for typ := range s.types.IDs() {
		t := r.snapshot.tables[typ]
		for row := range t.rows {
			num := t.nodes.at(row)
			if num == 0 {
				continue
			}
			if r.stopped() {
				return
			}
			if n := (node{table: t, num: num, row: row, typ: typ}); s.where == nil || s.where(r, n) {
				visit(n)
			}
		}
	}
}

func (r *run) live(types catalog.TypeSet) (total int) {
	for typ := range types.IDs() {
		total += r.snapshot.tables[typ].live
	}
	return total
}

// all is the numbers of all nodes of some types.
func (r *run) all(types catalog.TypeSet) []uint32 {
	start := len(r.numbers)
	r.scan(&source{types: types}, func(n node) { r.numbers = append(r.numbers, n.num) })
	return r.numbers[start:]
}

// distinct sorts what the run's memory holds from start on and drops repetitions.
func (r *run) distinct(start int) []uint32 {
	found := r.numbers[start:]
	if len(found) >= fewToSort {
		if first, last := slices.Min(found), slices.Max(found); last-first <= uint32(len(found))*wordBits {
			return r.marked(found, first, last)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// fewToSort is how many numbers are sorted sooner than marked.
const fewToSort = 64

// marked sorts numbers that lie close together, and drops repetitions, with a bit for each that is there.
func (r *run) marked(found []uint32, first, last uint32) []uint32 {
	words := int((last-first)/wordBits) + 1
	r.marks = slices.Grow(r.marks[:0], words)[:words] // all zero but while this runs
	for _, num := range found {
		r.marks[(num-first)/wordBits] |= 1 << ((num - first) % wordBits)
	}
	found = found[:0]
	for i, word := range r.marks {
		r.marks[i] = 0
		for ; word != 0; word &= word - 1 {
			found = append(found, first+uint32(i)*wordBits+uint32(bits.TrailingZeros64(word)))
		}
	}
	return found
}
