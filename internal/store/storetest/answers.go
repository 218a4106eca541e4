package storetest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

// answer is a question about the lessons and the whole of its answer.
type answer struct {
	name   string
	ask    []plan.Read
	params plan.Params
	want   []Tree
}

func testAnswers(t *testing.T, open Open) {
	w := newWorld(t, open, lessons())
	for _, a := range answers(w.cat) {
		t.Run(a.name, func(t *testing.T) { w.answers(t, a) })
	}
	t.Run("a plan runs again with other variables", func(t *testing.T) { testAgain(t, w) })
	t.Run("a question that is called off ends with an error", func(t *testing.T) { testCalledOff(t, w) })
}

func (w *world) answers(t *testing.T, a answer) {
	p := ask(w.cat, a.ask...)
	got, err := run(t, w.backend, p, a.params)
	if err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	if diff := cmp.Diff(Tree(Row{Slots: a.want}), got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, p)
	}
}

func answers(cat *catalog.Catalog) []answer {
	var all []answer
	for _, some := range [][]answer{lookups(cat), pages(cat), neighbours(cat)} {
		all = append(all, some...)
	}
	return all
}

func known(s string) plan.Operand { return plan.Operand{Const: value.OfID(s)} }

func idRow(typeName, id string, more ...Tree) Row {
	return Row{Type: typeName, Slots: append([]Tree{id}, more...)}
}

func lookups(cat *catalog.Catalog) []answer {
	person, party, all := cat.TypesOf("Person"), cat.TypesOf("Party"), cat.All()
	find := func(types catalog.TypeSet, id plan.Operand) plan.Read {
		return &plan.Find{Types: types, ID: id, Row: ids(types)}
	}
	four := listOf(value.OfID("pat"), value.OfID("nobody"), value.OfID("gus"), value.OfID("pat"))
	nick := plan.Slot{Types: person, Read: plan.Property{Name: "nick"}}
	score := plan.Slot{Types: cat.TypesOf("Group"), Read: plan.Property{Name: "name"}}
	row := plan.Row{Types: party, Slots: []plan.Slot{score, nick}}
	return []answer{
		{name: "a thing is found by its id", ask: []plan.Read{find(person, known("pat"))}, want: []Tree{idRow("Person", "pat")}},
		{name: "a thing is found among all types", ask: []plan.Read{find(all, known("l1"))}, want: []Tree{idRow("Lesson", "l1")}},
		{name: "an id of another type finds nothing", ask: []plan.Read{find(person, known("gus"))}, want: []Tree{nil}},
		{name: "an unknown id finds nothing", ask: []plan.Read{find(all, known("nobody"))}, want: []Tree{nil}},
		{name: "an id may be a variable", ask: []plan.Read{find(all, plan.Operand{Param: "x"})}, params: plan.Params{"x": value.OfID("oak")}, want: []Tree{idRow("Place", "oak")}},
		{name: "several root fields are answered in order", ask: []plan.Read{find(all, known("oak")), find(all, known("nobody")), find(all, known("ash"))},
			want: []Tree{idRow("Place", "oak"), nil, idRow("Place", "ash")}},
		{name: "a list of ids is answered in its order, with gaps and repeats", ask: []plan.Read{&plan.FindAll{Types: person, IDs: plan.Operand{Const: four}, Row: ids(person)}},
			want: []Tree{Page{Rows: []Tree{idRow("Person", "pat"), nil, nil, idRow("Person", "pat")}}}},
		{name: "an empty list of ids has an empty answer", ask: []plan.Read{&plan.FindAll{Types: person, IDs: plan.Operand{Const: listOf()}, Row: ids(person)}},
			want: []Tree{Page{Rows: []Tree{}}}},
		{name: "a slot stays empty for other types", ask: []plan.Read{&plan.Find{Types: party, ID: known("kim"), Row: row}, &plan.Find{Types: party, ID: known("gus"), Row: row}},
			want: []Tree{Row{Type: "Person", Slots: []Tree{nil, nil}}, Row{Type: "Group", Slots: []Tree{"gus", nil}}}},
	}
}

