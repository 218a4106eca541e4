package computed_test

import (
	"fmt"
	"testing"

	"nicgraph/internal/change"
	"nicgraph/internal/computed"
	"nicgraph/internal/computed/computedtest"
	"nicgraph/internal/store/storetest"
)

func TestNodesAreReadInPages(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	var nodes []change.Node
	for i := range 2500 {
		nodes = append(nodes, computedtest.NewNode(t, cat, "Source", fmt.Sprintf("s%04d", i), storetest.Fields{"title": "T", "publisher": "P"}))
	}
	computedtest.Write(t, backend, nodes...)
	var ids []string
	err := e.Each(t.Context(), "Source", nil, nil, nil, func(l computed.Line) error {
		ids = append(ids, l.Text(0))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) != 2500 || ids[2499] != "s2499" || backend.Runs.Load() != 3 {
		t.Errorf("%d rows in %d reads", len(ids), backend.Runs.Load())
	}
}
