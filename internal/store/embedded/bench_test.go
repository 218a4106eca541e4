package embedded_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/search"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// scalars is a slot for each property of a type.
func scalars(t *catalog.Type, names ...string) plan.Row {
	row := plan.Row{Types: catalog.SetOf(t.ID)}
	for _, name := range names {
		row.Slots = append(row.Slots, plan.Slot{Types: row.Types, Read: plan.Property{Name: name}})
	}
	return row
}

func query(cat *catalog.Catalog, read plan.Read) *plan.Plan {
	return &plan.Plan{Catalog: cat, Query: plan.Row{Slots: []plan.Slot{{Read: read}}}}
}

func typeOf(cat *catalog.Catalog, name string) *catalog.Type {
	t, _ := cat.Type(name)
	return t
}

func lookupPlan(cat *catalog.Catalog) *plan.Plan {
	people := typeOf(cat, "Person")
	return query(cat, &plan.Find{Types: catalog.SetOf(people.ID), ID: id("person-0000500"), Row: scalars(people, "id", "name")})
}

func listPlan(cat *catalog.Catalog) *plan.Plan {
	people := typeOf(cat, "Person")
	return query(cat, &plan.Many{
		From: plan.Scan{Types: catalog.SetOf(people.ID)}, Order: byID(), First: number(1000), Rows: true,
		Row: scalars(people, "id", "name", "nick", "score", "born"),
	})
}

// nestedPlan is a hundred persons, whom they like, and whom those like.
func nestedPlan(cat *catalog.Catalog) *plan.Plan {
	people := typeOf(cat, "Person")
	likes, _ := people.Link("likes")
	inner := scalars(people, "id")
	for range 2 {
		row := scalars(people, "id", "name")
		row.Slots = append(row.Slots, plan.Slot{Types: row.Types, Read: &plan.Many{From: plan.Follow{Link: likes}, Order: byID(), First: number(25), Rows: true, Row: inner}})
		inner = row
	}
	return query(cat, &plan.Many{From: plan.Scan{Types: catalog.SetOf(people.ID)}, Order: byID(), First: number(100), Rows: true, Row: inner})
}

// byName is a page of a hundred by name, continued when after is not nil.
func byName(cat *catalog.Catalog, after []value.Value) *plan.Plan {
	people := typeOf(cat, "Person")
	many := &plan.Many{
		From:  plan.Scan{Types: catalog.SetOf(people.ID)},
		Order: append([]plan.Key{{Property: "name", Kind: value.Text}}, byID()...),
		First: number(100), Rows: true, Row: scalars(people, "id", "name"),
	}
	if after != nil {
		many.After.Const = value.OfText(string(plan.AppendCursor(nil, many.Order, after)))
	}
	return query(cat, many)
}

// lastByName is the last hundred by name.
func lastByName(cat *catalog.Catalog) *plan.Plan {
	many := scan(cat, "Person", nil, plan.Key{Property: "name", Kind: value.Text})
	many.First, many.Last = plan.Operand{}, number(100)
	return query(cat, many)
}

// learnedFrom is the persons who learned from one: the far end is the cheaper one.
func learnedFrom(cat *catalog.Catalog) *plan.Plan {
	return query(cat, scan(cat, "Person", plan.Linked{Link: linkOf(cat, "Person", "teachers"), Where: idIs("person-0000700")}))
}

// learnedBy counts the lessons whose learner, who may be a group, is a person with a text.
func learnedBy(cat *catalog.Catalog) *plan.Plan {
	known := plan.And{plan.TypeIs{Types: setOf(cat, "Person")}, plan.Compare{Property: "nick", Kind: value.Text, Op: plan.Contains, Operand: plan.Operand{Const: value.OfText("K 7")}}}
	many := scan(cat, "Lesson", plan.Linked{Link: linkOf(cat, "Lesson", "learner"), Where: known})
	many.Rows, many.Total = false, true
	return query(cat, many)
}

