package analytics

import (
	"context"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
)

// Notice is a change that was written, as a record, with those of its entries that are asked for.
func (e *Engine) Notice(ctx context.Context, r *change.Recorded, asked func(id string, t *catalog.Type) bool) Record {
	return object{
		"change": e.changeRecord(ctx, r),
		"entries": lazy(func(args Args) (any, error) {
			first, _, err := args.page()
			if err != nil {
				return nil, err
			}
			entries, err := e.entriesAsked(ctx, r.Number, args.text("after"), first, asked)
			return e.entryRecords(ctx, entries), err
		}),
	}
}

// entriesAsked reads the entries of a change behind an id until as many as wanted are asked for.
func (e *Engine) entriesAsked(ctx context.Context, number int, after string, first int, asked func(string, *catalog.Type) bool) (all []change.Entry, err error) {
	const some = 1_000
	for len(all) < first {
		entries, err := e.store.Entries(ctx, number, after, some)
		if err != nil || len(entries) == 0 {
			return all, err
		}
		for i := range entries {
			if asked(entries[i].ID, entries[i].Type) && len(all) < first {
				all = append(all, entries[i])
			}
		}
		after = entries[len(entries)-1].ID
	}
	return all, nil
}
