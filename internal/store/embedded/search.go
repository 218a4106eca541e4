package embedded

import (
	"context"
	"slices"
	"sync"

	"nicgraph/internal/catalog"
	"nicgraph/internal/search"
	"nicgraph/internal/value"
)

// finders keeps the indexes by which the nodes of each type are found. They are made when
// first asked for and brought to other snapshots by the pages that differ, as the sorted
// indexes are.
type finders struct {
	base *finders // those of the store that the state is beside of; nil: of the store itself
	mu   sync.Mutex
	of   map[catalog.TypeID]*finder
}

func (f *finders) finder(typ catalog.TypeID) *finder {
	f.mu.Lock()
	defer f.mu.Unlock()
	x, ok := f.of[typ]
	if !ok {
		if f.of == nil {
			f.of = make(map[catalog.TypeID]*finder)
		}
		x = &finder{}
		x.typ, x.of = typ, x
		if f.base != nil {
			x.base = &f.base.finder(typ).follower
		}
		f.of[typ] = x
	}
	return x
}

// finder leads from what somebody types to the nodes of a type at one snapshot, by their rows.
type finder struct{ follower[*search.Index] }

// Search finds nodes by the indexes of their types.
func (s *Store) Search(ctx context.Context, ask *search.Ask) (search.Page, error) {
	snap := s.snapshot(ctx)
	f := search.NewFinding(ask)
	for typ := range (ask.Types & search.Types(s.layout.catalog)).IDs() {
		if err := ctx.Err(); err != nil {
			return search.Page{}, err
		}
		t := snap.tables[typ]
		f.In(t.typ, s.finders.finder(typ).at(snap), func(row uint32) *search.Document { return document(&snap.ids, t, row) })
	}
	return f.Page(), nil
}

func document(ids *pages[string], t *table, row uint32) *search.Document {
	return search.NewDocument(t.typ, ids.at(t.nodes.at(row)), func(p *catalog.Property) value.Value {
		return t.columns[p.Index].at(row).value(p.Kind)
	})
}

// textsOf reads by what the nodes of a type are found.
func textsOf(ids *pages[string], t *table) search.Source {
	properties := search.Properties(t.typ)
	return func(row uint32, room []string) (id string, texts []string) {
		for _, p := range properties {
			c := t.columns[p.Index].at(row)
			if c.text != nil {
				room = append(room, c.text.raw)
			}
			for i := range c.list {
				room = append(room, c.list[i].raw)
			}
		}
		return ids.at(t.nodes.at(row)), room
	}
}

func (x *finder) build(s *snapshot, t *table) *search.Index {
	rows := make([]uint32, 0, t.live)
	for row := range t.rows {
		if t.nodes.at(row) != 0 {
			rows = append(rows, row)
		}
	}
	return search.NewIndex(rows, textsOf(&s.ids, t))
}

// carry tells the index which rows have other texts.
func (x *finder) carry(kept *search.Index, s *snapshot, to *table) *search.Index {
	from := x.table
	properties := search.Properties(to.typ)
	var differing []uint32
	note := func(row uint32) {
		if !x.sameTexts(s, to, row, properties) {
			differing = append(differing, row)
		}
	}
	differ(&from.nodes, &to.nodes, note)
	for _, p := range properties {
		a, b := &from.columns[p.Index], &to.columns[p.Index]
		differ(&a.texts, &b.texts, note)
		differ(&a.lists, &b.lists, note)
	}
	slices.Sort(differing)
	differing = slices.Compact(differing)
	return kept.With(rowsIn(from, differing), textsOf(&x.ids, from), rowsIn(to, differing), textsOf(&s.ids, to))
}

// rowsIn is those of some rows that have a node.
func rowsIn(t *table, rows []uint32) (some []uint32) {
	for _, row := range rows {
		if t.nodes.at(row) != 0 {
			some = append(some, row)
		}
	}
	return some
}

// sameTexts tells whether a row is the same node with the same texts in both states.
func (x *finder) sameTexts(s *snapshot, b *table, row uint32, properties []*catalog.Property) bool {
	a := x.table
	if num := a.nodes.at(row); num != b.nodes.at(row) || num != 0 && x.ids.at(num) != s.ids.at(num) {
		return false
	}
	for _, p := range properties {
		x, y := a.columns[p.Index].at(row), b.columns[p.Index].at(row)
		if !sameText(x.text, y.text) || !sameLists(x.list, y.list) {
			return false
		}
	}
	return true
}

func sameText(a, b *text) bool { return a == b || a != nil && b != nil && a.raw == b.raw }

func sameLists(a, b []text) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].raw != b[i].raw {
			return false
		}
	}
	return true
}