func pages(cat *catalog.Catalog) []answer {
	page := func(change func(*plan.Many)) []plan.Read {
		many := list(cat, "Party")
		change(many)
		return []plan.Read{many}
	}
	first := func(n int64) plan.Operand { return plan.Operand{Const: value.OfInt(n)} }
	after := func(id string) plan.Operand {
		cursor := plan.AppendCursor(nil, byID(), []value.Value{value.OfID(id)})
		return plan.Operand{Const: value.OfText(string(cursor))}
	}
	gus, kim, pat := idRow("Group", "gus"), idRow("Person", "kim"), idRow("Person", "pat")
	return []answer{
		{name: "a page says that more follow", ask: page(func(m *plan.Many) { m.First = first(2) }), want: []Tree{Page{Next: true, Rows: []Tree{gus, kim}}}},
		{name: "a page that ends with the last row says that none follow", ask: page(func(m *plan.Many) { m.First = first(3) }), want: []Tree{Page{Rows: []Tree{gus, kim, pat}}}},
		{name: "a page goes on strictly after its cursor", ask: page(func(m *plan.Many) { m.First, m.After = first(1), after("gus") }), want: []Tree{Page{Next: true, Rows: []Tree{kim}}}},
		{name: "a cursor needs no row that still exists", ask: page(func(m *plan.Many) { m.After = after("hal") }), want: []Tree{Page{Rows: []Tree{kim, pat}}}},
		{name: "nothing comes after the last row", ask: page(func(m *plan.Many) { m.After = after("pat") }), want: []Tree{Page{Rows: []Tree{}}}},
		{name: "a page of none says whether there are some", ask: page(func(m *plan.Many) { m.First = first(0) }), want: []Tree{Page{Next: true, Rows: []Tree{}}}},
		{name: "the total counts all matches, whatever the page", ask: page(func(m *plan.Many) { m.First, m.After, m.Total = first(1), after("kim"), true }),
			want: []Tree{Page{Total: 3, Rows: []Tree{pat}}}},
		{name: "the total comes without rows", ask: page(func(m *plan.Many) { m.Total, m.Rows, m.Row = true, false, plan.Row{} }), want: []Tree{Page{Total: 3, Rows: []Tree{}}}},
		{name: "a page without first has the default size", ask: page(func(m *plan.Many) { m.First = plan.Operand{} }), want: []Tree{Page{Rows: []Tree{gus, kim, pat}}}},
	}
}

