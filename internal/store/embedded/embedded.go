package embedded

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
)

// Store is a graph kept in this process. Any goroutine may use it; reads never wait
// for writes.
type Store struct {
	layout  *layout
	options Options
	disk    *disk   // nil for a store in memory
	memory  *memory // of the changes of a store in memory
	numbers *numbers
	current atomic.Pointer[snapshot]
	moved   atomic.Pointer[chan struct{}] // closed when current is another one
	orders  orders
	finders finders
	keeper  keeper
	runs    sync.Pool     // of *run
	besides atomic.Uint64 // counts the states that are never published
	pasts   pasts

	rewriting sync.RWMutex // held by whoever reads the history along with a state, and by what rewrites both

	writes      chan *write
	withdrawals chan *withdrawing
	quit        chan struct{}
	finished    chan struct{} // closed when the writer has ended
	close       func() error
}

// Options change how a store works; the zero value is right for most.
type Options struct {
	NoSync   bool // do not wait for the disk: for tests that need no durability
	MaxCells int  // bound on the cells of one answer; 0: DefaultMaxCells
	MaxSteps int  // bound on the nodes looked at for one answer; 0: DefaultMaxSteps
}

// DefaultMaxCells bounds an answer to some 160 MB.
const DefaultMaxCells = 4_000_000

// DefaultMaxSteps bounds the work for an answer to half a second or so: filters over links inside
// each other look at a number of nodes that grows with a power of their depth.
const DefaultMaxSteps = 20_000_000

// Open opens the store in a folder and makes it where there is none. Only one process
// at a time can have it open.
func Open(dir string, cat *catalog.Catalog, opts *Options) (*Store, error) {
	s := newStore(cat, opts)
	var err error
	if s.disk, err = openDisk(dir, cat, &s.options); err != nil {
		return nil, err
	}
	first, err := s.disk.load(s.layout, s.numbers)
	if err == nil {
		err = s.readJournal(first.remember)
	}
	if err != nil {
		_ = s.disk.close()
		return nil, err
	}
	s.start(first)
	return s, nil
}

// OpenMemory makes an empty store that is gone when closed.
func OpenMemory(cat *catalog.Catalog, opts *Options) *Store {
	s := newStore(cat, opts)
	s.memory = &memory{shelf: newMemoryShelf(besideNodes...)}
	s.start(s.layout.empty())
	return s
}

func newStore(cat *catalog.Catalog, opts *Options) *Store {
	s := &Store{
		layout:  newLayout(cat),
		numbers: &numbers{of: make(map[string]uint32)},
		writes:  make(chan *write),

		withdrawals: make(chan *withdrawing),
		quit:        make(chan struct{}),
		finished:    make(chan struct{}),
	}
	if opts != nil {
		s.options = *opts
	}
	if s.options.MaxCells == 0 {
		s.options.MaxCells = DefaultMaxCells
	}
	if s.options.MaxSteps == 0 {
		s.options.MaxSteps = DefaultMaxSteps
	}
	s.keeper.most = mostKept
	s.runs.New = newRun
	s.expectMove()
	s.close = sync.OnceValue(s.shutDown)
	return s
}

func newRun() any { return new(run) }

func (s *Store) start(first *snapshot) {
	s.current.Store(first)
	go s.writer()
}

// Ready tells whether the store can answer now.
func (s *Store) Ready(context.Context) error {
	select {
	case <-s.quit:
		return errClosed()
	default:
		return nil
	}
}

func errClosed() error {
	return fault.New(fault.Unavailable, "the store is closed; the server is shutting down")
}

// Revision is the number of the newest change.
func (s *Store) Revision(ctx context.Context) (uint64, error) {
	return uint64(s.snapshot(ctx).last.Number), nil
}

// Version is the generation that last changed a table of some types.
func (s *Store) Version(ctx context.Context, types catalog.TypeSet) (newest uint64) {
	snap := s.snapshot(ctx)
	for typ := range types.IDs() {
		newest = max(newest, snap.tables[typ].gen)
	}
	return newest
}

// steadyKey is the name under which a context carries the state of a store that it reads.
type steadyKey struct{ *Store }

// Steady is a context whose reads are all of the present state.
func (s *Store) Steady(ctx context.Context) context.Context {
	return context.WithValue(ctx, steadyKey{s}, s.current.Load())
}

