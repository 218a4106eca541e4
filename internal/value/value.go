// Package value holds the values that a node's properties can have and what
// comparing them means. It knows neither the graph nor any store.
package value

import (
	"slices"
	"strings"
)

// Kind is the kind of a property or of a value.
type Kind uint8

// The kinds. Null is the kind of a missing value; no property is declared with it.
const (
	Null    Kind = iota
	ID           // a node's id: compares exactly, by code point
	Text         // a string: compares folded (see Fold), the raw text breaks ties
	Enum         // a name of a closed vocabulary: compares exactly, by code point
	Int          // a whole number of 32 bits, as GraphQL's Int
	Bool         // true or false
	Date         // an EDTF text: compares by its interval of days (see ParseDate)
	Strings      // an ordered list of texts, never missing, possibly empty
	List         // a list of values: an operand of `in`, never a property
)

var kindNames = [...]string{"null", "id", "text", "enum", "int", "bool", "date", "strings", "list"}

func (k Kind) String() string { return kindNames[k] }

// Value is one value. The zero Value is the missing one.
type Value struct {
	Kind Kind
	Str  string   // ID, Text, Enum, Date (EDTF)
	Num  int64    // Int; Bool as 0 or 1
	Strs []string // Strings
	List []Value  // List
}

// OfText makes a text.
func OfText(s string) Value { return Value{Kind: Text, Str: s} }

// OfID makes an id.
func OfID(s string) Value { return Value{Kind: ID, Str: s} }

// OfEnum makes a name of a vocabulary.
func OfEnum(s string) Value { return Value{Kind: Enum, Str: s} }

// OfDate makes a date from an EDTF text that ParseDate accepts.
func OfDate(s string) Value { return Value{Kind: Date, Str: s} }

// OfInt makes a whole number.
func OfInt(n int64) Value { return Value{Kind: Int, Num: n} }

// OfBool makes a truth value.
func OfBool(b bool) Value {
	if b {
		return Value{Kind: Bool, Num: 1}
	}
	return Value{Kind: Bool}
}

// OfStrings makes an ordered list of texts.
func OfStrings(s []string) Value { return Value{Kind: Strings, Strs: s} }

// OfList makes a list of values.
func OfList(l []Value) Value { return Value{Kind: List, List: l} }

// IsNull tells whether v is the missing value.
func (v Value) IsNull() bool { return v.Kind == Null }

// Equal tells whether two values are the same to the letter.
func (v Value) Equal(w Value) bool {
	return v.Kind == w.Kind && v.Str == w.Str && v.Num == w.Num &&
		slices.Equal(v.Strs, w.Strs) && slices.EqualFunc(v.List, w.List, Value.Equal)
}

// Compare orders two present values of one kind, as every store must: texts by
// their folded form and then by the raw text, dates by the first and then the
// last day of their interval, everything else by its nature.
func Compare(v, w Value) int {
	switch v.Kind {
	case Text:
		if c := strings.Compare(Fold(v.Str), Fold(w.Str)); c != 0 {
			return c
		}
		return strings.Compare(v.Str, w.Str)
	case Date:
		return compareDates(v.Str, w.Str)
	case Int, Bool:
		return int(min(max(v.Num-w.Num, -1), 1))
	case Strings:
		return slices.Compare(v.Strs, w.Strs)
	default:
		return strings.Compare(v.Str, w.Str)
	}
}
