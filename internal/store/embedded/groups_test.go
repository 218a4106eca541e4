package embedded_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// groupsOf is what a store answers to groups, one list of cells per group; a node is
// the first slot of its row.
func groupsOf(t *testing.T, g *plan.Groups) (rows [][]any, header plan.Cell) {
	t.Helper()
	cat := storetest.Catalog()
	result := answer(t, prepare(t, school(t, cat), query(cat, g)))
	at := int(result.Cells[1].Num)
	header = result.Cells[at]
	width := len(g.By) + 1 + len(g.Distinct)
	for i := range int(header.Len) {
		row := plan.RowAt(at, i, width)
		var cells []any
		for _, cell := range result.Cells[row+1 : row+1+width] {
			cells = append(cells, shown(result, cell))
		}
		rows = append(rows, cells)
	}
	return rows, header
}

func shown(r *plan.Result, c plan.Cell) any {
	switch c.Kind {
	case plan.CellText:
		return c.Str
	case plan.CellNumber:
		return int(c.Num)
	case plan.CellAt:
		return r.Cells[c.Num+1].Str
	default:
		return nil
	}
}

func TestGroupsCountByKeys(t *testing.T) {
	cat := storetest.Catalog()
	lessons := plan.From(plan.Scan{Types: setOf(cat, "Lesson")})
	people := plan.From(plan.Scan{Types: setOf(cat, "Person")})
	teacher := linkOf(cat, "Lesson", "teacher")
	byTeacher := plan.GroupKey{Link: teacher, Row: plan.Row{Types: teacher.Targets, Slots: []plan.Slot{{Types: teacher.Targets, Read: plan.Property{Name: "name"}}}}}
	byPlace := plan.GroupKey{Link: linkOf(cat, "Lesson", "at"), Row: scalars(typeOf(cat, "Place"), "id")}
	onYear := plan.GroupKey{Property: "on", Kind: value.Date, Year: true}
	for _, row := range []struct {
		name   string
		groups *plan.Groups
		want   [][]any
		next   bool
	}{
		{"by the year, a missing date last", &plan.Groups{From: lessons, By: []plan.GroupKey{onYear}},
			[][]any{{2014, 2}, {2013, 1}, {nil, 1}}, false},
		{"by a link", &plan.Groups{From: lessons, By: []plan.GroupKey{byTeacher}},
			[][]any{{"Choir", 3}, {"Bob", 1}}, false},
		{"by two keys, with distinct ends", &plan.Groups{From: lessons, By: []plan.GroupKey{byPlace, byTeacher}, Distinct: []*catalog.Link{linkOf(cat, "Lesson", "learner"), linkOf(cat, "Lesson", "at")}},
			[][]any{{"city", "Choir", 1, 1, 1}, {"hall", "Bob", 1, 1, 1}, {"hall", "Choir", 1, 1, 1}, {nil, "Choir", 1, 1, 0}}, false},
		{"distinct ends are counted once", &plan.Groups{From: lessons, By: []plan.GroupKey{byTeacher}, Distinct: []*catalog.Link{linkOf(cat, "Lesson", "learner")}},
			[][]any{{"Choir", 3, 2}, {"Bob", 1, 1}}, false},
		{"by a vocabulary", &plan.Groups{From: people, By: []plan.GroupKey{{Property: "mood", Kind: value.Enum}}},
			[][]any{{"GLAD", 1}, {"SAD", 1}, {nil, 1}}, false},
		{"by a date, in the order of dates", &plan.Groups{From: people, By: []plan.GroupKey{{Property: "born", Kind: value.Date}}},
			[][]any{{"1985~", 1}, {"1990", 1}, {"1990-05", 1}}, false},
		{"the second of three", &plan.Groups{From: lessons, By: []plan.GroupKey{onYear}, First: number(1), Skip: number(1)},
			[][]any{{2013, 1}}, true},
		{"behind the last", &plan.Groups{From: lessons, By: []plan.GroupKey{onYear}, Skip: number(9)}, nil, false},
		{"of what meets a condition", &plan.Groups{From: lessons, Where: plan.Linked{Link: linkOf(cat, "Lesson", "learner"), Where: idIs("ann")}, By: []plan.GroupKey{onYear}},
			[][]any{{2013, 1}, {2014, 1}, {nil, 1}}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, header := groupsOf(t, row.groups)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
			if header.Next != row.next {
				t.Errorf("more follow: %v, want %v", header.Next, row.next)
			}
		})
	}
}

func TestGroupsTellHowManyThereAre(t *testing.T) {
	cat := storetest.Catalog()
	_, header := groupsOf(t, &plan.Groups{
		From: plan.Scan{Types: setOf(cat, "Person")}, By: []plan.GroupKey{{Property: "name", Kind: value.Text}},
		First: number(0), Total: true,
	})
	if header.Num != 3 || header.Len != 0 || !header.Next {
		t.Errorf("%d groups, %d shown, more: %v; want 3, 0, true", header.Num, header.Len, header.Next)
	}
}

func TestGroupsOfAllNodesAreKeptUntilAChange(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	apply(t, s, person(t, cat, "a", storetest.Fields{"mood": "GLAD"}))
	moods := prepare(t, s, query(cat, &plan.Groups{From: plan.Scan{Types: setOf(cat, "Person")}, By: []plan.GroupKey{{Property: "mood", Kind: value.Enum}}}))
	count := func() int64 {
		t.Helper()
		result := answer(t, moods)
		return result.Cells[plan.RowAt(int(result.Cells[1].Num), 0, 2)+2].Num
	}
	for n := range 3 {
		if got, again := count(), count(); got != int64(n+1) || again != got {
			t.Errorf("%d persons are glad, when asked again %d; want %d", got, again, n+1)
		}
		apply(t, s, person(t, cat, fmt.Sprintf("b%d", n), storetest.Fields{"mood": "GLAD"}))
	}
}

func TestKeptGroupsAreNotCountedAgain(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	var batch change.Batch
	for n := range 1000 {
		batch.Upserts = append(batch.Upserts, person(t, cat, fmt.Sprintf("p%d", n), storetest.Fields{"mood": "GLAD"}))
	}
	if _, err := s.Apply(t.Context(), &batch, nil); err != nil {
		t.Fatal(err)
	}
	moods := prepare(t, s, query(cat, &plan.Groups{From: plan.Scan{Types: setOf(cat, "Person")}, By: []plan.GroupKey{{Property: "mood", Kind: value.Enum}}}))
	answer(t, moods)
	if got := testing.AllocsPerRun(10, func() { answer(t, moods) }); got > 5 {
		t.Errorf("the groups of 1,000 persons take %.0f allocations when asked again", got)
	}
}
