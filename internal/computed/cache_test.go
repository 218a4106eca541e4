package computed

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/fault"
)

func bytesOf(n int) func(context.Context) (any, error) {
	return func(context.Context) (any, error) { return make([]byte, n), nil }
}

func TestTheCacheDropsWhatWasNotUsedForLongest(t *testing.T) {
	c := newCache(1000)
	for _, name := range []string{"a", "b", "a", "c"} { // a is used again before c comes
		if _, err := c.get(t.Context(), key{revision: 1, name: name}, false, bytesOf(400)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"a", "c"}, namesIn(c)); diff != "" {
		t.Errorf("what is kept (-want +got)\n%s", diff)
	}
	if c.size > 1000 || c.size < 800 {
		t.Errorf("it counts %d bytes", c.size)
	}
}

func namesIn(c *cache) (names []string) {
	for _, k := range c.ready.Keys() {
		names = append(names, k.name.(string))
	}
	return names
}

func TestTheCacheForgetsOlderRevisions(t *testing.T) {
	c := newCache(1000)
	for _, k := range []key{{revision: 1, name: "a"}, {revision: 2, name: "b"}, {revision: 1, name: "late"}} {
		if _, err := c.get(t.Context(), k, false, bytesOf(10)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"b"}, namesIn(c)); diff != "" {
		t.Errorf("what is kept (-want +got)\n%s", diff)
	}
}

func TestWhatOutlivesChangesIsKeptInItsNewestRevision(t *testing.T) {
	c := newCache(1000)
	for _, k := range []key{
		{revision: 3, name: "learnings", outlives: true}, {revision: 7, name: "a"}, {revision: 8, name: "b"},
		{revision: 5, name: "learnings", outlives: true}, {revision: 4, name: "learnings", outlives: true},
	} {
		if _, err := c.get(t.Context(), k, false, bytesOf(10)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"b", "learnings"}, namesIn(c)); diff != "" {
		t.Errorf("what is kept (-want +got)\n%s", diff)
	}
	if newest, _ := c.ready.Peek(key{name: "learnings", outlives: true}); newest.revision != 5 {
		t.Errorf("it is of revision %d", newest.revision)
	}
}

func TestAValueLargerThanTheCacheIsKeptAlone(t *testing.T) {
	c := newCache(1000)
	for _, k := range []key{{revision: 1, name: "small"}, {revision: 1, name: "large"}} {
		if _, err := c.get(t.Context(), k, false, bytesOf(len(k.name.(string))*400)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"large"}, namesIn(c)); diff != "" {
		t.Errorf("what is kept (-want +got)\n%s", diff)
	}
}

func TestRequestsAtTheSameTimeShareTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, gate := newCache(1000), make(chan struct{})
		var worked atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, err := c.get(t.Context(), key{revision: 1, name: "a"}, false, func(context.Context) (any, error) {
					worked.Add(1)
					<-gate
					return 1, nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		close(gate)
		all.Wait()
		if worked.Load() != 1 {
			t.Errorf("it was worked out %d times", worked.Load())
		}
	})
}

func TestWorkGoesOnWhileSomebodyWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache(1000)
		ended := make(chan error, 1)
		work := func(ctx context.Context) (any, error) {
			<-ctx.Done()
			ended <- ctx.Err()
			return nil, ctx.Err()
		}
		first, leave := context.WithCancel(t.Context())
		second, leaveToo := context.WithCancel(t.Context())
		for _, ctx := range []context.Context{first, second} {
			go c.get(ctx, key{revision: 1, name: "a"}, false, work) // who leaves gets the end of its own context
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		if len(ended) != 0 {
			t.Error("the work ended though somebody waited for it")
		}
		leaveToo()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestWorkThatLastsIsThereForTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, gate := newCache(1000), make(chan struct{})
		work := func(ctx context.Context) (any, error) {
			select {
			case <-gate:
				return "read", nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		first, leave := context.WithCancel(t.Context())
		go c.get(first, key{revision: 1, name: "a"}, true, work) // who leaves gets the end of its own context
		synctest.Wait()
		leave()
		synctest.Wait()
		close(gate)
		got, err := c.get(t.Context(), key{revision: 1, name: "a"}, true, func(context.Context) (any, error) { return "read again", nil })
		if got != "read" || err != nil {
			t.Errorf("got %v, %v", got, err)
		}
	})
}

func TestWorkThatLastsEndsWhereAnotherRevisionIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, ended := newCache(1000), make(chan error, 1)
		first, leave := context.WithCancel(t.Context())
		go c.get(first, key{revision: 1, name: "a"}, true, func(ctx context.Context) (any, error) {
			<-ctx.Done()
			ended <- ctx.Err()
			return nil, ctx.Err()
		})
		synctest.Wait()
		leave()
		synctest.Wait()
		if len(ended) != 0 {
			t.Error("the work ended though it lasts")
		}
		if _, err := c.get(t.Context(), key{revision: 2, name: "a"}, true, bytesOf(10)); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestAPanicWhileWorkingIsAnErrorForWhoAsked(t *testing.T) {
	c := newCache(1000)
	_, err := c.get(t.Context(), key{revision: 1, name: "a"}, false, func(context.Context) (any, error) { panic("broken") })
	if fault.KindOf(err) != fault.Internal || !strings.Contains(err.Error(), "broken") {
		t.Errorf("got %v", err)
	}
}

func TestFootprintCountsAllThatAValueLeadsTo(t *testing.T) {
	shared := make([]int64, 100)
	for name, test := range map[string]struct {
		value any
		least int64
		most  int64
	}{
		"numbers":            {make([]int32, 1000), 4000, 4100},
		"texts":              {[]string{strings.Repeat("a", 500), strings.Repeat("b", 500)}, 1000, 1100},
		"rows":               {[][]int32{make([]int32, 100), make([]int32, 100)}, 800, 900},
		"a map":              {map[string][]byte{"key": make([]byte, 1000)}, 1000, 1100},
		"behind a pointer":   {&struct{ all []int64 }{shared}, 800, 900},
		"the same twice":     {[][]int64{shared, shared}, 800, 900},
		"nothing":            {nil, 0, 0},
		"something any":      {[]any{shared}, 800, 900},
		"an array of slices": {[2][]byte{make([]byte, 10), make([]byte, 20)}, 30, 100},
	} {
		if got := footprint(test.value, nil); got < test.least || got > test.most {
			t.Errorf("%s: %d bytes, want %d to %d", name, got, test.least, test.most)
		}
	}
}

// book is kept on its own; a review of it leads back.
type book struct{ pages []byte }

func (b *book) Apart() reflect.Type { return reflect.TypeOf(b) }

type review struct {
	of   *book
	text []byte
}

func TestWhatIsKeptApartIsCountedOnce(t *testing.T) {
	c := newCache(1_000_000)
	of := &book{pages: make([]byte, 10_000)}
	for name, v := range map[string]any{"book": of, "review": &review{of, make([]byte, 100)}} {
		size := func() int64 { return footprint(v, c.keptApart(of)) }
		least := map[string]int64{"book": 10_000, "review": 100}[name]
		if got := size(); got < least || got > least+100 {
			t.Errorf("a %s: %d bytes, want %d", name, got, least)
		}
	}
	if got := footprint(&review{of, nil}, nil); got < 10_000 {
		t.Errorf("a review of a book that is not kept: %d bytes", got)
	}
}
