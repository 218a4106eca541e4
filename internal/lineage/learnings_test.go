package lineage

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/computed/computedtest"
	"nicgraph/internal/exchange"
	"nicgraph/internal/store"
	"nicgraph/internal/store/storetest"
	"nicgraph/seed"
)

func TestStepsAreReadOnceUntilLearningsChange(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	backend.Gate = make(chan struct{})
	found := make([]*Steps, 8)
	var all sync.WaitGroup
	for i := range found {
		all.Go(func() {
			n, err := stepsOf(t.Context(), e, nil)
			if err != nil {
				t.Error(err)
			}
			found[i] = n
		})
	}
	close(backend.Gate)
	all.Wait()
	for _, n := range found {
		if n != found[0] {
			t.Error("two requests at the same revision have different steps")
		}
	}
	reads := backend.Runs.Load()
	if _, err := stepsOf(t.Context(), e, nil); err != nil || backend.Runs.Load() != reads {
		t.Errorf("%d more reads, %v", backend.Runs.Load()-reads, err)
	}
	computedtest.Write(t, backend, computedtest.Source(t, cat))
	if n, err := stepsOf(t.Context(), e, nil); err != nil || n != found[0] {
		t.Errorf("the steps are read again after a change of something else; %v", err)
	}
	learn(t, backend, cat)
	n, err := stepsOf(t.Context(), e, nil)
	if err != nil || len(n.Steps) != 1 {
		t.Errorf("the steps are stale after a change: %v, %v", n, err)
	}
}

// learn writes that b learned from a.
func learn(t *testing.T, b store.Backend, cat *catalog.Catalog) {
	t.Helper()
	node := func(typeName, id string, fields storetest.Fields) change.Node {
		return computedtest.NewNode(t, cat, typeName, id, fields)
	}
	computedtest.Write(t, b,
		node("Person", "a", storetest.Fields{"name": "A"}), node("Person", "b", storetest.Fields{"name": "B"}),
		node("Practice", "p", storetest.Fields{"name": "P"}),
		node("Learning", "l", storetest.Fields{"learner": "b", "teacher": "a", "practice": "p", "sources": []string{"s"}, "confidence": "STATED"}),
	)
}

func TestAReadingGoesOnForTheNextRequest(t *testing.T) {
	e, backend, _ := computedtest.Open(t)
	backend.Gate = make(chan struct{}) // shut: only the end of the context ends a read
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := stepsOf(ctx, e, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	close(backend.Gate)
	if _, err := stepsOf(t.Context(), e, nil); err != nil || backend.Runs.Load() != 1 {
		t.Errorf("the next request: %v, after %d reads", err, backend.Runs.Load())
	}
}

// The numbers that the tables' description tells of the learning graph.
func TestTheCuratedNetworkIsAsDescribed(t *testing.T) {
	e, _, cat := computedtest.Open(t)
	if _, err := exchange.Import(t.Context(), e.Store, seed.Tables, cat, exchange.Options{}); err != nil {
		t.Fatal(err)
	}
	n, err := stepsOf(t.Context(), e, nil)
	if err != nil {
		t.Fatal(err)
	}
	pairs, mutual, dated := map[[2]int]bool{}, 0, 0
	for _, s := range n.Steps {
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
	got := []int{len(n.Steps), dated, len(n.Parties), len(pairs), mutual / 2, components(n)}
	if diff := cmp.Diff([]int{289, 181, 280, 270, 4, 28}, got); diff != "" {
		t.Errorf("learnings, dated, parties, pairs, pairs that taught each other, components (-want +got)\n%s", diff)
	}
}

// components counts the parts of the network that no learning connects.
func components(n *Steps) int {
	part := make([]int, len(n.Parties))
	for i := range part {
		part[i] = i
	}
	for range part { // until nothing changes, at the latest
		for _, s := range n.Steps {
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
