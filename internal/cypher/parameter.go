package cypher

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// base is the name that an operand's parameters begin with. Each constant gets a
// number of its own.
func (w *writer) base(o plan.Operand) string {
	if o.Param != "" {
		// $a as days is v_a_from; doubled underscores keep it apart from a variable $a_from.
		return "v_" + strings.ReplaceAll(o.Param, "_", "__")
	}
	w.consts++
	return "p" + strconv.Itoa(w.consts-1)
}

// param makes an operand a parameter, in a form: "" as it is, "_fold" folded.
func (w *writer) param(o plan.Operand, form string) string {
	v := o.Value(w.params)
	return w.set(w.base(o)+form, native(v, form))
}

// set gives a parameter its value and returns how it is written.
func (w *writer) set(name string, v any) string {
	w.out[name] = v
	return "$" + quote(name)
}

// comparable gives a value that is compared by < or >. Neo4j 5.26 compares a stored
// text with a parameter by UTF-16 units, with a literal and with other stored texts by
// code points. The two differ only from U+E000 on, so a text that reaches there, and
// no other, is written as a literal.
func (w *writer) comparable(name string, v any) string {
	if text, ok := v.(string); ok && strings.ContainsFunc(text, func(r rune) bool { return r >= 0xE000 }) {
		return literal(text)
	}
	return w.set(name, v)
}

// literal writes a text so that nothing in it can end it: letters, digits and spaces of
// ASCII stand for themselves, a quote and a backslash behind a backslash, all else as
// its code.
func literal(text string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		switch {
		case unit == ' ' || unit >= '0' && unit <= '9' || unit >= 'A' && unit <= 'Z' || unit >= 'a' && unit <= 'z':
			b.WriteByte(byte(unit))
		case unit == '\'' || unit == '\\':
			b.WriteByte('\\')
			b.WriteByte(byte(unit))
		default:
			fmt.Fprintf(&b, "\\u%04X", unit)
		}
	}
	return "'" + b.String() + "'"
}

// native is a value as the driver takes it.
func native(v value.Value, form string) any {
	switch v.Kind {
	case value.Null:
		return nil
	case value.Int:
		return v.Num
	case value.Float:
		return value.NumFloat(v.Num)
	case value.Bool:
		return v.Num != 0
	case value.Strings:
		return v.Strs()
	case value.List:
		all := make([]any, 0, len(v.List()))
		for _, item := range v.List() {
			if form == "" || !item.IsNull() {
				all = append(all, native(item, form))
			}
		}
		return all
	}
	switch form {
	case foldSuffix:
		return value.Fold(v.Str)
	case keySuffix:
		return key(value.Fold(v.Str))
	default:
		return v.Str
	}
}
