package embedded

import (
	"sync"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"nicgraph/internal/plan"
)

// keeper keeps what was found by looking at all nodes of some types: which of them meet a
// condition (members), how they rank by a count (ranking), where they stand in an order (positions), how many
// there are of each sort (tally). It is found by what it is about, whichever question asked first. All of it together is
// bounded: what was not asked for the longest goes first. After a change it is mended: only
// what the change can have made different is looked at again.
type keeper struct {
	mu      sync.Mutex
	of      *simplelru.LRU[string, *kept]
	bytes   int // of all that is kept
	most    int // so many at most
	written int // how many nodes were written since the start
	swept   int // how many these were when what is behind was let go last
	gens    atomic.Uint64
}

const (
	mostKept       = 64 << 20 // bytes of a store
	mostKeptBeside = 8 << 20  // bytes of a state beside it
	keptAnyway     = 256      // bytes of something small, its name and its place
)

// mostBehind is how many nodes may have been written since something was brought to a state: it holds on to
// the pages of that state.
const mostBehind = 1000

// kept is something at one state, or only its place.
type kept struct {
	mu    sync.Mutex
	state *snapshot // nil: nothing yet
	what  findings
	large bool         // what was found last is too large to be kept
	paid  atomic.Int64 // how many nodes were looked at for want of it

	bytes   int // under the keeper's mu, as the next
	written int // by when it was brought to its state
}

// findings is something that is kept. A reader never meets one that still changes.
type findings interface{ size() int }

// topic is what findings are about: it makes and mends them.
type topic interface {
	name(params plan.Params) string
	reads() *reads
	// make looks at all nodes.
	make(r *run) findings
	// mend looks at the nodes of which a change may have made something else, and is nil where
	// that is not enough. What was found before stays as it is.
	mend(r *run, was findings, from *snapshot, changed []uint32) findings
}

// place is where something is kept, or would be.
func (k *keeper) place(name string) *kept {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil {
		k.of, _ = simplelru.NewLRU[string, *kept](1<<30, nil) // fails for no room only
	}
	e, ok := k.of.Get(name)
	if !ok {
		e = &kept{written: k.written, bytes: keptAnyway + len(name)}
		k.bytes += e.bytes
		k.of.Add(name, e)
		k.shrink()
	}
	return e
}

// weigh tells the keeper that there is something else at a place.
func (k *keeper) weigh(name string, e *kept) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if here, ok := k.of.Peek(name); !ok || here != e {
		return // it has had to go meanwhile
	}
	bytes := keptAnyway + len(name) + e.what.size()
	k.bytes += bytes - e.bytes
	e.bytes, e.written = bytes, k.written
	k.shrink()
}

func (k *keeper) shrink() {
	for k.bytes > k.most {
		_, gone, _ := k.of.RemoveOldest()
		k.bytes -= gone.bytes
	}
}

// wrote lets go what is far behind.
func (k *keeper) wrote(nodes int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.written += nodes
	if k.of == nil || k.written-k.swept < mostBehind/2 {
		return
	}
	k.swept = k.written
	for _, name := range k.of.Keys() {
		if e, _ := k.of.Peek(name); k.written-e.written > mostBehind {
			k.of.Remove(name)
			k.bytes -= e.bytes
		}
	}
}

// known is what there is to know about a topic in the state of the run, as it is kept, mended, or made, and the
// place where it is kept. It is nil where make is false and there is none to mend, or it would not be kept, and where
// the run ends early.
func (r *run) known(t topic, make bool) (findings, *kept) {
	keeper, name := &r.query.store.keeper, t.name(r.params)
	e := keeper.place(name)
	e.mu.Lock()
	defer e.mu.Unlock()
	if !make && (e.large || e.what == nil && int(e.paid.Load()) <= r.live(t.reads().types)/4) {
		return nil, e
	}
	what := r.found(t, e)
	if r.err != nil {
		return nil, e
	}
	if e.state != nil && e.state.gen >= r.snapshot.gen { // a reader of an earlier state leaves the later one
		return what, e
	}
	if e.large = what.size() > keeper.most/4; !e.large {
		e.state, e.what = r.snapshot, what
		keeper.weigh(name, e)
	}
	return what, e
}

// pay notes how many nodes were looked at for want of what would be kept here. When they are many beside all there
// are, it is time to find out.
func (e *kept) pay(looked int) { e.paid.Add(int64(looked)) }

func (r *run) found(t topic, e *kept) findings {
	if e.what == nil {
		return t.make(r)
	}
	changed, few := t.reads().changed(e.state, r.snapshot, r.mendable(t.reads()))
	if few && len(changed) == 0 {
		return e.what
	}
	if few {
		if mended := t.mend(r, e.what, e.state, changed); mended != nil {
			return mended
		}
	}
	return t.make(r)
}

// mendable is how many nodes may have changed before it is better to look at all.
func (r *run) mendable(of *reads) int { return max(r.live(of.types)/4, alwaysFew) }

// past does something in an earlier state, or in a later one.
func (r *run) past(state *snapshot, do func()) {
	snapshot, ranks := r.snapshot, r.ranks
	r.snapshot, r.ranks = state, nil
	do()
	r.snapshot, r.ranks = snapshot, ranks
}
