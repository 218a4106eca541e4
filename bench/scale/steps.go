package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"nicgraph/bench/inside"
	"nicgraph/bench/machine"
	"nicgraph/graph"
	"nicgraph/internal/exchange"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

// take takes a step and writes what it found to the output.
func take(ctx context.Context, step, dir string) (err error) {
	begin := time.Now()
	domain, err := graph.Domain()
	if err != nil {
		return err
	}
	backend, err := embedded.Open(filepath.Join(dir, "store"), domain.Catalog(), nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, backend.Close()) }()
	st := store.New(backend, store.Limits{})
	var found any
	switch step {
	case "import":
		debug.SetGCPercent(50) // as the program does
		i := imported{}
		last := begin
		_, err = exchange.Import(ctx, st, os.DirFS(filepath.Join(dir, "tables")), domain.Catalog(), exchange.Options{Progress: func(p exchange.Progress) {
			if p.Step == "read" {
				i.Read, last = time.Since(begin), time.Now()
			}
		}})
		i.Write = time.Since(last)
		found = i
	case "open":
		found = opened{Open: time.Since(begin), Heap: heap()}
	case "ask":
		found, err = askAll(ctx, &writer{store: st, catalog: domain.Catalog()})
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

type imported struct{ Read, Write time.Duration }

type opened struct {
	Open time.Duration
	Heap uint64 // bytes in use
}

// heap is the bytes in use when all garbage is gone.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// answer is how long a question took at first and later, and what came back.
type answer struct {
	Name          string
	First, Median time.Duration
	Processor     time.Duration // of all threads for one asking, on the average, but the first
	FirstTook     time.Duration // of the processor
	Written       time.Duration // the median after a change of one node that the question reads
	WrittenTook   time.Duration // of the processor, on the average
	Bytes         int
	Refused       string // why there is none
}

// rounds is how often each question is asked once more; a slow one ends after enough time.
const (
	rounds = 1001
	enough = time.Second
)

func askAll(ctx context.Context, w *writer) ([]answer, error) {
	handler, err := inside.Handler(w.store, w.catalog)
	if err != nil {
		return nil, err
	}
	filled, err := filledIn(ctx, handler)
	if err != nil {
		return nil, err
	}
	var all []answer
	for _, q := range filled {
		a, err := askOften(ctx, handler, q)
		if err == nil {
			err = a.afterWrites(ctx, handler, q, w)
		}
		if err != nil {
			a.Refused = err.Error()
		}
		all = append(all, a)
	}
	return all, nil
}

func askOften(ctx context.Context, handler http.Handler, q asked) (answer, error) {
	a := answer{Name: q.name}
	begin, used := time.Now(), machine.Own()
	reply, err := inside.Query(ctx, handler, q.text)
	a.First, a.FirstTook, a.Bytes = time.Since(begin), machine.Own()-used, len(reply)
	if err != nil {
		return a, err
	}
	runtime.GC() // what the first one left would be collected beside the next hundreds
	var times []time.Duration
	begin, used = time.Now(), machine.Own()
	for len(times) < 5 || len(times) < rounds && time.Since(begin) < enough {
		one := time.Now()
		if _, err := inside.Query(ctx, handler, q.text); err != nil {
			return a, err
		}
		times = append(times, time.Since(one))
	}
	a.Processor = (machine.Own() - used) / time.Duration(len(times))
	slices.Sort(times)
	a.Median = times[len(times)/2]
	return a, nil
}

// writes is how often a question is asked after a write.
const writes = 7

func (a *answer) afterWrites(ctx context.Context, handler http.Handler, q asked, w *writer) error {
	var times []time.Duration
	for range writes {
		if err := w.write(ctx, q.reads()); err != nil {
			return err
		}
		begin, used := time.Now(), machine.Own()
		if _, err := inside.Query(ctx, handler, q.text); err != nil {
			return err
		}
		times = append(times, time.Since(begin))
		a.WrittenTook += (machine.Own() - used) / writes
	}
	slices.Sort(times)
	a.Written = times[len(times)/2]
	return nil
}
