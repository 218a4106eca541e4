package compile

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// coerce makes a given input value one of its type, as the specification says in
// sections 3.5 to 3.12 on input coercion: ids become strings, whole numbers int64,
// other numbers float64, single values lists. The library's own check lets more through (enums in any case,
// numbers as strings), so everything is checked again here.
func (c *Compiler) coerce(t *ast.Type, v any, path string) (any, error) {
	switch {
	case v == nil && t.NonNull:
		return nil, fault.New(fault.Invalid, "%s is null; a %s is wanted", path, t)
	case v == nil:
		return nil, nil
	case t.Elem != nil:
		return c.coerceList(t, v, path)
	}
	def := c.schema.Types[t.NamedType]
	switch def.Kind {
	case ast.InputObject:
		return c.coerceObject(def, v, path)
	case ast.Enum:
		return coerceEnum(def, v, path)
	default:
		return coerceScalar(t.NamedType, v, path)
	}
}

func (c *Compiler) coerceList(t *ast.Type, v any, path string) (any, error) {
	list, ok := asList(v)
	if !ok {
		list = []any{v}
	}
	out := make([]any, len(list))
	for i, e := range list {
		var err error
		if out[i], err = c.coerce(t.Elem, e, fmt.Sprintf("%s.%d", path, i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// asList tells whether v is a list; the library makes typed slices of single values.
func asList(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case []string:
		return anys(v), true
	case []int64:
		return anys(v), true
	case []float64:
		return anys(v), true
	case []bool:
		return anys(v), true
	case []json.Number:
		return anys(v), true
	case []map[string]any:
		return anys(v), true
	default:
		return nil, false
	}
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = e
	}
	return out
}

func (c *Compiler) coerceObject(def *ast.Definition, v any, path string) (any, error) {
	given, ok := v.(map[string]any)
	if !ok {
		return nil, fault.New(fault.Invalid, "%s is not an object; a %s is wanted", path, def.Name)
	}
	out := make(map[string]any, len(given))
	for _, name := range slices.Sorted(maps.Keys(given)) { // so that the same fault is told each time
		field := def.Fields.ForName(name)
		if field == nil {
			return nil, fault.New(fault.Invalid, "%s.%s does not exist in %s", path, name, def.Name)
		}
		coerced, err := c.coerce(c.inputType(def, field), given[name], path+"."+name)
		if err != nil {
			return nil, err
		}
		out[name] = coerced
	}
	return out, nil
}

func coerceEnum(def *ast.Definition, v any, path string) (any, error) {
	name, ok := v.(string)
	if !ok || def.EnumValues.ForName(name) == nil {
		return nil, fault.New(fault.Invalid, "%s is %s, which is not a value of %s; take one of %s", path, value.Clip(fmt.Sprint(v)), def.Name, enumNames(def))
	}
	return name, nil
}

func enumNames(def *ast.Definition) string {
	names := make([]string, len(def.EnumValues))
	for i, e := range def.EnumValues {
		names[i] = e.Name
	}
	return strings.Join(names, ", ")
}

func coerceScalar(name string, v any, path string) (any, error) {
	switch name {
	case "Int":
		if n, ok := wholeNumber(v); ok && n >= math.MinInt32 && n <= math.MaxInt32 {
			return n, nil
		}
		return nil, fault.New(fault.Invalid, "%s is %s; a whole number of 32 bits is wanted", path, show(v))
	case "Float":
		if f, ok := finiteNumber(v); ok {
			return f, nil
		}
		return nil, fault.New(fault.Invalid, "%s is %s; a number is wanted", path, show(v))
	case "Boolean":
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, fault.New(fault.Invalid, "%s is %s; true or false is wanted", path, show(v))
	case "ID":
		if s, ok := v.(string); ok {
			return s, nil
		}
		if n, ok := wholeNumber(v); ok {
			return strconv.FormatInt(n, 10), nil
		}
		return nil, fault.New(fault.Invalid, "%s is %s; an id is a string", path, show(v))
	default:
		s, ok := v.(string)
		if !ok {
			return nil, fault.New(fault.Invalid, "%s is %s; a string is wanted", path, show(v))
		}
		if err := checkTime(name, s); err != nil {
			return nil, fault.New(fault.Invalid, "%s: %s", path, err)
		}
		return s, nil
	}
}

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil || len(text) > 80 {
		return fmt.Sprintf("a %T", v)
	}
	return string(text)
}

func wholeNumber(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	default:
		return 0, false
	}
}

