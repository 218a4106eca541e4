package graph

import (
	"context"

	"nicgraph/internal/analytics"
	"nicgraph/internal/auth"
	"nicgraph/internal/change"
	"nicgraph/internal/compile"
	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
	"nicgraph/internal/withdraw"
)

// The most of what is told of persons who are withdrawn.
const (
	maxReason   = 2000 // characters
	maxMentions = 100
	maxHidden   = 100
)

// withdraw hides, shows or erases a person.
func (e *Edge) withdraw(ctx context.Context, w *writing, step *compile.Step, result *plan.Result) error {
	if e.config.Persons == nil {
		return fault.New(fault.Forbidden, "this server hides nobody")
	}
	r := *step.Withdrawal
	if err := change.CheckText(r.Note.Why, maxReason); err != nil {
		return fault.In(fault.Invalid, []any{"why"}, "why %s", err)
	}
	r.Note.By, r.Note.At = w.by, e.config.Clock()
	out, err := e.config.Persons.Withdraw(ctx, &r)
	if err != nil {
		return err
	}
	if !r.DryRun {
		e.feed.Forget()
	}
	ctx = e.store.Steady(ctx)
	record, err := e.withdrawal(ctx, &r, &out)
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "this was done, as change %d, but what came of it could not be told: %v", out.Change, err)
	}
	return e.computed.Put(ctx, w.Plan, result, w.params, step.Slot, record)
}

// withdrawal is what came of a request, as a record.
func (e *Edge) withdrawal(ctx context.Context, r *withdraw.Request, out *withdraw.Outcome) (computed.Record, error) {
	changed, err := analytics.Change(ctx, e.computed, out.Change)
	if err != nil {
		return nil, err
	}
	record := fields{"change": changed, "things": out.Things, "facts": out.Facts, "links": out.Links, "mentions": []string{}, "person": nil}
	switch {
	case r.Action != withdraw.Show:
		record["mentions"], err = e.editor.Mentioning(ctx, &out.Traces, maxMentions)
	case !r.DryRun:
		record["person"] = computed.ID(out.Traces.IDs[0])
	}
	return record, err
}

// hiddenPersons lists the persons who are hidden.
func (e *Edge) hiddenPersons(ctx context.Context, call computed.Call) (any, error) {
	if _, err := auth.Allow(ctx, auth.Administer); err != nil {
		return nil, err
	}
	all := []computed.Record{}
	first, err := firstOf(call.Args, maxHidden)
	if err != nil || first == 0 || e.config.Persons == nil {
		return all, err
	}
	after := call.Args["after"]
	if !after.IsNull() && after.Num < 1 { // nobody was hidden before the first change
		return all, nil
	}
	found, err := e.config.Persons.Hidden(ctx, int(after.Num), first)
	if err != nil {
		return nil, err
	}
	for _, h := range found {
		all = append(all, fields{
			"number": h.Number, "at": value.FormatMoment(h.At), "by": orNull(h.By), "why": orNull(h.Why), "id": h.ID, "name": h.Name,
			"things": h.Things, "facts": h.Facts, "links": h.Links,
		})
	}
	return all, nil
}
