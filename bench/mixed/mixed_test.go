package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// asking asks a handler until the context ends, which the handler may bring about.
func asking(ctx context.Context, t *testing.T, handler http.HandlerFunc) *result {
	t.Helper()
	s := httptest.NewServer(handler)
	defer s.Close()
	w := &work{server: &server{address: strings.TrimPrefix(s.URL, "http://")}, since: time.Now()}
	w.askAll(ctx, func() string { return "{ __typename }" }, func(r *result, took time.Duration) { r.reads = append(r.reads, took) })
	return w.take()
}

func TestAnsweredAndRefusedAreCountedApart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	r := asking(ctx, t, func(w http.ResponseWriter, _ *http.Request) {
		switch asked++; asked {
		case 3:
			http.Error(w, "too much to do", http.StatusServiceUnavailable)
		case 4:
			cancel() // this one is cut off
		default:
			_, _ = w.Write([]byte(`{"data":{"__typename":"Query"}}`))
		}
	})
	if len(r.reads) != 2 || len(r.refused) != 1 || r.problem() != nil {
		t.Errorf("%d answered, %d refused, problem %v; want 2, 1 and none", len(r.reads), len(r.refused), r.problem())
	}
}

func TestAnErrorEndsWhoAsks(t *testing.T) {
	asked := 0
	r := asking(t.Context(), t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		_, _ = w.Write([]byte(`{"errors":[{"message":"out of memory"}]}`))
	})
	if err := r.problem(); asked != 1 || err == nil || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("asked %d times, problem %v; want once, and that it is out of memory", asked, err)
	}
}

func TestWhatIsTakenIsTakenOnce(t *testing.T) {
	w := &work{since: time.Now()}
	w.note(func(r *result) { r.writes = 3 })
	if first, then := w.take(), w.take(); first.writes != 3 || then.writes != 0 {
		t.Errorf("%d writes and then %d, want 3 and 0", first.writes, then.writes)
	}
}

func TestMemoryIsReadFromWhatTheServerAndTheDiskTell(t *testing.T) {
	const said = "# TYPE go_memstats_heap_alloc_bytes gauge\ngo_memstats_heap_alloc_bytes 1.5e+06\ngo_memstats_next_gc_bytes 4194304\n"
	disk, err := size(fstest.MapFS{"graph.db": {Data: make([]byte, 100)}, "backups/graph.db": {Data: make([]byte, 20)}})
	if err != nil {
		t.Fatal(err)
	}
	got := []int{metric(said, "go_memstats_heap_alloc_bytes"), metric(said, "go_memstats_next_gc_bytes"), metric(said, "another"), disk}
	if diff := cmp.Diff([]int{1_500_000, 4 << 20, 0, 120}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGrowthIsThatBetweenTheFirstTimeAndTheLast(t *testing.T) {
	var g growth
	g.add(&result{writes: 500, held: 90 << 20}, memory{goal: 40 << 20, held: 80 << 20, mapped: 10 << 20, disk: 1 << 20})
	g.add(&result{writes: 1000, held: 95 << 20}, memory{goal: 60 << 20, held: 90 << 20, mapped: 12 << 20, disk: 2 << 20})
	g.add(&result{writes: 1048, held: 92 << 20}, memory{goal: 42 << 20, held: 88 << 20, mapped: 14 << 20, disk: 3 << 20})
	const want = "at most 95.0 MB held; from the first time to the last: goal of the heap +2.0 MB, held beside pages of files +4.0 MB, on disk +2.0 MB, 1024 bytes for each of 2048 writes\n"
	if diff := cmp.Diff(want, g.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
