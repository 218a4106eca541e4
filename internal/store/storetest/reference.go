// Package storetest says what every store must do: a suite of tests for backends, and
// a slow and obvious evaluator of plans to compare them with. How a store is opened
// and cleared is left to the store's own test.
package storetest

import (
	"slices"
	"sort"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Tree is a part of an answer as nested data: nil, a string, an int64, a float64,
// a bool, a []string, a Row or a Page.
type Tree any

// Row is a node as an answer shows it; at the root Type is empty.
type Row struct {
	Type  string
	Slots []Tree
}

// Page is a list of rows, nil where there is no node. Groups are rows without a type:
// the keys, the count, the numbers of distinct nodes. What the plan does not ask for
// stays zero.
type Page struct {
	Total int64
	Next  bool
	Rows  []Tree
}

// Evaluate answers a plan over a graph that is a plain list of nodes. It is written
// from the comments of package plan, with no thought for speed.
func Evaluate(nodes []change.Node, p *plan.Plan, params plan.Params) (Tree, error) {
	return graph{nodes: nodes}.evaluate(p, params)
}

// graph is a graph as a plain list of nodes.
type graph struct {
	nodes  []change.Node
	merged map[string]string // by the ids that stand for others, those into which their nodes were merged
}

func (g graph) evaluate(p *plan.Plan, params plan.Params) (Tree, error) {
	for _, many := range plan.Pages(p) {
		if _, err := many.Page(params); err != nil {
			return nil, err
		}
	}
	for _, groups := range plan.AllGroups(p) {
		if _, _, err := groups.Range(params); err != nil {
			return nil, err
		}
	}
	e := evaluator{graph: g, params: params}
	root := Row{}
	for _, slot := range p.Query.Slots {
		root.Slots = append(root.Slots, e.read(slot.Read, nil, nil))
	}
	return root, nil
}

type evaluator struct {
	graph
	params plan.Params
}

// row brings a node, nil for none. start is the node from which a shortcut led here.
func (e *evaluator) row(r *plan.Row, n, start *change.Node) Tree {
	if n == nil {
		return nil
	}
	row := Row{Type: n.Type.Name}
	for _, slot := range r.Slots {
		if !slot.Types.Has(n.Type.ID) {
			row.Slots = append(row.Slots, nil)
			continue
		}
		row.Slots = append(row.Slots, e.read(slot.Read, n, start))
	}
	return row
}

func (e *evaluator) read(read plan.Read, n, start *change.Node) Tree {
	switch read := read.(type) {
	case plan.Property:
		return scalar(property(n, read.Name))
	case plan.Targets:
		return e.targets(read, n)
	case plan.KeyOf:
		return scalar(e.key(read.Key, n))
	case *plan.One:
		return e.row(&read.Row, e.meeting(read.Where, e.one(read.Link, n)), nil)
	case *plan.Many:
		return e.page(read, n, start)
	case *plan.Groups:
		return e.groups(read, n, start)
	case *plan.Find:
		return e.found(read.Types, e.standsFor(read.ID.Value(e.params).Str), read.Where, &read.Row)
	case *plan.FindAll:
		page := Page{Rows: []Tree{}}
		for _, id := range read.IDs.Value(e.params).List() {
			found := id.Str
			if !read.Exact {
				found = e.standsFor(found)
			}
			page.Rows = append(page.Rows, e.found(read.Types, found, read.Where, &read.Row))
		}
		return page
	default:
		panic(read)
	}
}

func (e *evaluator) targets(read plan.Targets, n *change.Node) Tree {
	link, ok := n.Type.Link(read.Link.Name)
	if !ok {
		return nil
	}
	return append([]string{}, n.Links[link.Index]...)
}

// found brings the node with an id when it meets a condition.
func (e *evaluator) found(types catalog.TypeSet, id string, where plan.Filter, row *plan.Row) Tree {
	return e.row(row, e.meeting(where, e.find(types, id)), nil)
}

// standsFor is the id for which one stands.
func (g graph) standsFor(id string) string {
	if into, merged := g.merged[id]; merged {
		return g.standsFor(into)
	}
	return id
}

// meeting is the node itself when there is one and it meets the condition.
func (e *evaluator) meeting(where plan.Filter, n *change.Node) *change.Node {
	if n == nil || !e.meets(where, n) {
		return nil
	}
	return n
}

// one is the node at the end of a to-one link, nil for none.
func (e *evaluator) one(link *catalog.Link, n *change.Node) *change.Node {
	far := e.follow(link, nil, n)
	if len(far) == 0 {
		return nil
	}
	return far[0]
}

func (e *evaluator) find(types catalog.TypeSet, id string) *change.Node {
	for i := range e.nodes {
		if e.nodes[i].ID == id && types.Has(e.nodes[i].Type.ID) {
			return &e.nodes[i]
		}
	}
	return nil
}

func (e *evaluator) page(m *plan.Many, n, start *change.Node) Tree {
	matches := e.matches(m, n, start)
	page := Page{Rows: []Tree{}}
	if m.Total {
		page.Total = int64(len(matches))
	}
	if !m.Rows {
		return page
	}
	bounds, err := m.Page(e.params)
	if err != nil { // Evaluate has read every page's arguments before
		panic(err)
	}
	shown := e.within(m.Order, bounds, matches)
	page.Next = len(shown) > bounds.First
	switch {
	case page.Next && bounds.Backward:
		shown = shown[len(shown)-bounds.First:]
	case page.Next:
		shown = shown[:bounds.First]
	}
	for _, match := range shown {
		page.Rows = append(page.Rows, e.row(&m.Row, match, n))
	}
	return page
}

// within keeps the nodes that come strictly between a page's bounds.
func (e *evaluator) within(order []plan.Key, bounds plan.Page, matches []*change.Node) []*change.Node {
	var inside []*change.Node
	for _, match := range matches {
		keys := e.keys(order, match)
		if bounds.After != nil && compareKeys(order, keys, bounds.After) <= 0 {
			continue
		}
		if bounds.Before != nil && compareKeys(order, keys, bounds.Before) >= 0 {
			continue
		}
		inside = append(inside, match)
	}
	return inside
}

// matches are all nodes of a connection in its order.
func (e *evaluator) matches(m *plan.Many, n, start *change.Node) []*change.Node {
	matches := e.those(m.Where, e.from(m.From, n, start))
	sort.SliceStable(matches, func(i, j int) bool {
		return compareKeys(m.Order, e.keys(m.Order, matches[i]), e.keys(m.Order, matches[j])) < 0
	})
	return matches
}

// those keeps the nodes that meet a condition.
func (e *evaluator) those(where plan.Filter, nodes []*change.Node) []*change.Node {
	var kept []*change.Node
	for _, n := range nodes {
		if e.meets(where, n) {
			kept = append(kept, n)
		}
	}
	return kept
}

func (e *evaluator) meets(where plan.Filter, n *change.Node) bool {
	return where == nil || e.holds(where, n)
}

func (e *evaluator) from(from plan.From, n, start *change.Node) []*change.Node {
	switch from := from.(type) {
	case plan.Scan:
		return e.nodesOf(from.Types)
	case plan.Follow:
		return e.follow(from.Link, from.Facts, n)
	case plan.Between:
		return e.between(from.Link, start, n)
	default:
		panic(from)
	}
}

func (e *evaluator) nodesOf(types catalog.TypeSet) []*change.Node {
	var found []*change.Node
	for i := range e.nodes {
		if types.Has(e.nodes[i].Type.ID) {
			found = append(found, &e.nodes[i])
		}
	}
	return found
}

// follow lists the nodes to which a link leads, each once; for a shortcut over the facts
// that meet a condition. A link of an interface stands for the link of that name of the
// node's own type.
func (e *evaluator) follow(link *catalog.Link, facts plan.Filter, n *change.Node) []*change.Node {
	own, ok := n.Type.Link(link.Name)
	switch {
	case !ok:
		return nil
	case own.Shortcut != nil:
		return e.past(own.Shortcut, facts, n)
	case own.Direction == catalog.Out:
		return e.out(own, n)
	default:
		return e.in(own, n)
	}
}

func (e *evaluator) out(link *catalog.Link, n *change.Node) []*change.Node {
	var found []*change.Node
	for _, id := range n.Links[link.Index] {
		found = append(found, e.find(link.Targets, id))
	}
	return found
}

func (e *evaluator) in(link *catalog.Link, n *change.Node) []*change.Node {
	var found []*change.Node
	for _, other := range e.nodesOf(link.Targets) {
		for _, out := range other.Type.Out {
			if out.Relationship == link.Relationship && slices.Contains(other.Links[out.Index], n.ID) {
				found = append(found, other)
				break
			}
		}
	}
	return found
}

func (e *evaluator) past(shortcut *catalog.Shortcut, facts plan.Filter, n *change.Node) []*change.Node {
	var found []*change.Node
	for _, fact := range e.those(facts, e.follow(shortcut.Fact, nil, n)) {
		for _, far := range e.follow(shortcut.Far, nil, fact) {
			if !slices.Contains(found, far) {
				found = append(found, far)
			}
		}
	}
	return found
}

func (e *evaluator) between(link *catalog.Link, start, end *change.Node) []*change.Node {
	own, ok := start.Type.Link(link.Name)
	if !ok {
		return nil
	}
	var facts []*change.Node
	for _, fact := range e.follow(own.Shortcut.Fact, nil, start) {
		if slices.Contains(e.follow(own.Shortcut.Far, nil, fact), end) {
			facts = append(facts, fact)
		}
	}
	return facts
}

// holds tells whether a filter is true of a node: true or false, never unknown.
func (e *evaluator) holds(f plan.Filter, n *change.Node) bool {
	switch f := f.(type) {
	case plan.And:
		for _, part := range f {
			if !e.holds(part, n) {
				return false
			}
		}
		return true
	case plan.Or:
		for _, part := range f {
			if e.holds(part, n) {
				return true
			}
		}
		return false
	case plan.Not:
		return !e.holds(f.Filter, n)
	case plan.Compare:
		return e.compare(f, property(n, f.Property))
	case plan.Elements:
		elements := property(n, f.Property).Strs()
		return quantified(f.Quant, e.countElements(f.Where, elements), len(elements))
	case plan.TypeIs:
		return f.Types.Has(n.Type.ID)
	case plan.Linked:
		far := e.follow(f.Link, f.Facts, n)
		return quantified(f.Quant, len(e.those(f.Where, far)), len(far))
	case plan.Counted:
		want := f.Operand.Value(e.params)
		count := e.count(plan.Count{Link: f.Link, Where: f.Where, Facts: f.Facts}, n)
		return !want.IsNull() && ordered(f.Op, count-int(want.Num))
	default:
		panic(f)
	}
}

func (e *evaluator) count(c plan.Count, n *change.Node) int {
	return len(e.those(c.Where, e.follow(c.Link, c.Facts, n)))
}

func (e *evaluator) countElements(where plan.Filter, elements []string) int {
	count := 0
	for _, element := range elements {
		if e.element(where, value.OfText(element)) {
			count++
		}
	}
	return count
}

func quantified(q plan.Quant, met, of int) bool {
	switch q {
	case plan.Some:
		return met > 0
	case plan.All:
		return met == of
	case plan.None:
		return met == 0
	default:
		panic(q)
	}
}

// element is holds for one element of a list of texts.
func (e *evaluator) element(f plan.Filter, v value.Value) bool {
	switch f := f.(type) {
	case plan.And:
		for _, part := range f {
			if !e.element(part, v) {
				return false
			}
		}
		return true
	case plan.Or:
		for _, part := range f {
			if e.element(part, v) {
				return true
			}
		}
		return false
	case plan.Not:
		return !e.element(f.Filter, v)
	case plan.Compare:
		return e.compare(f, v)
	default:
		panic(f)
	}
}

func (e *evaluator) compare(c plan.Compare, v value.Value) bool {
	w := c.Operand.Value(e.params)
	switch {
	case c.Op == plan.IsNull:
		return v.IsNull()
	case w.IsNull():
		return false
	case v.IsNull():
		return c.Kind == value.Date && c.Possible // it may be any day
	case c.Op == plan.In:
		return slices.ContainsFunc(w.List(), func(w value.Value) bool { return relation(c, plan.Eq, v, w) })
	case c.Op == plan.NotIn:
		return !slices.ContainsFunc(w.List(), func(w value.Value) bool { return !relation(c, plan.Ne, v, w) })
	default:
		return relation(c, c.Op, v, w)
	}
}

// relation compares two values that are there.
func relation(c plan.Compare, op plan.Op, v, w value.Value) bool {
	switch {
	case c.Kind == value.Date:
		return dates(op, c.Possible, interval(v, c.Written), interval(w, c.Written))
	case c.Kind == value.Text && !c.CaseSensitive:
		return texts(op, value.Fold(v.Str), value.Fold(w.Str))
	case c.Kind == value.Int || c.Kind == value.Float || c.Kind == value.Bool:
		return ordered(op, value.Compare(v, w))
	default:
		return texts(op, v.Str, w.Str)
	}
}

func texts(op plan.Op, v, w string) bool {
	switch op {
	case plan.Contains:
		return strings.Contains(v, w)
	case plan.StartsWith:
		return strings.HasPrefix(v, w)
	case plan.EndsWith:
		return strings.HasSuffix(v, w)
	default:
		return ordered(op, strings.Compare(v, w))
	}
}

// ordered tells whether the outcome of a comparison is what the relation wants.
func ordered(op plan.Op, order int) bool {
	switch op {
	case plan.Eq:
		return order == 0
	case plan.Ne:
		return order != 0
	case plan.Lt:
		return order < 0
	case plan.Lte:
		return order <= 0
	case plan.Gt:
		return order > 0
	case plan.Gte:
		return order >= 0
	default:
		panic(op)
	}
}

func interval(v value.Value, written bool) value.Interval {
	parse := value.ParseDate
	if written {
		parse = value.ParseWritten
	}
	days, err := parse(v.Str)
	if err != nil {
		panic(err)
	}
	return days
}

// dates compares intervals: wholly, or, when possible, on some day.
func dates(op plan.Op, possible bool, v, w value.Interval) bool {
	overlap := v.From <= w.To && w.From <= v.To
	switch {
	case op == plan.Eq && possible:
		return overlap
	case op == plan.Eq:
		return v == w
	case op == plan.Ne && possible: // but for the same single day, some two of their days differ
		return v != w || v.From != v.To
	case op == plan.Ne:
		return v != w
	case op == plan.Before && possible:
		return v.From < w.From
	case op == plan.Before:
		return v.To < w.From
	case op == plan.After && possible:
		return v.To > w.To
	case op == plan.After:
		return v.From > w.To
	case op == plan.During && possible:
		return overlap
	case op == plan.During:
		return w.From <= v.From && v.To <= w.To
	default:
		panic(op)
	}
}

// property is a scalar of a node, missing when its type does not have it.
func property(n *change.Node, name string) value.Value {
	p, ok := n.Type.Property(name)
	if !ok {
		return value.Value{}
	}
	return n.Values[p.Index]
}

func (e *evaluator) keys(order []plan.Key, n *change.Node) []value.Value {
	var values []value.Value
	for _, key := range order {
		values = append(values, e.key(key, n))
	}
	return values
}

func (e *evaluator) key(key plan.Key, n *change.Node) value.Value {
	for _, link := range key.Path {
		if n = e.one(link, n); n == nil {
			return value.Value{}
		}
	}
	if key.Count != nil {
		return value.OfInt(int64(e.count(*key.Count, n)))
	}
	return property(n, key.Property)
}

func compareKeys(order []plan.Key, v, w []value.Value) int {
	for i, key := range order {
		if c := compareKey(key, v[i], w[i]); c != 0 {
			return c
		}
	}
	return 0
}

func compareKey(key plan.Key, v, w value.Value) int {
	switch {
	case v.IsNull() && w.IsNull():
		return 0
	case v.IsNull():
		return nullSide(key)
	case w.IsNull():
		return -nullSide(key)
	case key.Desc:
		return value.Compare(w, v)
	default:
		return value.Compare(v, w)
	}
}

// nullSide is how a missing value compares with a present one, whatever the direction.
func nullSide(key plan.Key) int {
	if key.NullsFirst {
		return -1
	}
	return 1
}

func scalar(v value.Value) Tree {
	switch v.Kind {
	case value.Null:
		return nil
	case value.Int:
		return v.Num
	case value.Float:
		return value.NumFloat(v.Num)
	case value.Bool:
		return v.Num == 1
	case value.Strings:
		return append([]string{}, v.Strs()...)
	default:
		return v.Str
	}
}
