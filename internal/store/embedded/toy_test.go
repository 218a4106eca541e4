package embedded_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// person and lesson make nodes of storetest's small world.
func person(t testing.TB, cat *catalog.Catalog, id string, fields storetest.Fields) change.Node {
	return made(t, cat, "Person", id, fields)
}

func made(t testing.TB, cat *catalog.Catalog, typeName, id string, fields storetest.Fields) change.Node {
	t.Helper()
	n, err := storetest.NewNode(cat, typeName, id, fields)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// crowd is n persons, each liking the two before it, n lessons and ten places.
func crowd(t testing.TB, cat *catalog.Catalog, n int) []change.Node {
	var nodes []change.Node
	for i := range 10 {
		nodes = append(nodes, made(t, cat, "Place", fmt.Sprintf("place-%d", i), storetest.Fields{"name": fmt.Sprintf("Place %d", i)}))
	}
	id := func(i int) string { return fmt.Sprintf("person-%07d", i) }
	for i := range n {
		fields := storetest.Fields{"name": fmt.Sprintf("Person %d", i*7919%n), "nick": fmt.Sprintf("nick %d", i%100), "score": i % 1000, "born": strconv.Itoa(1900 + i%100)}
		if i > 1 {
			fields["likes"] = []string{id(i - 1), id(i - 2)}
		}
		nodes = append(nodes, person(t, cat, id(i), fields))
		nodes = append(nodes, made(t, cat, "Lesson", fmt.Sprintf("lesson-%07d", i), storetest.Fields{"on": "2013", "learner": id(i), "teacher": id(i / 2), "at": fmt.Sprintf("place-%d", i%10)}))
	}
	return nodes
}

func apply(t testing.TB, s store.Backend, nodes ...change.Node) change.Summary {
	t.Helper()
	sum, err := s.Apply(context.Background(), &change.Batch{Upserts: nodes}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sum.Summary
}

func memory(t testing.TB, cat *catalog.Catalog) *embedded.Store {
	s := embedded.OpenMemory(cat, nil)
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

func open(t testing.TB, dir string, cat *catalog.Catalog, opts *embedded.Options) *embedded.Store {
	t.Helper()
	s, err := embedded.Open(dir, cat, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeStore(t testing.TB, s *embedded.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// everything asks for all nodes with all that is stored of them.
func everything(cat *catalog.Catalog) *plan.Plan {
	p := &plan.Plan{Catalog: cat}
	for _, t := range cat.Types {
		p.Query.Slots = append(p.Query.Slots, plan.Slot{Read: &plan.Many{
			From: plan.Scan{Types: catalog.SetOf(t.ID)}, Order: byID(), First: number(plan.MaxPage), Total: true, Rows: true, Row: whole(t),
		}})
	}
	return p
}

// whole is the row of a type with all that is stored.
func whole(t *catalog.Type) plan.Row {
	row := plan.Row{Types: catalog.SetOf(t.ID)}
	for _, p := range t.Properties {
		row.Slots = append(row.Slots, plan.Slot{Types: row.Types, Read: plan.Property{Name: p.Name}})
	}
	for _, l := range t.Out {
		row.Slots = append(row.Slots, plan.Slot{Types: row.Types, Read: plan.Targets{Link: l}})
	}
	return row
}

func byID() []plan.Key { return []plan.Key{{Property: "id", Kind: value.ID}} }

func number(n int64) plan.Operand { return plan.Operand{Const: value.OfInt(n)} }

func id(s string) plan.Operand { return plan.Operand{Const: value.OfID(s)} }

func prepare(t testing.TB, s store.Backend, p *plan.Plan) store.Query {
	t.Helper()
	q, err := s.Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func answer(t testing.TB, q store.Query) *plan.Result {
	t.Helper()
	r, err := q.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// holds is all that a store holds.
func holds(t testing.TB, s store.Backend, cat *catalog.Catalog) storetest.Tree {
	t.Helper()
	p := everything(cat)
	return storetest.TreeOf(p, answer(t, prepare(t, s, p)))
}
