package embedded

import (
	"sync"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/value"
)

// snapshot is one state of the graph. Once published it never changes, and any
// goroutine may read it.
type snapshot struct {
	gen     uint64
	last    change.Recorded   // the newest change that is in it
	aliases change.Aliases    // nobody changes them
	own     map[string]uint32 // the numbers that nobody else knows, of a state that is never published
	next    uint32            // the number that the next new id gets; 0 is no node's
	live    int
	ids     pages[string] // by number
	places  pages[place]  // by number
	tables  []*table      // by TypeID
}

// place tells where a node is kept. It outlives the node, so that an id that comes
// back finds its old row.
type place struct {
	row   uint32
	typ   catalog.TypeID
	alive bool
}

// table holds the nodes of one type.
type table struct {
	gen     uint64
	typ     *catalog.Type
	rows    uint32
	live    int
	nodes   pages[uint32]     // the number of the node in a row, 0 when it is deleted
	columns []column          // by Property.Index; the id's is not in use
	out     []adjacency       // by Link.Index
	in      []pages[[]uint32] // by the number of the relationship: who links here, in no order
}

// adjacency holds the ends of one stored link, by row. Only one of the two is in use.
type adjacency struct {
	many bool
	ends pages[[]uint32] // of a to-many link, in the order given
	end  pages[uint32]   // of a to-one link, 0 for none
}

// list is the ends of the link of a row. It must not be changed or kept beyond the
// snapshot.
func (a *adjacency) list(row uint32) []uint32 {
	if a.many {
		return a.ends.at(row)
	}
	if int(row>>dirBits) >= len(a.end.dirs) {
		return nil
	}
	page := a.end.dirs[row>>dirBits].pages[row>>pageBits&pageMask]
	if i := row & pageMask; page != nil && page.cells[i] != 0 {
		return page.cells[i : i+1 : i+1]
	}
	return nil
}

// set takes over the list.
func (a *adjacency) set(gen uint64, row uint32, ends []uint32) {
	switch {
	case a.many:
		a.ends.set(gen, row, ends)
	case len(ends) == 0:
		a.end.set(gen, row, 0)
	default:
		a.end.set(gen, row, ends[0])
	}
}

// node is a node found in a snapshot.
type node struct {
	table *table
	num   uint32
	row   uint32
	typ   catalog.TypeID
}

// node finds a live node by its number.
func (s *snapshot) node(num uint32) (node, bool) {
	if num == 0 || num >= s.next {
		return node{}, false
	}
	p := s.places.at(num)
	return node{table: s.tables[p.typ], num: num, row: p.row, typ: p.typ}, p.alive
}

// find finds a live node by its id. Another state may have given the same number to another id.
func (s *snapshot) find(id string, known *numbers) (node, bool) {
	num := s.number(id, known)
	return s.node(num)
}

// number is the number of an id, 0 when it was never given one here.
func (s *snapshot) number(id string, known *numbers) uint32 {
	num, ok := s.own[id]
	if !ok {
		num = known.find(id)
	}
	if num >= s.next || s.ids.at(num) != id {
		return 0
	}
	return num
}

// state is a node's whole state, as packages outside see it.
func (s *snapshot) state(n node) change.Node {
	t := n.table
	out := change.Node{Type: t.typ, ID: s.ids.at(n.num)}
	out.Values = make([]value.Value, len(t.columns))
	for i := range t.columns {
		out.Values[i] = t.columns[i].at(n.row).value(t.columns[i].kind)
	}
	out.Values[0] = value.OfID(out.ID)
	out.Links = make([][]string, len(t.out))
	for i := range t.out {
		for _, end := range t.out[i].list(n.row) {
			out.Links[i] = append(out.Links[i], s.ids.at(end))
		}
	}
	return out
}

// layout is what a catalog means for the columns: the relationships have numbers, and
// the names of the vocabularies are kept once.
type layout struct {
	catalog       *catalog.Catalog
	relationships map[string]int
	vocabulary    map[string]*text
}

func newLayout(cat *catalog.Catalog) *layout {
	l := &layout{catalog: cat, relationships: make(map[string]int), vocabulary: make(map[string]*text)}
	for _, e := range cat.Enums {
		for _, v := range e.Values {
			l.vocabulary[v.Name] = newText(v.Name)
		}
	}
	for _, t := range cat.Types {
		for _, link := range t.Out {
			if _, known := l.relationships[link.Relationship]; !known {
				l.relationships[link.Relationship] = len(l.relationships)
			}
		}
	}
	return l
}

// supply begins to make cells.
func (l *layout) supply() supply { return supply{vocabulary: l.vocabulary} }

// empty is the snapshot without a node.
func (l *layout) empty() *snapshot {
	s := &snapshot{next: 1, tables: make([]*table, len(l.catalog.Types))}
	for i, t := range l.catalog.Types {
		s.tables[i] = l.table(t)
	}
	return s
}

func (l *layout) table(t *catalog.Type) *table {
	tab := &table{typ: t, columns: make([]column, len(t.Properties)), out: make([]adjacency, len(t.Out)), in: make([]pages[[]uint32], len(l.relationships))}
	for i, p := range t.Properties {
		tab.columns[i].kind = p.Kind
	}
	for i, link := range t.Out {
		tab.out[i].many = link.Many
	}
	return tab
}

// numbers is the number of every id that any snapshot knows. It only grows; a number
// that a snapshot has not given yet is nobody's there.
type numbers struct {
	mu sync.RWMutex
	of map[string]uint32
}

func (n *numbers) find(id string) uint32 {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.of[id]
}

// add takes new numbers over.
func (n *numbers) add(fresh map[string]uint32) {
	if len(fresh) == 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.of) == 0 {
		n.of = fresh
		return
	}
	for id, num := range fresh {
		n.of[id] = num
	}
}
