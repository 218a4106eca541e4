package compile

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// target is the name of the type or interface that a connection field pages through.
func (b *builder) target(f *ast.Field) string {
	connection := b.schema.Types[f.Definition.Type.Name()]
	return connection.Fields.ForName("nodes").Type.Name()
}

// connection compiles a field that pages through nodes of some types.
func (b *builder) connection(s *slots, g *group, owner catalog.TypeSet, from plan.From, types catalog.TypeSet) (plan.Out, error) {
	page := pageBuilder{builder: b, owner: s, ownerTypes: owner, target: b.scope(b.target(g.field())),
		many: &plan.Many{From: from, Path: slices.Clone(b.path)}, rows: newSlots(types)}
	if err := page.arguments(g.field()); err != nil {
		return nil, err
	}
	shape, err := page.connection(g)
	if err != nil {
		return nil, err
	}
	slot := -1 // neither rows nor their number are asked for
	if page.many.Rows || page.many.Total {
		slot = page.place()
	} else {
		b.unread = append(b.unread, page.many)
	}
	return &plan.Connection{Slot: slot, Shape: shape}, nil
}

// pageBuilder compiles the selection on one connection: its edges, nodes and page
// information all speak of the same rows.
type pageBuilder struct {
	*builder
	owner      *slots // the row that the connection stands in
	ownerTypes catalog.TypeSet
	target     scope
	many       *plan.Many
	rows       *slots
	cursors    bool
}

// arguments compiles the arguments of the connection.
func (p *pageBuilder) arguments(f *ast.Field) (err error) {
	if p.many.Where, err = p.whereArgument(p.target, f, "where"); err != nil {
		return err
	}
	if follow, ok := p.many.From.(plan.Follow); ok && follow.Link.Shortcut != nil {
		p.rows.edge = follow.Link
		facts := p.scope(follow.Link.Shortcut.Fact.Target)
		if p.rows.facts, err = p.whereArgument(facts, f, "facts"); err != nil {
			return err
		}
		p.rows.facts = both(p.rows.facts, p.held(follow.Link.Shortcut.Fact.Targets))
		p.many.From = plan.Follow{Link: follow.Link, Facts: p.rows.facts}
	}
	if _, between := p.many.From.(plan.Between); between { // facts that hold, as the edge's own list
		p.many.Where = both(p.owner.facts, p.many.Where)
	} else {
		p.many.Where = both(p.many.Where, p.held(p.rows.row.Types))
	}
	if scan, ok := p.many.From.(plan.Scan); ok {
		scan.Types, p.many.Where = plan.Narrow(scan.Types, p.many.Where)
		p.many.From = scan
	}
	if p.many.Order, err = p.orderArgument(p.target, f); err != nil {
		return err
	}
	return p.bounds(f)
}

// bounds compiles where the page begins and ends.
func (p *pageBuilder) bounds(f *ast.Field) (err error) {
	for _, bound := range []struct {
		name string
		to   *plan.Operand
	}{{"first", &p.many.First}, {"after", &p.many.After}, {"last", &p.many.Last}, {"before", &p.many.Before}} {
		if *bound.to, err = p.operandArgument(f, bound.name); err != nil {
			return err
		}
	}
	return nil
}

// both joins two filters, of which each may be none.
func both(a, b plan.Filter) plan.Filter {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	default:
		return plan.Simplify(plan.And{a, b})
	}
}

// place puts the page into the owner's row.
func (p *pageBuilder) place() int {
	if p.cursors {
		p.many.Keys = p.rows.keys(p.many.Order)
	}
	p.many.Row = p.rows.row
	return p.owner.add(p.ownerTypes, p.many)
}

// keys are the slots that hold the values of the order, for cursors.
func (s *slots) keys(order []plan.Key) []int {
	keys := make([]int, len(order))
	for i, k := range order {
		if len(k.Path) == 0 && k.Count == nil {
			keys[i] = s.property(s.row.Types, k.Property)
		} else {
			keys[i] = s.add(s.row.Types, plan.KeyOf{Key: k})
		}
	}
	return keys
}

// fields compiles the selection on an object that is no node.
func (p *pageBuilder) fields(g *group, one func(*group) (plan.Out, error)) (plan.Shape, error) {
	return p.shapeOf(g.selections(), func(inner *group) (plan.Out, error) {
		if inner.field().Name == "__typename" {
			return typename(inner.field()), nil
		}
		return one(inner)
	})
}

func (p *pageBuilder) connection(g *group) (plan.Shape, error) {
	return p.fields(g, func(g *group) (plan.Out, error) {
		switch name := g.field().Name; name {
		case "edges":
			p.many.Rows = true
			shape, err := p.fields(g, p.edge)
			return &plan.Edges{Shape: shape}, err
		case "nodes":
			p.many.Rows = true
			shape, err := p.node(p.rows, p.rows.row.Types, g.selections()...)
			return &plan.Nodes{Shape: shape}, err
		case "pageInfo":
			p.many.Rows = true
			shape, err := p.fields(g, p.pageInfo)
			return &plan.PageInfo{Shape: shape}, err
		case "totalCount":
			p.many.Total = true
			return plan.TotalCount{}, nil
		case "facets":
			return p.facets(g)
		case "groups":
			return p.groups(g)
		default:
			return nil, fault.New(fault.Internal, "a connection has no %s", name)
		}
	})
}

func (p *pageBuilder) edge(g *group) (plan.Out, error) {
	switch name := g.field().Name; {
	case name == "node":
		shape, err := p.node(p.rows, p.rows.row.Types, g.selections()...)
		return &plan.Node{Shape: shape}, err
	case name == "cursor":
		p.cursors = true
		return plan.Cursor{}, nil
	case p.rows.edge != nil:
		facts := p.rows.edge.Shortcut.Fact.Targets
		return p.builder.connection(p.rows, g, p.rows.row.Types, plan.Between{Link: p.rows.edge}, facts)
	default:
		return nil, fault.New(fault.Internal, "an edge has no %s", name)
	}
}

func (p *pageBuilder) pageInfo(g *group) (plan.Out, error) {
	switch name := g.field().Name; name {
	case "hasNextPage":
		return plan.HasNextPage{}, nil
	case "hasPreviousPage":
		return plan.HasPreviousPage{}, nil
	case "startCursor":
		p.cursors = true
		return plan.StartCursor{}, nil
	case "endCursor":
		p.cursors = true
		return plan.EndCursor{}, nil
	default:
		return nil, fault.New(fault.Internal, "a pageInfo has no %s", name)
	}
}

// scope is the type or interface that a filter or an order speaks of.
type scope struct {
	name       string
	properties []*catalog.Property
	links      []*catalog.Link
}

func (b *builder) scope(name string) scope {
	if t, ok := b.catalog.Type(name); ok {
		return scope{name: name, properties: t.Properties, links: t.Links}
	}
	i, _ := b.catalog.Interface(name)
	return scope{name: name, properties: i.Properties, links: i.Links}
}

func (s scope) property(name string) *catalog.Property {
	for _, p := range s.properties {
		if p.Name == name {
			return p
		}
	}
	return nil
}

func (s scope) link(name string) *catalog.Link {
	for _, l := range s.links {
		if l.Name == name {
			return l
		}
	}
	return nil
}
