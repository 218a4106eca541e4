package live

import (
	"context"
	"fmt"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
)

// Where says which changes are asked for; nil is all. One thing or fact must meet both Types and IDs.
type Where struct {
	Types []string // as EnumName says
	IDs   []string
	By    []string // signatures of writers
}

// Touches tells whether something that was done to a node is asked for.
func (w *Where) Touches(id string, t *catalog.Type) bool {
	return (w.IDs == nil || slices.Contains(w.IDs, id)) &&
		(w.Types == nil || t != nil && slices.Contains(w.Types, t.EnumName()))
}

// touch is a node that a change did something to.
type touch struct {
	id string
	t  *catalog.Type
}

// meets tells whether a change is asked for.
func (f *Feed) meets(ctx context.Context, w *Where, r *change.Recorded) (bool, error) {
	if w.By != nil && !slices.Contains(w.By, r.Note.By) {
		return false, nil
	}
	if w.Types == nil && w.IDs == nil {
		return true, nil
	}
	if r.Summary.Created+r.Summary.Updated+r.Summary.Deleted > maxTouched {
		return f.scan(ctx, w, r.Number)
	}
	touched, err := f.touches(ctx, r.Number)
	return slices.ContainsFunc(touched, func(t touch) bool { return w.Touches(t.id, t.t) }), err
}

// maxTouched is how many nodes a change may touch for them to be remembered.
const maxTouched = 1_000

// touches lists what a change touched: read once, for all who ask at the same time or soon after.
func (f *Feed) touches(ctx context.Context, number int) ([]touch, error) {
	if known, ok := f.touched.Get(number); ok {
		return known, nil
	}
	forgot := f.now().forgot // nobody shares what was read before
	v, err, _ := f.flights.Do(fmt.Sprint(number, forgot), func() (any, error) {
		// Whoever asked first may leave; the others wait for the same answer.
		entries, err := f.entries(context.WithoutCancel(ctx), number, "")
		if err != nil {
			return nil, err
		}
		touched := make([]touch, len(entries))
		for i, e := range entries {
			touched[i] = touch{e.ID, e.Type}
		}
		f.remembers(number, touched, forgot)
		return touched, nil
	})
	if err != nil {
		return nil, err
	}
	return v.([]touch), nil
}

// remembers keeps what a change touched, unless something was forgotten since that was read.
func (f *Feed) remembers(number int, touched []touch, forgot int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.forgot == forgot {
		f.touched.Add(number, touched)
	}
}

// scan looks for a node that is asked for in a large change.
func (f *Feed) scan(ctx context.Context, w *Where, number int) (bool, error) {
	for after := ""; ; {
		entries, err := f.entries(ctx, number, after)
		if err != nil || len(entries) == 0 {
			return false, err
		}
		if slices.ContainsFunc(entries, func(e change.Entry) bool { return w.Touches(e.ID, e.Type) }) {
			return true, nil
		}
		after = entries[len(entries)-1].ID
	}
}
