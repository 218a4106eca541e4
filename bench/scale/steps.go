package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"nicgraph/graph"
	"nicgraph/internal/exchange"
	"nicgraph/internal/httpserver"
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
		edge, fail := graph.New(st, domain.Catalog(), graph.Config{})
		if fail != nil {
			return fail
		}
		found, err = askAll(ctx, edge, &writer{store: st, catalog: domain.Catalog()})
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
	rounds = 201
	enough = time.Second
)

func askAll(ctx context.Context, edge *graph.Edge, w *writer) ([]answer, error) {
	handler, err := httpserver.New(httpserver.Config{
		Schema: edge, Extensions: edge.Extensions(), Documents: edge.Documents(), Logger: slog.New(slog.DiscardHandler),
		Timeout: time.Minute, // the first answers wait for what is made once, on a busy machine for long
	})
	if err != nil {
		return nil, err
	}
	filled, err := filledIn(handler)
	if err != nil {
		return nil, err
	}
	var all []answer
	for _, q := range filled {
		a, err := askOften(handler, q)
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

func askOften(handler http.Handler, q asked) (answer, error) {
	a := answer{Name: q.name}
	begin, used := time.Now(), processor()
	reply, err := ask(handler, q.text)
	a.First, a.FirstTook, a.Bytes = time.Since(begin), processor()-used, len(reply)
	if err != nil {
		return a, err
	}
	var times []time.Duration
	begin, used = time.Now(), processor()
	for len(times) < 5 || len(times) < rounds && time.Since(begin) < enough {
		one := time.Now()
		if _, err := ask(handler, q.text); err != nil {
			return a, err
		}
		times = append(times, time.Since(one))
	}
	a.Processor = (processor() - used) / time.Duration(len(times))
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
		begin, used := time.Now(), processor()
		if _, err := ask(handler, q.text); err != nil {
			return err
		}
		times = append(times, time.Since(begin))
		a.WrittenTook += (processor() - used) / writes
	}
	slices.Sort(times)
	a.Written = times[len(times)/2]
	return nil
}

// processor is the time that this process has had of the processor.
func processor() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r) // it fails for wrong arguments only
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// ask sends a question through everything but the socket.
func ask(handler http.Handler, query string) ([]byte, error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return nil, err
	}
	request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	reply := httptest.NewRecorder()
	handler.ServeHTTP(reply, request)
	if bytes.Contains(reply.Body.Bytes(), []byte(`"errors"`)) {
		return nil, fmt.Errorf("refused: %s", reply.Body.Bytes()[:min(reply.Body.Len(), 500)])
	}
	return reply.Body.Bytes(), nil
}
