package storetest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nicgraph/internal/change"
	"nicgraph/internal/live"
	"nicgraph/internal/store"
)

// testLive follows the changes with readers that come, leave and come back while several write.
func testLive(t *testing.T, open Open) {
	t.Run("readers get each change once", func(t *testing.T) { testNoGapNoRepeat(t, open) })
	t.Run("a reader gets what it asks for", func(t *testing.T) { testLiveWhere(t, open) })
}

const (
	liveWriters = 3
	liveWrites  = 8 // of each writer
)

func testNoGapNoRepeat(t *testing.T, open Open) {
	w := newWorld(t, open, map[string]Fields{"Person first": {}})
	st := store.New(w.backend, store.Limits{})
	feed := live.New(st, live.Limits{})
	var count atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		revision, err := st.Revision(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		begun, last := int(revision), int(revision)+liveWriters*liveWrites
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var all sync.WaitGroup
		for writer := range liveWriters {
			all.Go(func() { w.writeOften(ctx, rt, fmt.Sprint("Person w", writer), &count) })
		}
		for range 3 {
			from := rapid.IntRange(0, begun).Draw(rt, "from")
			stays := rapid.SliceOfN(rapid.IntRange(1, 12), 1, 8).Draw(rt, "stays")
			all.Go(func() {
				got, err := readAll(ctx, feed, from, last, stays)
				if err != nil {
					rt.Error("read:", err)
				}
				if diff := cmp.Diff(numbersBetween(from, last), got); diff != "" {
					rt.Errorf("the reader that began behind %d (-want +got):\n%s", from, diff)
				}
			})
		}
		all.Wait()
	})
	if n := feed.Readers(); n != 0 {
		t.Errorf("%d readers are left", n)
	}
}

// writeOften writes, each time something else: count is one for all.
func (w *world) writeOften(ctx context.Context, t *rapid.T, name string, count *atomic.Int64) {
	for range liveWrites {
		nodes, err := nodesOf(w.cat, map[string]Fields{name: {"nick": strconv.FormatInt(count.Add(1), 10)}})
		if err == nil {
			_, err = w.backend.Apply(ctx, &change.Batch{Upserts: nodes}, nil)
		}
		if err != nil {
			t.Error("write:", err)
			return
		}
	}
}

// readAll reads the changes behind a number up to the last, and leaves and comes back after as
// many as stays says, again and again.
func readAll(ctx context.Context, feed *live.Feed, after, last int, stays []int) (numbers []int, err error) {
	for turn := 0; after < last; turn++ {
		reader, err := feed.Read(ctx, live.Where{}, &after)
		if err != nil {
			return numbers, err
		}
		for range stays[turn%len(stays)] {
			next, err := reader.Next(ctx)
			if err != nil {
				reader.Close()
				return numbers, err
			}
			after = next.Number
			if numbers = append(numbers, after); after >= last {
				break
			}
		}
		reader.Close()
	}
	return numbers, nil
}

func numbersBetween(after, last int) (all []int) {
	for number := after + 1; number <= last; number++ {
		all = append(all, number)
	}
	return all
}

func testLiveWhere(t *testing.T, open Open) {
	p := newPast(t, open)
	feed := live.New(store.New(p.backend, store.Limits{}), live.Limits{})
	for name, where := range map[string]live.Where{
		"all":                 {},
		"a type":              {Types: []string{"GROUP"}},
		"a node":              {IDs: []string{"c", "l"}},
		"a node, of its type": {IDs: []string{"a"}, Types: []string{"GROUP"}},
		"a writer":            {By: []string{"ann"}},
		"nobody named":        {By: []string{""}},
		"a writer and a node": {By: []string{"bo", "ann"}, IDs: []string{"oak"}},
		"nothing":             {IDs: []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			want := p.meeting(&where)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			got := p.readSome(ctx, feed, where, len(want))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// meeting lists the changes that meet conditions, by the states before and after each.
func (p *past) meeting(where *live.Where) (numbers []int) {
	for _, c := range p.changes {
		entries, err := p.backend.Entries(p.Context(), c.Number, "", 100)
		if err != nil {
			p.Fatal(err)
		}
		touched := func(e change.Entry) bool {
			named := where.IDs == nil || slices.Contains(where.IDs, e.ID)
			return named && (where.Types == nil || slices.Contains(where.Types, e.Type.EnumName()))
		}
		if (where.By == nil || slices.Contains(where.By, c.Note.By)) && slices.ContainsFunc(entries, touched) {
			numbers = append(numbers, c.Number)
		}
	}
	return numbers
}

// readSome reads as many changes from the beginning, and makes sure that no other follows.
func (p *past) readSome(ctx context.Context, feed *live.Feed, where live.Where, many int) (numbers []int) {
	reader, err := feed.Read(ctx, where, new(int))
	if err != nil {
		p.Fatal(err)
	}
	defer reader.Close()
	for range many {
		next, err := reader.Next(ctx)
		if err != nil {
			p.Fatal(err)
		}
		numbers = append(numbers, next.Number)
	}
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if next, err := reader.Next(short); err == nil {
		numbers = append(numbers, next.Number)
	}
	return numbers
}
