package computed

import (
	"context"
	"errors"
	"maps"
	"math"
	"reflect"
	"runtime/debug"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
)

// maxCacheBytes bounds what is kept of what was worked out, by a rough count. One value
// that is larger alone is kept until the next comes. What lineage needs of a million nodes fits in.
const maxCacheBytes = 512 << 20

// key names a value that is worked out from the graph at a revision. Each kind of value
// has a comparable type of its own for name.
type key struct {
	revision uint64
	name     any
	outlives bool // revision is that of some types only, and what is kept outlives changes of others
}

// shelf is the key under which a value is kept: what outlives changes has one for all its revisions.
func (k key) shelf() key {
	if k.outlives {
		k.revision = 0
	}
	return k
}

// cache keeps what was worked out from the newest revision, and of what outlives changes the
// newest, the least recently used out first. Requests that need a value at the same time have it worked out once.
type cache struct {
	mu      sync.Mutex
	most    int64 // bytes
	size    int64
	newest  uint64
	ready   *simplelru.LRU[key, kept]
	flights map[key]*flight
	apart   map[reflect.Type]bool // what is kept apart; never changed, but replaced
}

// kept is a value and its size in bytes.
type kept struct {
	value    any
	size     int64
	revision uint64
}

// flight is the working out of a value that requests wait for. It ends when none does, unless it
// lasts: then the next request finds what it brings.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	lasts   bool
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
func (c *cache) get(ctx context.Context, k key, lasts bool, work func(context.Context) (any, error)) (any, error) {
	f, ready := c.join(ctx, k, lasts, work)
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

func (c *cache) join(ctx context.Context, k key, lasts bool, work func(context.Context) (any, error)) (*flight, any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ready, ok := c.ready.Get(k.shelf()); ok && ready.revision == k.revision {
		return nil, ready.value
	}
	f, under := c.flights[k]
	if !under {
		// The work serves others too, so it outlives the request that began it.
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f = &flight{done: make(chan struct{}), cancel: cancel, lasts: lasts}
		c.supersede(k)
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
		size = footprint(f.value, c.keptApart(f.value))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.err == nil {
		c.keep(k, kept{f.value, size, k.revision})
	}
	if c.flights[k] == f {
		delete(c.flights, k)
	}
	close(f.done)
}

// keptApart are the types of pointers to what is kept apart, once a value of theirs has come.
func (c *cache) keptApart(v any) map[reflect.Type]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a, ok := v.(Apart); ok && !c.apart[a.Apart()] {
		all := maps.Clone(c.apart)
		if all == nil {
			all = map[reflect.Type]bool{}
		}
		all[a.Apart()] = true
		c.apart = all
	}
	return c.apart
}

// unbroken turns a panic into an error, since it would end the program from here.
func unbroken[T any](ctx context.Context, work func(context.Context) (T, error)) (v T, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fault.New(fault.Internal, "%v\n%s", broken, debug.Stack())
		}
	}()
	return work(ctx)
}

func (c *cache) keep(k key, v kept) {
	switch before, ok := c.ready.Peek(k.shelf()); {
	case k.outlives:
		if ok && before.revision > k.revision {
			return
		}
	case k.revision < c.newest || k.revision >= store.Passing:
		return
	default:
		c.advance(k.revision)
	}
	c.ready.Remove(k.shelf()) // where two flights have brought it, or it is of before
	c.ready.Add(k.shelf(), v)
	c.size += v.size
	for c.size > c.most && c.ready.Len() > 1 {
		c.ready.RemoveOldest()
	}
}

// reach tells of the newest revision, so that nothing is kept of earlier ones: what was then may
// be another past by now, since something was hidden.
func (c *cache) reach(revision uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.newest < revision && revision < store.Passing {
		c.advance(revision)
		clear(c.flights) // those who wait in them have asked before
	}
}

func (c *cache) advance(revision uint64) {
	if revision > c.newest {
		c.newest = revision
		for _, k := range c.ready.Keys() {
			if !k.outlives {
				c.ready.Remove(k)
			}
		}
	}
}

// supersede ends work on the same of other revisions that nobody waits for, so that none is left
// behind by each change.
func (c *cache) supersede(k key) {
	for other, f := range c.flights {
		if other.name == k.name && f.waiting == 0 {
			delete(c.flights, other)
			f.cancel()
		}
	}
}

// leave ends work that nobody waits for any more, unless it lasts.
func (c *cache) leave(k key, f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiting--
	if f.waiting == 0 && c.flights[k] == f && (!f.lasts || c.left() > maxLeft) {
		delete(c.flights, k)
		f.cancel()
	}
}

// maxLeft bounds the work that goes on though nobody waits for it.
const maxLeft = 4

// left is the number of flights that nobody waits for.
func (c *cache) left() (count int) {
	for _, f := range c.flights {
		if f.waiting == 0 {
			count++
		}
	}
	return count
}

// View is the graph at a revision.
type View struct {
	Engine   *Engine
	revision uint64
}

// Cached brings what work makes of the graph at a revision, kept and shared by name.
func Cached[T any](ctx context.Context, v View, name any, work func(context.Context) (T, error)) (found T, err error) {
	return cached(ctx, v, key{v.revision, name, false}, false, work)
}

