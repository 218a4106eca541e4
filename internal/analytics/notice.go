package analytics

import (
	"context"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/computed"
)

// Notice is a change that was written, as a record, with those of its entries that are asked for.
func Notice(ctx context.Context, e *computed.Engine, r *change.Recorded, asked func(id string, t *catalog.Type) bool) computed.Record {
	return computed.Object{
		"change": changeRecord(ctx, e, r),
		"entries": computed.Lazy(func(args computed.Args) (any, error) {
			first, _, err := args.Page()
			if err != nil {
				return nil, err
			}
			entries, err := entriesAsked(ctx, e, r.Number, args.Text("after"), first, asked)
			return entryRecords(ctx, e, entries), err
		}),
	}
}

// entriesAsked reads the entries of a change behind an id until as many as wanted are asked for.
func entriesAsked(ctx context.Context, e *computed.Engine, number int, after string, first int, asked func(string, *catalog.Type) bool) (all []change.Entry, err error) {
	const some = 1_000
	for len(all) < first {
		entries, err := e.Store.Entries(ctx, number, after, some)
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
