package edit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
)

// Entries lists what a batch would do to the nodes that are there now, in ascending order of
// their ids; those that stay as they are left out.
func (e *Editor) Entries(ctx context.Context, b *change.Batch) ([]change.Entry, error) {
	ids := slices.Clone(b.Deletes)
	for i := range b.Upserts {
		ids = append(ids, b.Upserts[i].ID)
	}
	there, err := e.there(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read what is there: %w", err)
	}
	var all []change.Entry
	for i := range b.Upserts {
		n := &b.Upserts[i]
		if old := there[n.ID]; old == nil || !old.Equal(n) {
			all = append(all, change.Entry{ID: n.ID, Type: n.Type, Before: old, After: n})
		}
	}
	for _, id := range b.Deletes {
		if old := there[id]; old != nil {
			all = append(all, change.Entry{ID: id, Type: old.Type, Before: old})
		}
	}
	slices.SortFunc(all, func(a, b change.Entry) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

// there are those of some nodes that are stored, whatever their types.
func (e *Editor) there(ctx context.Context, ids []string) (map[string]*change.Node, error) {
	types, err := e.stored.Types(ctx, ids)
	if err != nil {
		return nil, err
	}
	byType := map[*catalog.Type][]string{}
	for id, t := range types {
		byType[t] = append(byType[t], id)
	}
	all := map[string]*change.Node{}
	for t, ids := range byType {
		found, err := e.stored.ByID(ctx, t, ids)
		if err != nil {
			return nil, err
		}
		for id, n := range found {
			all[id] = n
		}
	}
	return all, nil
}
