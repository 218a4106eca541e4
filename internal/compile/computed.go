package compile

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// computed compiles a field that no store brings: a record, or a list of records, that
// package computed fills in. id is the slot of the owner's id, -1 at the root.
func (b *builder) computed(s *slots, g *group, id int) (plan.Out, error) {
	f := g.field()
	if b.day != nil {
		return nil, fault.New(fault.Invalid, "%s is about all days and cannot stand inside asOf; ask for it outside", f.Name)
	}
	args, filters, err := b.args(f)
	if err != nil {
		return nil, err
	}
	t := f.Definition.Type
	row, shape, err := b.record(g.selections()...)
	if err != nil {
		return nil, err
	}
	c := &plan.Computed{Field: f.Name, Args: args, Filters: filters, ID: id, List: t.Elem != nil, Row: row, Path: slices.Clone(b.path)}
	return recordOut(s.add(g.types, c), t, shape), nil
}

// recordOut writes a record or a list of records.
func recordOut(slot int, t *ast.Type, shape plan.Shape) plan.Out {
	if t.Elem != nil {
		return &plan.Objects{Slot: slot, Required: t.Elem.NonNull, Shape: shape}
	}
	return &plan.Object{Slot: slot, Required: t.NonNull, Shape: shape}
}

// args resolves all arguments of a computed field, defaults included.
func (b *builder) args(f *ast.Field) (plan.Args, plan.Filters, error) {
	given := &given{builder: b, args: plan.Args{}}
	for _, def := range f.Definition.Arguments {
		v, err := b.argument(f, def.Name)
		if err != nil {
			return nil, nil, err
		}
		if err := given.add(def.Name, v, def.Type, def.DefaultValue); err != nil {
			return nil, nil, err
		}
	}
	return given.args, given.filters, nil
}

// given gathers what is given to a computed field.
type given struct {
	builder *builder
	args    plan.Args
	filters plan.Filters
}

// add takes a value, or the default of what is not given.
func (g *given) add(name string, v any, t *ast.Type, missing *ast.Value) error {
	if v == nil && missing != nil {
		var err error
		if v, err = g.builder.coerceLiteral(missing, t, name); err != nil {
			return err
		}
		v = ordered(v)
	}
	switch v := v.(type) {
	case nil:
		return nil
	case *object:
		return g.object(name, v, g.builder.schema.Types[t.Name()])
	default:
		g.args[name] = g.builder.operand(v, t)
		return nil
	}
}

// object takes the fields of an input object, each under its path. One that is called
// after a type or interface with Where at its end is a filter.
func (g *given) object(name string, o *object, def *ast.Definition) error {
	if subject, ok := strings.CutSuffix(def.Name, "Where"); ok && g.builder.catalog.TypesOf(subject) != 0 {
		return g.filter(name, o, subject)
	}
	g.args[name] = plan.Operand{Const: value.OfBool(true)}
	for _, f := range def.Fields {
		if err := g.add(name+"."+f.Name, o.field(f.Name), f.Type, f.DefaultValue); err != nil {
			return err
		}
	}
	return nil
}

func (g *given) filter(name string, o *object, subject string) error {
	filter, err := g.builder.where(g.builder.scope(subject), o, name)
	if err != nil {
		return err
	}
	if g.filters == nil {
		g.filters = plan.Filters{}
	}
	g.filters[name] = plan.Condition{Types: g.builder.catalog.TypesOf(subject), Filter: plan.Simplify(filter)}
	return nil
}

// record compiles the selection on a record: its scalars, the records in it, and the
// nodes that it names.
func (b *builder) record(sets ...ast.SelectionSet) (plan.Row, plan.Shape, error) {
	s := newSlots(0)
	shape, err := b.shapeOf(sets, func(g *group) (plan.Out, error) { return b.recordField(s, g) })
	return s.row, shape, err
}

func (b *builder) recordField(s *slots, g *group) (plan.Out, error) {
	f := g.field()
	if f.Name == "__typename" {
		return typename(f), nil
	}
	args, _, err := b.args(f)
	if err != nil {
		return nil, err
	}
	t := f.Definition.Type
	list := t.Elem != nil
	switch def := b.schema.Types[t.Name()]; {
	case b.catalog.TypesOf(def.Name) != 0:
		return b.reference(s, g, args)
	case def.Kind == ast.Object:
		row, shape, err := b.record(g.selections()...)
		return recordOut(s.add(0, &plan.Nested{Name: f.Name, Args: args, List: list, Row: row}), t, shape), err
	case def.Kind == ast.Scalar, def.Kind == ast.Enum:
		return plan.Scalar{Slot: s.add(0, &plan.Value{Name: f.Name, Args: args}), Required: t.NonNull}, nil
	default:
		return nil, fault.New(fault.Internal, "a record cannot hold a %s", def.Name)
	}
}

// reference compiles the selection on a node, or nodes, that a record names.
func (b *builder) reference(s *slots, g *group, args plan.Args) (plan.Out, error) {
	f := g.field()
	t := f.Definition.Type
	types := b.catalog.TypesOf(t.Name())
	row, shape, err := b.object(types, g.selections()...)
	if err != nil {
		return nil, err
	}
	r := &plan.Reference{Name: f.Name, Args: args, List: t.Elem != nil, Required: t.NonNull, Types: types, Row: row, IDs: showsIDs(&row, shape)}
	if r.List {
		r.Required = t.Elem.NonNull
	}
	return recordOut(s.add(0, r), t, shape), nil
}

// showsIDs tells whether an answer shows the ids of nodes, and nothing by which their types differ.
func showsIDs(row *plan.Row, shape plan.Shape) bool {
	for _, f := range shape.Fields {
		out, scalar := f.Out.(plan.Scalar)
		if !scalar || f.Types != row.Types || row.Slots[out.Slot].Read != plan.Read(plan.Property{Name: "id"}) {
			return false
		}
	}
	return true
}
