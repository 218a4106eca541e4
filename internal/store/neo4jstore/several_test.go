package neo4jstore_test

import (
	"fmt"
	"slices"
	"testing"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/store/neo4jstore"
	"nicgraph/internal/store/storetest"
)

// Several servers may stand on one database: what one has written all read at once.
func TestStoresOnOneDatabaseReadEachOthersWrites(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	stores := []*neo4jstore.Store{open(t, server, cat), open(t, server, cat)}
	var want []string
	for i := range 10 {
		id := fmt.Sprintf("p%d", i)
		want = append(want, "Person "+id)
		apply(t, stores[i%2], people(t, cat, id))
		for k, s := range stores {
			if got, err := names(t, s, cat); err != nil || !slices.Equal(got, want) {
				t.Fatalf("after change %d store %d reads %v, %v; want %v", i, k, got, err, want)
			}
		}
	}
}

// Neither do they write over what they have not seen.
func TestAStoreRefusesToWriteOverWhatAnotherOneWrote(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	first, second := open(t, server, cat), open(t, server, cat)
	apply(t, first, people(t, cat, "a"))
	b := people(t, cat, "a")
	b.Expect = map[string]int{"a": change.Absent}
	if _, err := second.Apply(t.Context(), b, nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second node of the same id: %v", err)
	}
}
