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
	at       int // its place in query.groups
	kept     keptGroups
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
	levels []map[branch]int // by the place of the key; the last leads to found
	keys   []key            // of the node at hand
	found  []group
	ends   map[groupEnd]struct{}
}

// branch is a value of a key under the values of the keys before it.
type branch struct {
	under int
	label label
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
		t.levels = append(t.levels, make(map[branch]int))
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
func (t *tally) group(n node) (at int) {
	for i := range t.groups.by {
		t.keys[i] = t.groups.by[i].of(t.run, n)
		b := branch{under: at, label: t.keys[i].label()}
		next, known := t.levels[i][b]
		if !known {
			next = len(t.levels[i])
			t.levels[i][b] = next
		}
		at = next
	}
	if at == len(t.found) {
		t.found = append(t.found, group{keys: slices.Clone(t.keys), distinct: make([]int64, len(t.groups.distinct))})
	}
	return at
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
	found, args := r.found(g, n, from), &r.ranges[g.at]
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

// found is all groups in their order, out of what an earlier run found where that still holds.
func (r *run) found(g *groups, n, from node) []group {
	if found, ok := g.kept.of(r.snapshot); ok {
		return found
	}
	t := newTally(r, g)
	r.each(&g.source, n, from, t.add)
	if r.err != nil {
		return nil
	}
	slices.SortFunc(t.found, t.compare)
	if g.lasting() && len(t.found) <= mostKept {
		g.kept.keep(r.snapshot, g.source.types, t.found)
	}
	return t.found
}

// each visits the nodes of a source that meet its filter, in any order.
func (r *run) each(s *source, n, from node, visit func(node)) {
	mark := len(r.numbers)
	defer func() { r.numbers = r.numbers[:mark] }()
	if s.from != fromScan {
		r.among(s, r.near(s, n, from), visit)
		return
	}
	if found, best := r.begin(s.starts, s.types, r.budget(s.types, 0, false)); best != nil {
		r.among(s, found, visit)
		return
	}
	r.scan(s, visit)
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
