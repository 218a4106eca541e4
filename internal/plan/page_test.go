package plan

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

var (
	learner = &catalog.Link{Name: "learner", Owner: "Lesson", Relationship: "LEARNER", Target: "Person"}
	teacher = &catalog.Link{Name: "teacher", Owner: "Lesson", Relationship: "TEACHER", Target: "Person"}
	friend  = &catalog.Link{Name: "friend", Owner: "Person", Relationship: "FRIEND", Target: "Person"}
	learned = &catalog.Link{Name: "learned", Owner: "Person", Relationship: "LEARNER", Direction: catalog.In, Many: true, Target: "Lesson"}
	people  = &catalog.Link{Name: "teachers", Owner: "Person", Many: true, Target: "Person", Shortcut: &catalog.Shortcut{Fact: learned, Far: teacher}}

	id      = Key{Property: "id", Kind: value.ID}
	noted   = Compare{Property: "note", Kind: value.Text, Op: Eq, Operand: Operand{Const: value.OfText("one")}}
	variant = Compare{Property: "note", Kind: value.Text, Op: Eq, Operand: Operand{Param: "note"}}
)

func number(n int64) Operand { return Operand{Const: value.OfInt(n)} }

func TestPageReadsItsArguments(t *testing.T) {
	at := func(s string) Operand {
		return Operand{Const: value.OfText(string(AppendCursor(nil, []Key{id}, []value.Value{value.OfID(s)})))}
	}
	a, b := []value.Value{value.OfID("a")}, []value.Value{value.OfID("b")}
	for _, c := range []struct {
		name   string
		many   Many
		params Params
		want   Page
	}{
		{name: "nothing is asked", want: Page{First: DefaultPage}},
		{name: "the first", many: Many{First: number(3)}, want: Page{First: 3}},
		{name: "the last", many: Many{Last: number(3)}, want: Page{First: 3, Backward: true}},
		{name: "the last none", many: Many{Last: number(0)}, want: Page{Backward: true}},
		{name: "as many as a page has", many: Many{Last: number(MaxPage)}, want: Page{First: MaxPage, Backward: true}},
		{name: "a first that is null leaves the last", many: Many{First: Operand{Param: "first"}, Last: number(3)}, want: Page{First: 3, Backward: true}},
		{name: "a last that is null leaves the first", many: Many{First: number(2), Last: Operand{Param: "last"}}, want: Page{First: 2}},
		{name: "variables", many: Many{Last: Operand{Param: "last"}, Before: Operand{Param: "before"}},
			params: Params{"last": value.OfInt(4), "before": at("b").Const}, want: Page{First: 4, Backward: true, Before: b}},
		{name: "both bounds", many: Many{After: at("a"), Before: at("b")}, want: Page{First: DefaultPage, After: a, Before: b}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.many.Order = []Key{id}
			got, err := c.many.Page(c.params)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPageRefusesWhatItCannotRead(t *testing.T) {
	for _, c := range []struct {
		name string
		many Many
		want fault.Kind
	}{
		{"both ends", Many{First: number(1), Last: number(1)}, fault.Invalid},
		{"less than none from the back", Many{Last: number(-1)}, fault.Invalid},
		{"too many from the front", Many{First: number(MaxPage + 1)}, fault.Limit},
		{"too many from the back", Many{Last: number(MaxPage + 1)}, fault.Limit},
		{"a bound that is no cursor", Many{Before: Operand{Const: value.OfText("?")}}, fault.Invalid},
		{"a bound of another order", Many{Before: Operand{Const: value.OfText(string(AppendCursor(nil, Reverse([]Key{id}), []value.Value{value.OfID("a")})))}}, fault.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.many.Order = []Key{id}
			page, err := c.many.Page(nil)
			if err == nil || fault.KindOf(err) != c.want {
				t.Errorf("got %+v, error %v", page, err)
			}
		})
	}
}

func TestRangeReadsItsArguments(t *testing.T) {
	for _, c := range []struct {
		name        string
		groups      Groups
		first, skip int
		fails       bool
	}{
		{name: "nothing is asked", first: DefaultPage},
		{name: "both are asked", groups: Groups{First: number(2), Skip: number(5000)}, first: 2, skip: 5000},
		{name: "none", groups: Groups{First: number(0)}},
		{name: "too many", groups: Groups{First: number(MaxPage + 1)}, fails: true},
		{name: "less than none", groups: Groups{First: number(-1)}, fails: true},
		{name: "to leave out less than none", groups: Groups{Skip: number(-1)}, fails: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			first, skip, err := c.groups.Range(nil)
			if first != c.first || skip != c.skip || (err != nil) != c.fails {
				t.Errorf("got %d, %d, error %v", first, skip, err)
			}
		})
	}
}

// orders differ from each other in one thing each.
func orders() map[string][]Key {
	name := Key{Property: "name", Kind: value.Text}
	far := func(path ...*catalog.Link) Key { return Key{Path: path, Property: "name", Kind: value.Text} }
	count := func(c Count) Key { return Key{Count: &c, Kind: value.Int} }
	return map[string][]Key{
		"own":             {name, id},
		"own descending":  {{Property: "name", Kind: value.Text, Desc: true}, id},
		"own nulls first": {{Property: "name", Kind: value.Text, NullsFirst: true}, id},
		"learner":         {far(learner), id},
		"teacher":         {far(teacher), id},
		"friend further":  {far(learner, friend), id},
		"learned":         {count(Count{Link: learned}), id},
		"people":          {count(Count{Link: people}), id},
		"noted learned":   {count(Count{Link: learned, Where: noted}), id},
		"noted variant":   {count(Count{Link: learned, Where: variant}), id},
		"people noted":    {count(Count{Link: people, Where: noted}), id},
		"people by facts": {count(Count{Link: people, Facts: noted}), id},
		"learned back":    {{Count: &Count{Link: learned}, Kind: value.Int, Desc: true}, id},
	}
}

func TestCursorFitsItsOwnOrderOnly(t *testing.T) {
	for name, order := range orders() {
		keys := []value.Value{{Kind: order[0].Kind, Str: "x", Num: 3}, value.OfID("a")}
		cursor := string(AppendCursor(nil, order, keys))
		for other, o := range orders() {
			if _, err := DecodeCursor(o, cursor); (err == nil) != (other == name) {
				t.Errorf("a cursor of %q under %q: error %v", name, other, err)
			}
		}
	}
}

func TestCursorBringsBackItsKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order := orders()[rapid.SampledFrom([]string{"own", "learner", "friend further", "people by facts", "learned back"}).Draw(t, "order")]
		keys := []value.Value{value.OfText(rapid.String().Draw(t, "text")), value.OfID(rapid.String().Draw(t, "id"))}
		switch {
		case order[0].Count != nil:
			keys[0] = value.OfInt(rapid.Int64().Draw(t, "count"))
		case rapid.Bool().Draw(t, "missing"):
			keys[0] = value.Value{}
		}
		got, err := DecodeCursor(order, string(AppendCursor(nil, order, keys)))
		if err != nil || !slices.EqualFunc(got, keys, value.Value.Equal) {
			t.Errorf("got %v, want %v, error %v", got, keys, err)
		}
	})
}

func TestReverseTurnsDirectionAndMissingValues(t *testing.T) {
	order := []Key{{Path: []*catalog.Link{learner}, Property: "name", Kind: value.Text, Desc: true}, {Count: &Count{Link: learned}, Kind: value.Int, NullsFirst: true}, id}
	kept := slices.Clone(order)
	back := Reverse(order)
	for i, k := range back {
		k.Desc, k.NullsFirst = !k.Desc, !k.NullsFirst
		if diff := cmp.Diff(order[i], k); diff != "" {
			t.Errorf("key %d (-want +got):\n%s", i, diff)
		}
	}
	if diff := cmp.Diff(kept, Reverse(back)); diff != "" {
		t.Errorf("turned twice (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(kept, order); diff != "" {
		t.Errorf("the order itself was turned (-want +got):\n%s", diff)
	}
}
