package live_test

import (
	"context"
	"errors"
	"math"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/live"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
)

// graph is a store whose reads of the history are counted.
type graph struct {
	store.Backend
	*testing.T
	cat   *catalog.Catalog
	read  atomic.Int64
	write int
}

func newGraph(t *testing.T) (*graph, *store.Store) {
	t.Helper()
	cat := storetest.Catalog()
	g := &graph{Backend: embedded.OpenMemory(cat, nil), T: t, cat: cat}
	t.Cleanup(func() { _ = g.Close() })
	return g, store.New(g, store.Limits{})
}

func (g *graph) Changes(ctx context.Context, ask *change.Ask) ([]change.Recorded, error) {
	g.read.Add(1)
	return g.Backend.Changes(ctx, ask)
}

// Await makes a Waker of the graph, as its backend is one.
func (g *graph) Await(ctx context.Context, revision uint64) (uint64, error) {
	return g.Backend.(store.Waker).Await(ctx, revision)
}

func (g *graph) writes(many int) {
	g.Helper()
	for range many {
		g.write++
		n, err := storetest.NewNode(g.cat, "Person", "a", storetest.Fields{"nick": strconv.Itoa(g.write)})
		if err == nil {
			_, err = g.Apply(g.Context(), &change.Batch{Upserts: []change.Node{n}}, nil)
		}
		if err != nil {
			g.Fatal(err)
		}
	}
}

func TestAReaderThatFallsTooFarBehindIsToldFromWhereToGoOn(t *testing.T) {
	g, st := newGraph(t)
	g.writes(30)
	feed := live.New(st, live.Limits{Behind: 10})
	reader, err := feed.Read(t.Context(), live.Where{}, new(int)) // 30 behind from the start, which is allowed
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for want := 1; want <= 30; want++ {
		if got, err := reader.Next(t.Context()); err != nil || got.Number != want {
			t.Fatalf("got %v, %v; want change %d", got, err, want)
		}
	}
	quick, err := feed.Read(t.Context(), live.Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer quick.Close()
	for want := 31; want <= 45; want++ {
		g.writes(1)
		if got, err := quick.Next(t.Context()); err != nil || got.Number != want {
			t.Fatalf("the quick one got %v, %v; want change %d", got, err, want)
		}
	}
	_, err = reader.Next(t.Context())
	if fault.KindOf(err) != fault.Limit || !strings.Contains(err.Error(), "after: 30") {
		t.Errorf("got %v, want that the reader is too slow", err)
	}
}

func TestOneReaderTooManyIsRefusedAndAPlaceThatIsLeftIsFree(t *testing.T) {
	_, st := newGraph(t)
	feed := live.New(st, live.Limits{Readers: 1})
	first, err := feed.Read(t.Context(), live.Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := feed.Read(t.Context(), live.Where{}, nil); fault.KindOf(err) != fault.Limit {
		t.Errorf("got %v, want a limit", err)
	}
	first.Close()
	first.Close() // counts once
	second, err := feed.Read(t.Context(), live.Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
}

func TestNumbersThatNoChangeHasAreRefused(t *testing.T) {
	g, st := newGraph(t)
	g.writes(3)
	feed := live.New(st, live.Limits{})
	for _, after := range []int{-1, 4, math.MaxInt, math.MinInt} {
		if _, err := feed.Read(t.Context(), live.Where{}, &after); fault.KindOf(err) != fault.Invalid {
			t.Errorf("after %d: got %v, want that it is refused", after, err)
		}
	}
	if n := feed.Readers(); n != 0 {
		t.Errorf("%d readers are counted", n)
	}
}

func TestBehindTheNewestChangeComesTheNextOne(t *testing.T) {
	g, st := newGraph(t)
	g.writes(3)
	feed := live.New(st, live.Limits{})
	for name, after := range map[string]*int{"behind the newest": new(3), "behind whatever is the newest": nil} {
		reader, err := feed.Read(t.Context(), live.Where{}, after)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		if reader.At() != 3 {
			t.Errorf("%s: begins behind %d", name, reader.At())
		}
		short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if got, err := reader.Next(short); err == nil {
			t.Errorf("%s: got %d before it was written", name, got.Number)
		}
		defer func() {
			if got, err := reader.Next(t.Context()); err != nil || got.Number != 4 {
				t.Errorf("%s: got %v, %v; want change 4", name, got, err)
			}
		}()
	}
	g.writes(1)
}

// A thousand readers at the edge share what is read of the history, and each holds next to nothing.
func TestAThousandReadersTakeLittle(t *testing.T) {
	const many, changes = 1000, 200
	g, st := newGraph(t)
	feed := live.New(st, live.Limits{})
	before := heap()
	var ready, all sync.WaitGroup
	ready.Add(many)
	for range many {
		all.Go(func() {
			reader, err := feed.Read(t.Context(), live.Where{}, nil)
			ready.Done()
			if err != nil {
				t.Error(err)
				return
			}
			defer reader.Close()
			for want := 1; want <= changes; want++ {
				if got, err := reader.Next(t.Context()); err != nil || got.Number != want {
					t.Errorf("got %v, %v; want change %d", got, err, want)
					return
				}
			}
		})
	}
	ready.Wait()
	each := (heap() - before) / many
	g.read.Store(0)
	g.writes(changes)
	all.Wait()
	t.Logf("%d bytes for each reader; %d reads of the history for %d changes", each, g.read.Load(), changes)
	if each > 16<<10 {
		t.Errorf("each reader takes %d bytes", each)
	}
	if reads := g.read.Load(); reads > 2*changes {
		t.Errorf("%d reads of the history for %d changes and %d readers", reads, changes, many)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// A reader that does nothing keeps nobody: writers and other readers go on.
func TestAReaderThatDoesNotReadKeepsNobody(t *testing.T) {
	g, st := newGraph(t)
	feed := live.New(st, live.Limits{Behind: 5})
	idle, err := feed.Read(t.Context(), live.Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	busy, err := feed.Read(t.Context(), live.Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	for want := 1; want <= 3000; want++ { // more than the feed remembers
		g.writes(1)
		if got, err := busy.Next(t.Context()); err != nil || got.Number != want {
			t.Fatalf("got %v, %v; want change %d", got, err, want)
		}
	}
	if _, err := idle.Next(t.Context()); fault.KindOf(err) != fault.Limit {
		t.Errorf("got %v, want that the reader is too slow", err)
	}
}

func TestAReaderLeavesWithTheReasonOfItsContext(t *testing.T) {
	_, st := newGraph(t)
	reader, err := live.New(st, live.Limits{}).Read(t.Context(), live.Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	reason := errors.New("that is enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	if _, err := reader.Next(ctx); !errors.Is(err, reason) {
		t.Errorf("got %v", err)
	}
}
