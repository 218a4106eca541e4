package embedded_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/store/storetest"
)

// Many writers at once: each batch is whole, a refused one takes no other with it,
// and a writer reads what it wrote.
func TestWritersShareTheDiskAndNothingElse(t *testing.T) {
	cat, dir := storetest.Catalog(), t.TempDir()
	s := open(t, dir, cat, nil)
	apply(t, s, person(t, cat, "hub", nil))
	people := typeOf(cat, "Person")
	var writers sync.WaitGroup
	for w := range 16 {
		writers.Go(func() {
			for i := range 10 {
				name := fmt.Sprintf("p-%d-%d", w, i)
				apply(t, s, person(t, cat, name, storetest.Fields{"likes": []string{"hub"}, "score": i}))
				find := query(cat, &plan.Find{Types: catalog.SetOf(people.ID), ID: id(name), Row: scalars(people, "id")})
				if answer(t, prepare(t, s, find)).Cells[1].Kind == plan.CellNull {
					t.Errorf("%s was written and is not there", name)
				}
				_, err := s.Apply(context.Background(), &change.Batch{Upserts: []change.Node{person(t, cat, name+"-x", nil), person(t, cat, name+"-y", storetest.Fields{"friend": "nobody"})}}, nil)
				if fault.KindOf(err) != fault.Invalid {
					t.Errorf("a link to nobody: got %v", err)
				}
				answer(t, prepare(t, s, byName(cat, nil)))
			}
		})
	}
	writers.Wait()
	closeStore(t, s)
	s = open(t, dir, cat, nil)
	defer closeStore(t, s)
	page := holds(t, s, cat).(storetest.Row).Slots[0].(storetest.Page)
	if page.Total != 161 {
		t.Errorf("%d persons, want 161", page.Total)
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	closeStore(t, s)
	_, err := s.Apply(t.Context(), &change.Batch{Upserts: []change.Node{person(t, cat, "a", nil)}}, nil)
	wantFault(t, err, "is closed")
	wantFault(t, s.Ready(t.Context()), "is closed")
}
