package compile

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// computed compiles a field that no store brings: a record, or a list of records, that
// package analytics works out. id is the slot of the owner's id, -1 at the root.
func (b *builder) computed(s *slots, g *group, id int) (plan.Out, error) {
	f := g.field()
	if b.day != nil {
		return nil, fault.New(fault.Invalid, "%s is about all days and cannot stand inside asOf; ask for it outside", f.Name)
	}
	args, err := b.args(f)
	if err != nil {
		return nil, err
	}
	t := f.Definition.Type
	row, shape, err := b.record(g.selections()...)
	if err != nil {
		return nil, err
	}
	c := &plan.Computed{Field: f.Name, Args: args, ID: id, List: t.Elem != nil, Row: row, Path: slices.Clone(b.path)}
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
func (b *builder) args(f *ast.Field) (plan.Args, error) {
	args := plan.Args{}
	for _, def := range f.Definition.Arguments {
		given, err := b.argument(f, def.Name)
		if err != nil {
			return nil, err
		}
		if given == nil && def.DefaultValue != nil {
			if given, err = b.coerceLiteral(def.DefaultValue, def.Type, def.Name); err != nil {
				return nil, err
			}
		}
		if given != nil {
			args[def.Name] = b.operand(given, def.Type)
		}
	}
	return args, nil
}

// record compiles the selection on a record: its scalars, the records in it, and the
// nodes that it names.
func (b *builder) record(sets ...ast.SelectionSet) (plan.Row, plan.Shape, error) {
	s := newSlots(0)
	var shape plan.Shape
	for _, g := range b.collect(0, sets...) {
		err := b.at(g.key, func() error {
			out, err := b.recordField(s, g)
			shape.Fields = append(shape.Fields, plan.Field{Key: g.key, Out: out})
			return err
		})
		if err != nil {
			return plan.Row{}, plan.Shape{}, err
		}
	}
	return s.row, shape, nil
}

func (b *builder) recordField(s *slots, g *group) (plan.Out, error) {
	f := g.field()
	if f.Name == "__typename" {
		return typename(f), nil
	}
	args, err := b.args(f)
	if err != nil {
		return nil, err
	}
	t := f.Definition.Type
	list := t.Elem != nil
	switch def := b.schema.Types[t.Name()]; {
	case b.catalog.TypesOf(def.Name) != 0:
		types := b.catalog.TypesOf(def.Name)
		row, shape, err := b.object(types, g.selections()...)
		return recordOut(s.add(0, &plan.Reference{Name: f.Name, Args: args, List: list, Types: types, Row: row}), t, shape), err
	case def.Kind == ast.Object:
		row, shape, err := b.record(g.selections()...)
		return recordOut(s.add(0, &plan.Nested{Name: f.Name, Args: args, List: list, Row: row}), t, shape), err
	case def.Kind == ast.Scalar, def.Kind == ast.Enum:
		return plan.Scalar{Slot: s.add(0, &plan.Value{Name: f.Name, Args: args}), Required: t.NonNull}, nil
	default:
		return nil, fault.New(fault.Internal, "a record cannot hold a %s", def.Name)
	}
}
