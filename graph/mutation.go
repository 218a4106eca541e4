package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/analytics"
	"nicgraph/internal/answer"
	"nicgraph/internal/auth"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/compile"
	"nicgraph/internal/computed"
	"nicgraph/internal/edit"
	"nicgraph/internal/effort"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/review"
)

// writing is a mutation that is ready, with the values of its variables.
type writing struct {
	*compile.Mutation
	by     string      // who writes
	viewer auth.Viewer // who proposes, when they may not write; nobody otherwise
	params plan.Params
	cost   int
}

// prepareWriting compiles a mutation of somebody who may write. Its plans are not kept: every
// one has other inputs.
func (e *Edge) prepareWriting(ctx context.Context, oc *graphql.OperationContext) (*writing, error) {
	by, err := e.config.Allow(ctx)
	var proposer auth.Viewer
	if err != nil {
		if proposer = e.proposer(ctx); !proposer.Known() {
			return nil, err
		}
		by = proposer.Signature()
	}
	op := e.compiler.Operation(oc.Operation)
	_, params, err := op.Specialize(oc.Variables)
	if err != nil {
		return nil, err
	}
	m, err := op.Mutation(oc.Variables)
	if err != nil {
		return nil, err
	}
	if m.Withdraws() {
		if _, err := auth.Allow(ctx, auth.Administer); err != nil {
			return nil, err
		}
	}
	if err := compile.CheckDates(oc.Doc); err != nil {
		return nil, err
	}
	if err := e.check(m.Plan, params); err != nil {
		return nil, err
	}
	cost, err := e.afford(m.Plan, params)
	return &writing{Mutation: m, by: by, viewer: proposer, params: params, cost: cost}, err
}

// check tells what is wrong with the arguments in the answer of a mutation.
func (e *Edge) check(p *plan.Plan, params plan.Params) error {
	prepared, err := e.store.Prepare(p)
	if err != nil {
		return err
	}
	if err := prepared.Check(params); err != nil {
		return err
	}
	return e.computed.Check(p, params)
}

// nobody may write to an edge that was not told who may.
func nobody(context.Context) (string, error) {
	return "", fault.New(fault.Forbidden, "this server is open for reading only")
}

// respond carries the steps of a mutation out, one after the other. A step that fails is null in
// the answer, and those behind it are carried out all the same (section 6.2.2 of the
// specification).
func (w *writing) respond(ctx context.Context, e *Edge, oc *graphql.OperationContext) *graphql.Response {
	effort.Note(oc, effort.Spent{Cost: w.cost})
	leave, err := e.writes.Enter(ctx, e.places(w.cost))
	if err != nil {
		return failure(ctx, err)
	}
	defer leave()
	result := plan.NewResult()
	defer result.Release()
	result.Grow(1 + len(w.Plan.Query.Slots))
	result.Cells[0] = plan.Cell{Kind: plan.CellRow}
	var faults gqlerror.List
	for i := range w.Steps {
		if err := e.step(ctx, w, &w.Steps[i], result); err != nil {
			faults = append(faults, refusals(err, w.Steps[i].Path)...)
		}
	}
	effort.Note(oc, effort.Spent{Cost: w.cost, Rows: result.Objects()})
	data, missing, err := answer.Append(nil, w.Plan, result, w.params, e.config.MaxAnswer)
	if err != nil {
		return failure(ctx, fault.Wrap(fault.KindOf(err), err, "all fields were carried out, and those that found no fault are written; but the answer cannot be told: %v", err))
	}
	return &graphql.Response{Data: data, Errors: append(faults, errorsOf(missing)...)}
}

func (e *Edge) step(ctx context.Context, w *writing, step *compile.Step, result *plan.Result) error {
	switch {
	case step.Decision != nil:
		return e.decide(ctx, w, step, result)
	case step.Withdrawal != nil:
		return e.withdraw(ctx, w, step, result)
	case w.viewer.Known() && !step.DryRun:
		return e.propose(ctx, w, step, result)
	}
	if err := review.CheckKey(step.Key); err != nil {
		return err
	}
	by := edit.Writer{Name: w.by, At: e.config.Clock()}
	return e.editor.Do(ctx, &step.Request, by, func(ctx context.Context, done edit.Done) error {
		ctx = e.store.Steady(ctx)
		record, err := e.payload(ctx, step.Type, done)
		if err != nil {
			return err
		}
		return e.computed.PutWhole(ctx, w.Plan, result, w.params, step.Slot, record)
	})
}

// payload is what came of a step, as a record.
func (e *Edge) payload(ctx context.Context, t *catalog.Type, done edit.Done) (fields, error) {
	nodes := make([]computed.ID, min(len(done.IDs), plan.MaxPage))
	for i := range nodes {
		nodes[i] = computed.ID(done.IDs[i])
	}
	if t == nil {
		return e.untypedPayload(ctx, nodes, done)
	}
	all, err := e.counts(ctx, done)
	all[t.Plural] = nodes
	return all, err
}

// counts is what every payload has.
func (e *Edge) counts(ctx context.Context, done edit.Done) (fields, error) {
	changed, err := analytics.Change(ctx, e.computed, done.Change)
	return fields{
		"created": done.Created, "updated": done.Updated, "unchanged": done.Unchanged, "deleted": done.Summary.Deleted,
		"deletedIds": slices.Concat([]string{}, done.Deleted), "change": changed, "proposal": nil,
	}, err
}

// untypedPayload is what came of a step that is about no one type: a reverting, or a merge.
func (e *Edge) untypedPayload(ctx context.Context, nodes []computed.ID, done edit.Done) (fields, error) {
	all, err := e.counts(ctx, done)
	all["nodes"], all["joined"], all["differences"] = nodes, []string{}, []computed.Record{}
	if done.Merged == nil {
		return all, err
	}
	all["joined"], all["differences"] = slices.Concat([]string{}, done.Merged.Joined), differenceRecords(done.Merged.Differences)
	if len(nodes) > 0 {
		all["node"] = nodes[0]
	}
	return all, err
}

func differenceRecords(all []change.FieldChange) []computed.Record {
	records := make([]computed.Record, len(all))
	for i, f := range all {
		records[i] = fields{"field": f.Field, "kept": *f.After, "removed": *f.Before}
	}
	return records
}

// fields is a record of values by their names.
type fields map[string]any

// Field is a value of the record.
func (f fields) Field(name string, _ computed.Args) (any, error) { return f[name], nil }
