package clients

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// An input value is a string, int, bool, enum, nil, variable, []any or object.
type (
	enum     string
	variable string
	object   []entry
	entry    struct {
		name  string
		value any
	}
)

// literal writes an input value as a document does.
func (a *author) literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		text, _ := json.Marshal(v)
		return string(text)
	case enum:
		return string(v)
	case variable:
		return "$" + string(v)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = a.literal(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case object:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = e.name + ": " + a.literal(e.value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	default:
		return fmt.Sprint(v)
	}
}

// plain is an input value as the variables of a request hold it; it has no variables itself.
func plain(v any) any {
	switch v := v.(type) {
	case enum:
		return string(v)
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = plain(e)
		}
		return list
	case object:
		fields := map[string]any{}
		for _, e := range v {
			fields[e.name] = plain(e.value)
		}
		return fields
	default:
		return v
	}
}

func hasVariables(v any) bool {
	switch v := v.(type) {
	case variable:
		return true
	case []any:
		return slices.ContainsFunc(v, hasVariables)
	case object:
		return slices.ContainsFunc(v, func(e entry) bool { return hasVariables(e.value) })
	default:
		return false
	}
}

// orVariable is a value for a place of some type, now and then as a variable: given,
// left to its default, not given, or null.
func (a *author) orVariable(t *ast.Type, v any) any {
	if !a.one(6) || hasVariables(v) {
		return v
	}
	name := a.name("v")
	definition := "$" + name + ": " + t.String()
	switch n := a.IntN(12); {
	case n == 0 && !t.NonNull: // not given
	case n == 1 && !t.NonNull:
		a.given[name] = nil
	case n == 2:
		definition += " = " + a.literal(v)
	case n == 3:
		definition = "$" + name + ": " + strings.TrimSuffix(t.String(), "!") + " = " + a.literal(v)
		a.given[name] = plain(v)
	case n == 4 && !t.NonNull:
		definition += "!"
		a.given[name] = plain(v)
	default:
		a.given[name] = plain(v)
	}
	a.variables = append(a.variables, definition)
	return variable(name)
}

// operand makes up an operand for a comparison with a field.
func (a *author) operand(field string, t *ast.Type) string {
	return a.literal(a.orVariable(t, a.valueOf(field, t)))
}

func (a *author) valueOf(field string, t *ast.Type) any {
	if t.Elem != nil {
		list := []any{}
		for range a.IntN(4) {
			list = append(list, a.valueOf(field, t.Elem))
		}
		if len(list) == 1 && a.one(2) {
			return list[0]
		}
		return list
	}
	switch def := a.schema.Types[t.Name()]; {
	case def.Kind == ast.Enum:
		return enum(pick(a, def.EnumValues).Name)
	case t.Name() == "ID":
		return pick(a, a.cells["id"])
	case t.Name() == "Int":
		return a.number(field)
	case t.Name() == "Float":
		return pick(a, []float64{-1.5, 0, 0.25, 1, 2, 1e21})
	case t.Name() == "Boolean":
		return a.one(2)
	case t.Name() == "Date":
		return a.date()
	default:
		return a.words(field)
	}
}

func (a *author) number(field string) int {
	n, err := strconv.Atoi(a.cell(field))
	if err != nil || a.one(4) {
		return a.IntN(5)
	}
	return n
}

// date is one of the tables, or of a form that they do not have.
func (a *author) date() string {
	if a.one(3) {
		return pick(a, []string{"2013~", "2013/2015", "2018-08/2019-07", "2016-02~", "2019-12-31~", "2009", "2020-02-29", "0000", "0000~", "9999", "9999-12-31~"})
	}
	return pick(a, a.cells[pick(a, []string{"started", "starts_on", "published_on", "seen_in"})])
}

// cell is a cell of the column of a field, "" when no table has it.
func (a *author) cell(field string) string {
	if cells := a.cells[column(field)]; len(cells) > 0 {
		return pick(a, cells)
	}
	return ""
}

