package computed_test

import (
	"fmt"
	"testing"

	"nicgraph/internal/change"
	"nicgraph/internal/computed/computedtest"
	"nicgraph/internal/store/storetest"
)

func TestRowsComeInPages(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	var nodes []change.Node
	for i := range 2500 {
		nodes = append(nodes, computedtest.NewNode(t, cat, "Source", fmt.Sprintf("s%04d", i), storetest.Fields{"title": "T", "publisher": "P"}))
	}
	computedtest.Write(t, backend, nodes...)
	rows, err := e.Rows(t.Context(), "Source", []string{"title"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2500 || rows[2499].ID != "s2499" || backend.Runs.Load() != 3 {
		t.Errorf("%d rows in %d reads", len(rows), backend.Runs.Load())
	}
}
