package compile

import (
	"encoding/json"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

// slots gathers what a row must bring while its shape is made; equal scalars share a slot.
type slots struct {
	row    plan.Row
	scalar map[string]int
	edge   *catalog.Link // the shortcut whose edges the rows are, nil elsewhere
	facts  plan.Filter   // the condition on the facts behind those edges
}

func newSlots(types catalog.TypeSet) *slots {
	return &slots{row: plan.Row{Types: types}, scalar: map[string]int{}}
}

func (s *slots) add(types catalog.TypeSet, read plan.Read) int {
	s.row.Slots = append(s.row.Slots, plan.Slot{Types: types, Read: read})
	return len(s.row.Slots) - 1
}

// property is the slot of a scalar, wanted for more types from now on.
func (s *slots) property(types catalog.TypeSet, name string) int {
	if at, ok := s.scalar[name]; ok {
		s.row.Slots[at].Types |= types
		return at
	}
	s.scalar[name] = s.add(types, plan.Property{Name: name})
	return s.scalar[name]
}

// root compiles the selection of the query type.
func (b *builder) root(set ast.SelectionSet) (plan.Row, plan.Shape, error) {
	s := newSlots(0)
	shape, err := b.rootFields(s, set)
	return s.row, shape, err
}

func (b *builder) rootFields(s *slots, sets ...ast.SelectionSet) (plan.Shape, error) {
	return b.shapeOf(sets, func(g *group) (plan.Out, error) { return b.rootField(s, g) })
}

// shapeOf compiles the selection on an object that is no node, field by field.
func (b *builder) shapeOf(sets []ast.SelectionSet, field func(*group) (plan.Out, error)) (plan.Shape, error) {
	return b.shapeOn(0, sets, field)
}

// shapeOn compiles the selection on a node that has one of the given types, or, where there are
// none, on what is no node.
func (b *builder) shapeOn(types catalog.TypeSet, sets []ast.SelectionSet, field func(*group) (plan.Out, error)) (shape plan.Shape, err error) {
	for _, g := range b.collect(types, sets...) {
		err := b.at(g.key, func() error {
			out, err := field(g)
			shape.Fields = append(shape.Fields, plan.Field{Key: g.key, Types: g.types, Out: out})
			return err
		})
		if err != nil {
			return plan.Shape{}, err
		}
	}
	return shape, nil
}

func (b *builder) rootField(s *slots, g *group) (plan.Out, error) {
	f := g.field()
	switch f.Name {
	case "__typename":
		return typename(f), nil
	case "__schema", "__type":
		return b.introspect(g)
	case "nodes":
		return b.findAll(s, g)
	case "asOf":
		return b.asOf(s, g)
	case "asRecordedAt":
		return b.recorded(s, g)
	}
	if b.catalog.TypesOf(f.Definition.Type.Name()) == 0 && !isDerived(f) {
		return b.computed(s, g, -1)
	}
	if isDerived(f) {
		from := plan.Scan{Types: b.catalog.TypesOf(b.target(f))}
		return b.connection(s, g, 0, from, from.Types)
	}
	return b.find(s, g)
}

// isDerived tells whether a field is one of the connections that the served schema gets by
// derivation. All of those take conditions; a computed connection, such as that of a
// search, does not.
func isDerived(f *ast.Field) bool {
	return strings.HasSuffix(f.Definition.Type.Name(), "Connection") && f.Definition.Arguments.ForName("where") != nil
}

// typename is the fixed __typename of an object that is no node.
func typename(f *ast.Field) plan.Const {
	return constant(f.ObjectDefinition.Name)
}

func constant(v any) plan.Const {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // names and introspection are always JSON
	}
	return plan.Const{JSON: string(text)}
}

func (b *builder) find(s *slots, g *group) (plan.Out, error) {
	f := g.field()
	id, err := b.operandArgument(f, "id")
	if err != nil {
		return nil, err
	}
	types := b.catalog.TypesOf(f.Definition.Type.Name())
	row, shape, err := b.object(types, g.selections()...)
	if err != nil {
		return nil, err
	}
	slot := s.add(0, &plan.Find{Types: types, ID: id, Where: b.held(types), Row: row})
	return &plan.Object{Slot: slot, Shape: shape}, nil
}

func (b *builder) findAll(s *slots, g *group) (plan.Out, error) {
	ids, err := b.operandArgument(g.field(), "ids")
	if err != nil {
		return nil, err
	}
	if err := shortList(ids.Const.List(), "ids"); err != nil {
		return nil, err
	}
	types := b.catalog.All()
	row, shape, err := b.object(types, g.selections()...)
	if err != nil {
		return nil, err
	}
	slot := s.add(0, &plan.FindAll{Types: types, IDs: ids, Where: b.held(types), Row: row})
	return &plan.Objects{Slot: slot, Shape: shape}, nil
}

// object compiles the selection on a node that has one of the given types.
func (b *builder) object(types catalog.TypeSet, sets ...ast.SelectionSet) (plan.Row, plan.Shape, error) {
	s := newSlots(types)
	shape, err := b.node(s, types, sets...)
	return s.row, shape, err
}

// node compiles the selection on a node into the slots of its row.
func (b *builder) node(s *slots, types catalog.TypeSet, sets ...ast.SelectionSet) (plan.Shape, error) {
	return b.shapeOn(types, sets, func(g *group) (plan.Out, error) { return b.nodeField(s, g) })
}

func (b *builder) nodeField(s *slots, g *group) (plan.Out, error) {
	name := g.field().Name
	if name == "__typename" {
		return plan.Typename{}, nil
	}
	t := b.catalog.Types[g.types.First()] // the types of a group agree on its fields
	if p, ok := t.Property(name); ok {
		return plan.Scalar{Slot: s.property(g.types, name), Required: p.Required}, nil
	}
	link, ok := t.Link(name)
	if !ok { // what the served schema has beyond the catalog is worked out
		return b.computed(s, g, s.property(g.types, "id"))
	}
	if link.Many {
		return b.connection(s, g, g.types, plan.Follow{Link: link}, link.Targets)
	}
	return b.one(s, g, link)
}

func (b *builder) one(s *slots, g *group, link *catalog.Link) (plan.Out, error) {
	row, shape, err := b.object(link.Targets, g.selections()...)
	if err != nil {
		return nil, err
	}
	one := &plan.One{Link: link, Row: row}
	if !link.Required { // what a fact that holds cannot be without is shown with it
		one.Where = b.held(link.Targets)
	}
	slot := s.add(g.types, one)
	return &plan.Object{Slot: slot, Required: link.Required, Shape: shape}, nil
}