func column(field string) string {
	var b strings.Builder
	for _, r := range field {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// words is a text of the field's column, a part of it, or the like in other letters.
func (a *author) words(field string) string {
	letters := []rune(a.cell(field))
	if len(letters) == 0 || a.one(10) {
		return pick(a, []string{"", "a", "É", "ß", "STRASSE", "i̇", "\"", "%_\\", "學", "😀", "e\u0301", "\uff21"})
	}
	if a.one(2) {
		from := a.IntN(len(letters))
		letters = letters[from : from+1+a.IntN(min(6, len(letters)-from))]
	}
	switch text := string(letters); a.IntN(6) {
	case 0:
		return strings.ToUpper(text)
	case 1:
		return strings.ToLower(text)
	case 2:
		return withoutMarks(text)
	default:
		return text
	}
}

func withoutMarks(text string) string {
	bare, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), text)
	if err != nil {
		return text
	}
	return bare
}

// where makes up a condition of an input type on nodes.
func (a *author) where(name string, depth int) any {
	def, target := a.schema.Types[name], a.schema.Types[strings.TrimSuffix(name, "Where")]
	var out object
	for range 1 + a.IntN(2) {
		f := pick(a, def.Fields)
		combined := f.Name == "and" || f.Name == "or" || f.Name == "not"
		if slices.ContainsFunc(out, func(e entry) bool { return e.name == f.Name }) ||
			!combined && f.Name != "type" && target.Fields.ForName(f.Name) == nil {
			continue
		}
		if value := a.part(f, name, depth); value != nil {
			out = append(out, entry{f.Name, value})
		}
	}
	if out == nil {
		out = object{}
	}
	return out
}

// part makes up the value of a field of a condition on nodes, nil when it would be too deep.
func (a *author) part(f *ast.FieldDefinition, of string, depth int) any {
	kind := f.Type.Name()
	switch {
	case kind == of && depth > 0 && f.Type.Elem == nil:
		return a.orVariable(f.Type, a.where(of, depth-1))
	case kind == of && depth > 0:
		list := []any{}
		for range a.IntN(3) {
			list = append(list, a.where(of, depth-1))
		}
		return list
	case kind == "StringListWhere":
		return object{{pick(a, []string{"some", "all", "none"}), a.comparisons("StringWhere", f.Name)}}
	case a.schema.Types[kind].Fields.ForName("eq") != nil && a.schema.Types[kind].Fields.ForName("where") == nil:
		return a.orVariable(f.Type, a.comparisons(kind, f.Name))
	case depth == 0 || kind == of:
		return nil
	case strings.HasSuffix(kind, "LinkWhere"):
		return a.linked(a.schema.Types[kind], depth-1)
	default:
		return a.where(kind, depth-1)
	}
}

// linked makes up a condition on the far ends of a link, and now and then on the facts that a
// shortcut leads past.
func (a *author) linked(def *ast.Definition, depth int) any {
	target := def.Fields.ForName("some").Type.Name()
	out := object{a.quantified(target, depth)}
	if facts := def.Fields.ForName("facts"); facts != nil && a.one(2) {
		out = append(out, entry{"facts", a.where(facts.Type.Name(), depth)})
	}
	return out
}

func (a *author) quantified(target string, depth int) entry {
	quantifier := pick(a, []string{"some", "all", "none", "count", "count"})
	if quantifier != "count" {
		return entry{quantifier, a.where(target, depth)}
	}
	count := object{{pick(a, []string{"eq", "ne", "lt", "lte", "gt", "gte"}), a.orVariable(ast.NamedType("Int", nil), a.IntN(6))}}
	if a.one(2) {
		count = append(count, entry{"where", a.where(target, depth)})
	}
	return entry{"count", count}
}

// comparisons makes up one or two comparisons with a scalar.
func (a *author) comparisons(kind, field string) object {
	def := a.schema.Types[kind]
	var out object
	for range 1 + a.IntN(2)*a.IntN(2) {
		f := pick(a, def.Fields)
		if slices.ContainsFunc(out, func(e entry) bool { return e.name == f.Name }) {
			continue
		}
		out = append(out, entry{f.Name, a.orVariable(f.Type, a.valueOf(field, f.Type))})
	}
	return out
}
