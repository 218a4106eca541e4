// Package admission bounds how much is worked on at once, and turns away early what would
// have to wait for too long. What work costs, and how a refusal looks, is left to others.
package admission

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"nicgraph/internal/fault"
)

// Limits bound a queue. The zero value takes the defaults.
type Limits struct {
	Places int           // taken at once by what is worked on; 0: 16
	Wait   time.Duration // the longest that anybody waits for places; 0: 1 s
}

// The defaults of Limits.
const (
	DefaultPlaces = 16
	DefaultWait   = time.Second
)

// Queue lets work in, first come, first served. It may be used by many goroutines at once.
type Queue struct {
	limits Limits
	places *semaphore.Weighted

	mu      sync.Mutex
	waiting int           // places that are waited for
	hold    time.Duration // how long a place was held lately
}

// New makes a queue.
func New(limits Limits) *Queue {
	if limits.Places == 0 {
		limits.Places = DefaultPlaces
	}
	if limits.Wait == 0 {
		limits.Wait = DefaultWait
	}
	return &Queue{limits: limits, places: semaphore.NewWeighted(int64(limits.Places))}
}

// Places is how many there are.
func (q *Queue) Places() int { return q.limits.Places }

// Enter waits until as many places are free as some work takes, all of them at most; leave gives
// them back. It is fault.Overloaded at once when those who came before will take longer than the
// limit, by how long places were held lately, and after the limit when they did.
func (q *Queue) Enter(ctx context.Context, places int) (leave func(), err error) {
	places = min(max(places, 1), q.limits.Places)
	if !q.places.TryAcquire(int64(places)) {
		if err := q.line(ctx, places); err != nil {
			return nil, err
		}
	}
	entered := time.Now()
	return func() {
		q.places.Release(int64(places))
		q.held(places, time.Since(entered))
	}, nil
}

// line waits behind those who came before.
func (q *Queue) line(ctx context.Context, places int) error {
	if !q.join(places) {
		return overloaded()
	}
	bounded, cancel := context.WithTimeout(ctx, q.limits.Wait)
	defer cancel()
	err := q.places.Acquire(bounded, int64(places))
	q.mu.Lock()
	q.waiting -= places
	q.mu.Unlock()
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return overloaded()
	}
	return err
}

// join counts places as waited for, unless that would take too long: all places change hands
// once in the time that one is held.
func (q *Queue) join(places int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	turns := float64(q.waiting+places) / float64(q.limits.Places)
	if turns*float64(q.hold) > float64(q.limits.Wait) {
		return false
	}
	q.waiting += places
	return true
}

// held learns how long places are held: each counts for as much as it is of all of them.
func (q *Queue) held(places int, took time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	share := float64(places) / float64(q.limits.Places)
	q.hold += time.Duration(share * float64(took-q.hold))
}

func overloaded() error {
	return fault.New(fault.Overloaded, "This server has more to do than it can now. Nothing was done; try again in a moment.")
}
