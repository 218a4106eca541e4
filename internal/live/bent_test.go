package live_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/live"
	"nicgraph/internal/store"
	"nicgraph/internal/withdraw"
)

// bent is a backend that tells of nothing by itself, and of which a test bends some answers.
type bent struct {
	store.Backend
	away     func(asked int64) bool // tells whether the store cannot be asked
	asked    atomic.Int64
	revision func() uint64
	entries  func([]change.Entry) []change.Entry
}

func (b *bent) fails() error {
	if b.away != nil && b.away(b.asked.Add(1)) {
		return fault.New(fault.Unavailable, "the store is away")
	}
	return nil
}

func (b *bent) Revision(ctx context.Context) (uint64, error) {
	if b.revision != nil {
		return b.revision(), nil
	}
	if err := b.fails(); err != nil {
		return 0, err
	}
	return b.Backend.Revision(ctx)
}

func (b *bent) Changes(ctx context.Context, ask *change.Ask) ([]change.Recorded, error) {
	if err := b.fails(); err != nil {
		return nil, err
	}
	return b.Backend.Changes(ctx, ask)
}

func (b *bent) Entries(ctx context.Context, number int, after string, first int) ([]change.Entry, error) {
	if err := b.fails(); err != nil {
		return nil, err
	}
	entries, err := b.Backend.Entries(ctx, number, after, first)
	if b.entries != nil {
		entries = b.entries(entries)
	}
	return entries, err
}

func read(t *testing.T, feed *live.Feed, where live.Where, after *int) *live.Reader {
	t.Helper()
	reader, err := feed.Read(t.Context(), where, after)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(reader.Close)
	return reader
}

func gets(t *testing.T, reader *live.Reader, want int) {
	t.Helper()
	if got, err := reader.Next(t.Context()); err != nil || got.Number != want {
		t.Fatalf("got %v, %v; want change %d", got, err, want)
	}
}

func TestReadersWaitWhileTheStoreIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, _ := newGraph(t)
		b := &bent{Backend: g.Backend, away: func(asked int64) bool { return asked > 1 && asked%3 != 0 }}
		feed := live.New(store.New(b, store.Limits{}), live.Limits{})
		reader := read(t, feed, live.Where{IDs: []string{"a"}}, nil)
		g.writes(3)
		begun := time.Now()
		for number := 1; number <= 3; number++ {
			gets(t, reader, number)
		}
		if took := time.Since(begun); took < 2*time.Second || took > 20*time.Second {
			t.Errorf("it took %s, with a second between questions", took)
		}
		reader.Close()
	})
}

func TestAStoreThatTakesTooLongIsAskedAFewTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tooLong, asked := fault.New(fault.Timeout, "it took too long"), 0
		takes := func(late int) error {
			asked = 0
			return live.Patiently(t.Context(), func() error {
				if asked++; asked > late {
					return nil
				}
				return tooLong
			})
		}
		if err := takes(2); err != nil || asked != 3 {
			t.Errorf("twice too long: %v, asked %d times", err, asked)
		}
		if err := takes(100); fault.KindOf(err) != fault.Timeout || asked != 3 {
			t.Errorf("always too long: %v, asked %d times", err, asked)
		}
	})
}

func TestAReaderIsToldThatTheGraphWentBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, _ := newGraph(t)
		g.writes(10)
		var newest atomic.Uint64
		newest.Store(10)
		feed := live.New(store.New(&bent{Backend: g.Backend, revision: newest.Load}, store.Limits{}), live.Limits{})
		reader := read(t, feed, live.Where{}, new(8))
		gets(t, reader, 9)
		newest.Store(4)
		time.Sleep(time.Second)
		newest.Store(10) // others by now
		if got, err := reader.Next(t.Context()); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "restored") {
			t.Errorf("got %v, %v", got, err)
		}
		again := read(t, feed, live.Where{}, new(8))
		gets(t, again, 9)
		reader.Close()
		again.Close()
	})
}

