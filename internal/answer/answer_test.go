package answer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/answer"
	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// A person p, whose name must be there and whose friend need not:
//
//	{ person: {name, friend: {name}} }
func friends() (*plan.Plan, *plan.Result) {
	friend := &catalog.Link{Name: "friend"}
	person := catalog.SetOf(0)
	name := plan.Slot{Types: person, Read: plan.Property{Name: "name"}}
	inner := plan.Row{Types: person, Slots: []plan.Slot{name}}
	outer := plan.Row{Types: person, Slots: []plan.Slot{name, {Types: person, Read: &plan.One{Link: friend, Row: inner}}}}
	required := plan.Field{Key: "name", Types: person, Out: plan.Scalar{Slot: 0, Required: true}}
	p := &plan.Plan{
		Catalog: catalog.New([]*catalog.Type{{Name: "Person"}}, nil, nil),
		Query:   plan.Row{Slots: []plan.Slot{{Read: &plan.Find{Types: person, Row: outer}}}},
		Shape: plan.Shape{Fields: []plan.Field{{Key: "person", Out: &plan.Object{Slot: 0, Shape: plan.Shape{Fields: []plan.Field{
			required,
			{Key: "friend", Types: person, Out: &plan.Object{Slot: 1, Shape: plan.Shape{Fields: []plan.Field{required}}}},
		}}}}}},
	}
	r := plan.NewResult()
	r.Grow(2)                                                               // 0: root
	r.Grow(3)                                                               // 2: person
	r.Grow(2)                                                               // 5: friend
	r.Cells[1] = plan.Cell{Kind: plan.CellAt, Num: 2}                       // person
	r.Cells[2] = plan.Cell{Kind: plan.CellRow}                              //
	r.Cells[3] = plan.Cell{Kind: plan.CellText, Str: "Ada \"" + "\u2028<é"} // person.name
	r.Cells[4] = plan.Cell{Kind: plan.CellAt, Num: 5}                       // person.friend
	r.Cells[5] = plan.Cell{Kind: plan.CellRow}                              //
	r.Cells[6] = plan.Cell{Kind: plan.CellText, Str: "Bo\n\x01"}            // person.friend.name
	return p, r
}

func write(t *testing.T, p *plan.Plan, r *plan.Result) (string, []answer.Error) {
	t.Helper()
	data, missing, err := answer.Append(nil, p, r, nil, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), missing
}

func TestTextsAreEscapedAsJSONStringifyDoes(t *testing.T) {
	p, r := friends()
	got, missing := write(t, p, r)
	want := `{"person":{"name":"Ada \"` + "\u2028" + `<é","friend":{"name":"Bo\n\u0001"}}}`
	if got != want || len(missing) > 0 {
		t.Errorf("got %s and %v, want %s", got, missing, want)
	}
}

func TestAMissingRequiredValueMakesItsNearestNullableParentNull(t *testing.T) {
	for _, test := range []struct {
		name  string
		empty int // the cell that is emptied
		want  string
		path  []any
	}{
		{"in the inner object", 6, `{"person":{"name":"Ada \"` + "\u2028" + `<é","friend":null}}`, []any{"person", "friend", "name"}},
		{"in the outer object", 3, `{"person":null}`, []any{"person", "name"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, r := friends()
			r.Cells[test.empty] = plan.Cell{}
			got, missing := write(t, p, r)
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if len(missing) != 1 || !cmp.Equal(missing[0].Path, test.path) {
				t.Errorf("got errors %v, want one at %v", missing, test.path)
			}
		})
	}
}

func TestAMissingRequiredValueWithoutNullableParentMakesDataNull(t *testing.T) {
	p, r := friends()
	p.Shape.Fields[0].Out.(*plan.Object).Required = true
	r.Cells[1] = plan.Cell{}
	got, missing := write(t, p, r)
	if got != "null" || len(missing) != 1 {
		t.Errorf("got %s and %v, want null and one error", got, missing)
	}
}

func TestAnAnswerOverTheLimitIsRefusedWhole(t *testing.T) {
	p, r := friends()
	r.Cells[3].Str = strings.Repeat("x", 2000)
	data, _, err := answer.Append(nil, p, r, nil, 1000)
	if data != nil || fault.KindOf(err) != fault.Limit {
		t.Errorf("got %s and %v", data, err)
	}
}

func TestCursorsComeFromTheKeysOfTheOrder(t *testing.T) {
	person := catalog.SetOf(0)
	many := &plan.Many{
		From: plan.Scan{Types: person}, Rows: true, Keys: []int{0},
		Order: []plan.Key{{Property: "id", Kind: value.ID}},
		Row:   plan.Row{Types: person, Slots: []plan.Slot{{Types: person, Read: plan.Property{Name: "id"}}}},
	}
	p := &plan.Plan{
		Catalog: catalog.New([]*catalog.Type{{Name: "Person"}}, nil, nil),
		Query:   plan.Row{Slots: []plan.Slot{{Read: many}}},
		Shape: plan.Shape{Fields: []plan.Field{{Key: "people", Out: &plan.Connection{Slot: 0, Shape: plan.Shape{Fields: []plan.Field{
			{Key: "pageInfo", Out: &plan.PageInfo{Shape: plan.Shape{Fields: []plan.Field{
				{Key: "startCursor", Out: plan.StartCursor{}}, {Key: "endCursor", Out: plan.EndCursor{}}, {Key: "hasNextPage", Out: plan.HasNextPage{}},
			}}}},
		}}}}}},
	}
	r := plan.NewResult()
	r.Grow(2)
	page := r.GrowPage(2, 1)
	r.Cells[1] = plan.Cell{Kind: plan.CellAt, Num: int64(page)}
	for i, id := range []string{"a", "b"} {
		at := plan.RowAt(page, i, 1)
		r.Cells[at] = plan.Cell{Kind: plan.CellRow}
		r.Cells[at+1] = plan.Cell{Kind: plan.CellText, Str: id}
	}
	cursor := func(id string) string {
		return string(plan.AppendCursor(nil, many.Order, []value.Value{value.OfID(id)}))
	}
	got, _ := write(t, p, r)
	want := `{"people":{"pageInfo":{"startCursor":"` + cursor("a") + `","endCursor":"` + cursor("b") + `","hasNextPage":false}}}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
