package embedded_test

import (
	"testing"

	"nicgraph/graph"
	"nicgraph/internal/catalog"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
)

func TestSuiteInMemory(t *testing.T) { storetest.Run(t, inMemory) }

func TestSuiteOnDisk(t *testing.T) { storetest.Run(t, onDisk) }

func TestRandomQuestionsOfTheRealSchema(t *testing.T) {
	storetest.Random(t, realCatalog(t), inMemory)
}

func TestSearch(t *testing.T) { storetest.Search(t, realCatalog(t), inMemory) }

func realCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	return domain.Catalog()
}

func inMemory(t *testing.T, cat *catalog.Catalog) store.Backend {
	s := embedded.OpenMemory(cat, nil)
	t.Cleanup(func() { s.Close() })
	return s
}

func onDisk(t *testing.T, cat *catalog.Catalog) store.Backend {
	s, err := embedded.Open(t.TempDir(), cat, &embedded.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
