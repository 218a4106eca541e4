package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

func is(name string) plan.Compare {
	return plan.Compare{Property: name, Kind: value.Text, Op: plan.Eq, Operand: plan.Operand{Const: value.OfText("x")}}
}

func TestSimplifyKeepsTheMeaningWithFewerParts(t *testing.T) {
	a, b, c := is("a"), is("b"), is("c")
	for _, test := range []struct {
		name     string
		in, want plan.Filter
	}{
		{"a comparison stays", a, a},
		{"an and of one is the one", plan.And{a}, a},
		{"an or of one is the one", plan.Or{a}, a},
		{"an and in an and is opened", plan.And{a, plan.And{b, plan.And{c}}}, plan.And{a, b, c}},
		{"an or in an or is opened", plan.Or{plan.Or{a, b}, c}, plan.Or{a, b, c}},
		{"an or in an and stays", plan.And{a, plan.Or{b, c}}, plan.And{a, plan.Or{b, c}}},
		{"an empty and at the top is no condition", plan.And{plan.And{}}, nil},
		{"an empty or is not: it holds for nothing", plan.Or{}, plan.Or(nil)},
		{"not of not is neither", plan.Not{Filter: plan.Not{Filter: plan.And{a}}}, a},
		{"a condition on neighbours is made simple too", plan.Linked{Where: plan.And{plan.And{}}}, plan.Linked{}},
		{"a count's condition too", plan.Counted{Where: plan.And{a}}, plan.Counted{Where: a}},
		{"a condition on elements too", plan.Elements{Where: plan.And{a}}, plan.Elements{Where: a}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, plan.Simplify(test.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNarrowFindsTheTypesThatCanMeetACondition(t *testing.T) {
	a, b := is("a"), is("b")
	of := func(types catalog.TypeSet) plan.Filter { return plan.TypeIs{Types: types} }
	not := func(f plan.Filter) plan.Filter { return plan.Not{Filter: f} }
	for _, test := range []struct {
		name  string
		in    plan.Filter
		types catalog.TypeSet
		rest  plan.Filter
	}{
		{"no condition: all", nil, 0b111, nil},
		{"a comparison says nothing of types", a, 0b111, a},
		{"a type leaves nothing to ask", of(0b001), 0b001, nil},
		{"a type and a comparison leave the comparison", plan.And{of(0b001), a}, 0b001, a},
		{"two types at once are what both have in common", plan.And{of(0b011), a, plan.And{of(0b110), b}}, 0b010, plan.And{a, b}},
		{"not a type is the others", plan.And{not(of(0b001)), a}, 0b110, a},
		{"one of two types stays a condition", plan.Or{plan.And{of(0b001), a}, plan.And{of(0b010), b}}, 0b011, plan.Or{plan.And{of(0b001), a}, plan.And{of(0b010), b}}},
		{"a type or anything else is any", plan.Or{of(0b001), a}, 0b111, plan.Or{of(0b001), a}},
		{"not a type with a condition is any", not(plan.And{of(0b001), a}), 0b111, not(plan.And{of(0b001), a})},
		{"what no type can meet stays as it is", plan.And{of(0b001), of(0b010)}, 0b111, plan.And{of(0b001), of(0b010)}},
		{"a type outside stays as it is", of(0b1000), 0b111, of(0b1000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			types, rest := plan.Narrow(0b111, test.in)
			if types != test.types {
				t.Errorf("types %b, want %b", types, test.types)
			}
			if diff := cmp.Diff(test.rest, rest); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnOperandIsAConstantOrAVariable(t *testing.T) {
	params := plan.Params{"n": value.OfInt(1)}
	for _, test := range []struct {
		name    string
		operand plan.Operand
		want    value.Value
	}{
		{"a constant is itself", plan.Operand{Const: value.OfText("x")}, value.OfText("x")},
		{"a variable is what is given", plan.Operand{Param: "n"}, value.OfInt(1)},
		{"a variable that is not given is missing", plan.Operand{Param: "m"}, value.Value{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.operand.Value(params); !got.Equal(test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestPagesFindsConnectionsAtEveryDepth(t *testing.T) {
	inner := &plan.Many{}
	outer := &plan.Many{Row: plan.Row{Slots: []plan.Slot{{Read: plan.Property{}}, {Read: &plan.One{Row: plan.Row{Slots: []plan.Slot{{Read: inner}}}}}}}}
	found := &plan.Find{Row: plan.Row{Slots: []plan.Slot{{Read: outer}}}}
	pages := plan.Pages(&plan.Plan{Query: plan.Row{Slots: []plan.Slot{{Read: found}, {Read: &plan.FindAll{}}}}})
	if len(pages) != 2 || pages[0] != outer || pages[1] != inner {
		t.Errorf("got %v", pages)
	}
}

func TestResultBlocks(t *testing.T) {
	r := &plan.Result{}
	root := r.Grow(2)
	page := r.GrowPage(2, 1)
	r.Cells[root+1] = plan.Cell{Kind: plan.CellAt, Num: int64(page)}
	for i, name := range []string{"a", "b"} {
		at := plan.RowAt(page, i, 1)
		r.Cells[at] = plan.Cell{Kind: plan.CellRow}
		r.PutTexts(at+1, []string{name, name + name})
	}
	var got []string
	for i := range int(r.Cells[page].Len) {
		list := r.Cells[plan.RowAt(page, i, 1)+1]
		for _, element := range r.Cells[list.Num : list.Num+int64(list.Len)] {
			got = append(got, element.Str)
		}
	}
	if diff := cmp.Diff([]string{"a", "aa", "b", "bb"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGrowKeepsWhatIsThereAndClearsWhatIsNew(t *testing.T) {
	r := &plan.Result{Cells: make([]plan.Cell, 0, 4)}
	r.Cells = append(r.Cells, plan.Cell{Num: 1}, plan.Cell{Num: 2}, plan.Cell{Num: 3})[:1]
	for range 100 {
		at := r.Grow(3)
		for _, cell := range r.Cells[at:] {
			if cell != (plan.Cell{}) {
				t.Fatalf("a new cell holds %+v", cell)
			}
		}
	}
	if r.Cells[0].Num != 1 || len(r.Cells) != 301 {
		t.Errorf("got %d cells, the first %+v", len(r.Cells), r.Cells[0])
	}
}
