package compile

import (
	"encoding/json"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// variable is a variable of an operation and the part it plays.
type variable struct {
	name string
	typ  *ast.Type
	open bool // it stands for a value wherever it is used, so plans leave it open
}

// study finds the part that each variable plays.
func (c *Compiler) study(op *ast.OperationDefinition) []variable {
	if len(op.VariableDefinitions) == 0 {
		return nil
	}
	s := study{structural: map[string]bool{}, seen: map[string]bool{}}
	s.selections(op.SelectionSet)
	vars := make([]variable, len(op.VariableDefinitions))
	for i, v := range op.VariableDefinitions {
		vars[i] = variable{name: v.Variable, typ: v.Type, open: !s.structural[v.Variable]}
	}
	return vars
}

// study gathers the variables that are used where the plan's structure depends on them.
type study struct {
	structural map[string]bool
	seen       map[string]bool // fragments
}

func (s *study) selections(set ast.SelectionSet) {
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			s.directives(sel.Directives)
			s.arguments(sel)
			s.selections(sel.SelectionSet)
		case *ast.InlineFragment:
			s.directives(sel.Directives)
			s.selections(sel.SelectionSet)
		case *ast.FragmentSpread:
			s.directives(sel.Directives)
			if !s.seen[sel.Name] {
				s.seen[sel.Name] = true
				s.selections(sel.Definition.SelectionSet)
			}
		default:
			panic(sel)
		}
	}
}

func (s *study) directives(list ast.DirectiveList) {
	for _, d := range list {
		for _, a := range d.Arguments {
			s.mark(a.Value)
		}
	}
}

// openArguments are the arguments of fields that a plan can leave open.
var openArguments = map[string]bool{
	"id": true, "ids": true, "first": true, "after": true, "last": true, "before": true, "skip": true,
}

func (s *study) arguments(f *ast.Field) {
	introspection := strings.HasPrefix(f.Name, "__") || strings.HasPrefix(f.ObjectDefinition.Name, "__")
	for _, a := range f.Arguments {
		switch {
		case a.Value.Kind == ast.Variable && openArguments[a.Name] && !introspection:
		case a.Value.Kind == ast.ObjectValue && (a.Name == "where" || a.Name == "facts"):
			s.where(a.Value)
		default:
			s.mark(a.Value)
		}
	}
}

// where leaves the operands of comparisons open and marks every other variable.
func (s *study) where(v *ast.Value) {
	for _, child := range v.Children {
		switch {
		case child.Value.Kind == ast.Variable && isComparison(v.Definition) && !settings[child.Name]:
		case child.Value.Kind == ast.ObjectValue:
			s.where(child.Value)
		case child.Value.Kind == ast.ListValue && (child.Name == "and" || child.Name == "or"):
			for _, element := range child.Value.Children {
				if element.Value.Kind == ast.ObjectValue {
					s.where(element.Value)
				} else {
					s.mark(element.Value)
				}
			}
		default:
			s.mark(child.Value)
		}
	}
}

// mark notes every variable inside a value as structural.
func (s *study) mark(v *ast.Value) {
	if v.Kind == ast.Variable {
		s.structural[v.Raw] = true
	}
	for _, child := range v.Children {
		s.mark(child.Value)
	}
}

// isComparison tells whether an input type compares a scalar or a count: its operands
// are scalars, unlike the fields of a filter on a node. A condition on the type is none:
// it is decided when the plan is made.
func isComparison(def *ast.Definition) bool {
	return def != nil && def.Name != "NodeTypeWhere" && def.Fields.ForName("eq") != nil && def.Fields.ForName("and") == nil
}

// settings are the fields of a comparison that change what it means.
var settings = map[string]bool{"isNull": true, "caseSensitive": true, "certainty": true, "dates": true, "where": true}

// Specialize checks the values of the variables and splits them: key tells apart the
// structures that a plan can have, params are the values that plans leave open.
func (o *Operation) Specialize(vars map[string]any) (key string, params plan.Params, err error) {
	if len(o.variables) == 0 {
		return "", nil, nil
	}
	var b strings.Builder
	params = make(plan.Params, len(o.variables))
	for _, v := range o.variables {
		given, present := vars[v.name]
		switch {
		case !present:
			b.WriteByte('-')
		case given == nil:
			b.WriteByte('0')
		default:
			if vars[v.name], err = o.compiler.coerce(v.typ, given, "$"+v.name); err != nil {
				return "", nil, err
			}
			if v.open {
				b.WriteByte('1')
				params[v.name] = o.compiler.scalar(v.typ, vars[v.name])
				if err := shortList(params[v.name].List(), "$"+v.name); err != nil {
					return "", nil, err
				}
				continue
			}
			text, err := json.Marshal(vars[v.name])
			if err != nil {
				return "", nil, err
			}
			b.Write(text)
		}
		b.WriteByte(';')
	}
	return b.String(), params, nil
}

// shortList refuses a list of operands or ids that is too long.
func shortList(list []value.Value, path string) error {
	if len(list) <= plan.MaxPage {
		return nil
	}
	return fault.New(fault.Limit, "%s has %d entries and a list may have %d; ask in parts", path, len(list), plan.MaxPage)
}

// openNames are the variables that a plan for vars leaves open: a missing or null one
// changes the structure, since the condition it belongs to is left out or refused.
func (o *Operation) openNames(vars map[string]any) map[string]bool {
	open := make(map[string]bool, len(o.variables))
	for _, v := range o.variables {
		open[v.name] = v.open && vars[v.name] != nil
	}
	return open
}

// scalar makes a plan's value of a coerced scalar or list of scalars.
func (c *Compiler) scalar(t *ast.Type, v any) value.Value {
	if t.Elem != nil {
		list := v.([]any)
		values := make([]value.Value, len(list))
		for i, e := range list {
			values[i] = c.scalar(t.Elem, e)
		}
		return value.OfList(values)
	}
	switch v := v.(type) {
	case nil:
		return value.Value{}
	case int64:
		return value.OfInt(v)
	case float64:
		return value.OfFloat(v)
	case bool:
		return value.OfBool(v)
	case string:
		return value.Value{Kind: c.kindOf(t.NamedType), Str: v}
	default:
		panic(v)
	}
}

// kindOf is the kind of value that a scalar or enum type stands for.
func (c *Compiler) kindOf(name string) value.Kind {
	switch name {
	case "ID":
		return value.ID
	case "String":
		return value.Text
	case "Int":
		return value.Int
	case "Float":
		return value.Float
	case "Boolean":
		return value.Bool
	case "Date":
		return value.Date
	default:
		return value.Enum
	}
}
