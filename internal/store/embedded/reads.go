package embedded

import (
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// reads is what decides what is found at nodes of some types: whether they are there, some of their
// values, and what they are linked to. By it is told what a change can have made different.
type reads struct {
	types   catalog.TypeSet
	columns []columns
	hops    []readHop
}

// readHop is a link over which something is read.
type readHop struct {
	hop  hop
	back *hop   // from its ends to the nodes, nil where that cannot be
	end  *reads // what is read at its ends, nil: nothing
}

func (c *compiler) reads(types catalog.TypeSet, f plan.Filter) *reads {
	reads := &reads{types: types}
	c.addFilter(reads, f)
	return reads
}

func (c *compiler) addFilter(to *reads, f plan.Filter) {
	switch f := f.(type) {
	case nil, plan.TypeIs:
	case plan.And:
		for _, part := range f {
			c.addFilter(to, part)
		}
	case plan.Or:
		for _, part := range f {
			c.addFilter(to, part)
		}
	case plan.Not:
		c.addFilter(to, f.Filter)
	case plan.Compare:
		c.addProperty(to, f.Property, f.Kind)
	case plan.Elements:
		c.addProperty(to, f.Property, value.Strings)
	case plan.Linked:
		c.addLink(to, f.Link, f.Where, f.Facts)
	case plan.Counted:
		c.addLink(to, f.Link, f.Where, f.Facts)
	default:
		panic(f)
	}
}

// addProperty adds a scalar. An id is the same as long as its node is there.
func (c *compiler) addProperty(to *reads, property string, kind value.Kind) {
	if kind != value.ID {
		to.columns = append(to.columns, c.columns(property))
	}
}

func (c *compiler) addLink(to *reads, link *catalog.Link, where, facts plan.Filter) {
	if link.Shortcut == nil {
		to.hops = append(to.hops, c.readHop(link, link.Targets, where))
		return
	}
	fact := c.readHop(link.Shortcut.Fact, link.Shortcut.Fact.Targets, facts)
	if fact.end == nil {
		fact.end = c.reads(link.Shortcut.Fact.Targets, nil)
	}
	fact.end.hops = append(fact.end.hops, c.readHop(link.Shortcut.Far, link.Targets, where))
	to.hops = append(to.hops, fact)
}

func (c *compiler) readHop(link *catalog.Link, targets catalog.TypeSet, where plan.Filter) readHop {
	h := readHop{hop: c.hop(link), back: c.opposite(link)}
	if where != nil || !h.hop.exact || targets != link.Targets {
		h.end = c.reads(targets, where)
	}
	return h
}

// changed is the nodes at which what is found may not be the same in two states; few is false where there
// may be more than most, or where they cannot be told.
func (d *reads) changed(from, to *snapshot, most int) (nodes []uint32, few bool) {
	if from == to {
		return nil, true
	}
	for typ := range d.types.IDs() {
		if a, b := from.tables[typ], to.tables[typ]; a != b {
			nodes = d.differing(nodes, typ, a, b)
		}
	}
	for i := range d.hops {
		if nodes, few = d.hops[i].changed(nodes, from, to, most); !few {
			return nil, false
		}
	}
	slices.Sort(nodes)
	nodes = slices.Compact(nodes)
	return nodes, len(nodes) <= most
}

// changed adds the nodes from which the hop leads to an end that has changed.
func (h *readHop) changed(nodes []uint32, from, to *snapshot, most int) ([]uint32, bool) {
	if h.end == nil {
		return nodes, true
	}
	ends, few := h.end.changed(from, to, most)
	if !few || len(ends) > 0 && h.back == nil {
		return nodes, false
	}
	for _, num := range ends {
		end, _ := to.node(num) // a node that is gone leads nowhere: what led to it has changed itself
		if end.table == nil {
			continue
		}
		near := h.back.raw(end)
		if len(near) > most {
			return nodes, false
		}
		nodes = append(nodes, near...)
	}
	return nodes, true
}

// differing adds the nodes of a type of which something that is read differs between two tables.
func (d *reads) differing(nodes []uint32, typ catalog.TypeID, a, b *table) []uint32 {
	add := func(row uint32) { nodes = append(nodes, b.nodes.at(row)) }
	differ(&a.nodes, &b.nodes, func(row uint32) {
		was, is := a.nodes.at(row), b.nodes.at(row)
		if was != is {
			nodes = append(nodes, was, is)
		}
	})
	for _, c := range d.columns {
		if at := c[typ]; at != none {
			differCells(&a.columns[at], &b.columns[at], add)
		}
	}
	for i := range d.hops {
		differEnds(d.hops[i].hop.steps[typ], a, b, add)
	}
	return slices.DeleteFunc(nodes, func(num uint32) bool { return num == 0 })
}

// differCells calls changed for the rows whose cells are not the same. A node that is written gets
// new cells, so it is not enough that they are others.
func differCells(a, b *column, changed func(row uint32)) {
	differ(&a.texts, &b.texts, func(row uint32) {
		if !sameText(a.texts.at(row), b.texts.at(row)) {
			changed(row)
		}
	})
	differ(&a.dates, &b.dates, func(row uint32) {
		if x, y := a.dates.at(row), b.dates.at(row); x != y && (x == nil || y == nil || x.raw != y.raw) {
			changed(row)
		}
	})
	differ(&a.nums, &b.nums, func(row uint32) {
		if a.nums.at(row) != b.nums.at(row) {
			changed(row)
		}
	})
	differ(&a.lists, &b.lists, func(row uint32) {
		if !sameLists(a.lists.at(row), b.lists.at(row)) {
			changed(row)
		}
	})
}

// differEnds calls changed for the rows whose ends are not the same.
func differEnds(s step, a, b *table, changed func(row uint32)) {
	lists := func(x, y *pages[[]uint32]) {
		differ(x, y, func(row uint32) {
			if !slices.Equal(x.at(row), y.at(row)) {
				changed(row)
			}
		})
	}
	switch {
	case s.side == inward:
		lists(&a.in[s.at], &b.in[s.at])
	case s.side == outward && a.out[s.at].many:
		lists(&a.out[s.at].ends, &b.out[s.at].ends)
	case s.side == outward:
		x, y := &a.out[s.at].end, &b.out[s.at].end
		differ(x, y, func(row uint32) {
			if x.at(row) != y.at(row) {
				changed(row)
			}
		})
	}
}
