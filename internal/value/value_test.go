package value_test

import (
	"reflect"
	"testing"

	"nicgraph/internal/value"
)

func TestCompare(t *testing.T) {
	text, date := value.OfText, value.OfDate
	for _, test := range []struct {
		name string
		v, w value.Value
		want int
	}{
		{"a text comes after one whose folded form is smaller", text("Zebra"), text("álvaro"), 1},
		{"texts with the same folded form go by the letter", text("Zoë"), text("zoe"), -1},
		{"a text equals itself", text("Zoë"), text("Zoë"), 0},
		{"texts go by code point, not by UTF-16", text("\uFFFC"), text("😀"), -1},
		{"the empty text is the smallest", text(""), text(" "), -1},
		{"ids go by the letter", value.OfID("B"), value.OfID("a"), -1},
		{"names of a vocabulary go by the letter", value.OfEnum("TRIED"), value.OfEnum("LEARNED"), 1},
		{"numbers go by size", value.OfInt(-10), value.OfInt(9), -1},
		{"numbers far apart do not overflow", value.OfInt(-2147483648), value.OfInt(2147483647), -1},
		{"false comes before true", value.OfBool(false), value.OfBool(true), -1},
		{"a date goes by its first day", date("2013-12"), date("2014"), -1},
		{"dates with the same first day go by the last", date("2013-01"), date("2013"), -1},
		{"dates of the same days go by the letter", date("2013"), date("2013-01-01/2013-12-31"), -1},
		{"lists go by their first difference", value.OfStrings([]string{"a", "b"}), value.OfStrings([]string{"a", "c"}), -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := value.Compare(test.v, test.w); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
			if got := value.Compare(test.w, test.v); got != -test.want {
				t.Errorf("turned around: got %d, want %d", got, -test.want)
			}
		})
	}
}

func TestEqual(t *testing.T) {
	for _, test := range []struct {
		name string
		v, w value.Value
		want bool
	}{
		{"the same text is equal", value.OfText("a"), value.OfText("a"), true},
		{"texts that fold alike are not equal", value.OfText("a"), value.OfText("A"), false},
		{"a text is no id", value.OfText("a"), value.OfID("a"), false},
		{"the missing value equals itself", value.Value{}, value.Value{}, true},
		{"an empty text is not missing", value.OfText(""), value.Value{}, false},
		{"no texts are an empty list, made or not", value.OfStrings(nil), value.OfStrings([]string{}), true},
		{"the order of a list counts", value.OfStrings([]string{"a", "b"}), value.OfStrings([]string{"b", "a"}), false},
		{"lists of values are compared through", value.OfList([]value.Value{value.OfInt(1)}), value.OfList([]value.Value{value.OfInt(1)}), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.v.Equal(test.w); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestAValueIsSmallSinceALargeBatchHasMany(t *testing.T) {
	if got := reflect.TypeFor[value.Value]().Size(); got > 40 {
		t.Errorf("a value takes %d bytes", got)
	}
}
