package compile

import (
	"slices"

	"nicgraph/internal/plan"
)

// recorded compiles a selection over the graph as it was known at a moment: a plan of its own,
// which is run on that state.
func (b *builder) recorded(s *slots, g *group) (plan.Out, error) {
	time, err := b.operandArgument(g.field(), "time")
	if err != nil {
		return nil, err
	}
	inner := newSlots(0)
	shape, err := b.rootFields(inner, g.selections()...)
	if err != nil {
		return nil, err
	}
	then := &plan.Plan{Catalog: b.catalog, Query: inner.row}
	slot := s.add(0, &plan.Recorded{Time: time, Plan: then, Path: slices.Clone(b.path)})
	return &plan.Object{Slot: slot, Required: true, Shape: shape}, nil
}
