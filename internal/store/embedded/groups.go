package embedded

import (
	"cmp"
	"slices"
	"strings"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// groups is a plan.Groups, resolved.
type groups struct {
	plan     *plan.Groups
	source   source
	by       []groupKey
	distinct []path
	at       int    // its place in query.groups
	kept     *sorts // of a scan
}

// groupKey is a plan.GroupKey, resolved.
type groupKey struct {
	scalar sortKey
	year   bool
	path   *path // of a link
	row    row   // of a link
}

func (c *compiler) groups(p *plan.Groups) *groups {
	g := &groups{plan: p, at: len(c.query.groups), source: c.source(p.From, p.Where)}
	c.query.groups = append(c.query.groups, p)
	for i := range p.By {
		g.by = append(g.by, c.groupKey(&p.By[i]))
	}
	for _, link := range p.Distinct {
		g.distinct = append(g.distinct, c.path(link, nil))
	}
	g.kept = c.sorts(g, p)
	return g
}

func (c *compiler) groupKey(p *plan.GroupKey) groupKey {
	if p.Link != nil {
		path := c.path(p.Link, nil)
		return groupKey{path: &path, row: c.row(&p.Row)}
	}
	return groupKey{scalar: c.sortKey(plan.Key{Property: p.Property, Kind: p.Kind}), year: p.Year}
}

// of is a node's value of the key: for a link the number of the node at its end.
func (k *groupKey) of(r *run, n node) key {
	if k.path == nil {
		v := k.scalar.of(r, n)
		if k.year && v.date != nil {
			return key{num: whole{n: v.date.year(), has: true}}
		}
		return v
	}
	end, ok := r.end(k.path, n)
	return key{num: whole{n: int64(end.num), has: ok}}
}

// label is a key in a form that can be looked up.
type label struct {
	text string
	num  whole
}

// same tells whether two keys have the same label.
func (k key) same(o key) bool { return k.label() == o.label() }

func (k key) label() label {
	switch {
	case k.text != nil:
		return label{text: k.text.raw, num: whole{has: true}}
	case k.date != nil:
		return label{text: k.date.raw, num: whole{has: true}}
	default:
		return label{num: k.num}
	}
}

// tally counts nodes by their keys.
type tally struct {
	run    *run
	groups *groups
	levels []level // by the place of the key; the last leads to found
	keys   []key   // of the node at hand
	found  []group
	ends   map[groupEnd]struct{}
}

// level leads from the values of a key, under those of the keys before it, to small numbers. Most values are
// numbers of nodes, years, or words of a vocabulary, which have their places without being hashed.
type level struct {
	numbers pages[int32]     // one more than the place of a number from 0 to mostPlaced
	words   map[*text]int32  // the places of a vocabulary's words, which all nodes share
	labels  map[label]int32  // the places of all other values
	places  int32            // how many values have one
	of      map[branch]int32 // by value and what is before it
}

const mostPlaced = 1 << 24

// branch is the place of a value under that of the values before it.
type branch struct{ under, place int32 }

func newLevel() level {
	return level{words: make(map[*text]int32), labels: make(map[label]int32), of: make(map[branch]int32)}
}

// next is the number of a key's value under that of the values before it.
func (l *level) next(under int32, kind value.Kind, k key) int32 {
	b := branch{under, l.place(kind, k)}
	next, known := l.of[b]
	if !known {
		next = int32(len(l.of))
		l.of[b] = next
	}
	return next
}

func (l *level) place(kind value.Kind, k key) int32 {
	if n := k.num.n; k.num.has && n >= 0 && n < mostPlaced {
		if place := l.numbers.at(uint32(n)); place != 0 {
			return place - 1
		}
		l.numbers.set(1, uint32(n), l.places+1)
		return l.take()
	}
	if kind != value.Enum || k.text == nil {
		return placed(l, l.labels, k.label())
	}
	place, known := l.words[k.text]
	if !known { // a word that the vocabulary has lost may be several texts
		place = placed(l, l.labels, k.label())
		l.words[k.text] = place
	}
	return place
}

// take gives the next place away.
func (l *level) take() int32 {
	l.places++
	return l.places - 1
}

// placed is the place of a value, which gets one when there is none yet.
func placed[K comparable](l *level, of map[K]int32, k K) int32 {
	place, known := of[k]
	if !known {
		place = l.take()
		of[k] = place
	}
	return place
}

type group struct {
	keys     []key
	count    int64
	distinct []int64
}

// groupEnd is a node at the end of one of the links whose ends are counted.
type groupEnd struct {
	group, link int
	num         uint32
}

func newTally(r *run, g *groups) *tally {
	t := &tally{run: r, groups: g, keys: make([]key, len(g.by)), ends: make(map[groupEnd]struct{})}
	for range g.by {
		t.levels = append(t.levels, newLevel())
	}
	return t
}

// add counts a node.
func (t *tally) add(n node) {
	at := t.group(n)
	g := &t.found[at]
	g.count++
	for i := range t.groups.distinct {
		end, ok := t.run.end(&t.groups.distinct[i], n)
		if !ok {
			continue
		}
		e := groupEnd{group: at, link: i, num: end.num}
		if _, seen := t.ends[e]; !seen {
			t.ends[e] = struct{}{}
			g.distinct[i]++
		}
	}
}

// group is the place of a node's group, which it makes when the node is its first.
func (t *tally) group(n node) int {
	t.keysOf(n)
	var at int32
	for i := range t.keys {
		at = t.levels[i].next(at, t.groups.by[i].scalar.Kind, t.keys[i])
	}
	if int(at) == len(t.found) {
		t.found = append(t.found, group{keys: slices.Clone(t.keys), distinct: make([]int64, len(t.groups.distinct))})
	}
	return int(at)
}

// keysOf reads the keys of a node.
func (t *tally) keysOf(n node) {
	for i := range t.keys {
		t.keys[i] = t.groups.by[i].of(t.run, n)
	}
}

// sorted is all groups in their order.
func (t *tally) sorted() []group {
	slices.SortFunc(t.found, t.compare)
	return t.found
}

// compare orders groups: the largest first, then by their keys.
func (t *tally) compare(a, b group) int {
	if c := cmp.Compare(b.count, a.count); c != 0 {
		return c
	}
	for i := range t.groups.by {
		if c := t.compareKeys(i, a.keys[i], b.keys[i]); c != 0 {
			return c
		}
	}
	return 0
}

func (t *tally) compareKeys(i int, a, b key) int {
	k := &t.groups.by[i]
	switch {
	case k.path != nil && a.num.has && b.num.has:
		return strings.Compare(t.id(a), t.id(b))
	case k.path != nil || k.year:
		return compareKeys(value.Int, false, a, b)
	default:
		return compareKeys(k.scalar.Kind, false, a, b)
	}
}

// id is that of the node that a link's key stands for.
func (t *tally) id(k key) string { return t.run.snapshot.ids.at(uint32(k.num.n)) }

// groups writes a page of groups.
func (r *run) groups(g *groups, cell int, n, from node) {
	found, args := r.groupsOf(g, n, from), &r.ranges[g.at]
	if r.err != nil {
		return
	}
	rest := found[min(args.skip, len(found)):]
	rows := rest[:min(args.first, len(rest))]
	width := len(g.by) + 1 + len(g.distinct)
	page, ok := r.page(cell, len(rows), width)
	if !ok {
		return
	}
	r.result.Cells[page].Next = len(rest) > len(rows)
	if g.plan.Total {
		r.result.Cells[page].Num = int64(len(found))
	}
	for i := range rows {
		r.group(g, plan.RowAt(page, i, width), &rows[i])
	}
}

// groupsOf is all groups in their order.
func (r *run) groupsOf(g *groups, n, from node) []group {
	if g.kept != nil {
		what, _ := r.known(g.kept, true)
		if found, ok := what.(*tallied); ok {
			return found.groups
		}
		return nil
	}
	mark := len(r.numbers)
	defer func() { r.numbers = r.numbers[:mark] }()
	t := newTally(r, g)
	r.among(g.source.where, r.near(&g.source, n, from), t.add)
	return t.sorted()
}

// group writes a group's row block.
func (r *run) group(g *groups, at int, found *group) {
	r.result.Cells[at] = plan.Cell{Kind: plan.CellRow}
	for i := range g.by {
		r.groupKey(&g.by[i], at+1+i, found.keys[i])
	}
	at += 1 + len(g.by)
	r.result.Cells[at] = plan.Cell{Kind: plan.CellNumber, Num: found.count}
	for i, count := range found.distinct {
		r.result.Cells[at+1+i] = plan.Cell{Kind: plan.CellNumber, Num: count}
	}
}

func (r *run) groupKey(g *groupKey, cell int, k key) {
	switch {
	case k.missing():
	case g.path != nil:
		end, _ := r.snapshot.node(uint32(k.num.n))
		r.single(&g.row, cell, end, node{})
	default:
		r.result.Cells[cell] = k.cell(g.scalar.Kind)
	}
}
