package edit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/stored"
	"nicgraph/internal/value"
)

// repeated tells look what came of a request that was carried out under the same key before. known
// is false when none was.
func (e *Editor) repeated(ctx context.Context, r *change.Request, note change.Note, look func(context.Context, Done) error) (known bool, err error) {
	if note.Key == "" {
		return false, nil
	}
	outcome, err := e.store.Apply(ctx, &change.Batch{Note: note}, nil) // with nothing to write, only the key is looked for
	if err != nil || !outcome.Repeated {
		return false, err
	}
	return true, e.tellAgain(ctx, r, note.By, outcome, look)
}

// tellAgain tells look what came of a request the first time, until nothing of that goes meanwhile.
// Unlike tell it cannot go back: what is left of it may stand elsewhere than it did then.
func (e *Editor) tellAgain(ctx context.Context, r *change.Request, by string, outcome change.Outcome, look func(context.Context, Done) error) error {
	for try := 1; ; try++ {
		done, err := e.again(ctx, r, by, outcome)
		if err != nil {
			return err
		}
		if err = look(ctx, done); !gone(err) || try == tries {
			return written(err, outcome.Change)
		}
	}
}

// own tells whether a change is the writer's. A key that somebody else has used, be it by
// chance or to have this write taken for done, is refused.
func (e *Editor) own(ctx context.Context, number int, by string) error {
	found, err := e.store.Changes(ctx, &change.Ask{After: number - 1, Before: number + 1, First: 1})
	if err != nil {
		return fmt.Errorf("read who made change %d: %w", number, err)
	}
	if len(found) > 0 && found[0].Note.By != by {
		return fault.In(fault.Conflict, []any{"key"}, "the key was used by somebody else, and nothing was written; choose a longer one, at random")
	}
	return nil
}

// again is what came of a request of a writer the first time, without the nodes that have gone since.
func (e *Editor) again(ctx context.Context, r *change.Request, by string, outcome change.Outcome) (Done, error) {
	if err := e.own(ctx, outcome.Change, by); err != nil {
		return Done{}, err
	}
	done := Done{Outcome: outcome}
	made := map[string][]string{} // the ids that the change gave to nodes of the type, by their stems
	err := e.entries(ctx, outcome.Change, func(entry *change.Entry) {
		switch {
		case entry.After == nil:
			done.Deleted = append(done.Deleted, entry.ID)
		case r.Action == change.Revert:
			done.IDs = append(done.IDs, entry.ID)
		case entry.Before == nil && entry.Type == r.Type && !names(r, entry.ID):
			stem := stemOf(entry.After)
			made[stem] = append(made[stem], entry.ID)
		}
	})
	switch {
	case err != nil || r.Action == change.Delete:
		return done, err
	case r.Action == change.Revert:
		done.IDs, err = e.left(ctx, done.IDs)
		return done, err
	case r.Action == change.Merge:
		return e.mergedBefore(ctx, r, done)
	}
	for stem, ids := range made {
		slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(numberOf(a, stem), numberOf(b, stem)) })
	}
	for _, input := range r.Input {
		id := input.ID()
		if stem := stemOf(sketch(r.Type, input)); id == "" && len(made[stem]) > 0 {
			id, made[stem] = made[stem][0], made[stem][1:]
		}
		done.IDs = append(done.IDs, id)
	}
	done.IDs, err = e.standing(ctx, r.Type, done.IDs)
	return done, err
}

// standing are the nodes of a type for which ids stand now.
func (e *Editor) standing(ctx context.Context, t *catalog.Type, ids []string) (nodes []string, err error) {
	there, err := e.stored.Known(ctx, ids)
	for _, id := range ids {
		if node, ok := there[id]; ok && node.Type == t {
			nodes = append(nodes, node.ID)
		}
	}
	return nodes, err
}

// left are those of some ids that are stored now.
func (e *Editor) left(ctx context.Context, ids []string) ([]string, error) {
	there, err := e.stored.Types(ctx, ids)
	return slices.DeleteFunc(ids, func(id string) bool { return there[id] == nil }), err
}

// entries visits what a change did to each node.
func (e *Editor) entries(ctx context.Context, number int, visit func(*change.Entry)) error {
	for after := ""; ; {
		page, err := e.store.Entries(ctx, number, after, stored.PageSize)
		if err != nil {
			return fmt.Errorf("read what change %d did: %w", number, err)
		}
		for i := range page {
			visit(&page[i])
		}
		if len(page) < stored.PageSize {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

// names tells whether an input gives an id.
func names(r *change.Request, id string) bool {
	return slices.ContainsFunc(r.Input, func(input change.Input) bool { return input.ID() == id })
}

// numberOf is the number behind a stem, 1 for none.
func numberOf(id, stem string) int {
	number, err := strconv.Atoi(strings.TrimPrefix(id, stem+"-"))
	if err != nil {
		return 1
	}
	return number
}

// sketch is as much of an input's node as its id is made of.
func sketch(t *catalog.Type, input change.Input) *change.Node {
	n := newNode(t, "")
	for _, p := range t.Properties {
		if text, ok := input[p.Name].(string); ok && p.Kind == value.Text {
			n.Values[p.Index] = value.OfText(text)
		}
	}
	for _, l := range t.Out {
		n.Links[l.Index] = targets(input[l.Name])
	}
	return n
}
