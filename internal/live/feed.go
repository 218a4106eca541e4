// Package live tells of the changes of a graph as they are written: to each reader in the order
// of their numbers, each once, none left out. How a change is shown, and how it travels, is left
// to others.
package live

import (
	"context"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
)

// Limits bound what readers may take. The zero value takes the defaults.
type Limits struct {
	Readers int // at once; 0: 2,000
	Behind  int // changes that a reader may fall behind the newest; 0: 10,000
}

// WithDefaults is the same with what is not given.
func (l Limits) WithDefaults() Limits {
	if l.Readers == 0 {
		l.Readers = 2_000
	}
	if l.Behind == 0 {
		l.Behind = 10_000
	}
	return l
}

// What a feed remembers, and reads at once, for all readers together.
const (
	readsAtOnce = 8
	keptChanges = 1_000 // the newest changes
	keptTouched = 256   // changes of which is known what they touched
)

// Feed follows the changes of a store while somebody reads: one question to the store for all
// readers. Any goroutine may use it.
type Feed struct {
	store   *store.Store
	limits  Limits
	touched *lru.Cache[int, []touch]
	flights singleflight.Group
	reads   *semaphore.Weighted // of the history

	mu      sync.Mutex
	readers int
	stop    context.CancelFunc // ends following; nil while nobody reads
	moment
}

// moment is what readers may see at a time.
type moment struct {
	newest int               // the newest change
	recent []change.Recorded // the last ones up to newest, without a gap
	back   int               // how often the graph has gone back to an earlier change
	forgot int               // how often something was forgotten
	moved  chan struct{}     // closed when there is another moment
}

// New makes a feed of the changes of a store.
func New(st *store.Store, limits Limits) *Feed {
	touched, err := lru.New[int, []touch](keptTouched)
	if err != nil {
		panic(err) // the size is positive
	}
	return &Feed{store: st, limits: limits.WithDefaults(), touched: touched, reads: semaphore.NewWeighted(readsAtOnce), moment: moment{moved: make(chan struct{})}}
}

// Readers is how many read now.
func (f *Feed) Readers() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.readers
}

// Read begins to read behind the change with a number, or when after is nil with the next one that is
// written. The reader must be closed. A number that no change has yet is fault.Invalid, one
// reader too many fault.Limit.
func (f *Feed) Read(ctx context.Context, where Where, after *int) (*Reader, error) {
	before := f.now() // the revision, lest going back in between is missed
	revision, err := f.store.Revision(ctx)
	if err != nil {
		return nil, err
	}
	newest := int(revision)
	at := newest
	if after != nil {
		at = *after
	}
	switch {
	case at < 0:
		return nil, fault.New(fault.Invalid, "after is %d; give the number of a change, or 0 for all", at)
	case at > newest:
		return nil, fault.New(fault.Invalid, "after is %d and the newest change is %d; this is not the graph that the number comes from, or it was restored to an earlier state", at, newest)
	}
	if err := f.enter(newest); err != nil {
		return nil, err
	}
	return &Reader{feed: f, where: where, at: at, allowed: newest - at + f.limits.Behind, back: before.back}, nil
}

// now is the present moment.
func (f *Feed) now() moment {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.moment
}

// enter counts a reader in; the first one has the store followed.
func (f *Feed) enter(newest int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readers >= f.limits.Readers {
		return fault.New(fault.Limit, "%d subscriptions are open, and this server keeps no more; try again later", f.readers)
	}
	f.readers++
	if f.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		f.stop, f.newest = stop, newest
		f.forget() // something may have been hidden while nobody followed
		go f.follow(ctx, newest)
	}
	return nil
}

// leave counts a reader out; with the last one following ends.
func (f *Feed) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readers--; f.readers == 0 {
		f.stop()
		f.stop = nil
	}
}

// rest is how long a store that cannot be asked is left alone.
const rest = time.Second

// mostLate is how often in a row a store may take too long.
const mostLate = 3

// Patiently does something with a store, again and again while the store is away, and a few times
// when it takes too long.
func Patiently(ctx context.Context, do func() error) error {
	for late := 0; ; {
		err := do()
		if kind := fault.KindOf(err); kind == fault.Timeout {
			late++
		} else if kind != fault.Unavailable {
			return err
		}
		if late == mostLate {
			return err
		}
		pause(ctx, rest)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// entries reads what a change did, when it is its turn.
func (f *Feed) entries(ctx context.Context, number int, after string) (entries []change.Entry, err error) {
	if err := f.reads.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer f.reads.Release(1)
	return f.store.Entries(ctx, number, after, maxTouched)
}

// changes reads the history, when it is its turn.
func (f *Feed) changes(ctx context.Context, ask *change.Ask) ([]change.Recorded, error) {
	if err := f.reads.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer f.reads.Release(1)
	return f.store.Changes(ctx, ask)
}

// follow waits for changes until nobody reads any more. While the store is away readers wait.
func (f *Feed) follow(ctx context.Context, newest int) {
	for ctx.Err() == nil {
		revision, err := f.store.Await(ctx, uint64(newest))
		if err != nil {
			pause(ctx, rest)
			continue
		}
		f.advance(ctx, newest, int(revision))
		newest = int(revision)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// advance lets readers see what was written, and remembers the last of it. What it cannot
// remember they read themselves.
func (f *Feed) advance(ctx context.Context, from, to int) {
	var written []change.Recorded
	forgot := f.now().forgot
	if to > from && to-from <= keptChanges {
		if found, err := f.store.Changes(ctx, between(from, to, to-from)); err == nil && len(found) == to-from {
			written = found
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil { // another one follows by now
		return
	}
	if f.forgot != forgot { // since they were read
		written = nil
	}
	if to < from {
		f.back++
	}
	if len(written) == 0 || slices.ContainsFunc(written, withdraws) {
		f.forget()
	}
	f.newest, f.recent = to, remember(f.recent, written)
	f.moves()
}

// withdraws tells whether a change may have made the history before it another one: what does
// nothing to the graph as everybody sees it hides, shows or erases.
func withdraws(r change.Recorded) bool { return !r.Summary.Changed() }

// moves wakes those who wait for another moment.
func (f *Feed) moves() {
	close(f.moved)
	f.moved = make(chan struct{})
}

// between asks for the changes behind one number up to another.
func between(from, to, first int) *change.Ask {
	return &change.Ask{After: from, Before: to + 1, First: first}
}

// remember adds changes to the last ones; without any, the last ones are not known.
func remember(recent, written []change.Recorded) []change.Recorded {
	if len(written) == 0 {
		return nil
	}
	recent = append(recent, written...) // readers hold shorter parts of it, which stay as they are
	if len(recent) > 2*keptChanges {    // not each time
		recent = slices.Clone(recent[len(recent)-keptChanges:])
	}
	return recent
}

// behind are the recent changes behind a number, when all are known.
func (m *moment) behind(number int) []change.Recorded {
	n := len(m.recent)
	if n == 0 || number < m.recent[0].Number-1 || number >= m.newest {
		return nil
	}
	return m.recent[number-m.recent[0].Number+1 : n : n]
}

// Forget drops what is remembered, since the history has become another one: of what was hidden or
// erased nobody shall learn which changes touched it, nor read what these said of it. The feed
// does it by itself when it sees the change that did so; whoever makes that change need not wait for it.
func (f *Feed) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forget()
	f.moves()
}

func (f *Feed) forget() {
	f.forgot++
	f.recent = nil
	f.touched.Purge()
}
