package analytics

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/exchange"
	"nicgraph/internal/plan"
	"nicgraph/internal/schema"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
	"nicgraph/seed"
)

// slow is a backend that counts the reads that begin, and lets them wait.
type slow struct {
	store.Backend
	runs atomic.Int32
	gate chan struct{} // nil: reads do not wait
}

type slowQuery struct {
	store.Query
	backend *slow
}

func (s *slow) Prepare(p *plan.Plan) (store.Query, error) {
	q, err := s.Backend.Prepare(p)
	return slowQuery{q, s}, err
}

func (q slowQuery) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	q.backend.runs.Add(1)
	if q.backend.gate != nil {
		select {
		case <-q.backend.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return q.Query.Run(ctx, params)
}

func domain(t testing.TB) *catalog.Catalog {
	t.Helper()
	d, err := schema.ReadDir(os.DirFS("../../graph/schema"))
	if err != nil {
		t.Fatal(err)
	}
	return d.Catalog()
}

func open(t testing.TB) (*Engine, *slow, *catalog.Catalog) {
	t.Helper()
	cat := domain(t)
	backend := &slow{Backend: embedded.OpenMemory(cat, nil)}
	t.Cleanup(func() { backend.Close() })
	return New(store.New(backend, store.Limits{}), cat, Fields()), backend, cat
}

func write(t testing.TB, b store.Backend, nodes ...change.Node) {
	t.Helper()
	if _, err := b.Apply(t.Context(), &change.Batch{Upserts: nodes}, nil); err != nil {
		t.Fatal(err)
	}
}

func newNode(t testing.TB, cat *catalog.Catalog, typeName, id string, fields storetest.Fields) change.Node {
	t.Helper()
	n, err := storetest.NewNode(cat, typeName, id, fields)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func source(t *testing.T, cat *catalog.Catalog) change.Node {
	return newNode(t, cat, "Source", "s", storetest.Fields{"title": "A report", "publisher": "P"})
}

func TestTheNetworkIsReadOnceForEachRevision(t *testing.T) {
	e, backend, cat := open(t)
	backend.gate = make(chan struct{})
	found := make([]*network, 8)
	var all sync.WaitGroup
	for i := range found {
		all.Go(func() {
			n, err := e.current(t.Context())
			if err != nil {
				t.Error(err)
			}
			found[i] = n
		})
	}
	close(backend.gate)
	all.Wait()
	for _, n := range found {
		if n != found[0] {
			t.Error("two requests at the same revision have different networks")
		}
	}
	reads := backend.runs.Load()
	if _, err := e.current(t.Context()); err != nil || backend.runs.Load() != reads {
		t.Errorf("%d more reads, %v", backend.runs.Load()-reads, err)
	}
	write(t, backend, source(t, cat))
	n, err := e.current(t.Context())
	if err != nil || n == found[0] {
		t.Errorf("the network is stale after a change; %v", err)
	}
}

func TestAReadingThatNobodyWaitsForEnds(t *testing.T) {
	e, backend, _ := open(t)
	backend.gate = make(chan struct{}) // shut: only the end of the context ends a read
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := e.current(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	close(backend.gate)
	if _, err := e.current(t.Context()); err != nil {
		t.Errorf("the next request: %v", err)
	}
}

func TestRowsComeInPages(t *testing.T) {
	e, backend, cat := open(t)
	var nodes []change.Node
	for i := range 2500 {
		nodes = append(nodes, newNode(t, cat, "Source", fmt.Sprintf("s%04d", i), storetest.Fields{"title": "T", "publisher": "P"}))
	}
	write(t, backend, nodes...)
	rows, err := e.rows(t.Context(), "Source", []string{"title"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2500 || rows[2499].id != "s2499" || backend.runs.Load() != 3 {
		t.Errorf("%d rows in %d reads", len(rows), backend.runs.Load())
	}
}

// The numbers that the tables' description tells of the learning graph.
func TestTheCuratedNetworkIsAsDescribed(t *testing.T) {
	e, _, cat := open(t)
	if _, err := exchange.Import(t.Context(), e.store, seed.Tables, cat, exchange.Options{}); err != nil {
		t.Fatal(err)
	}
	n, err := e.current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	pairs, mutual, dated := map[[2]int]bool{}, 0, 0
	for _, s := range n.steps.Steps {
		pairs[[2]int{s.From, s.To}] = true
		if s.Dated {
			dated++
		}
	}
	for p := range pairs {
		if pairs[[2]int{p[1], p[0]}] {
			mutual++
		}
	}
	got := []int{len(n.steps.Steps), dated, len(n.steps.Parties), len(pairs), mutual / 2, components(n)}
	if diff := cmp.Diff([]int{289, 181, 280, 270, 4, 28}, got); diff != "" {
		t.Errorf("learnings, dated, parties, pairs, pairs that taught each other, components (-want +got)\n%s", diff)
	}
}

// components counts the parts of the network that no learning connects.
func components(n *network) int {
	part := make([]int, len(n.steps.Parties))
	for i := range part {
		part[i] = i
	}
	for range part { // until nothing changes, at the latest
		for _, s := range n.steps.Steps {
			part[s.From] = min(part[s.From], part[s.To])
			part[s.To] = part[s.From]
		}
	}
	all := map[int]bool{}
	for _, p := range part {
		all[p] = true
	}
	return len(all)
}
