package compile

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// maxIntrospection bounds the bytes of introspection in one answer.
const maxIntrospection = 4 << 20

// introspect answers __schema and __type while compiling: the schema never changes, so
// the answer is a constant of the plan.
func (b *builder) introspect(g *group) (plan.Out, error) {
	var subject any = introspection.WrapSchema(b.schema)
	if g.field().Name == "__type" {
		name, err := b.argument(g.field(), "name")
		if err != nil {
			return nil, err
		}
		subject = nil
		if def := b.schema.Types[name.(string)]; def != nil {
			subject = introspection.WrapTypeFromDef(b.schema, def)
		}
	}
	w := introspector{builder: b}
	w.write(subject, g.selections())
	if b.described += w.out.Len(); b.described > maxIntrospection {
		return nil, fault.New(fault.Limit, "the introspection answer is larger than %d MiB; ask for less of it", maxIntrospection>>20)
	}
	return plan.Const{JSON: w.out.String()}, nil
}

// introspector writes what is selected of the schema's description as JSON.
type introspector struct {
	*builder
	out bytes.Buffer
}

func (w *introspector) write(v any, sets []ast.SelectionSet) {
	if w.described+w.out.Len() > maxIntrospection {
		return
	}
	switch v := v.(type) {
	case []introspection.Type:
		writeAll(w, v, sets, typeField)
	case []introspection.Field:
		writeAll(w, v, sets, fieldField)
	case []introspection.InputValue:
		writeAll(w, v, sets, inputField)
	case []introspection.EnumValue:
		writeAll(w, v, sets, enumField)
	case []introspection.Directive:
		writeAll(w, v, sets, directiveField)
	case *introspection.Schema:
		writeObject(w, v, sets, schemaField)
	case *introspection.Type:
		if v == nil {
			w.out.WriteString("null")
			return
		}
		writeObject(w, v, sets, typeField)
	default:
		w.scalar(v)
	}
}

func (w *introspector) scalar(v any) {
	enc := json.NewEncoder(&w.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // strings, truth values and lists of them
	}
	w.out.Truncate(w.out.Len() - 1) // the encoder's line end
}

// writeAll writes a list of objects.
func writeAll[T any](w *introspector, list []T, sets []ast.SelectionSet, field func(*T, *ast.Field, bool) any) {
	w.out.WriteByte('[')
	for i := range list {
		if i > 0 {
			w.out.WriteByte(',')
		}
		writeObject(w, &list[i], sets, field)
	}
	w.out.WriteByte(']')
}

// writeObject writes the selected fields of an object; field reads one of them.
func writeObject[T any](w *introspector, v *T, sets []ast.SelectionSet, field func(v *T, f *ast.Field, deprecated bool) any) {
	w.out.WriteByte('{')
	for i, g := range w.collect(0, sets...) {
		if i > 0 {
			w.out.WriteByte(',')
		}
		w.scalar(g.key)
		w.out.WriteByte(':')
		f := g.field()
		if f.Name == "__typename" {
			w.scalar(f.ObjectDefinition.Name)
			continue
		}
		w.write(field(v, f, w.deprecated(f)), g.selections())
	}
	w.out.WriteByte('}')
}

// deprecated reads the argument includeDeprecated.
func (w *introspector) deprecated(f *ast.Field) bool {
	include, err := w.argument(f, "includeDeprecated")
	return err == nil && include == true
}

func schemaField(s *introspection.Schema, f *ast.Field, _ bool) any {
	switch f.Name {
	case "description":
		return s.Description()
	case "types":
		return s.Types()
	case "queryType":
		return s.QueryType()
	case "mutationType":
		return s.MutationType()
	case "subscriptionType":
		return s.SubscriptionType()
	case "directives":
		return s.Directives()
	default:
		return nil
	}
}

// typeField reads a field of __Type; lists are null where the kind has none, as the
// specification says (section 4.5).
func typeField(t *introspection.Type, f *ast.Field, deprecated bool) any {
	kind := ast.DefinitionKind(t.Kind())
	fielded := kind == ast.Object || kind == ast.Interface
	switch {
	case f.Name == "kind":
		return t.Kind()
	case f.Name == "name":
		return t.Name()
	case f.Name == "description":
		return t.Description()
	case f.Name == "specifiedByURL":
		return t.SpecifiedByURL()
	case f.Name == "ofType":
		return t.OfType()
	case f.Name == "fields" && fielded:
		return t.Fields(deprecated)
	case f.Name == "interfaces" && fielded:
		return t.Interfaces()
	case f.Name == "possibleTypes" && (kind == ast.Interface || kind == ast.Union):
		return objects(t.PossibleTypes())
	case f.Name == "enumValues" && kind == ast.Enum:
		return t.EnumValues(deprecated)
	case f.Name == "inputFields" && kind == ast.InputObject:
		return current(t.InputFields(), deprecated)
	case f.Name == "isOneOf" && kind == ast.InputObject:
		return t.IsOneOf()
	default:
		return nil
	}
}

// objects leaves out interfaces: a possible type is an object type, as the specification says (section 4.5.2).
func objects(types []introspection.Type) []introspection.Type {
	return slices.DeleteFunc(types, func(t introspection.Type) bool { return t.Kind() != string(ast.Object) })
}

func fieldField(field *introspection.Field, f *ast.Field, deprecated bool) any {
	switch f.Name {
	case "name":
		return field.Name
	case "description":
		return field.Description()
	case "args":
		return current(field.Args, deprecated)
	case "type":
		return field.Type
	case "isDeprecated":
		return field.IsDeprecated()
	case "deprecationReason":
		return field.DeprecationReason()
	default:
		return nil
	}
}

func inputField(v *introspection.InputValue, f *ast.Field, _ bool) any {
	switch f.Name {
	case "name":
		return v.Name
	case "description":
		return v.Description()
	case "type":
		return v.Type
	case "defaultValue":
		return v.DefaultValue
	case "isDeprecated":
		return v.IsDeprecated()
	case "deprecationReason":
		return v.DeprecationReason()
	default:
		return nil
	}
}

func enumField(v *introspection.EnumValue, f *ast.Field, _ bool) any {
	switch f.Name {
	case "name":
		return v.Name
	case "description":
		return v.Description()
	case "isDeprecated":
		return v.IsDeprecated()
	case "deprecationReason":
		return v.DeprecationReason()
	default:
		return nil
	}
}

func directiveField(d *introspection.Directive, f *ast.Field, deprecated bool) any {
	switch f.Name {
	case "name":
		return d.Name
	case "description":
		return d.Description()
	case "isRepeatable":
		return d.IsRepeatable
	case "locations":
		return d.Locations
	case "args":
		return current(d.Args, deprecated)
	default:
		return nil
	}
}

// current leaves out what is deprecated unless it is asked for.
func current(values []introspection.InputValue, deprecated bool) []introspection.InputValue {
	kept := make([]introspection.InputValue, 0, len(values))
	for _, v := range values {
		if deprecated || !v.IsDeprecated() {
			kept = append(kept, v)
		}
	}
	return kept
}
