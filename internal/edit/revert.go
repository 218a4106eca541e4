package edit

import (
	"context"
	"fmt"
	"slices"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
)

// maxReverted bounds how many nodes a change may have written that is to be reverted.
const maxReverted = 100_000

// revert makes all that a change wrote as it was before, unless somebody has written any of it
// since or linked to what would go.
func (e *Editor) revert(ctx context.Context, r *change.Request, note change.Note, look func(context.Context, Done) error) error {
	d, err := e.reverting(ctx, r)
	if err != nil {
		return err
	}
	d.batch.Note = note
	looked, err := e.carryOut(ctx, d, look)
	if !looked && outdated(err) {
		return fault.In(fault.Conflict, []any{"change"}, "change %d cannot be reverted, since later ones rest on it: %v", r.Change, err)
	}
	return err
}

// reverting makes the batch that undoes a change.
func (e *Editor) reverting(ctx context.Context, r *change.Request) (*draft, error) {
	d := &draft{Editor: e, ctx: ctx, request: r, old: map[string]*change.Node{}}
	var all []change.Entry
	err := e.entries(ctx, r.Change, func(entry *change.Entry) { all = append(all, *entry) })
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, e.nothingOf(ctx, r.Change)
	case len(all) > maxReverted:
		return nil, fault.In(fault.Limit, []any{"change"}, "change %d wrote %d things and facts, and at most %d are reverted at once; restore a backup instead", r.Change, len(all), maxReverted)
	}
	for _, entry := range all {
		if entry.Before != nil {
			d.ids = append(d.ids, entry.ID)
		}
		d.old[entry.ID] = entry.After
	}
	aliased, err := e.aliased(ctx, r.Change)
	if err != nil {
		return nil, err
	}
	d.batch = *change.Reverting(r.Change, all, aliased)
	slices.Sort(d.batch.Deletes)
	if err := d.checkStudies(); err != nil {
		return nil, err
	}
	return d, d.faults.err()
}

// nothingOf says that there is no change with a number, or that nothing is left of what it did.
func (e *Editor) nothingOf(ctx context.Context, number int) error {
	found, err := e.store.Changes(ctx, &change.Ask{After: number - 1, Before: number + 1, First: 1})
	switch {
	case err != nil:
		return fmt.Errorf("look for change %d: %w", number, err)
	case number < 1 || len(found) == 0:
		return fault.In(fault.NotFound, []any{"change"}, "there is no change %d", number)
	default:
		return fault.In(fault.NotFound, []any{"change"}, "there is nothing left of change %d that could be reverted", number)
	}
}

// aliased lists what a change did to aliases. One that ended leads to the node for which it would stand
// now, and is left out where that is gone.
func (e *Editor) aliased(ctx context.Context, number int) ([]change.Alias, error) {
	all, err := e.store.Aliased(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("read which aliases change %d made: %w", number, err)
	}
	var into []string
	for _, a := range all {
		into = append(into, a.Into)
	}
	found, err := e.stored.Known(ctx, into)
	if err != nil {
		return nil, fmt.Errorf("read for what the aliases of change %d stood: %w", number, err)
	}
	var kept []change.Alias
	for _, a := range all {
		node, there := found[a.Into]
		switch {
		case a.Until != number:
			kept = append(kept, a)
		case there:
			a.Into = node.ID
			kept = append(kept, a)
		}
	}
	return kept, nil
}