// Whoever reads the history from its beginning, and for what is in it, does not take the store
// from others.
func TestFewReadTheHistoryAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const readers, changes, most = 50, 20, 8
		g, _ := newGraph(t)
		g.writes(changes)
		var now atomic.Int64
		slow := func(told []change.Entry) []change.Entry {
			if n := now.Add(1); n > most {
				t.Errorf("%d read at once", n)
			}
			defer now.Add(-1)
			time.Sleep(time.Second)
			return told
		}
		feed := live.New(store.New(&bent{Backend: g.Backend, entries: slow}, store.Limits{}), live.Limits{})
		var all sync.WaitGroup
		for i := range readers {
			reader := read(t, feed, live.Where{IDs: []string{"a"}}, new(i%changes))
			all.Go(func() {
				defer reader.Close()
				if got, err := reader.Next(t.Context()); err != nil || got.Number != i%changes+1 {
					t.Errorf("got %v, %v; want change %d", got, err, i%changes+1)
				}
			})
		}
		all.Wait()
	})
}

// nothing makes sure that nothing comes.
func nothing(t *testing.T, reader *live.Reader) {
	t.Helper()
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if got, err := reader.Next(short); err == nil {
		t.Errorf("change %d is told", got.Number)
	}
}

func TestWhatIsForgottenIsNotFoundByWhatItDid(t *testing.T) {
	g, _ := newGraph(t)
	g.writes(2)
	b := &bent{Backend: g.Backend}
	feed := live.New(store.New(b, store.Limits{}), live.Limits{})
	about := live.Where{IDs: []string{"a"}}
	early := read(t, feed, about, new(int))
	gets(t, early, 1)
	gets(t, early, 2)
	b.entries = func([]change.Entry) []change.Entry { return nil }
	gets(t, read(t, feed, about, new(int)), 1) // it is remembered
	feed.Forget()
	nothing(t, read(t, feed, about, new(int)))
}

func TestWhatIsHiddenIsForgotten(t *testing.T) {
	g, st := newGraph(t)
	g.writes(2)
	feed := live.New(st, live.Limits{})
	about := live.Where{IDs: []string{"a"}}
	early, all := read(t, feed, about, new(int)), read(t, feed, live.Where{}, nil)
	gets(t, early, 1)
	gets(t, early, 2)
	hide := &withdraw.Request{Action: withdraw.Hide, ID: "a"}
	if _, err := g.Backend.(withdraw.Keeper).Withdraw(t.Context(), hide); err != nil {
		t.Fatal(err)
	}
	gets(t, all, 3)
	nothing(t, early)
	nothing(t, read(t, feed, about, new(int)))
}

func TestWhatIsBeingReadWhenItIsForgottenIsNotRemembered(t *testing.T) {
	g, _ := newGraph(t)
	g.writes(1)
	reading, goOn := make(chan struct{}), make(chan struct{})
	b := &bent{Backend: g.Backend}
	feed := live.New(store.New(b, store.Limits{}), live.Limits{})
	about := live.Where{IDs: []string{"a"}}
	var asked atomic.Int64
	b.entries = func(told []change.Entry) []change.Entry {
		if asked.Add(1) > 1 {
			return nil
		}
		close(reading)
		<-goOn
		return told
	}
	early := read(t, feed, about, new(int))
	done := make(chan error, 1)
	go func() {
		_, err := early.Next(t.Context())
		done <- err
	}()
	<-reading
	feed.Forget()
	nothing(t, read(t, feed, about, new(int)))
	close(goOn)
	if err := <-done; err != nil {
		t.Error(err)
	}
	nothing(t, read(t, feed, about, new(int)))
}

func TestReadersReadAgainWhatWasForgottenAheadOfThem(t *testing.T) {
	g, st := newGraph(t)
	feed := live.New(st, live.Limits{})
	reader := read(t, feed, live.Where{}, nil)
	g.writes(1)
	gets(t, reader, 1)
	g.writes(5)
	gets(t, reader, 2) // the others are ahead by now, or will be
	before := g.read.Load()
	feed.Forget()
	for number := 3; number <= 6; number++ {
		gets(t, reader, number)
	}
	if g.read.Load() == before {
		t.Error("the history was not read again")
	}
}
