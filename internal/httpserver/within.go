package httpserver

import (
	"context"
	"sync"
	"time"
)

// within is a context that ends with its parent or at a moment. Most requests are answered long before
// anybody waits for their end, so there is no timer until somebody asks for Done.
type within struct {
	context.Context
	end time.Time

	mu       sync.Mutex
	timed    context.Context // nil: nobody has waited yet
	cancel   context.CancelFunc
	released bool
}

func newWithin(parent context.Context, timeout time.Duration) *within {
	return &within{Context: parent, end: time.Now().Add(timeout)}
}

// Deadline is the moment.
func (w *within) Deadline() (time.Time, bool) {
	if end, ok := w.Context.Deadline(); ok && end.Before(w.end) {
		return end, true
	}
	return w.end, true
}

// Done is closed at the end.
func (w *within) Done() <-chan struct{} { return w.withTimer().Done() }

func (w *within) withTimer() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timed == nil {
		w.timed, w.cancel = context.WithDeadline(w.Context, w.end)
	}
	if w.released {
		w.cancel()
	}
	return w.timed
}

// Err tells why it has ended, nil when it has not.
func (w *within) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.timed != nil:
		return w.timed.Err()
	case w.released:
		return context.Canceled
	case w.Context.Err() != nil:
		return w.Context.Err()
	case !time.Now().Before(w.end):
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// Value is that of the parent. Contexts made of this one ask by it for what to end with.
func (w *within) Value(key any) any {
	w.mu.Lock()
	timed := w.timed
	w.mu.Unlock()
	if timed != nil {
		return timed.Value(key)
	}
	return w.Context.Value(key)
}

// release ends it, and all that was made of it, when there is nothing more to be done.
func (w *within) release() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.released = true
	if w.timed != nil {
		w.cancel()
	}
}
