package spec_test

import (
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
