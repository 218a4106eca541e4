package embedded_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// keepable are questions of each sort whose findings are kept.
func keepable(cat *catalog.Catalog) map[string]plan.Read {
	lessons := plan.From(plan.Scan{Types: setOf(cat, "Lesson")})
	atPlace := plan.Linked{Link: linkOf(cat, "Lesson", "at"), Where: plan.Compare{Property: "name", Kind: value.Text, Op: plan.NotIn, Operand: plan.Operand{Const: value.OfList([]value.Value{value.OfText("Place 3"), value.OfText("Place 4")})}}}
	teachers := &plan.Count{Link: linkOf(cat, "Person", "teachers"), Facts: plan.Compare{Property: "on", Kind: value.Date, Op: plan.After, Operand: plan.Operand{Const: value.OfDate("2012")}}}
	taught := scan(cat, "Person", nil, plan.Key{Kind: value.Int, Desc: true, Count: teachers})
	taught.First = number(5)
	counted := &plan.Many{From: plan.Follow{Link: teachers.Link, Facts: teachers.Facts}, Total: true, Order: byID(), Row: plan.Row{Types: teachers.Link.Targets}}
	taught.Row.Slots = append(taught.Row.Slots, plan.Slot{Types: taught.Row.Types, Read: counted})
	number := scan(cat, "Lesson", atPlace)
	number.Rows, number.Total = false, true
	return map[string]plan.Read{
		"a number under a condition": number,
		"groups of all":              &plan.Groups{From: lessons, By: []plan.GroupKey{{Property: "on", Kind: value.Date, Year: true}}},
		"groups under a condition":   &plan.Groups{From: lessons, Where: atPlace, By: []plan.GroupKey{{Link: linkOf(cat, "Lesson", "at"), Row: scalars(typeOf(cat, "Place"), "id")}}},
		"an order by a count":        taught,
	}
}

// What is kept is asked for in a store that would refuse to look at all nodes again.
func TestWhatIsKeptIsMendedAndNotMadeAnew(t *testing.T) {
	cat := storetest.Catalog()
	for name, read := range keepable(cat) {
		t.Run(name, func(t *testing.T) {
			s := memory(t, cat)
			nodes := crowd(t, cat, 5000)
			apply(t, s, nodes...)
			q := prepare(t, s, query(cat, read))
			answer(t, q)
			embedded.LimitSteps(s, 100)
			for i := range 3 {
				changed := made(t, cat, "Lesson", fmt.Sprintf("lesson-%07d", 100+i), storetest.Fields{"on": "2014", "learner": "person-0000001", "teacher": "person-0000002", "at": "place-3"})
				apply(t, s, changed)
				nodes = append(nodes, changed)
				answer(t, q)
			}
			sameAsAnew(t, cat, q, nodes, read)
			embedded.Unkeep(s)
			if _, err := q.Run(t.Context(), nil); err == nil {
				t.Error("what was kept is gone, and the question looks at no more nodes than before")
			}
		})
	}
}