func BenchmarkRead(b *testing.B) {
	const size = 50_000
	cat := storetest.Catalog()
	s := memory(b, cat)
	apply(b, s, crowd(b, cat, size)...)
	people := typeOf(cat, "Person")
	filtered := &plan.Many{
		From: plan.Scan{Types: catalog.SetOf(people.ID)}, Order: byID(), First: number(25), Rows: true, Total: true, Row: scalars(people, "id"),
		Where: plan.Compare{Property: "nick", Kind: value.Text, Op: plan.Contains, Operand: plan.Operand{Const: value.OfText("K 77")}},
	}
	liked := scan(cat, "Person", nil, plan.Key{Kind: value.Int, Desc: true, Count: &plan.Count{Link: linkOf(cat, "Person", "likedBy")}})
	byPlace := &plan.Groups{From: plan.Scan{Types: setOf(cat, "Lesson")}, By: []plan.GroupKey{{Link: linkOf(cat, "Lesson", "at"), Row: scalars(typeOf(cat, "Place"), "name")}}}
	last := []value.Value{value.OfText("Person 45000"), value.OfID("")}
	for _, row := range []struct {
		name string
		plan *plan.Plan
	}{
		{"one node by id", lookupPlan(cat)},
		{"1000 nodes of 5 scalars", listPlan(cat)},
		{"700 objects on three levels", nestedPlan(cat)},
		{"first page by name", byName(cat, nil)},
		{"page 450 by name", byName(cat, last)},
		{"filter over 50000", query(cat, filtered)},
		{"last page by name", lastByName(cat)},
		{"learned from one", learnedFrom(cat)},
		{"most liked of 50000", query(cat, liked)},
		{"50000 lessons by place", query(cat, byPlace)},
		{"50000 lessons by what only persons have", learnedBy(cat)},
	} {
		b.Run(row.name, func(b *testing.B) {
			q := prepare(b, s, row.plan)
			b.ReportAllocs()
			for b.Loop() {
				answer(b, q)
			}
		})
	}
}

func BenchmarkWriteOne(b *testing.B) {
	for _, size := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("%d nodes", 2*size), func(b *testing.B) {
			cat := storetest.Catalog()
			s := memory(b, cat)
			apply(b, s, crowd(b, cat, size)...)
			i := 0
			for b.Loop() {
				i++
				apply(b, s, person(b, cat, "person-0000007", storetest.Fields{"name": fmt.Sprint("Person ", i)}))
			}
		})
	}
}

// BenchmarkWriteThenPage asks for an ordered page after each write: the index follows.
func BenchmarkWriteThenPage(b *testing.B) {
	cat := storetest.Catalog()
	s := memory(b, cat)
	apply(b, s, crowd(b, cat, 100_000)...)
	q := prepare(b, s, byName(cat, nil))
	i := 0
	for b.Loop() {
		i++
		apply(b, s, person(b, cat, "person-0000007", storetest.Fields{"name": fmt.Sprint("Person ", i)}))
		answer(b, q)
	}
}

func BenchmarkImport(b *testing.B) {
	cat := storetest.Catalog()
	nodes := crowd(b, cat, 100_000)
	for b.Loop() {
		imported(b, cat, nodes)
	}
}

func BenchmarkOpen(b *testing.B) {
	cat := storetest.Catalog()
	dir := imported(b, cat, crowd(b, cat, 100_000))
	b.ReportAllocs()
	for b.Loop() {
		closeStore(b, open(b, dir, cat, nil))
	}
}

// imported is the folder of a store that has been given nodes and closed.
func imported(t testing.TB, cat *catalog.Catalog, nodes []change.Node) string {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir, cat, nil)
	if _, err := s.Apply(context.Background(), &change.Batch{Upserts: nodes}, nil); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	return dir
}

// A store opens with few allocations per node: that of its record and little else.
func TestOpeningTakesFewAllocationsPerNode(t *testing.T) {
	const size = 5_000
	cat := storetest.Catalog()
	dir := imported(t, cat, crowd(t, cat, size))
	got := testing.AllocsPerRun(1, func() { closeStore(t, open(t, dir, cat, nil)) })
	if perNode := got / (2 * size); perNode > 3 {
		t.Errorf("%.1f allocations per node", perNode)
	}
}

