package compile

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// operandArgument compiles an argument that is a value: id, ids, first, after.
func (b *builder) operandArgument(f *ast.Field, name string) (plan.Operand, error) {
	given, err := b.argument(f, name)
	if err != nil || given == nil {
		return plan.Operand{}, err
	}
	return b.operand(given, f.Definition.Arguments.ForName(name).Type), nil
}

// operand makes an operand of a resolved value that is not null.
func (b *builder) operand(given any, t *ast.Type) plan.Operand {
	if o, ok := given.(open); ok {
		return plan.Operand{Param: o.name}
	}
	return plan.Operand{Const: b.scalar(t, given)}
}

// whereArgument compiles an argument that is a filter: where, facts.
func (b *builder) whereArgument(sc scope, f *ast.Field, name string) (plan.Filter, error) {
	given, err := b.argument(f, name)
	if err != nil || given == nil {
		return nil, err
	}
	filter, err := b.where(sc, given.(*object), name)
	if err != nil {
		return nil, err
	}
	return plan.Simplify(filter), nil
}

// where compiles a filter on a node: all of its fields must hold.
func (b *builder) where(sc scope, o *object, path string) (plan.Filter, error) {
	all := make(plan.And, 0, len(o.names))
	for i, name := range o.names {
		if o.values[i] == nil { // typed clients send null for what they leave out
			continue
		}
		if err := b.condition(); err != nil {
			return nil, err
		}
		part, err := b.whereField(sc, name, o.values[i], path+"."+name)
		if err != nil {
			return nil, err
		}
		all = append(all, part)
	}
	return all, nil
}

// nullFault refuses a comparison with null: nobody can tell whether "any" or "missing" was
// meant, and the first reading has cost people data.
func nullFault(path string) error {
	return fault.New(fault.Invalid, "%s is null; leave it out for no condition, or ask isNull", path)
}

func (b *builder) whereField(sc scope, name string, given any, path string) (plan.Filter, error) {
	switch name {
	case "and":
		parts, err := b.whereList(sc, given, path)
		return plan.And(parts), err
	case "or":
		parts, err := b.whereList(sc, given, path)
		return plan.Or(parts), err
	case "not":
		part, err := b.where(sc, given.(*object), path)
		return plan.Not{Filter: part}, err
	}
	if p := sc.property(name); p != nil {
		return b.compareAll(p, given.(*object), path)
	}
	if l := sc.link(name); l != nil {
		return b.linked(l, given.(*object), path)
	}
	if name == "type" {
		return b.typeIs(given.(*object), path)
	}
	if subject, ok := strings.CutPrefix(name, "is"); ok && b.catalog.TypesOf(subject) != 0 {
		return b.oneOf(subject, given.(*object), path)
	}
	return nil, fault.New(fault.Internal, "%s is not in the catalog", path)
}