func cached[T any](ctx context.Context, v View, k key, lasts bool, work func(context.Context) (T, error)) (found T, err error) {
	got, err := v.Engine.cache.get(ctx, k, lasts, func(ctx context.Context) (any, error) { return work(ctx) })
	if err != nil {
		return found, err
	}
	return got.(T), nil
}

// Read is cached for work that reads the store: what it brings is of the revision for
// certain, else the error is errChanged.
func Read[T any](ctx context.Context, v View, name any, work func(context.Context) (T, error)) (T, error) {
	return read(ctx, v, name, false, work)
}

func read[T any](ctx context.Context, v View, name any, lasts bool, work func(context.Context) (T, error)) (T, error) {
	return cached(ctx, v, key{v.revision, name, false}, lasts, func(ctx context.Context) (T, error) {
		found, err := work(ctx)
		if err != nil {
			return found, err
		}
		return found, v.unchanged(ctx)
	})
}

// ReadOf is Read for what many questions share, work that reads no nodes but those of some types.
// Where the store knows when these were written last, what the work brings is kept until they are
// written again. Of the present it goes on when nobody waits for it any more: who runs out of time
// would begin it again.
func ReadOf[T any](ctx context.Context, v View, typeNames []string, name any, work func(context.Context) (T, error)) (T, error) {
	var types catalog.TypeSet
	for _, typeName := range typeNames {
		types |= v.Engine.Catalog.TypesOf(typeName)
	}
	version, known := v.Engine.Store.Version(ctx, types)
	if !known {
		return read(ctx, v, name, store.Asked(ctx) == nil, work)
	}
	return cached(ctx, v, key{version, name, true}, true, func(ctx context.Context) (T, error) {
		found, err := work(ctx)
		if now, _ := v.Engine.Store.Version(ctx, types); err == nil && now != version {
			err = errChanged
		}
		return found, err
	})
}

// errChanged says that somebody wrote while something was read.
var errChanged = errors.New("the graph has changed meanwhile")

// JustChanged gives errChanged the sentence for the person who asked, where the question
// cannot begin again.
func JustChanged(err error) error {
	if errors.Is(err, errChanged) {
		return fault.Wrap(fault.Unavailable, err, "the graph has just changed; ask again")
	}
	return err
}

func (v View) unchanged(ctx context.Context) error {
	now, err := v.Engine.Store.Revision(ctx)
	if err == nil && now != v.revision {
		err = errChanged
	}
	return err
}

// maxTries bounds how often something is read again because somebody wrote meanwhile.
const maxTries = 3

// Steady calls work with the graph as it is now, and again when it changes meanwhile.
func Steady[T any](ctx context.Context, e *Engine, work func(View) (T, error)) (found T, err error) {
	for try := range maxTries {
		v, err := e.view(ctx, try > 0)
		if err != nil {
			return found, err
		}
		if found, err = work(v); !errors.Is(err, errChanged) {
			return found, err
		}
	}
	return found, fault.New(fault.Unavailable, "the graph changes faster than it can be read; ask again in a moment")
}

// view is the graph at the revision that the request has asked for, or has to ask for anew.
func (e *Engine) view(ctx context.Context, anew bool) (View, error) {
	r, asked := ctx.Value(requestKey{}).(*request)
	if asked && r.seen && !anew {
		return View{e, r.revision}, nil
	}
	revision, err := e.Store.Revision(ctx)
	if asked && err == nil {
		r.revision, r.seen = revision, true
	}
	return View{e, revision}, err
}

// requestKey marks the context of a request.
type requestKey struct{}

// request holds what all computed fields of a request use, so that they agree, and ask for
// the revision once, unless it turns out to be past.
type request struct {
	of       store.Backend // the state of the graph that it is about, nil for the present
	used     map[any]any   // by name
	revision uint64
	seen     bool // whether the revision has been asked for
}

// withRequest is the context of a request, whose rows came with a revision, or with none: 0.
func withRequest(ctx context.Context, revision uint64) context.Context {
	of := store.Asked(ctx)
	if r, ok := ctx.Value(requestKey{}).(*request); ok && r.of == of {
		return ctx
	}
	r := &request{of: of, used: map[any]any{}}
	if of == nil && revision != 0 { // another state has one that no rows tell
		r.revision, r.seen = revision, true
	}
	return context.WithValue(ctx, requestKey{}, r)
}

// Once brings what work makes of the graph as it is now, the same for all fields of a
// request, which are worked out one after the other.
func Once[T any](ctx context.Context, e *Engine, name any, work func(context.Context, View) (T, error)) (T, error) {
	r, asked := ctx.Value(requestKey{}).(*request)
	if asked {
		if found, ok := r.used[name].(T); ok {
			return found, nil
		}
	}
	found, err := Steady(ctx, e, func(v View) (T, error) { return work(ctx, v) })
	if err == nil && asked {
		r.used[name] = found
	}
	return found, err
}

// Kept is roughly how many bytes are kept of what was worked out.
func (e *Engine) Kept() int64 {
	e.cache.mu.Lock()
	defer e.cache.mu.Unlock()
	return e.cache.size
}