// BenchmarkSort makes the sorted indexes that the first questions after opening wait for: of
// names that are told apart early ("nick") and of some that begin alike.
func BenchmarkSort(b *testing.B) {
	cat := storetest.Catalog()
	s := memory(b, cat)
	nodes := crowd(b, cat, 100_000)
	random := rand.New(rand.NewPCG(1, 2))
	given, family := strings.Fields("Ana Bo Carlos Dana Emil Fatima Giulia Hiro Ines José"), strings.Fields("Abara Berg Costa Díaz Evans Fischer García Holm Ito Jones Khan Lopez")
	for i := range nodes {
		if p, ok := nodes[i].Type.Property("nick"); ok {
			name := fmt.Sprint(given[random.IntN(len(given))], " ", family[random.IntN(len(family))], " ", random.IntN(5000))
			nodes[i].Values[p.Index] = value.OfText(name)
		}
	}
	apply(b, s, nodes...)
	people := typeOf(cat, "Person")
	for _, name := range []string{"id", "name", "nick", "born", "score"} {
		p, _ := people.Property(name)
		b.Run("by "+name, func(b *testing.B) {
			for b.Loop() {
				embedded.Sort(s, people.ID, p)
			}
		})
	}
}

// A batch is written with few allocations per node, or a million nodes are work for the collector.
func TestABatchTakesFewAllocationsPerNode(t *testing.T) {
	const size = 2_000
	cat := storetest.Catalog()
	nodes := crowd(t, cat, size)
	got := testing.AllocsPerRun(1, func() {
		s := memory(t, cat)
		apply(t, s, nodes...)
		closeStore(t, s)
	})
	if perNode := got / float64(len(nodes)); perNode > 8 {
		t.Errorf("%.1f allocations per node", perNode)
	}
}

// fewest counts the allocations of a run: the fewest of several counts, since the race
// detector lets a sync.Pool forget what it holds at random.
func fewest(run func()) float64 {
	least := testing.AllocsPerRun(20, run)
	for range 20 {
		least = min(least, testing.AllocsPerRun(20, run))
	}
	return least
}

// The answer itself and its cells are all that a read may allocate, so to speak.
func TestReadsAllocateLittle(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	apply(t, s, crowd(t, cat, 2_000)...)
	for _, row := range []struct {
		name string
		plan *plan.Plan
		most float64
	}{
		{"one node by id", lookupPlan(cat), 4},
		{"1000 nodes of 5 scalars", listPlan(cat), 20},
		{"700 objects on three levels", nestedPlan(cat), 20},
		{"last page by name", lastByName(cat), 20},
		{"learned from one", learnedFrom(cat), 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			q := prepare(t, s, row.plan)
			answer(t, q)
			if got := fewest(func() { answer(t, q) }); got > row.most {
				t.Errorf("%v allocations, at most %v wanted", got, row.most)
			}
		})
	}
}

// BenchmarkSearch finds one of 50,000, one after each write, and all of them.
func BenchmarkSearch(b *testing.B) {
	cat := storetest.Catalog()
	s := memory(b, cat)
	apply(b, s, crowd(b, cat, 50_000)...)
	unique := func(i int) change.Node {
		return person(b, cat, "one", storetest.Fields{"name": fmt.Sprintf("Onesimus Unique %d", i)})
	}
	apply(b, s, unique(0))
	search := func(b *testing.B, text string, least int) {
		q, err := search.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		page, err := s.Search(b.Context(), &search.Ask{Query: q, Types: cat.All(), First: 25})
		if err != nil || page.Total < least {
			b.Fatal(page.Total, err)
		}
	}
	search(b, "onesimus", 1) // makes the index
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			search(b, "onesimus uni", 1)
		}
	})
	b.Run("one after a write", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			apply(b, s, unique(i))
			search(b, "onesimus uni", 1)
		}
	})
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			search(b, "person 47", 50_000)
		}
	})
}

// BenchmarkKept asks for what is kept: the first time, again, and after a write of a node that it is about.
func BenchmarkKept(b *testing.B) {
	const size = 50_000
	cat := storetest.Catalog()
	s := memory(b, cat)
	apply(b, s, crowd(b, cat, size)...)
	for name, read := range keepable(cat) {
		q := prepare(b, s, query(cat, read))
		ask := func(b *testing.B, before func(i int)) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				before(i)
				b.StartTimer()
				answer(b, q).Release()
			}
		}
		b.Run(name+"/first", func(b *testing.B) { ask(b, func(int) { embedded.Unkeep(s) }) })
		b.Run(name+"/again", func(b *testing.B) { ask(b, func(int) {}) })
		b.Run(name+"/after a write", func(b *testing.B) {
			ask(b, func(i int) {
				apply(b, s, made(b, cat, "Lesson", "lesson-0000100", storetest.Fields{"on": strconv.Itoa(2014 + i%2), "learner": "person-0000001", "teacher": "person-0000002", "at": "place-3"}))
			})
		})
	}
}
