package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
)

// besideRounds is how often everything comes and goes while others read.
const besideRounds = 25

// testBeside reads things while they come and go: each is answered whole or not at all.
func testBeside(t *testing.T, open Open) {
	w := newWorld(t, open, map[string]Fields{"Group rock": {}})
	nodes := map[string]Fields{}
	var gone []string
	for i := range 40 {
		id := fmt.Sprintf("sand-%d", i)
		nodes["Person "+id] = Fields{"friend": "rock"}
		gone = append(gone, id)
	}
	come, leave := &change.Batch{Upserts: w.make(nodes)}, &change.Batch{Deletes: gone}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var all sync.WaitGroup
	var answers atomic.Int64
	for range 3 {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := w.readWhole(ctx); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
				answers.Add(1)
			}
		})
	}
	for range besideRounds {
		for _, batch := range []*change.Batch{come, leave} {
			if _, err := w.backend.Apply(ctx, batch, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	end()
	all.Wait()
	t.Logf("%d answers beside %d writes", answers.Load(), 2*besideRounds)
}

// readWhole reads all parties with their friends, and says which lacks what all have.
func (w *world) readWhole(ctx context.Context) error {
	many := list(w.cat, "Party")
	many.Row.Slots = append(many.Row.Slots, plan.Slot{Types: many.Row.Types, Read: plan.Property{Name: "name"}})
	p := ask(w.cat, many)
	query, err := store.New(w.backend, store.Limits{}).Prepare(p)
	if err != nil {
		return err
	}
	result, err := query.Run(ctx, nil)
	if err != nil {
		return err
	}
	for _, row := range TreeOf(p, result).(Row).Slots[0].(Page).Rows {
		if read := row.(Row); read.Slots[0] == nil || read.Slots[1] == nil {
			return fmt.Errorf("half of something was read: %v", read)
		}
	}
	return nil
}