// snapshot is the state that a context reads: the present one, unless it was made steady.
func (s *Store) snapshot(ctx context.Context) *snapshot {
	if steady, ok := ctx.Value(steadyKey{s}).(*snapshot); ok {
		return steady
	}
	return s.current.Load()
}

// Await waits until the revision is another one than the given one, and tells it.
func (s *Store) Await(ctx context.Context, revision uint64) (uint64, error) {
	for {
		moved := *s.moved.Load() // before the revision, lest a change in between is missed
		now := uint64(s.current.Load().last.Number)
		if now != revision {
			return now, nil
		}
		select {
		case <-moved:
		case <-s.quit:
			return 0, errClosed()
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// Empty tells whether no node is stored.
func (s *Store) Empty(context.Context) (bool, error) { return s.current.Load().live == 0, nil }

// Close finishes the writes under way and releases the file. Closing again does nothing.
func (s *Store) Close() error { return s.close() }

func (s *Store) shutDown() error {
	close(s.quit)
	<-s.finished
	if s.disk == nil {
		return nil
	}
	return s.disk.close()
}

// write is a batch on its way to the writer.
type write struct {
	batch    *change.Batch
	progress func(done, total int)
	done     chan struct{}
	outcome  change.Outcome
	err      error
}

// Apply writes a batch as a whole or not at all. Batches that wait at the same time
// share one write to disk.
func (s *Store) Apply(ctx context.Context, batch *change.Batch, progress func(done, total int)) (change.Outcome, error) {
	w := &write{batch: batch, progress: progress, done: make(chan struct{})}
	select {
	case <-ctx.Done():
		return change.Outcome{}, ctx.Err()
	default:
	}
	select {
	case s.writes <- w:
	case <-s.quit:
		return change.Outcome{}, errClosed()
	case <-ctx.Done():
		return change.Outcome{}, ctx.Err()
	}
	<-w.done
	return w.outcome, w.err
}

// maxGroup bounds how many batches share a write to disk.
const maxGroup = 256

// writer is the only goroutine that makes snapshots.
func (s *Store) writer() {
	defer close(s.finished)
	gen := uint64(loadGen)
	for {
		select {
		case w := <-s.writes:
			gen++
			s.commit(gen, s.gather(w))
		case w := <-s.withdrawals:
			gen++
			s.withdraw(gen, w)
		case <-s.quit:
			return
		}
	}
}

// gather takes what waits with the first write.
func (s *Store) gather(first *write) []*write {
	group := []*write{first}
	runtime.Gosched() // lets callers that have just been answered come again
	for len(group) < maxGroup {
		select {
		case w := <-s.writes:
			group = append(group, w)
		default:
			return group
		}
	}
	return group
}

// commit applies a group, makes it safe and then visible, and answers the callers.
func (s *Store) commit(gen uint64, group []*write) {
	e := s.edit(gen)
	for _, w := range group {
		w.outcome, w.err = e.apply(w.batch, w.progress)
	}
	if err := s.publish(e); err != nil {
		for _, w := range group {
			if w.err == nil {
				w.outcome, w.err = change.Outcome{}, err
			}
		}
	}
	for _, w := range group {
		w.finish()
	}
}

// finish answers the caller.
func (w *write) finish() {
	if total := len(w.batch.Upserts) + len(w.batch.Deletes); w.err == nil && w.progress != nil {
		w.progress(total, total)
	}
	close(w.done)
}

func (s *Store) publish(e *edit) error {
	if len(e.touched) == 0 {
		return nil
	}
	if err := s.write(e); err != nil {
		return err
	}
	s.reveal(e)
	return nil
}

// reveal makes an edit the present.
func (s *Store) reveal(e *edit) {
	s.numbers.add(e.own)
	e.own = nil
	s.current.Store(e.snapshot)
	s.keeper.wrote(len(e.touched))
	close(*s.expectMove())
}

// expectMove makes ready for the next change, and brings what those wait for who have waited until now.
func (s *Store) expectMove() *chan struct{} {
	next := make(chan struct{})
	return s.moved.Swap(&next)
}

// edit begins the snapshot after the present one.
func (s *Store) edit(gen uint64) *edit {
	e := s.current.Load().edit(s.layout, s.numbers, gen)
	e.history = s
	return e
}

// write makes the changes of an edit safe.
func (s *Store) write(e *edit) error {
	if s.disk == nil {
		return s.memory.add(e.records)
	}
	return s.disk.write(e)
}
