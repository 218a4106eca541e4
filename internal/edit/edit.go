// Package edit carries out what people ask to be written: it reads what is there, makes a
// batch of it and of what is asked for, tells everything that is wrong, and has the store
// apply it. How requests reach it, and who may make them, is left to others.
package edit

import (
	"context"
	"strings"
	"sync"
	"time"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
	"nicgraph/internal/stored"
)

// MaxInput bounds the inputs of a request.
const MaxInput = 1000

// tries bounds how often a request is made up again because somebody else wrote in between.
const tries = 100

// Editor carries out requests on a store. It may be used by many goroutines at once.
type Editor struct {
	store   *store.Store
	catalog *catalog.Catalog
	stored  *stored.Reader
	studies sync.Mutex // held from the check of a study's rules to the write
	turns   sync.Mutex // held by who tries again, so that the many who do are not in each other's way
}

// New makes an editor of a store whose catalog is cat.
func New(st *store.Store, cat *catalog.Catalog) *Editor {
	return &Editor{store: st, catalog: cat, stored: stored.New(st, cat)}
}

// Done is what came of a request.
type Done struct {
	change.Outcome
	IDs     []string        // of the nodes, in the order of the input; none of a deletion
	Deleted []string        // in ascending order
	Merged  *Merged         // of a Merge
	Batch   *change.Batch   // on a dry run: what would be applied
	Request *change.Request // and the request, in which nodes stand in the place of aliases
}

// Writer is who writes, and when.
type Writer struct {
	Name     string // empty: nobody is named
	At       time.Time
	Approval string // what the history says ahead of the reason, empty when nobody had to approve
}

// Do carries out a request, or on a dry run tells what would come of it. look is told what
// came of it; on a dry run its context is one in which reads see the graph as it would be.
// All that is wrong with the request is told at once, as a fault.List of faults with their
// places in the input.
func (e *Editor) Do(ctx context.Context, r *change.Request, by Writer, look func(context.Context, Done) error) error {
	if len(r.Input) > MaxInput {
		return fault.In(fault.Limit, []any{"input"}, "there are %d inputs, and one field takes %d; write in parts", len(r.Input), MaxInput)
	}
	note := change.Note{By: by.Name, At: by.At, Why: r.Why, Key: r.Key}
	if err := checkNote(&note); err != nil {
		return err
	}
	if by.Approval != "" {
		note.Why = strings.TrimSpace(by.Approval + "\n" + r.Why)
	}
	if r.DryRun {
		note.Key = ""
	}
	if known, err := e.repeated(ctx, r, note, look); known || err != nil {
		return err
	}
	if touchesStudies(r) {
		e.studies.Lock()
		defer e.studies.Unlock()
	}
	if r.Action == change.Revert {
		return e.revert(ctx, r, note, look)
	}
	return e.write(ctx, r, note, look)
}

// write makes the request up until nobody has written in between.
func (e *Editor) write(ctx context.Context, r *change.Request, note change.Note, look func(context.Context, Done) error) error {
	for try := 1; ; try++ {
		d, err := e.draft(ctx, r)
		if err != nil {
			return err
		}
		d.batch.Note = note
		looked, err := e.carryOut(ctx, d, look)
		if looked || try == tries || !outdated(err) {
			return err
		}
		if try == 1 {
			e.turns.Lock()
			defer e.turns.Unlock()
		}
	}
}

// carryOut has the store apply a draft, or show what it would do, and tells look what came of
// it. looked is false when the store has refused, or had nothing to write and look has found the
// graph to be another one by then.
func (e *Editor) carryOut(ctx context.Context, d *draft, look func(context.Context, Done) error) (looked bool, err error) {
	if d.request.DryRun {
		_, err = e.store.Preview(ctx, &d.batch, func(ctx context.Context) error {
			looked = true
			return look(ctx, d.foreseen())
		})
		return looked, err
	}
	outcome, err := e.store.Apply(ctx, &d.batch, nil)
	if err != nil {
		return false, err
	}
	if outcome.Repeated { // by somebody who came between
		return true, e.tellAgain(ctx, d.request, d.batch.Note.By, outcome, look)
	}
	done := Done{Outcome: outcome, IDs: d.ids, Deleted: d.batch.Deletes, Merged: d.merged}
	err = e.tell(ctx, done, look)
	return outcome.Change > 0 || !gone(err), written(err, outcome.Change)
}

// tell tells look what came of a request. Where somebody has deleted some of that meanwhile, look
// sees the graph as the request left it.
func (e *Editor) tell(ctx context.Context, done Done, look func(context.Context, Done) error) error {
	err := look(ctx, done)
	if done.Change == 0 || !gone(err) {
		return err
	}
	then, err := e.store.At(ctx, done.Change)
	if err != nil {
		return err
	}
	return look(then, done)
}

// gone tells whether look has missed what somebody deleted meanwhile.
func gone(err error) bool { return fault.KindOf(err) == fault.Conflict }

// written says of an error that what was asked has been written nevertheless.
func written(err error, number int) error {
	if err == nil || number == 0 {
		return err
	}
	return fault.Wrap(fault.KindOf(err), err, "this was written, as change %d, but what came of it could not be told: %v", number, err)
}

// foreseen is what will come of a draft.
func (d *draft) foreseen() Done {
	sum := change.Summary{Deleted: len(d.batch.Deletes)}
	for i := range d.batch.Upserts {
		n := &d.batch.Upserts[i]
		switch old := d.old[n.ID]; {
		case d.request.Action == change.Delete:
			sum.Updated++ // it loses a link
		case old == nil:
			sum.Created++
		case old.Equal(n):
			sum.Unchanged++
		default:
			sum.Updated++
		}
	}
	return Done{Outcome: change.Outcome{Summary: sum}, IDs: d.ids, Deleted: d.batch.Deletes, Merged: d.merged, Batch: &d.batch, Request: d.request}
}

// outdated tells whether a batch was refused for what may have been written since it was made
// up: what is wrong with the request itself was told before.
func outdated(err error) bool {
	kind := fault.KindOf(err)
	return kind == fault.Conflict || kind == fault.Invalid
}

// The longest texts of a note, in characters.
const (
	maxWhy = 2000
	maxKey = 200
)

func checkNote(n *change.Note) error {
	var faults faults
	if err := change.CheckText(n.Why, maxWhy); err != nil {
		faults.add(fault.Invalid, []any{"why"}, "why %s", err)
	}
	if err := change.CheckText(n.Key, maxKey); err != nil {
		faults.add(fault.Invalid, []any{"key"}, "key %s", err)
	}
	return faults.err()
}
