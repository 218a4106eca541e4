package plan_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

func byNameAndYear() []plan.Key {
	return []plan.Key{{Property: "name", Kind: value.Text}, {Property: "year", Kind: value.Int, Desc: true}, {Property: "on", Kind: value.Date}, {Property: "id", Kind: value.ID}}
}

func cursor(order []plan.Key, keys ...value.Value) string {
	return string(plan.AppendCursor(nil, order, keys))
}

func TestACursorBringsItsKeysBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		or := func(v value.Value) value.Value {
			if rapid.Bool().Draw(t, "missing") {
				return value.Value{}
			}
			return v
		}
		keys := []value.Value{
			or(value.OfText(rapid.String().Draw(t, "name"))), or(value.OfInt(int64(rapid.Int32().Draw(t, "year")))),
			or(value.OfDate(rapid.SampledFrom([]string{"2013", "2013-09~", "2013/2014"}).Draw(t, "on"))), value.OfID(rapid.String().Draw(t, "id")),
		}
		got, err := plan.DecodeCursor(byNameAndYear(), cursor(byNameAndYear(), keys...))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(keys, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestCursorsThatAreRefused(t *testing.T) {
	order := byNameAndYear()
	good := cursor(order, value.OfText("a"), value.OfInt(1), value.OfDate("2013"), value.OfID("x"))
	raw, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	damaged := func(change func([]byte) []byte) string {
		return base64.RawURLEncoding.EncodeToString(change(append([]byte{}, raw...)))
	}
	down := byNameAndYear()
	down[0].Desc = true
	nulls := byNameAndYear()
	nulls[0].NullsFirst = true
	for _, test := range []struct{ name, cursor, says string }{
		{"an empty text", "", "not a cursor"},
		{"a text that is no base64", "page 2", "not a cursor"},
		{"a text that is too short", "AAAA", "not a cursor"},
		{"another version", damaged(func(b []byte) []byte { b[0]++; return b }), "another version"},
		{"another direction", cursor(down, value.OfText("a"), value.OfInt(1), value.OfDate("2013"), value.OfID("x")), "another order"},
		{"another place of what is missing", cursor(nulls, value.OfText("a"), value.OfInt(1), value.OfDate("2013"), value.OfID("x")), "another order"},
		{"fewer keys", cursor(order[3:], value.OfID("x")), "another order"},
		{"an end too early", damaged(func(b []byte) []byte { return b[:len(b)-1] }), "damaged"},
		{"something behind the end", damaged(func(b []byte) []byte { return append(b, 0) }), "damaged"},
		{"a missing id", cursor(order, value.OfText("a"), value.OfInt(1), value.OfDate("2013"), value.Value{}), "damaged"},
		{"a date that is none", cursor(order, value.OfText("a"), value.OfInt(1), value.OfDate("May"), value.OfID("x")), "damaged"},
		{"a length beyond the end", damaged(func(b []byte) []byte { b[6] = 100; return b }), "damaged"},
		{"a sign of presence that is none", damaged(func(b []byte) []byte { b[5] = 2; return b }), "damaged"},
	} {
		t.Run(test.name, func(t *testing.T) {
			keys, err := plan.DecodeCursor(order, test.cursor)
			if err == nil {
				t.Fatalf("it was read as %v", keys)
			}
			if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func FuzzDecodeCursor(f *testing.F) {
	order := byNameAndYear()
	f.Add(cursor(order, value.OfText("a"), value.OfInt(-1), value.OfDate("2013~"), value.OfID("x")))
	f.Add(cursor(order, value.Value{}, value.Value{}, value.Value{}, value.OfID("")))
	f.Add("")
	f.Add("AQAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		keys, err := plan.DecodeCursor(order, text)
		if err != nil {
			return
		}
		again, err := plan.DecodeCursor(order, cursor(order, keys...))
		if err != nil {
			t.Fatalf("%q is read, but not what it means: %v", text, err)
		}
		if diff := cmp.Diff(keys, again); diff != "" {
			t.Errorf("(-once +twice):\n%s", diff)
		}
	})
}

func TestPageArguments(t *testing.T) {
	order := []plan.Key{{Property: "id", Kind: value.ID}}
	number := func(n int64) plan.Operand { return plan.Operand{Const: value.OfInt(n)} }
	text := func(s string) plan.Operand { return plan.Operand{Const: value.OfText(s)} }
	x := []value.Value{value.OfID("x")}
	for _, test := range []struct {
		name   string
		many   plan.Many
		params plan.Params
		want   plan.Page
		kind   fault.Kind // Internal: no error is wanted
	}{
		{name: "without arguments a page has the default size", want: plan.Page{First: plan.DefaultPage}},
		{name: "first says how many", many: plan.Many{First: number(3)}, want: plan.Page{First: 3}},
		{name: "none can be asked for", many: plan.Many{First: number(0)}, want: plan.Page{}},
		{name: "first may be a variable", many: plan.Many{First: plan.Operand{Param: "n"}}, params: plan.Params{"n": value.OfInt(7)}, want: plan.Page{First: 7}},
		{name: "a variable that is not given is left out", many: plan.Many{First: plan.Operand{Param: "n"}}, want: plan.Page{First: plan.DefaultPage}},
		{name: "after is a cursor", many: plan.Many{After: text(cursor(order, x...))}, want: plan.Page{First: plan.DefaultPage, After: x}},
		{name: "last turns the page around", many: plan.Many{Last: number(2), Before: text(cursor(order, x...))}, want: plan.Page{First: 2, Backward: true, Before: x}},
		{name: "the largest page is allowed", many: plan.Many{First: number(plan.MaxPage)}, want: plan.Page{First: plan.MaxPage}},
		{name: "one more is not", many: plan.Many{First: number(plan.MaxPage + 1)}, kind: fault.Limit},
		{name: "less than none is not", many: plan.Many{First: number(-1)}, kind: fault.Invalid},
		{name: "both ends at once are not", many: plan.Many{First: number(1), Last: number(1)}, kind: fault.Invalid},
		{name: "a wrong cursor is not", many: plan.Many{After: text("x")}, kind: fault.Invalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.many.Order = order
			page, err := test.many.Page(test.params)
			if test.kind != fault.Internal {
				if err == nil || fault.KindOf(err) != test.kind {
					t.Errorf("got %v and the error %v", page, err)
				}
				return
			}
			if diff := cmp.Diff(test.want, page); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}