// sameAsAnew compares an answer with that of a store which has kept nothing yet.
func sameAsAnew(t *testing.T, cat *catalog.Catalog, q store.Query, nodes []change.Node, read plan.Read) {
	t.Helper()
	fresh, p := memory(t, cat), query(cat, read)
	latest := map[string]change.Node{}
	for _, n := range nodes {
		latest[n.ID] = n
	}
	apply(t, fresh, slices.Collect(maps.Values(latest))...)
	want := storetest.TreeOf(p, answer(t, prepare(t, fresh, p)))
	if diff := cmp.Diff(want, storetest.TreeOf(p, answer(t, q))); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func TestWhatIsKeptTakesFewAllocationsWhenAskedAgain(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	apply(t, s, crowd(t, cat, 1000)...)
	for name, read := range keepable(cat) {
		q := prepare(t, s, query(cat, read))
		answer(t, q)
		if got := testing.AllocsPerRun(10, func() { answer(t, q).Release() }); got > 20 {
			t.Errorf("%s takes %.0f allocations when asked again", name, got)
		}
	}
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	nodes := crowd(t, cat, 50)
	apply(t, s, nodes...)
	const most = 40_000
	embedded.LimitKept(s, most)
	for i := range 200 {
		contains := plan.Compare{Property: "name", Kind: value.Text, Op: plan.Contains, Operand: plan.Operand{Const: value.OfText(strconv.Itoa(i % 60))}}
		many := scan(cat, "Person", contains)
		many.Total = true
		check(t, s, cat, nodes, many)
		if places, bytes := embedded.Kept(s); bytes > most || places == 0 {
			t.Fatalf("%d places with %d bytes are kept, at most %d may be", places, bytes, most)
		}
	}
}

func TestWhatIsFarBehindIsLetGo(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	apply(t, s, crowd(t, cat, 10)...)
	total := scan(cat, "Person", is("score", value.Int, value.OfInt(3)))
	total.Total = true
	answer(t, prepare(t, s, query(cat, total)))
	var many []change.Node
	for i := range 2000 {
		many = append(many, person(t, cat, fmt.Sprint("p", i), storetest.Fields{"score": 3}))
	}
	if places, _ := embedded.Kept(s); places != 1 {
		t.Errorf("%d places, want 1", places)
	}
	apply(t, s, many...)
	if places, bytes := embedded.Kept(s); places != 0 || bytes != 0 {
		t.Errorf("after 2,000 nodes were written %d places with %d bytes are kept", places, bytes)
	}
	if page := read(t, s, cat, total).(storetest.Page); page.Total != 2001 {
		t.Errorf("%d persons have 3, want 2001", page.Total)
	}
}

func TestAQuestionThatEndsEarlyLeavesNothingBehind(t *testing.T) {
	cat := storetest.Catalog()
	for name, read := range keepable(cat) {
		s := memory(t, cat)
		nodes := crowd(t, cat, 5000)
		apply(t, s, nodes...)
		gone, leave := context.WithCancel(t.Context())
		leave()
		q := prepare(t, s, query(cat, read))
		if _, err := q.Run(gone, nil); err == nil {
			t.Errorf("%s is answered though nobody waits", name)
		}
		sameAsAnew(t, cat, q, nodes, read)
	}
}

// Readers of the present and of a state before it, beside a writer: what they are told is of one state.
func TestWhatIsKeptIsOfOneStateBesideWrites(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	glad := is("mood", value.Enum, value.Value{Kind: value.Enum, Str: "GLAD"})
	total := scan(cat, "Person", glad)
	total.Rows, total.Total = false, true
	moods := &plan.Groups{From: plan.Scan{Types: setOf(cat, "Person")}, Where: glad, By: []plan.GroupKey{{Property: "mood", Kind: value.Enum}}}
	all := scan(cat, "Person", nil)
	all.Rows, all.Total = false, true
	liked := scan(cat, "Person", nil, plan.Key{Kind: value.Int, Desc: true, Count: &plan.Count{Link: linkOf(cat, "Person", "likedBy"), Where: glad}})
	liked.First, liked.Row.Slots[0].Read = number(1), plan.KeyOf{Key: liked.Order[0]}
	p := &plan.Plan{Catalog: cat, Query: plan.Row{Slots: []plan.Slot{{Read: total}, {Read: moods}, {Read: all}, {Read: liked}}}}
	apply(t, s, person(t, cat, "p", storetest.Fields{"mood": "GLAD"}))
	q := prepare(t, s, p)
	var readers sync.WaitGroup
	done, end := context.WithCancel(t.Context())
	for range 3 {
		readers.Go(func() {
			for done.Err() == nil {
				then := s.Steady(t.Context())
				for range 3 {
					sameNumbers(t, q, then)
					sameNumbers(t, q, t.Context())
				}
			}
		})
	}
	for i := range 300 {
		apply(t, s, person(t, cat, fmt.Sprint("p", i), storetest.Fields{"mood": "GLAD", "likes": []string{"p"}}))
	}
	end()
	readers.Wait()
}

// sameNumbers checks four counts of a graph in which all are glad, and all but one like that one.
func sameNumbers(t *testing.T, q store.Query, ctx context.Context) {
	t.Helper()
	r, err := q.Run(ctx, nil)
	if err != nil {
		t.Error(err)
		return
	}
	page := func(slot int) int { return int(r.Cells[1+slot].Num) }
	total, all := r.Cells[page(0)].Num, r.Cells[page(2)].Num
	glad := r.Cells[plan.RowAt(page(1), 0, 2)+2].Num
	likes := r.Cells[plan.RowAt(page(3), 0, 1)+1].Num
	if total != all || glad != all || likes != all-1 {
		t.Errorf("of %d persons %d are glad, %d by their group, and %d like the first", all, total, glad, likes)
	}
}
