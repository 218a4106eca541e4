// Package value holds the values that a node's properties can have and what
// comparing them means. It knows neither the graph nor any store.
package value

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Kind is the kind of a property or of a value.
type Kind uint8

// The kinds. Null is the kind of a missing value; no property is declared with it. Files
// hold the numbers of the kinds, so a new one comes last.
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
	Float        // a finite number, as GraphQL's Float
)

var kindNames = [...]string{"null", "id", "text", "enum", "int", "bool", "date", "strings", "list", "float"}

func (k Kind) String() string { return kindNames[k] }

// Value is one value. The zero Value is the missing one. A large batch has many, so it is small:
// what few of them hold is kept apart.
type Value struct {
	Kind Kind
	Str  string // ID, Text, Enum, Date (EDTF)
	Num  int64  // Int; Bool as 0 or 1; Float as FloatNum has it
	many *many  // Strings, List; nil for none
}

type many struct {
	texts  []string
	values []Value
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

// OfFloat makes a number of one that is finite.
func OfFloat(f float64) Value { return Value{Kind: Float, Num: FloatNum(f)} }

// FloatNum is the whole number that stands for f: two of them compare as their fs do. The
// negative zero has that of zero.
func FloatNum(f float64) int64 {
	if f == 0 {
		return 0
	}
	return mirror(int64(math.Float64bits(f)))
}

// NumFloat is the number for which FloatNum gives num.
func NumFloat(num int64) float64 { return math.Float64frombits(uint64(mirror(num))) }

// mirror turns the bits of negative numbers over, of which IEEE 754 orders the larger
// amount higher.
func mirror(bits int64) int64 { return bits ^ (bits >> 63 & math.MaxInt64) }

// ParseFloat reads a number as people and programs write it: 2, 0.25, 1e-3.
func ParseFloat(text string) (Value, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || strings.ContainsAny(text, "xX_") {
		return Value{}, false
	}
	return OfFloat(f), true
}

// FormatFloat writes the number num, as FloatNum gives it, in the shortest text that ParseFloat
// reads as the same.
func FormatFloat(num int64) string { return strconv.FormatFloat(NumFloat(num), 'g', -1, 64) }

// OfBool makes a truth value.
func OfBool(b bool) Value {
	if b {
		return Value{Kind: Bool, Num: 1}
	}
	return Value{Kind: Bool}
}

// OfStrings makes an ordered list of texts.
func OfStrings(s []string) Value {
	if len(s) == 0 {
		return Value{Kind: Strings}
	}
	return Value{Kind: Strings, many: &many{texts: s}}
}

// OfList makes a list of values.
func OfList(l []Value) Value {
	if len(l) == 0 {
		return Value{Kind: List}
	}
	return Value{Kind: List, many: &many{values: l}}
}

// OfIDs makes a list of ids.
func OfIDs(ids []string) Value {
	list := make([]Value, len(ids))
	for i, id := range ids {
		list[i] = OfID(id)
	}
	return OfList(list)
}

// Strs is the texts of a value of kind Strings.
func (v Value) Strs() []string {
	if v.many == nil {
		return nil
	}
	return v.many.texts
}

// List is the values in one of kind List.
func (v Value) List() []Value {
	if v.many == nil {
		return nil
	}
	return v.many.values
}

// IsNull tells whether v is the missing value.
func (v Value) IsNull() bool { return v.Kind == Null }

// Equal tells whether two values are the same to the letter.
func (v Value) Equal(w Value) bool {
	return v.Kind == w.Kind && v.Str == w.Str && v.Num == w.Num &&
		slices.Equal(v.Strs(), w.Strs()) && slices.EqualFunc(v.List(), w.List(), Value.Equal)
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
	case Int, Float, Bool:
		return cmp.Compare(v.Num, w.Num)
	case Strings:
		return slices.Compare(v.Strs(), w.Strs())
	default:
		return strings.Compare(v.Str, w.Str)
	}
}

// Plain is the value as JSON has it: a text, a number, a truth value or a list of texts;
// nil when it is missing.
func (v Value) Plain() any {
	switch v.Kind {
	case Null:
		return nil
	case Int:
		return v.Num
	case Float:
		return NumFloat(v.Num)
	case Bool:
		return v.Num != 0
	case Strings:
		return append([]string{}, v.Strs()...)
	case List:
		all := make([]any, len(v.List()))
		for i := range v.List() {
			all[i] = v.List()[i].Plain()
		}
		return all
	default:
		return v.Str
	}
}

// FromPlain makes a value of a kind of properties from what JSON has for it. Missing texts are
// an empty list of them.
func FromPlain(kind Kind, plain any) (Value, error) {
	switch p := plain.(type) {
	case nil:
		if kind == Strings {
			return OfStrings(nil), nil
		}
		return Value{}, nil
	case string:
		switch kind {
		case ID, Text, Enum, Date:
			return Value{Kind: kind, Str: p}, nil
		}
	case float64:
		switch {
		case kind == Int && p == math.Trunc(p):
			return OfInt(int64(p)), nil
		case kind == Float:
			return OfFloat(p), nil
		}
	case bool:
		if kind == Bool {
			return OfBool(p), nil
		}
	case []any:
		if kind == Strings {
			return textsOf(p)
		}
	}
	return Value{}, fmt.Errorf("%v is no %s", plain, kind)
}

func textsOf(plain []any) (Value, error) {
	texts := make([]string, len(plain))
	for i, p := range plain {
		text, ok := p.(string)
		if !ok {
			return Value{}, fmt.Errorf("%v is no text", p)
		}
		texts[i] = text
	}
	return OfStrings(texts), nil
}
