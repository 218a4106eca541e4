package analytics

import (
	"context"
	"sync"
)

// networks keeps the network of the newest revision that was asked for. Requests that
// need it at the same time read it once.
type networks struct {
	mu     sync.Mutex
	ready  *network
	flight *flight
}

// flight is a reading of the network that requests wait for. It ends when none does.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	network *network
	err     error
}

// current is the network of the store's present revision.
func (e *Engine) current(ctx context.Context) (*network, error) {
	revision, err := e.store.Revision(ctx)
	if err != nil {
		return nil, err
	}
	for {
		f, ready := e.join(ctx, revision)
		if ready != nil {
			return ready, nil
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			e.leave(f)
			return nil, ctx.Err()
		}
		if f.err != nil || f.network.revision >= revision { // else the reading began before the last change
			return f.network, f.err
		}
	}
}

// join brings the network when it is there, else the reading under way, else a new one.
func (e *Engine) join(ctx context.Context, revision uint64) (*flight, *network) {
	e.networks.mu.Lock()
	defer e.networks.mu.Unlock()
	if ready := e.networks.ready; ready != nil && ready.revision == revision {
		return nil, ready
	}
	if e.networks.flight == nil {
		// The reading serves others too, so it outlives the request that began it.
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		e.networks.flight = &flight{done: make(chan struct{}), cancel: cancel}
		go e.fly(shared, e.networks.flight)
	}
	e.networks.flight.waiting++
	return e.networks.flight, nil
}

func (e *Engine) fly(ctx context.Context, f *flight) {
	defer f.cancel()
	f.network, f.err = e.load(ctx)
	e.networks.mu.Lock()
	defer e.networks.mu.Unlock()
	if f.err == nil {
		e.networks.ready = f.network
	}
	if e.networks.flight == f {
		e.networks.flight = nil
	}
	close(f.done)
}

// leave ends a reading that nobody waits for any more.
func (e *Engine) leave(f *flight) {
	e.networks.mu.Lock()
	defer e.networks.mu.Unlock()
	f.waiting--
	if f.waiting == 0 && e.networks.flight == f {
		e.networks.flight = nil
		f.cancel()
	}
}

// requestKey marks the context of a request that has found its network.
type requestKey struct{}

// request holds the network that all computed fields of a request use, so that they
// agree, and ask for the revision once.
type request struct{ network *network }

func withRequest(ctx context.Context) context.Context {
	if ctx.Value(requestKey{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, requestKey{}, &request{})
}

// network is the learning network for a request. The fields of a request are worked out
// one after the other.
func (e *Engine) network(ctx context.Context) (*network, error) {
	r, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		return e.current(ctx)
	}
	if r.network == nil {
		n, err := e.current(ctx)
		if err != nil {
			return nil, err
		}
		r.network = n
	}
	return r.network, nil
}
