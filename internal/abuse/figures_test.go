package abuse

import (
	"net/http"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"nicgraph/internal/asktest"
)

// figures are what a question made the server do.
type figures struct {
	cpu       time.Duration // of the whole process, collection of garbage included
	allocated uint64        // bytes
	answered  int           // bytes, before compression
}

// measure asks once and reads the process's counters before and after.
func measure(h http.Handler, body string) figures {
	r, w := post(body), &asktest.Sink{}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpuTime()
	h.ServeHTTP(w, r)
	spent := cpuTime() - start
	runtime.ReadMemStats(&after)
	return figures{cpu: spent, allocated: after.TotalAlloc - before.TotalAlloc, answered: w.Bytes}
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // the only way to fail is a wrong first argument
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// median asks n times, each time with a text that no cache knows, and takes the middle
// of each figure.
func median(h http.Handler, a attack, n int) figures {
	all := make([]figures, n)
	for i := range all {
		all[i] = measure(h, a.body())
	}
	middle := func(by func(a, b figures) int) figures {
		slices.SortFunc(all, by)
		return all[n/2]
	}
	return figures{
		cpu:       middle(func(a, b figures) int { return int(a.cpu - b.cpu) }).cpu,
		allocated: middle(func(a, b figures) int { return int(a.allocated) - int(b.allocated) }).allocated,
		answered:  middle(func(a, b figures) int { return a.answered - b.answered }).answered,
	}
}

// Run with -v to read the table of docs/abuse.md.
func TestFigures(t *testing.T) {
	if testing.Short() || !testing.Verbose() {
		t.Skip("figures are for reading; run with -v")
	}
	h := newServer(t)
	t.Logf("%-52s %8s %10s %10s  %s", "attack", "CPU ms", "alloc kB", "answer kB", "outcome")
	for _, a := range attacks() {
		got := send(h, post(a.body()))
		f := median(h, a, 3)
		t.Logf("%-52s %8.1f %10d %10d  %s", a.name, float64(f.cpu.Microseconds())/1000, f.allocated/1000, f.answered/1000, outcome(got))
	}
}

func outcome(a answer) string {
	if code := a.code(); code != "" {
		return code
	}
	return "answered"
}

// heap is the memory in use, in bytes.
func heap() int {
	runtime.GC()
	runtime.GC() // what a first collection only queued
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
