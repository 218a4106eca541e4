package edit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
)

// Traces tells whether a text tells of somebody, and who goes along.
type Traces interface {
	In(text string) bool
	Gone() []string
}

// Mentioning lists the ids of things and facts whose texts tell of somebody, but for those that
// go along: in the order of the types and then of the ids, so many at most.
func (e *Editor) Mentioning(ctx context.Context, traces Traces, most int) ([]string, error) {
	ids, gone := []string{}, traces.Gone()
	for _, t := range e.catalog.Types {
		for n, err := range e.stored.Nodes(ctx, t, nil) {
			if err != nil {
				return nil, fmt.Errorf("look for mentions: %w", err)
			}
			if !mentioned(&n, traces) || slices.Contains(gone, n.ID) {
				continue
			}
			if ids = append(ids, n.ID); len(ids) == most {
				return ids, nil
			}
		}
	}
	return ids, nil
}

// mentioned tells whether a text of a node, or its id read as words, tells of somebody.
func mentioned(n *change.Node, traces Traces) bool {
	if traces.In(strings.ReplaceAll(n.ID, "-", " ")) {
		return true
	}
	return slices.ContainsFunc(n.Type.Properties, func(p *catalog.Property) bool {
		v := n.Values[p.Index]
		return traces.In(v.Str) || slices.ContainsFunc(v.Strs(), traces.In)
	})
}
