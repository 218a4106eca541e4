package neo4jstore

import (
	"context"
	"fmt"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/plan"
	"nicgraph/internal/search"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// bench opens a store with a thousand persons.
func bench(b *testing.B) *Store {
	server := neo4jtest.Start(b)
	cat := storetest.Catalog()
	s, err := Open(b.Context(), Config{URI: server.URI, User: server.User, Password: server.Password}, cat)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	batch := &change.Batch{}
	for i := range 1000 {
		n, err := storetest.NewNode(cat, "Person", fmt.Sprintf("p-%d", i), storetest.Fields{"name": fmt.Sprintf("Person %d", i), "nick": "nick", "score": i, "born": "2013-09"})
		if err != nil {
			b.Fatal(err)
		}
		batch.Upserts = append(batch.Upserts, n)
	}
	if _, err := s.Apply(b.Context(), batch, nil); err != nil {
		b.Fatal(err)
	}
	return s
}

func point(cat *catalog.Catalog) plan.Read {
	set := cat.TypesOf("Person")
	return &plan.Find{Types: set, ID: plan.Operand{Const: value.OfID("p-7")}, Row: scalars(set, "id", "name")}
}

func thousand(cat *catalog.Catalog) plan.Read {
	set := cat.TypesOf("Person")
	return &plan.Many{
		From: plan.Scan{Types: set}, Order: []plan.Key{{Property: "id", Kind: value.ID}}, Rows: true,
		First: plan.Operand{Const: value.OfInt(1000)}, Row: scalars(set, "id", "name", "nick", "score", "born"),
	}
}

func scalars(set catalog.TypeSet, names ...string) plan.Row {
	row := plan.Row{Types: set}
	for _, name := range names {
		row.Slots = append(row.Slots, plan.Slot{Types: set, Read: plan.Property{Name: name}})
	}
	return row
}

// BenchmarkRun compares a read through the store with the same statement sent by hand
// in one round trip, and in a managed transaction, which takes three.
func BenchmarkRun(b *testing.B) {
	s := bench(b)
	b.Run("point/by hand", s.byHand(point(s.cat)).bench)
	b.Run("point/managed", s.managed(point(s.cat)).bench)
	b.Run("point/store", s.through(point(s.cat)).bench)
	b.Run("1000 nodes/by hand", s.byHand(thousand(s.cat)).bench)
	b.Run("1000 nodes/managed", s.managed(thousand(s.cat)).bench)
	b.Run("1000 nodes/store", s.through(thousand(s.cat)).bench)
}

// way is one way to run a read.
type way func(context.Context) error

func (w way) bench(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := w(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func (s *Store) planOf(read plan.Read) *plan.Plan {
	return &plan.Plan{Catalog: s.cat, Query: plan.Row{Slots: []plan.Slot{{Read: read}}}}
}

func (s *Store) statement(read plan.Read) cypher.Statement {
	statements, err := cypher.Query(s.planOf(read), nil)
	if err != nil {
		panic(err)
	}
	return statements[0]
}

func (s *Store) through(read plan.Read) way {
	q := &query{store: s, from: s, plan: s.planOf(read)}
	return func(ctx context.Context) error { _, err := q.Run(ctx, nil); return err }
}

func (s *Store) byHand(read plan.Read) way {
	st := s.statement(read)
	return func(ctx context.Context) error {
		session := s.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead})
		defer session.Close(ctx)
		result, err := session.Run(ctx, st.Text, st.Params)
		if err != nil {
			return err
		}
		_, err = result.Collect(ctx)
		return err
	}
}

func (s *Store) managed(read plan.Read) way {
	st := s.statement(read)
	return func(ctx context.Context) error {
		session := s.session(ctx, neo4j.AccessModeRead)
		defer session.Close(ctx)
		_, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
			result, err := tx.Run(ctx, st.Text, st.Params)
			if err != nil {
				return nil, err
			}
			return result.Collect(ctx)
		})
		return err
	}
}

// BenchmarkSearch finds one of a thousand, and all of them.
func BenchmarkSearch(b *testing.B) {
	s := bench(b)
	for name, text := range map[string]string{"one": "777", "all": "person 7"} {
		b.Run(name, func(b *testing.B) {
			q, err := search.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			way(func(ctx context.Context) error {
				_, err := s.Search(ctx, &search.Ask{Query: q, Types: s.cat.All(), First: 25})
				return err
			}).bench(b)
		})
	}
}
