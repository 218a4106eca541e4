package embedded_test

import (
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// school is a world of three people, a group, two places, one within the other, and
// four lessons, of which one has no place.
func school(t testing.TB, cat *catalog.Catalog) *embedded.Store {
	t.Helper()
	s := memory(t, cat)
	apply(t, s,
		made(t, cat, "Place", "city", storetest.Fields{"name": "City"}),
		made(t, cat, "Place", "hall", storetest.Fields{"name": "Hall", "parent": "city"}),
		made(t, cat, "Group", "choir", storetest.Fields{"name": "Choir"}),
		made(t, cat, "Person", "ann", storetest.Fields{"name": "Ann", "friend": "cid", "born": "1990-05", "mood": "GLAD"}),
		made(t, cat, "Person", "bob", storetest.Fields{"name": "Bob", "friend": "ann", "born": "1990", "mood": "SAD"}),
		made(t, cat, "Person", "cid", storetest.Fields{"name": "Cid", "born": "1985~"}),
		lesson(t, cat, "l1", "ann", "bob", "hall", "2013"),
		lesson(t, cat, "l2", "ann", "choir", "city", "2014-02"),
		lesson(t, cat, "l3", "bob", "choir", "hall", "2014"),
		made(t, cat, "Lesson", "l4", storetest.Fields{"learner": "ann", "teacher": "choir"}),
	)
	return s
}

// The parts of plans that tests of the school put together.

func linkOf(cat *catalog.Catalog, typeName, name string) *catalog.Link {
	l, _ := typeOf(cat, typeName).Link(name)
	return l
}

func setOf(cat *catalog.Catalog, typeName string) catalog.TypeSet {
	return catalog.SetOf(typeOf(cat, typeName).ID)
}

func scan(cat *catalog.Catalog, typeName string, where plan.Filter, order ...plan.Key) *plan.Many {
	return &plan.Many{
		From: plan.Scan{Types: setOf(cat, typeName)}, Where: where, Order: append(order, byID()...),
		First: number(100), Rows: true, Row: scalars(typeOf(cat, typeName), "id"),
	}
}

func is(property string, kind value.Kind, v value.Value) plan.Compare {
	return plan.Compare{Property: property, Kind: kind, Op: plan.Eq, Operand: plan.Operand{Const: v}}
}

func idIs(id string) plan.Compare { return is("id", value.ID, value.OfID(id)) }

// read is what a store answers to one read at the root.
func read(t testing.TB, s store.Backend, cat *catalog.Catalog, r plan.Read) storetest.Tree {
	t.Helper()
	p := query(cat, r)
	return storetest.TreeOf(p, answer(t, prepare(t, s, p))).(storetest.Row).Slots[0]
}

// firsts is the first slot of every row of a page.
func firsts(tree storetest.Tree) []storetest.Tree {
	var found []storetest.Tree
	for _, row := range tree.(storetest.Page).Rows {
		if row == nil {
			found = append(found, nil)
			continue
		}
		found = append(found, row.(storetest.Row).Slots[0])
	}
	return found
}

func lesson(t testing.TB, cat *catalog.Catalog, id, learner, teacher, place, on string) change.Node {
	return made(t, cat, "Lesson", id, storetest.Fields{"learner": learner, "teacher": teacher, "at": place, "on": on})
}
