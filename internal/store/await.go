package store

import (
	"context"
	"time"
)

// Waker is a Backend that tells of a change as soon as it is there. Implement it where the
// backend makes the changes itself; others are asked now and then.
type Waker interface {
	// Await waits until the revision is another one than the given one, and tells it.
	Await(ctx context.Context, revision uint64) (uint64, error)
}

// askEvery is how often a backend that tells nothing is asked for its revision.
const askEvery = 250 * time.Millisecond

// Await waits until the revision is another one than the given one, and tells it.
func (s *Store) Await(ctx context.Context, revision uint64) (uint64, error) {
	if waker, ok := s.backend.(Waker); ok {
		return waker.Await(ctx, revision)
	}
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		now, err := s.backend.Revision(ctx)
		if err != nil || now != revision {
			return now, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}
