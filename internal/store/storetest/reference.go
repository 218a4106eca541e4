package storetest

import (
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

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

// property is a scalar of a node, missing when its type does not have it.
func property(n *change.Node, name string) value.Value {
	p, ok := n.Type.Property(name)
	if !ok {
		return value.Value{}
	}
	return n.Values[p.Index]
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