func (b *builder) whereList(sc scope, given any, path string) ([]plan.Filter, error) {
	list, ok := given.([]any)
	if !ok {
		list = []any{given}
	}
	parts := make([]plan.Filter, len(list))
	for i, e := range list {
		err := b.condition()
		if err != nil {
			return nil, err
		}
		if parts[i], err = b.where(sc, e.(*object), fmt.Sprintf("%s.%d", path, i)); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// linked compiles a condition on the nodes at the end of a link.
func (b *builder) linked(l *catalog.Link, o *object, path string) (plan.Filter, error) {
	target := b.scope(l.Target)
	if !l.Many {
		inner, err := b.where(target, o, path)
		return b.linkedAt(l, plan.Some, inner, nil), err
	}
	facts, err := b.factsOf(l, o, path)
	if err != nil {
		return nil, err
	}
	all := make(plan.And, 0, len(o.names))
	for i, name := range o.names {
		if name == "facts" || o.values[i] == nil {
			continue
		}
		part, err := b.quantified(l, target, facts, name, o.values[i], path+"."+name)
		if err != nil {
			return nil, err
		}
		all = append(all, part)
	}
	if len(all) == 0 && facts != nil {
		return nil, fault.New(fault.Invalid, "%s says which facts count but not what of them; add some, all, none or count", path)
	}
	return all, nil
}

// factsOf compiles the condition on the facts that a shortcut leads past.
func (b *builder) factsOf(l *catalog.Link, o *object, path string) (plan.Filter, error) {
	given := o.field("facts")
	if given == nil {
		return nil, nil
	}
	return b.where(b.scope(l.Shortcut.Fact.Target), given.(*object), path+".facts")
}

func (b *builder) quantified(l *catalog.Link, target scope, facts plan.Filter, name string, given any, path string) (plan.Filter, error) {
	if name == "count" {
		return b.counted(l, target, facts, given.(*object), path)
	}
	inner, err := b.where(target, given.(*object), path)
	return b.linkedAt(l, quants[name], inner, facts), err
}

var quants = map[string]plan.Quant{"some": plan.Some, "all": plan.All, "none": plan.None}

func (b *builder) counted(l *catalog.Link, target scope, facts plan.Filter, o *object, path string) (plan.Filter, error) {
	var where plan.Filter
	var all plan.And
	for i, name := range o.names {
		switch {
		case o.values[i] == nil && name == "where": // a null condition is none
		case o.values[i] == nil:
			return nil, nullFault(path + "." + name)
		case name == "where":
			var err error
			if where, err = b.where(target, o.values[i].(*object), path+".where"); err != nil {
				return nil, err
			}
		default:
			all = append(all, plan.Counted{Link: l, Op: ops[name], Operand: b.operand(o.values[i], intType)})
		}
	}
	where, facts = b.heldAt(l, where, facts)
	for i := range all {
		counted := all[i].(plan.Counted)
		counted.Where, counted.Facts = where, facts
		all[i] = counted
	}
	if len(all) == 0 {
		return nil, fault.New(fault.Invalid, "%s compares with nothing; add one of eq, ne, lt, lte, gt, gte", path)
	}
	return all, nil
}

var intType = ast.NamedType("Int", nil)

var ops = map[string]plan.Op{
	"eq": plan.Eq, "ne": plan.Ne, "in": plan.In, "notIn": plan.NotIn,
	"lt": plan.Lt, "lte": plan.Lte, "gt": plan.Gt, "gte": plan.Gte,
	"contains": plan.Contains, "startsWith": plan.StartsWith, "endsWith": plan.EndsWith,
	"before": plan.Before, "after": plan.After, "during": plan.During,
}

// typeIs compiles a filter on the type of a node, known by the catalog alone.
func (b *builder) typeIs(o *object, path string) (plan.Filter, error) {
	set := b.catalog.All()
	for i, name := range o.names {
		if o.values[i] == nil {
			return nil, nullFault(path + "." + name)
		}
		named := b.typesNamed(o.values[i])
		if name == "ne" || name == "notIn" || name == "isNull" && o.values[i] == false {
			named = b.catalog.All() &^ named
		}
		set &= named
	}
	return plan.TypeIs{Types: set}, nil
}

// oneOf compiles a condition to be of one of the types that a name stands for, and to meet
// what can be asked of those. The type comes first: of others nothing more is asked.
func (b *builder) oneOf(subject string, o *object, path string) (plan.Filter, error) {
	inner, err := b.where(b.scope(subject), o, path)
	return plan.And{plan.TypeIs{Types: b.catalog.TypesOf(subject)}, inner}, err
}

func (b *builder) typesNamed(given any) catalog.TypeSet {
	list, ok := given.([]any)
	if !ok {
		list = []any{given}
	}
	var set catalog.TypeSet
	for _, name := range list {
		for _, t := range b.catalog.Types {
			if t.EnumName() == name {
				set |= catalog.SetOf(t.ID)
			}
		}
	}
	return set
}

// compareAll compiles the comparisons with one scalar: all of them must hold.
func (b *builder) compareAll(p *catalog.Property, o *object, path string) (plan.Filter, error) {
	if p.Kind == value.Strings {
		return b.elements(p, o, path)
	}
	base := plan.Compare{Property: p.Name, Kind: p.Kind}
	return b.compare(base, o, path)
}

func (b *builder) elements(p *catalog.Property, o *object, path string) (plan.Filter, error) {
	all := make(plan.And, 0, len(o.names))
	for i, name := range o.names {
		if o.values[i] == nil {
			continue
		}
		inner, err := b.compare(plan.Compare{Kind: value.Text}, o.values[i].(*object), path+"."+name)
		if err != nil {
			return nil, err
		}
		all = append(all, plan.Elements{Property: p.Name, Quant: quants[name], Where: inner})
	}
	return all, nil
}

func (b *builder) compare(base plan.Compare, o *object, path string) (plan.Filter, error) {
	all := make(plan.And, 0, len(o.names))
	for i, name := range o.names {
		switch given := o.values[i]; {
		case given == nil:
			return nil, nullFault(path + "." + name)
		case name == "caseSensitive":
			base.CaseSensitive = given == true
		case name == "certainty":
			base.Possible = given == "POSSIBLE"
		case name == "dates":
			base.Written = given == "WRITTEN"
		}
	}
	for i, name := range o.names {
		if name == "caseSensitive" || name == "certainty" || name == "dates" {
			continue
		}
		part, err := b.comparison(base, name, o.values[i], path+"."+name)
		if err != nil {
			return nil, err
		}
		all = append(all, part)
	}
	return all, nil
}

func (b *builder) comparison(c plan.Compare, name string, given any, path string) (plan.Filter, error) {
	if name == "isNull" {
		c.Op, c.CaseSensitive, c.Possible, c.Written = plan.IsNull, false, false, false
		if given == false {
			return plan.Not{Filter: c}, nil
		}
		return c, nil
	}
	c.Op = ops[name]
	list, ok := given.([]any)
	if !ok {
		c.Operand = b.operandOf(c.Kind, given)
		return c, nil
	}
	values := make([]value.Value, len(list))
	for i, e := range list {
		values[i] = b.operandOf(c.Kind, e).Const
	}
	c.Operand = plan.Operand{Const: value.OfList(values)}
	return c, shortList(values, path)
}

// operandOf makes an operand of the kind of the scalar it is compared with.
func (b *builder) operandOf(kind value.Kind, given any) plan.Operand {
	switch v := given.(type) {
	case open:
		return plan.Operand{Param: v.name}
	case int64:
		return plan.Operand{Const: value.OfInt(v)}
	case float64:
		return plan.Operand{Const: value.OfFloat(v)}
	case bool:
		return plan.Operand{Const: value.OfBool(v)}
	case string:
		return plan.Operand{Const: value.Value{Kind: kind, Str: v}}
	default:
		panic(given)
	}
}
