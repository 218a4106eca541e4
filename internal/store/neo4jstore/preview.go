package neo4jstore

import (
	"context"
	"errors"
	"sync"

	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/plan"
	"nicgraph/internal/search"
	"nicgraph/internal/store"
)

// preview is the graph as it is inside a transaction that will be undone.
type preview struct {
	*Store
	mu     sync.Mutex // a transaction takes one statement at a time
	inside *transaction
}

var _ store.Backend = (*preview)(nil)

// errUndo ends a transaction that has been looked at.
var errUndo = errors.New("it was a preview")

// Preview does what Apply would do in a transaction, shows it and undoes it. Writers wait
// for as long as look takes.
func (s *Store) Preview(ctx context.Context, batch *change.Batch, look func(store.Backend) error) (change.Outcome, error) {
	var out change.Outcome
	err := s.transact(ctx, func(t *transaction) (err error) {
		w := &applier{transaction: t, store: s, batch: batch, progress: func(int, int) {}}
		if out, err = w.apply(); err != nil {
			return err
		}
		inside := &preview{Store: s, inside: t}
		if err := look(store.Imagined(inside, s, w.record.Number-1, s.previews.Add(1))); err != nil {
			return err
		}
		return errUndo
	})
	if err != nil && !errors.Is(err, errUndo) {
		return change.Outcome{}, err
	}
	return out, nil
}

func (p *preview) read(_ context.Context, st cypher.Statement) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.inside.run(st)
}

// Prepare makes a plan ready to run inside the transaction.
func (p *preview) Prepare(of *plan.Plan) (store.Query, error) {
	return &query{store: p.Store, from: p, plan: of}, nil
}

// Search finds inside the transaction.
func (p *preview) Search(ctx context.Context, ask *search.Ask) (search.Page, error) {
	return p.search(ctx, p, ask)
}

// Empty tells whether no node would be stored.
func (p *preview) Empty(ctx context.Context) (bool, error) { return empty(ctx, p) }
