package embedded

import (
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
)

// edit is a snapshot in the making. It takes batches one after the other: a batch that
// is refused has changed nothing.
type edit struct {
	*snapshot
	layout  *layout
	numbers *numbers
	touched []uint32       // the nodes to write to disk, in the order of change
	records []*record      // the changes of this edit
	history history        // what was there before this edit
	private map[inKey]bool // of a state that is never published: the lists that are its own
	supply  supply

	cells []cell     // of the node that is being written
	lists [][]uint32 // likewise
	flat  []uint32   // likewise
}

// inKey names a list of nodes that link to one.
type inKey struct {
	typ catalog.TypeID
	rel int
	row uint32
}

// history is what an edit asks of the changes before it.
type history interface {
	keyed(key string) (number int, err error)
	recorded(number int) (change.Recorded, bool, error)
}

// edit begins the snapshot after s.
func (s *snapshot) edit(l *layout, n *numbers, gen uint64) *edit {
	next := *s
	next.gen = gen
	next.tables = slices.Clone(s.tables)
	next.own = make(map[string]uint32)
	return &edit{snapshot: &next, layout: l, numbers: n, supply: l.supply()}
}

// content is a node's state as the columns take it.
type content struct {
	id    string
	typ   catalog.TypeID
	cells []cell     // by Property.Index; the first is not in use
	ends  [][]uint32 // by Link.Index
}

// apply checks a batch and, when all is well, makes its changes.
func (e *edit) apply(b *change.Batch, progress func(done, total int)) (change.Outcome, error) {
	if out, err := e.repeated(b.Note.Key); err != nil || out.Repeated {
		return out, err
	}
	ends, err := e.check(b)
	if err != nil {
		return change.Outcome{}, err
	}
	d := e.difference(b)
	if err := checkDates(d.nodes); err != nil {
		return change.Outcome{}, err
	}
	record, err := e.record(b, d.nodes)
	if err != nil {
		return change.Outcome{}, err
	}
	total := len(b.Upserts) + len(b.Deletes)
	done := newTicker(progress, total-len(d.nodes)-len(b.Deletes), total)
	e.expect(d.Created)
	for i, n := range d.nodes {
		d.numbers[d.places[i]] = e.declare(n)
	}
	for i, n := range d.nodes {
		e.write(d.numbers[d.places[i]], n, record.Number, d.resolved(e, n, ends.Of(d.places[i])))
		done.tick()
	}
	for _, id := range b.Deletes {
		d.Deleted += e.delete(id)
		done.tick()
	}
	return e.recorded(record, d.Summary), nil
}

// find finds a node by its id, those of this edit included.
func (e *edit) find(id string) (node, bool) { return e.snapshot.find(id, e.numbers) }

// cellsOf makes the cells of a node that checkDates has passed, in memory that the next node
// takes again: those of a large batch would take as much as the batch. Its version is the
// number of the change that writes it.
func (e *edit) cellsOf(n *change.Node, number int) []cell {
	cells := slices.Grow(e.cells[:0], len(n.Values))[:len(n.Values)]
	for _, p := range n.Type.Properties[1:] {
		if p.Managed {
			cells[p.Index] = cell{num: whole{n: int64(number), has: true}}
			continue
		}
		cells[p.Index], _ = e.supply.cell(p.Kind, n.Values[p.Index])
	}
	e.cells = cells
	return cells
}

// expect makes room for the ids of so many new nodes.
func (e *edit) expect(created int) {
	if len(e.own) == 0 {
		e.own = make(map[string]uint32, created)
	}
}

// declare gives a node its number and its row, so that links can lead to it.
func (e *edit) declare(n *change.Node) uint32 {
	num := e.number(n.ID, e.numbers)
	if num == 0 {
		num = e.next
		e.own[n.ID] = num
	}
	e.claim(num, n.ID, n.Type.ID)
	return num
}

// claim makes the number a live node of the type; it may be one already.
func (e *edit) claim(num uint32, id string, typ catalog.TypeID) {
	p := e.places.at(num)
	if p.alive {
		return
	}
	t := e.table(typ)
	if num >= e.next || e.ids.at(num) == "" || p.typ != typ {
		p = place{row: t.rows, typ: typ}
		t.rows++
		e.ids.set(e.gen, num, id)
		e.next = max(e.next, num+1)
	}
	p.alive = true
	e.places.set(e.gen, num, p)
	t.nodes.set(e.gen, p.row, num)
	t.live++
	e.live++
}

