package embedded_test

import (
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
)

func TestMemoryKeepsThePromisesOfAStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, cat *catalog.Catalog) store.Backend {
		s := embedded.OpenMemory(cat, nil)
		t.Cleanup(func() { closeStore(t, s) })
		return s
	})
}

func TestDiskKeepsThePromisesOfAStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, cat *catalog.Catalog) store.Backend {
		s, err := embedded.Open(t.TempDir(), cat, &embedded.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { closeStore(t, s) })
		return s
	})
}

func closeStore(t *testing.T, s *embedded.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
