package embedded

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/btree"

	"nicgraph/internal/catalog"
	"nicgraph/internal/search"
	"nicgraph/internal/value"
)

// postings keeps the terms by which the nodes of each type are found. They are made
// when first asked for and brought to other snapshots by the pages that differ, as the
// sorted indexes are.
type postings struct {
	base *postings // those of the store that the state is beside of; nil: of the store itself
	mu   sync.Mutex
	of   map[catalog.TypeID]*termIndex
}

func (p *postings) index(typ catalog.TypeID) *termIndex {
	p.mu.Lock()
	defer p.mu.Unlock()
	x, ok := p.of[typ]
	if !ok {
		if p.of == nil {
			p.of = make(map[catalog.TypeID]*termIndex)
		}
		x = &termIndex{}
		x.typ, x.of = typ, x
		if p.base != nil {
			x.base = &p.base.index(typ).follower
		}
		p.of[typ] = x
	}
	return x
}

// termIndex leads from terms to the nodes of a type at one snapshot.
type termIndex struct{ follower[posting] }

// posting says that a node has a term.
type posting struct {
	term     string
	num      uint32
	document *search.Document
}

func lessPosting(a, b posting) bool {
	return cmp.Or(strings.Compare(a.term, b.term), cmp.Compare(a.num, b.num)) < 0
}

// Candidates brings the documents that have a term of the query, in no order.
func (s *Store) Candidates(ctx context.Context, q search.Query, types catalog.TypeSet) ([]*search.Document, error) {
	snap := s.snapshot(ctx)
	g := gathered{seen: make(map[*search.Document]bool)}
	for typ := range (types & search.Types(s.layout.catalog)).IDs() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		g.from(s.postings.index(typ).at(snap), q)
	}
	return g.documents, nil
}

// gathered are documents, each once.
type gathered struct {
	documents []*search.Document
	seen      map[*search.Document]bool
}

func (g *gathered) from(tree *btree.BTreeG[posting], q search.Query) {
	whole, prefix := q.Terms()
	for _, term := range whole {
		tree.Ascend(posting{term: term}, func(p posting) bool { return p.term == term && g.add(p) })
	}
	if prefix != "" {
		tree.Ascend(posting{term: prefix}, func(p posting) bool { return strings.HasPrefix(p.term, prefix) && g.add(p) })
	}
}

func (g *gathered) add(p posting) bool {
	if !g.seen[p.document] {
		g.seen[p.document] = true
		g.documents = append(g.documents, p.document)
	}
	return true
}

func (x *termIndex) build(s *snapshot, t *table) *btree.BTreeG[posting] {
	var all []posting
	for row := range t.rows {
		if num := t.nodes.at(row); num != 0 {
			all = append(all, postingsOf(&s.ids, t, row, num)...)
		}
	}
	slices.SortFunc(all, func(a, b posting) int {
		return cmp.Or(strings.Compare(a.term, b.term), cmp.Compare(a.num, b.num))
	})
	tree := btree.NewBTreeGOptions(lessPosting, btree.Options{NoLocks: true})
	for _, p := range all {
		tree.Load(p)
	}
	return tree
}

func postingsOf(ids *pages[string], t *table, row, num uint32) []posting {
	document := search.NewDocument(t.typ, ids.at(num), func(p *catalog.Property) value.Value {
		return t.columns[p.Index].at(row).value(p.Kind)
	})
	terms := document.Terms()
	all := make([]posting, len(terms))
	for i, term := range terms {
		all[i] = posting{term: term, num: num, document: document}
	}
	return all
}

// carry brings a tree from the state of x to another one.
func (x *termIndex) carry(tree *btree.BTreeG[posting], s *snapshot, to *table) {
	from := x.table
	done := make(map[uint32]bool)
	var come []posting // set last: another node may have the number of one that goes
	move := func(row uint32) {
		if done[row] || x.sameTexts(s, to, row) {
			return
		}
		done[row] = true
		if num := from.nodes.at(row); num != 0 {
			for _, p := range postingsOf(&x.ids, from, row, num) {
				tree.Delete(p)
			}
		}
		if num := to.nodes.at(row); num != 0 {
			come = append(come, postingsOf(&s.ids, to, row, num)...)
		}
	}
	differ(&from.nodes, &to.nodes, move)
	for _, p := range search.Properties(to.typ) {
		a, b := &from.columns[p.Index], &to.columns[p.Index]
		differ(&a.texts, &b.texts, move)
		differ(&a.lists, &b.lists, move)
	}
	for _, p := range come {
		tree.Set(p)
	}
}

// sameTexts tells whether a row is the same node with the same texts in both states.
func (x *termIndex) sameTexts(s *snapshot, b *table, row uint32) bool {
	a := x.table
	if num := a.nodes.at(row); num != b.nodes.at(row) || num != 0 && x.ids.at(num) != s.ids.at(num) {
		return false
	}
	for _, p := range search.Properties(b.typ) {
		x, y := a.columns[p.Index].at(row).value(p.Kind), b.columns[p.Index].at(row).value(p.Kind)
		if !x.Equal(y) {
			return false
		}
	}
	return true
}
