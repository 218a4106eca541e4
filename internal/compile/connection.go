package compile

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// target is the name of the type or interface that a connection field pages through.
func (b *builder) target(f *ast.Field) string {
	connection := b.schema.Types[f.Definition.Type.Name()]
	return connection.Fields.ForName("nodes").Type.Name()
}

// connection compiles a field that pages through nodes of some types.
func (b *builder) connection(s *slots, g *group, owner catalog.TypeSet, from plan.From, types catalog.TypeSet) (plan.Out, error) {
	f := g.field()
	many := &plan.Many{From: from, Path: slices.Clone(b.path)}
	if err := b.pageArguments(many, f); err != nil {
		return nil, err
	}
	rows := newSlots(types)
	if follow, ok := from.(plan.Follow); ok && follow.Link.Shortcut != nil {
		rows.edge = follow.Link
	}
	page := pageBuilder{builder: b, many: many, rows: rows}
	shape, err := page.connection(g)
	if err != nil {
		return nil, err
	}
	if page.cursors {
		many.Keys = rows.keys(many.Order)
	}
	many.Row = rows.row
	return &plan.Connection{Slot: s.add(owner, many), Shape: shape}, nil
}

func (b *builder) pageArguments(many *plan.Many, f *ast.Field) (err error) {
	sc := b.scope(b.target(f))
	if many.Where, err = b.whereArgument(sc, f); err != nil {
		return err
	}
	if many.Order, err = b.orderArgument(sc, f); err != nil {
		return err
	}
	if many.First, err = b.operandArgument(f, "first"); err != nil {
		return err
	}
	many.After, err = b.operandArgument(f, "after")
	return err
}

// keys are the slots that hold the values of the order, for cursors.
func (s *slots) keys(order []plan.Key) []int {
	keys := make([]int, len(order))
	for i, k := range order {
		keys[i] = s.property(s.row.Types, k.Property)
	}
	return keys
}

// pageBuilder compiles the selection on one connection: its edges, nodes and page
// information all speak of the same rows.
type pageBuilder struct {
	*builder
	many    *plan.Many
	rows    *slots
	cursors bool
}

// fields compiles the selection on an object that is no node.
func (p *pageBuilder) fields(g *group, one func(*group) (plan.Out, error)) (plan.Shape, error) {
	var shape plan.Shape
	for _, inner := range p.collect(0, g.selections()...) {
		err := p.at(inner.key, func() error {
			out, err := plan.Out(typename(inner.field())), error(nil)
			if inner.field().Name != "__typename" {
				out, err = one(inner)
			}
			shape.Fields = append(shape.Fields, plan.Field{Key: inner.key, Out: out})
			return err
		})
		if err != nil {
			return plan.Shape{}, err
		}
	}
	return shape, nil
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

// orderArgument compiles orderBy; the id is the last key, so that every order is total.
func (b *builder) orderArgument(sc scope, f *ast.Field) ([]plan.Key, error) {
	given, err := b.argument(f, "orderBy")
	if err != nil {
		return nil, err
	}
	entries, _ := given.([]any)
	if entry, single := given.(*object); single {
		entries = []any{entry}
	}
	var order []plan.Key
	for _, entry := range entries {
		key, err := orderKey(sc, entry.(*object))
		if err != nil {
			return nil, err
		}
		order = append(order, key)
		if key.Property == "id" {
			return order, nil // whatever follows could never decide
		}
	}
	return append(order, plan.Key{Property: "id", Kind: value.ID}), nil
}

func orderKey(sc scope, entry *object) (plan.Key, error) {
	var key plan.Key
	var named []string
	for i, name := range entry.names {
		word, _ := entry.values[i].(string)
		switch {
		case word == "": // null: as if it were not there
		case name == "nulls":
			key.NullsFirst = word == "FIRST"
		default:
			named = append(named, name)
			p := sc.property(name)
			key.Property, key.Kind, key.Desc = p.Name, p.Kind, word == "DESC"
		}
	}
	if len(named) != 1 {
		return key, fault.New(fault.Invalid, "an entry of orderBy names %d fields (%s); name one, and write further keys as further entries of the list", len(named), strings.Join(named, ", "))
	}
	return key, nil
}
