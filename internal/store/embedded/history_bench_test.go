package embedded_test

import (
	"fmt"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
)

// Reading the present costs the same with and without a long history of the same graph.
func BenchmarkReadBehindHistory(b *testing.B) {
	cat := storetest.Catalog()
	for _, changes := range []int{0, 100_000} {
		s := open(b, b.TempDir(), cat, &embedded.Options{NoSync: true})
		apply(b, s, crowd(b, cat, 10_000)...)
		rewrite(b, s, cat, changes)
		apply(b, s, rewritten(b, cat, 10_000)...)
		for _, row := range []struct {
			name string
			plan *plan.Plan
		}{{"lookup", lookupPlan(cat)}, {"list", listPlan(cat)}, {"page by name", byName(cat, nil)}} {
			b.Run(fmt.Sprintf("%s behind %d changes", row.name, changes), func(b *testing.B) {
				q := prepare(b, s, row.plan)
				for b.Loop() {
					answer(b, q)
				}
			})
		}
		closeStore(b, s)
	}
}

// Going back costs what has changed since, whatever the size of the graph and its history.
func BenchmarkAt(b *testing.B) {
	cat := storetest.Catalog()
	s := memory(b, cat)
	apply(b, s, crowd(b, cat, 50_000)...)
	rewrite(b, s, cat, 100_000)
	last := 100_001
	for _, back := range []int{1, 10, 100, 1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("back over %d changes", back), func(b *testing.B) {
			for b.Loop() {
				embedded.Forget(s)
				if _, err := s.At(b.Context(), last-back); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPreview(b *testing.B) {
	cat := storetest.Catalog()
	s := memory(b, cat)
	apply(b, s, crowd(b, cat, 50_000)...)
	q := lookupPlan(cat)
	for b.Loop() {
		batch := &change.Batch{Upserts: []change.Node{person(b, cat, "person-0000007", storetest.Fields{"name": "other"})}}
		_, err := s.Preview(b.Context(), batch, func(shown store.Backend) error {
			_, err := prepare(b, shown, q).Run(b.Context(), nil)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// rewrite makes changes, each of one person.
func rewrite(b *testing.B, s store.Backend, cat *catalog.Catalog, changes int) {
	b.Helper()
	for i := range changes {
		apply(b, s, again(b, cat, i))
	}
}

func rewritten(b *testing.B, cat *catalog.Catalog, n int) (nodes []change.Node) {
	for i := range n {
		nodes = append(nodes, again(b, cat, i))
	}
	return nodes
}

// again is a person of the crowd with another nick.
func again(b *testing.B, cat *catalog.Catalog, i int) change.Node {
	return person(b, cat, fmt.Sprintf("person-%07d", i%10_000), storetest.Fields{"name": fmt.Sprintf("Person %d", i%10_000*7919%10_000), "nick": fmt.Sprint("nick ", i), "score": i})
}