// finiteNumber reads a number. What a float64 cannot hold at all, such as 1e999, is none.
func finiteNumber(v any) (float64, bool) {
	var f float64
	switch v := v.(type) {
	case int64:
		f = float64(v)
	case int:
		f = float64(v)
	case float64:
		f = v
	case json.Number:
		var err error
		if f, err = v.Float64(); err != nil {
			return 0, false
		}
	default:
		return 0, false
	}
	return f, !math.IsInf(f, 0) && !math.IsNaN(f)
}

// open stands for an open variable inside a resolved argument.
type open struct {
	name string
	typ  *ast.Type
}

// object is an input object with its fields in a definite order: as written, or by
// name when they come from a variable.
type object struct {
	names  []string
	values []any
}

// field is the value of a field, nil when it is not there or null.
func (o *object) field(name string) any {
	if i := slices.Index(o.names, name); i >= 0 {
		return o.values[i]
	}
	return nil
}

// argument resolves a field's argument: nil when it is absent, null or an absent
// variable; else an open variable, a scalar, a list ([]any) or an object.
func (b *builder) argument(f *ast.Field, name string) (any, error) {
	argument := f.Arguments.ForName(name)
	if argument == nil {
		return nil, nil
	}
	definition := f.Definition.Arguments.ForName(name)
	v, _, err := b.resolve(argument.Value, definition.Type, name)
	return v, err
}

// resolve puts the variables into a written value and coerces it. present is false
// when the value is a variable that was not given.
func (b *builder) resolve(v *ast.Value, t *ast.Type, path string) (resolved any, present bool, err error) {
	switch v.Kind {
	case ast.Variable:
		if b.open[v.Raw] {
			return open{name: v.Raw, typ: t}, true, nil
		}
		given, present := b.vars[v.Raw]
		return ordered(given), present, nil
	case ast.NullValue:
		return nil, true, nil
	case ast.ListValue:
		list, err := b.resolveList(v, t, path)
		return list, true, err
	case ast.ObjectValue:
		object, err := b.resolveObject(v, t, path)
		return object, true, err
	default:
		scalar, err := b.coerceLiteral(v, t, path)
		return scalar, true, err
	}
}

func (b *builder) coerceLiteral(v *ast.Value, t *ast.Type, path string) (any, error) {
	raw, err := v.Value(nil)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s is %s, which cannot be read", path, v.Raw)
	}
	return b.coerce(t, raw, path)
}

func (b *builder) resolveList(v *ast.Value, t *ast.Type, path string) (any, error) {
	list := make([]any, 0, len(v.Children))
	for i, child := range v.Children {
		element, _, err := b.resolve(child.Value, t.Elem, fmt.Sprintf("%s.%d", path, i))
		if err != nil {
			return nil, err
		}
		list = append(list, element)
	}
	return list, nil
}

func (b *builder) resolveObject(v *ast.Value, t *ast.Type, path string) (any, error) {
	listed := t.Elem != nil
	for t.Elem != nil {
		t = t.Elem
	}
	def := b.schema.Types[t.NamedType]
	o := &object{}
	for _, child := range v.Children {
		inner, present, err := b.resolve(child.Value, b.inputType(def, def.Fields.ForName(child.Name)), path+"."+child.Name)
		if err != nil {
			return nil, err
		}
		if present {
			o.names = append(o.names, child.Name)
			o.values = append(o.values, inner)
		}
	}
	if listed {
		return []any{o}, nil
	}
	return o, nil
}

// ordered turns the maps of a variable's value into objects with sorted fields.
func ordered(v any) any {
	switch v := v.(type) {
	case map[string]any:
		o := &object{}
		for name := range v {
			o.names = append(o.names, name)
		}
		slices.Sort(o.names)
		for _, name := range o.names {
			o.values = append(o.values, ordered(v[name]))
		}
		return o
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = ordered(e)
		}
		return out
	default:
		return v
	}
}
