package embedded_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

func TestConditionsOnFactsAndOnSingleNodes(t *testing.T) {
	cat := storetest.Catalog()
	s := school(t, cat)
	inHall := plan.Linked{Link: linkOf(cat, "Lesson", "at"), Where: idIs("hall")}
	teachers := linkOf(cat, "Person", "teachers")
	choir := idIs("choir")
	for _, row := range []struct {
		name  string
		where plan.Filter
		want  []storetest.Tree
	}{
		{"learned from the choir", plan.Linked{Link: teachers, Where: choir}, []storetest.Tree{"ann", "bob"}},
		{"learned from the choir in the hall", plan.Linked{Link: teachers, Where: choir, Facts: inHall}, []storetest.Tree{"bob"}},
		{"all teachers in the hall are the choir", plan.Linked{Link: teachers, Quant: plan.All, Where: choir, Facts: inHall}, []storetest.Tree{"bob", "cid"}},
		{"no teacher in the hall", plan.Linked{Link: teachers, Quant: plan.None, Facts: inHall}, []storetest.Tree{"cid"}},
		{"one teacher in the hall", plan.Counted{Link: teachers, Facts: inHall, Op: plan.Eq, Operand: number(1)}, []storetest.Tree{"ann", "bob"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, firsts(read(t, s, cat, scan(cat, "Person", row.where)))); diff != "" {
				t.Errorf("people (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a link leads over some facts", func(t *testing.T) {
		places := linkOf(cat, "Person", "places")
		row := plan.Row{Types: setOf(cat, "Person"), Slots: []plan.Slot{{Types: setOf(cat, "Person"), Read: &plan.Many{
			From:  plan.Follow{Link: places, Facts: plan.Linked{Link: linkOf(cat, "Lesson", "teacher"), Where: choir}},
			Order: byID(), Rows: true, Row: scalars(typeOf(cat, "Place"), "id"),
		}}}}
		ann := read(t, s, cat, &plan.Find{Types: row.Types, ID: id("ann"), Row: row}).(storetest.Row)
		if diff := cmp.Diff([]storetest.Tree{"city"}, firsts(ann.Slots[0])); diff != "" {
			t.Errorf("places (-want +got):\n%s", diff)
		}
	})
	t.Run("a single node that does not meet its condition is nothing", func(t *testing.T) {
		types, row := setOf(cat, "Person"), scalars(typeOf(cat, "Person"), "id")
		if got := read(t, s, cat, &plan.Find{Types: types, ID: id("ann"), Where: idIs("bob"), Row: row}); got != nil {
			t.Errorf("found %v", got)
		}
		both := plan.Operand{Const: value.OfList([]value.Value{value.OfID("ann"), value.OfID("bob")})}
		got := firsts(read(t, s, cat, &plan.FindAll{Types: types, IDs: both, Where: idIs("bob"), Row: row}))
		if diff := cmp.Diff([]storetest.Tree{nil, "bob"}, got); diff != "" {
			t.Errorf("all of two (-want +got):\n%s", diff)
		}
		one := plan.Slot{Types: types, Read: &plan.One{Link: linkOf(cat, "Person", "friend"), Where: idIs("ann"), Row: row}}
		many := scan(cat, "Person", nil)
		many.Row.Slots = []plan.Slot{one}
		want := []storetest.Tree{nil, storetest.Row{Type: "Person", Slots: []storetest.Tree{"ann"}}, nil}
		if diff := cmp.Diff(want, firsts(read(t, s, cat, many))); diff != "" {
			t.Errorf("friends (-want +got):\n%s", diff)
		}
	})
}

// farConditions are conditions for which a scan may begin at the far nodes.
func farConditions(cat *catalog.Catalog) map[string]struct {
	typ   string
	where plan.Filter
} {
	type condition = struct {
		typ   string
		where plan.Filter
	}
	friend, likes, teachers, learned := linkOf(cat, "Person", "friend"), linkOf(cat, "Person", "likes"), linkOf(cat, "Person", "teachers"), linkOf(cat, "Person", "learned")
	at := linkOf(cat, "Lesson", "at")
	seven := idIs("person-0000007")
	place := plan.Linked{Link: at, Where: idIs("place-3")}
	glad := is("nick", value.Text, value.OfText("nick 5"))
	return map[string]condition{
		"a stored link":            {"Person", plan.Linked{Link: likes, Where: seven}},
		"a link read from its end": {"Person", plan.Linked{Link: learned, Where: idIs("lesson-0000007")}},
		"a shortcut":               {"Person", plan.Linked{Link: teachers, Where: seven}},
		"a link of an interface":   {"Person", plan.Linked{Link: linkOf(cat, "Group", "learners"), Where: seven}},
		"no such friend":           {"Person", plan.Linked{Link: friend, Where: seven}},
		"over two links":           {"Person", plan.Linked{Link: learned, Where: place}},
		"few places":               {"Lesson", plan.Linked{Link: at, Where: is("name", value.Text, value.OfText("Place 4"))}},
		"any place":                {"Lesson", plan.Linked{Link: at}},
		"the smaller of two": {"Person", plan.And{
			plan.Linked{Link: learned, Where: place}, plan.Linked{Link: likes, Where: seven}, glad,
		}},
		"with another condition": {"Person", plan.And{plan.Not{Filter: glad}, plan.Linked{Link: likes, Where: seven}}},
		"over some facts":        {"Person", plan.Linked{Link: teachers, Where: seven, Facts: place}},
		"either of two":          {"Person", plan.Or{seven, plan.Linked{Link: likes, Where: seven}}},
		"none":                   {"Person", plan.Linked{Link: likes, Quant: plan.None, Where: seven}},
	}
}

func TestAScanThatBeginsAtTheFarNodesFindsTheSame(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	nodes := crowd(t, cat, 60)
	apply(t, s, nodes...)
	for name, row := range farConditions(cat) {
		for _, first := range []int64{3, 1000} {
			for _, total := range []bool{false, true} {
				t.Run(fmt.Sprint(name, ", first ", first, ", total ", total), func(t *testing.T) {
					many := scan(cat, row.typ, row.where)
					many.First, many.Total = number(first), total
					check(t, s, cat, nodes, many)
				})
			}
		}
	}
}

// check compares an answer with that of the slow evaluator.
func check(t *testing.T, s store.Backend, cat *catalog.Catalog, nodes []change.Node, r plan.Read) {
	t.Helper()
	p := query(cat, r)
	want, err := storetest.Evaluate(nodes, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, storetest.TreeOf(p, answer(t, prepare(t, s, p)))); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}
