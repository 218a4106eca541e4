package spec_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/neo4jstore"
)

// BenchmarkCases asks every case again and again, on both stores. first-ms is what the
// first asking took, in which plans are made.
func BenchmarkCases(b *testing.B) {
	b.Run("embedded", func(b *testing.B) {
		benchCases(b, embedded.OpenMemory(realCatalog(b), nil))
	})
	b.Run("neo4j", func(b *testing.B) {
		server := neo4jtest.Start(b)
		neo4jtest.Clear(b, server)
		backend, err := neo4jstore.Open(b.Context(), neo4jstore.Config{URI: server.URI, User: server.User, Password: server.Password}, realCatalog(b))
		if err != nil {
			b.Fatal(err)
		}
		benchCases(b, backend)
	})
}

// BenchmarkWrites creates things over HTTP, one in a request, from several writers at once:
// what one operation takes is the time between two acknowledged writes of all of them together.
func BenchmarkWrites(b *testing.B) {
	b.Run("embedded", func(b *testing.B) {
		backend, err := embedded.Open(b.TempDir(), realCatalog(b), nil)
		if err != nil {
			b.Fatal(err)
		}
		benchWrites(b, backend)
	})
	b.Run("neo4j", func(b *testing.B) {
		server := neo4jtest.Start(b)
		neo4jtest.Clear(b, server)
		backend, err := neo4jstore.Open(b.Context(), neo4jstore.Config{URI: server.URI, User: server.User, Password: server.Password}, realCatalog(b))
		if err != nil {
			b.Fatal(err)
		}
		benchWrites(b, backend)
	})
}

func benchWrites(b *testing.B, backend store.Backend) {
	b.Cleanup(func() { backend.Close() })
	x := newTarget(b, realCatalog(b), backend)
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("%d-writers", writers), func(b *testing.B) {
			todo, done := make(chan int), make(chan []byte)
			for range writers {
				go func() {
					for i := range todo {
						query := fmt.Sprintf(`mutation { createSources(input: [{id: "s-%d-%d-%d", title: "A page", publisher: "P"}]) { created } }`, writers, b.N, i)
						done <- x.post(b, map[string]any{"query": query})
					}
				}()
			}
			go func() {
				defer close(todo)
				for i := range b.N {
					todo <- i
				}
			}()
			for range b.N {
				if answer := <-done; !bytes.Contains(answer, []byte(`"created":1`)) {
					b.Fatalf("%s", answer)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}

func benchCases(b *testing.B, backend store.Backend) {
	b.Cleanup(func() { backend.Close() })
	x := newTarget(b, realCatalog(b), backend)
	for _, c := range inTurn(load(b)) {
		b.Run(c.Name, func(b *testing.B) {
			x.hold(b, c)
			begin := time.Now()
			x.ask(b, c)
			first := time.Since(begin)
			for b.Loop() {
				x.ask(b, c)
			}
			b.ReportMetric(first.Seconds()*1000, "first-ms")
		})
	}
}