// table is the table of a type, ready to be changed.
func (e *edit) table(typ catalog.TypeID) *table {
	t := e.tables[typ]
	if t.gen == e.gen {
		return t
	}
	next := *t
	next.gen = e.gen
	next.columns = slices.Clone(t.columns)
	next.out = slices.Clone(t.out)
	next.in = slices.Clone(t.in)
	e.tables[typ] = &next
	return &next
}

// write makes the node num what a change wants, with those ends of its links.
func (e *edit) write(num uint32, n *change.Node, number int, ends [][]uint32) {
	at, _ := e.node(num)
	e.relink(at, ends)
	e.put(at, &content{id: n.ID, typ: n.Type.ID, cells: e.cellsOf(n, number), ends: ends})
	e.touched = append(e.touched, at.num)
}

// put fills a node's row. It copies what it keeps of the content's lists.
func (e *edit) put(at node, c *content) {
	t := e.table(at.typ)
	for i := 1; i < len(c.cells); i++ {
		if col := &t.columns[i]; !c.cells[i].empty() || !col.at(at.row).empty() {
			col.set(e.gen, at.row, c.cells[i])
		}
	}
	for i, ends := range c.ends {
		if adj := &t.out[i]; len(ends) > 0 || len(adj.list(at.row)) > 0 {
			if adj.many {
				ends = e.supply.keep(ends)
			}
			adj.set(e.gen, at.row, ends)
		}
	}
}

// relink keeps the far sides of a node's links in step with its new ends.
func (e *edit) relink(at node, ends [][]uint32) {
	for i, link := range e.layout.catalog.Types[at.typ].Out {
		old := e.tables[at.typ].out[i].list(at.row)
		if slices.Equal(old, ends[i]) {
			continue
		}
		rel := e.layout.relationships[link.Relationship]
		if len(old) == 0 {
			for _, end := range ends[i] {
				e.addSource(end, rel, at.num)
			}
			continue
		}
		kept := make(map[uint32]bool, len(old))
		for _, end := range old {
			kept[end] = true
		}
		for _, end := range ends[i] {
			if !kept[end] {
				e.addSource(end, rel, at.num)
			}
			delete(kept, end)
		}
		for end := range kept {
			e.dropSource(end, rel, at.num)
		}
	}
}

// addSource may write behind the end of a list that older snapshots share: they know
// their length and never look there. What is never published must not: the place behind
// the end is the writer's.
func (e *edit) addSource(num uint32, rel int, source uint32) {
	p := e.places.at(num)
	in := &e.table(p.typ).in[rel]
	list := in.at(p.row)
	if at := (inKey{p.typ, rel, p.row}); e.private != nil && !e.private[at] {
		list, e.private[at] = slices.Clip(list), true
	}
	in.set(e.gen, p.row, append(list, source))
}

func (e *edit) dropSource(num uint32, rel int, source uint32) {
	p := e.places.at(num)
	in := &e.table(p.typ).in[rel]
	list := in.at(p.row)
	i := slices.Index(list, source)
	rest := append(make([]uint32, 0, len(list)-1), list[:i]...)
	in.set(e.gen, p.row, append(rest, list[i+1:]...))
}

// delete removes a node that nothing links to, and tells how many that were.
func (e *edit) delete(id string) int {
	at, ok := e.find(id)
	if !ok {
		return 0
	}
	e.blank(at)
	t := e.table(at.typ)
	e.places.set(e.gen, at.num, place{row: at.row, typ: at.typ})
	t.nodes.set(e.gen, at.row, 0)
	t.live--
	e.live--
	e.touched = append(e.touched, at.num)
	return 1
}

// blank takes all values and links from a node.
func (e *edit) blank(at node) {
	blank := content{cells: make([]cell, len(at.table.columns)), ends: make([][]uint32, len(at.table.out))}
	e.relink(at, blank.ends)
	e.put(at, &blank)
}

// ticker tells a caller how far a batch has come, now and then. That all is done is
// told elsewhere, once it is safe.
type ticker struct {
	report      func(done, total int)
	done, total int
}

const tickEvery = 1000

func newTicker(report func(done, total int), done, total int) *ticker {
	return &ticker{report: report, done: done, total: total}
}

func (t *ticker) tick() {
	t.done++
	if t.report != nil && t.done%tickEvery == 0 && t.done < t.total {
		t.report(t.done, t.total)
	}
}
