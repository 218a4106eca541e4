package abuse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// writer writes a question that the schema allows, led by bytes: the same bytes write
// the same question, and any bytes write one.
type writer struct {
	schema *ast.Schema
	bytes  []byte
	out    strings.Builder
	fields int // so far
	keys   int // aliases so far
}

// question writes a query from bytes.
func question(schema *ast.Schema, bytes []byte) string {
	w := &writer{schema: schema, bytes: bytes}
	w.selection(schema.Query, 0)
	return w.out.String()
}

// choose takes a number below n from the bytes, 0 when they are used up.
func (w *writer) choose(n int) int {
	if len(w.bytes) == 0 || n < 2 {
		return 0
	}
	b := int(w.bytes[0])
	w.bytes = w.bytes[1:]
	return b % n
}

const (
	deepest    = 7
	mostFields = 60
)

func (w *writer) selection(def *ast.Definition, level int) {
	w.out.WriteString("{")
	defer w.out.WriteString(" }")
	w.out.WriteString(" __typename")
	if level >= deepest {
		return
	}
	for range 1 + w.choose(4) {
		if w.fields++; w.fields > mostFields {
			return
		}
		if types := w.schema.GetPossibleTypes(def); len(types) > 1 && w.choose(3) == 0 {
			t := types[w.choose(len(types))]
			fmt.Fprintf(&w.out, " ... on %s ", t.Name)
			w.selection(t, level+1)
			continue
		}
		if f := def.Fields[w.choose(len(def.Fields))]; !strings.HasPrefix(f.Name, "__") || w.choose(8) == 7 {
			w.field(f, level)
		}
	}
}

// field writes a field under an alias of its own, so that questions never merge fields
// that differ; now and then under its own name, so that they do.
func (w *writer) field(f *ast.FieldDefinition, level int) {
	if w.choose(4) > 0 {
		fmt.Fprintf(&w.out, " a%d:", w.keys)
		w.keys++
	}
	w.out.WriteString(" " + f.Name)
	w.arguments(f.Arguments)
	w.directive()
	if def := w.schema.Types[f.Type.Name()]; len(def.Fields) > 0 || def.Kind == ast.Union {
		w.out.WriteString(" ")
		w.selection(def, level+1)
	}
}

func (w *writer) arguments(list ast.ArgumentDefinitionList) {
	open := false
	for _, a := range list {
		if !a.Type.NonNull && w.choose(3) > 0 || a.Name == "last" || a.Name == "before" || a.Name == "after" {
			continue
		}
		if !open {
			w.out.WriteString("(")
			open = true
		}
		w.out.WriteString(a.Name + ": ")
		w.value(a.Type, 0)
		w.out.WriteString(" ")
	}
	if open {
		w.out.WriteString(")")
	}
}

func (w *writer) directive() {
	switch w.choose(12) {
	case 10:
		w.out.WriteString(" @skip(if: false)")
	case 11:
		w.out.WriteString(" @include(if: true)")
	}
}

// words are texts and ids to ask for, some of which exist.
var words = []string{
	"", "a", "2015", "carnegie-foundation-for-the-advancement-of-teaching", "spotlight-2017",
	"plan-do-study-act-cycle", "É İ ﷺ", `\"\\`, "fresno", "x y",
}

// dates are dates as they are written, and one that is none.
var dates = []string{"2015", "2015-06", "2015-06-30", "2015~", "2010/2012", "1800", "2012", "2015-02-31"}

func (w *writer) value(t *ast.Type, level int) {
	if t.Elem != nil {
		w.out.WriteString("[")
		for range 1 + w.choose(3) {
			w.value(t.Elem, level+1)
			w.out.WriteString(" ")
		}
		w.out.WriteString("]")
		return
	}
	switch def := w.schema.Types[t.NamedType]; def.Kind {
	case ast.Enum:
		w.out.WriteString(def.EnumValues[w.choose(len(def.EnumValues))].Name)
	case ast.InputObject:
		w.object(def, level)
	default:
		w.scalar(t.NamedType)
	}
}

func (w *writer) scalar(name string) {
	switch name {
	case "Int":
		fmt.Fprint(&w.out, []int{2, 1, 3, 5, 10, 2, 1, 3, 0, 1000, -1, 1001, 1 << 31}[w.choose(13)])
	case "Boolean":
		fmt.Fprint(&w.out, w.choose(2) == 1)
	case "Date":
		fmt.Fprintf(&w.out, "%q", dates[w.choose(len(dates))])
	default:
		fmt.Fprintf(&w.out, `"%s"`, words[w.choose(len(words))])
	}
}

// object writes an input object: what it requires, and up to three more fields; of an
// order, one field.
func (w *writer) object(def *ast.Definition, level int) {
	w.out.WriteString("{")
	defer w.out.WriteString("}")
	order := strings.HasSuffix(def.Name, "Order")
	var named []string
	for _, f := range def.Fields {
		if f.Type.NonNull && f.DefaultValue == nil {
			named = w.entry(named, f, level)
		}
	}
	wanted := len(named) + w.choose(4)
	if order {
		wanted = 1
	}
	for len(named) < wanted && (order || level <= deepest) {
		f := def.Fields[w.choose(len(def.Fields))]
		if slices.Contains(named, f.Name) || order && f.Name == "nulls" {
			return
		}
		named = w.entry(named, f, level)
	}
}

// entry writes a field of an input object.
func (w *writer) entry(named []string, f *ast.FieldDefinition, level int) []string {
	w.out.WriteString(f.Name + ": ")
	w.value(f.Type, level+1)
	w.out.WriteString(" ")
	return append(named, f.Name)
}
