// Package computedtest helps tests of computed fields: engines over a store whose reads are
// counted and can be held up. Making nodes it leaves to storetest.
package computedtest

import (
	"context"
	"os"
	"sync/atomic"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/computed"
	"nicgraph/internal/plan"
	"nicgraph/internal/schema"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
)

// Slow is a backend that counts the reads that begin, and lets them wait.
type Slow struct {
	store.Backend
	Runs atomic.Int32
	Gate chan struct{} // nil: reads do not wait
}

type slowQuery struct {
	store.Query
	backend *Slow
}

// Prepare makes a plan ready whose runs are counted.
func (s *Slow) Prepare(p *plan.Plan) (store.Query, error) {
	q, err := s.Backend.Prepare(p)
	return slowQuery{q, s}, err
}

// Run brings the rows once the gate lets it.
func (q slowQuery) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	q.backend.Runs.Add(1)
	if q.backend.Gate != nil {
		select {
		case <-q.backend.Gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return q.Query.Run(ctx, params)
}

// Version is that of the backend, which must know it.
func (s *Slow) Version(ctx context.Context, types catalog.TypeSet) uint64 {
	return s.Backend.(store.Dater).Version(ctx, types)
}

func domain(t testing.TB) *catalog.Catalog {
	t.Helper()
	d, err := schema.ReadDir(os.DirFS("../../graph/schema"))
	if err != nil {
		t.Fatal(err)
	}
	return d.Catalog()
}

// Open makes an engine without fields over an empty store.
func Open(t testing.TB) (*computed.Engine, *Slow, *catalog.Catalog) {
	t.Helper()
	cat := domain(t)
	backend := &Slow{Backend: embedded.OpenMemory(cat, nil)}
	t.Cleanup(func() {
		if err := backend.Close(); err != nil {
			t.Error(err)
		}
	})
	return NewEngine(backend, cat), backend, cat
}

// NewEngine makes an engine without fields that has kept nothing yet.
func NewEngine(backend *Slow, cat *catalog.Catalog) *computed.Engine {
	return computed.New(store.New(backend, store.Limits{}), cat, nil, nil)
}

// Write applies nodes.
func Write(t testing.TB, b store.Backend, nodes ...change.Node) {
	t.Helper()
	if _, err := b.Apply(t.Context(), &change.Batch{Upserts: nodes}, nil); err != nil {
		t.Fatal(err)
	}
}

// NewNode makes a node of a type.
func NewNode(t testing.TB, cat *catalog.Catalog, typeName, id string, fields storetest.Fields) change.Node {
	t.Helper()
	n, err := storetest.NewNode(cat, typeName, id, fields)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Source makes the node s, to which others can refer.
func Source(t *testing.T, cat *catalog.Catalog) change.Node {
	return NewNode(t, cat, "Source", "s", storetest.Fields{"title": "A report", "publisher": "P"})
}