func neighbours(cat *catalog.Catalog) []answer {
	person, _ := cat.Type("Person")
	friend, _ := person.Link("friend")
	likes, _ := person.Link("likes")
	teachers, _ := person.Link("teachers")
	lesson, _ := cat.Type("Lesson")
	teacher, _ := lesson.Link("teacher")
	likedBy, _ := person.Link("likedBy")
	at := func(typeName, id string, reads ...plan.Read) []plan.Read {
		types := cat.TypesOf(typeName)
		return []plan.Read{&plan.Find{Types: types, ID: known(id), Row: ids(types, reads...)}}
	}
	behind := &plan.Many{From: plan.Between{Link: teachers}, Order: byID(), Rows: true, Total: true, Row: ids(cat.TypesOf("Lesson"))}
	taughtBy := &plan.Many{From: plan.Follow{Link: teachers}, Order: byID(), Rows: true, Total: true, Row: ids(teachers.Targets, behind)}
	behindKim := Page{Total: 2, Rows: []Tree{idRow("Lesson", "l1"), idRow("Lesson", "l2")}}
	behindPat := Page{Total: 1, Rows: []Tree{idRow("Lesson", "l3")}}
	loop := &plan.One{Link: friend, Row: ids(friend.Targets)}
	fans := func(op plan.Op, n int64) plan.Filter {
		return plan.Counted{Link: likedBy, Where: text("nick", plan.Eq, "nobody's"), Op: op, Operand: plan.Operand{Const: value.OfInt(n)}}
	}
	taughtIf := func(where plan.Filter) []plan.Read {
		one := &plan.One{Link: teacher, Where: where, Row: ids(teacher.Targets)}
		return at("Lesson", "l1", &plan.One{Link: teacher, Row: ids(teacher.Targets)}, one)
	}
	pat := idRow("Person", "pat")
	learned, _ := person.Link("learned")
	learner, _ := lesson.Link("learner")
	learnedIf := func(where plan.Filter) plan.Filter {
		return plan.Linked{Link: learned, Quant: plan.Some, Where: plan.Linked{Link: learner, Quant: plan.Some, Where: where}}
	}
	return []answer{
		{name: "a shortcut yields a far thing once, with the facts between", ask: at("Person", "kim", taughtBy), want: []Tree{idRow("Person", "kim", Page{Total: 1, Rows: []Tree{idRow("Person", "pat", behindKim)}})}},
		{name: "a shortcut may lead back to its start", ask: at("Person", "pat", taughtBy), want: []Tree{idRow("Person", "pat", Page{Total: 1, Rows: []Tree{idRow("Person", "pat", behindPat)}})}},
		{name: "a shortcut past no facts is empty", ask: at("Group", "gus", taughtBy), want: []Tree{idRow("Group", "gus", Page{Rows: []Tree{}})}},
		{name: "a cycle is followed as far as asked", ask: at("Person", "kim", &plan.One{Link: friend, Row: ids(friend.Targets, loop)}),
			want: []Tree{idRow("Person", "kim", idRow("Person", "pat", idRow("Person", "pat")))}},
		{name: "a missing neighbour is nothing", ask: at("Lesson", "l4", &plan.One{Link: teacher, Row: ids(teacher.Targets)}), want: []Tree{idRow("Lesson", "l4", nil)}},
		{name: "a neighbour may be asked for of which there are none of something", ask: taughtIf(fans(plan.Ne, 1)), want: []Tree{idRow("Lesson", "l1", pat, pat)}},
		{name: "a neighbour with too few of something is nothing", ask: taughtIf(fans(plan.Gt, 0)), want: []Tree{idRow("Lesson", "l1", pat, nil)}},
		{name: "a neighbour may be asked for past which there are none of something", ask: taughtIf(learnedIf(fans(plan.Lt, 1))), want: []Tree{idRow("Lesson", "l1", pat, pat)}},
		{name: "the ids behind a link keep their order", ask: at("Person", "kim", plan.Targets{Link: likes}, plan.Targets{Link: friend}), want: []Tree{idRow("Person", "kim", []string{"pat", "oak", "kim"}, []string{"pat"})}},
		{name: "no ids behind a link are an empty list", ask: at("Person", "pat", plan.Targets{Link: likes}), want: []Tree{idRow("Person", "pat", []string{})}},
		{name: "a missing list is an empty one", ask: at("Person", "pat", plan.Property{Name: "aliases"}), want: []Tree{idRow("Person", "pat", []string{})}},
	}
}

func testAgain(t *testing.T, w *world) {
	many := list(w.cat, "Party")
	many.First = plan.Operand{Param: "n"}
	prepared, err := store.New(w.backend, store.Limits{}).Prepare(ask(w.cat, many))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int64]string{1: "gus", 2: "gus kim", 3: "gus kim pat"} {
		result, err := prepared.Run(t.Context(), plan.Params{"n": value.OfInt(n)})
		if err != nil {
			t.Fatal(err)
		}
		if got := idsIn(TreeOf(prepared.Plan, result)); got != want {
			t.Errorf("first %d: got %q, want %q", n, got, want)
		}
	}
}

func testCalledOff(t *testing.T, w *world) {
	prepared, err := store.New(w.backend, store.Limits{}).Prepare(ask(w.cat, list(w.cat, "Party")))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := prepared.Run(ctx, nil); err == nil {
		t.Error("it was answered")
	}
}
