package analytics

import (
	"context"
	"errors"
	"math"
	"runtime/debug"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"nicgraph/internal/fault"
	"nicgraph/internal/store"
)

// maxCacheBytes bounds what is kept of what was worked out, by a rough count. One value
// that is larger alone is kept until the next comes.
const maxCacheBytes = 256 << 20

// key names a value that is worked out from the graph at a revision. Each kind of value
// has a comparable type of its own for name.
type key struct {
	revision uint64
	name     any
}

// cache keeps what was worked out from the newest revision, the least recently used out
// first. Requests that need a value at the same time have it worked out once.
type cache struct {
	mu      sync.Mutex
	most    int64 // bytes
	size    int64
	newest  uint64
	ready   *simplelru.LRU[key, kept]
	flights map[key]*flight
}

// kept is a value and its size in bytes.
type kept struct {
	value any
	size  int64
}

// flight is the working out of a value that requests wait for. It ends when none does.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	value   any
	err     error
}

func newCache(most int64) *cache {
	c := &cache{most: most, flights: map[key]*flight{}}
	ready, err := simplelru.NewLRU(math.MaxInt, func(_ key, k kept) { c.size -= k.size })
	if err != nil {
		panic(err) // the size is positive
	}
	c.ready = ready
	return c
}

// get brings a value: the one that is kept, else the one under way, else a new one.
func (c *cache) get(ctx context.Context, k key, work func(context.Context) (any, error)) (any, error) {
	f, ready := c.join(ctx, k, work)
	if f == nil {
		return ready, nil
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		c.leave(k, f)
		return nil, ctx.Err()
	}
}

func (c *cache) join(ctx context.Context, k key, work func(context.Context) (any, error)) (*flight, any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ready, ok := c.ready.Get(k); ok {
		return nil, ready.value
	}
	f, under := c.flights[k]
	if !under {
		// The work serves others too, so it outlives the request that began it.
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f = &flight{done: make(chan struct{}), cancel: cancel}
		c.flights[k] = f
		go c.fly(shared, k, f, work)
	}
	f.waiting++
	return f, nil
}

func (c *cache) fly(ctx context.Context, k key, f *flight, work func(context.Context) (any, error)) {
	defer f.cancel()
	f.value, f.err = unbroken(ctx, work)
	var size int64
	if f.err == nil {
		size = footprint(f.value)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.err == nil {
		c.keep(k, kept{f.value, size})
	}
	if c.flights[k] == f {
		delete(c.flights, k)
	}
	close(f.done)
}

// unbroken turns a panic into an error, since it would end the program from here.
func unbroken(ctx context.Context, work func(context.Context) (any, error)) (v any, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fault.New(fault.Internal, "%v\n%s", broken, debug.Stack())
		}
	}()
	return work(ctx)
}

func (c *cache) keep(k key, v kept) {
	if k.revision < c.newest || k.revision >= store.Passing {
		return
	}
	if k.revision > c.newest {
		c.newest = k.revision
		c.ready.Purge()
	}
	c.ready.Remove(k) // where two flights have brought it
	c.ready.Add(k, v)
	c.size += v.size
	for c.size > c.most && c.ready.Len() > 1 {
		c.ready.RemoveOldest()
	}
}

// leave ends work that nobody waits for any more.
func (c *cache) leave(k key, f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiting--
	if f.waiting == 0 && c.flights[k] == f {
		delete(c.flights, k)
		f.cancel()
	}
}

// view is the graph at a revision.
type view struct {
	engine   *Engine
	revision uint64
}

// cached brings what work makes of the graph at a revision, kept and shared by name.
func cached[T any](ctx context.Context, v view, name any, work func(context.Context) (T, error)) (found T, err error) {
	got, err := v.engine.cache.get(ctx, key{v.revision, name}, func(ctx context.Context) (any, error) { return work(ctx) })
	if err != nil {
		return found, err
	}
	return got.(T), nil
}

// read is cached for work that reads the store: what it brings is of the revision for
// certain, else the error is errChanged.
func read[T any](ctx context.Context, v view, name any, work func(context.Context) (T, error)) (T, error) {
	return cached(ctx, v, name, func(ctx context.Context) (T, error) {
		found, err := work(ctx)
		if err != nil {
			return found, err
		}
		return found, v.unchanged(ctx)
	})
}

// errChanged says that somebody wrote while something was read.
var errChanged = errors.New("the graph has changed meanwhile")

// justChanged gives errChanged the sentence for the person who asked, where the question
// cannot begin again.
func justChanged(err error) error {
	if errors.Is(err, errChanged) {
		return fault.Wrap(fault.Unavailable, err, "the graph has just changed; ask again")
	}
	return err
}

func (v view) unchanged(ctx context.Context) error {
	now, err := v.engine.store.Revision(ctx)
	if err == nil && now != v.revision {
		err = errChanged
	}
	return err
}

// maxTries bounds how often something is read again because somebody wrote meanwhile.
const maxTries = 3

// steady calls work with the graph as it is now, and again when it changes meanwhile.
func steady[T any](ctx context.Context, e *Engine, work func(view) (T, error)) (found T, err error) {
	for range maxTries {
		revision, err := e.store.Revision(ctx)
		if err != nil {
			return found, err
		}
		if found, err = work(view{e, revision}); !errors.Is(err, errChanged) {
			return found, err
		}
	}
	return found, fault.New(fault.Unavailable, "the graph changes faster than it can be read; ask again in a moment")
}

// networkName is the key of the learning network.
type networkName struct{}

// network is the learning network at a revision.
func (v view) network(ctx context.Context) (*network, error) {
	return read(ctx, v, networkName{}, v.engine.load)
}

// current is the network of the store's present revision.
func (e *Engine) current(ctx context.Context) (*network, error) {
	return steady(ctx, e, func(v view) (*network, error) { return v.network(ctx) })
}

// requestKey marks the context of a request that has found its network.
type requestKey struct{}

// request holds the network that all computed fields of a request use, so that they
// agree, and ask for the revision once.
type request struct {
	of      store.Backend // the state of the graph that it is about, nil for the present
	network *network
}

func withRequest(ctx context.Context) context.Context {
	if r, ok := ctx.Value(requestKey{}).(*request); ok && r.of == store.Asked(ctx) {
		return ctx
	}
	return context.WithValue(ctx, requestKey{}, &request{of: store.Asked(ctx)})
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
