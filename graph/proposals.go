package graph

import (
	"context"
	"maps"
	"math"
	"strconv"
	"strings"

	"nicgraph/internal/analytics"
	"nicgraph/internal/auth"
	"nicgraph/internal/change"
	"nicgraph/internal/compile"
	"nicgraph/internal/computed"
	"nicgraph/internal/edit"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/proposal"
	"nicgraph/internal/review"
	"nicgraph/internal/value"
)

// computedFields are the computed fields of the served schema, with those that are not about the graph.
func (e *Edge) computedFields() map[string]computed.Field {
	all := maps.Clone(analytics.Fields())
	all["proposal"], all["proposals"], all["hiddenPersons"] = e.proposalOf, e.proposalsOf, e.hiddenPersons
	return all
}

// proposer is who may propose in ctx, nobody when nobody may.
func (e *Edge) proposer(ctx context.Context) auth.Viewer {
	v := auth.FromContext(ctx)
	if e.desk == nil || !v.Known() || !v.May(auth.Propose) {
		return auth.Viewer{}
	}
	return v
}

// propose keeps a step as a proposal, and tells what would come of it. Repeated with its key, it
// tells of the proposal of then.
func (e *Edge) propose(ctx context.Context, w *writing, step *compile.Step, result *plan.Result) error {
	if err := review.CheckKey(step.Key); err != nil {
		return err
	}
	p, known, err := e.desk.Known(ctx, w.viewer, step.Key)
	if err != nil {
		return err
	}
	if known {
		return e.proposed(ctx, w, step, result, p)
	}
	p, effect, err := e.desk.Propose(ctx, w.viewer, &step.Request)
	if err != nil {
		return err
	}
	record, err := e.proposalRecord(ctx, &p, func() (*review.Effect, error) { return effect, nil })
	if err != nil {
		return err
	}
	dry := step.Request
	dry.DryRun = true
	err = e.editor.Do(ctx, &dry, edit.Writer{Name: w.by, At: e.config.Clock()}, func(ctx context.Context, done edit.Done) error {
		return e.put(ctx, w, step, result, done, record)
	})
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "this was proposed, as proposal %d, but what would come of it could not be told: %v", p.Number, err)
	}
	return nil
}

// proposed tells of a proposal that was made before.
func (e *Edge) proposed(ctx context.Context, w *writing, step *compile.Step, result *plan.Result, p proposal.Proposal) error {
	record, err := e.proposalRecord(ctx, &p, func() (*review.Effect, error) { return e.desk.Effect(ctx, &p) })
	if err != nil {
		return err
	}
	return e.put(ctx, w, step, result, edit.Done{}, record)
}

// put tells what came of a step, or would.
func (e *Edge) put(ctx context.Context, w *writing, step *compile.Step, result *plan.Result, done edit.Done, p computed.Record) error {
	record, err := e.payload(ctx, step.Type, done)
	if err != nil {
		return err
	}
	record["proposal"] = p
	return e.computed.Put(ctx, w.Plan, result, w.params, step.Slot, record)
}

// decide does something with a proposal.
func (e *Edge) decide(ctx context.Context, w *writing, step *compile.Step, result *plan.Result) error {
	if e.desk == nil {
		return noProposals()
	}
	number, err := numberOf(step.Decision.ID)
	if err != nil {
		return err
	}
	p, err := e.desk.Do(ctx, step.Decision.Action, number, step.Decision.Text)
	if err != nil {
		return err
	}
	ctx = e.store.Steady(ctx)
	record, err := e.proposalRecord(ctx, &p, func() (*review.Effect, error) { return e.desk.Effect(ctx, &p) })
	if err != nil {
		return err
	}
	return e.computed.Put(ctx, w.Plan, result, w.params, step.Slot, record)
}

func noProposals() error { return fault.New(fault.Forbidden, "this server takes no proposals") }

// numberOf is the number that the id of a proposal is.
func numberOf(id string) (int, error) {
	number, err := strconv.Atoi(id)
	if err != nil || number < 1 || number == math.MaxInt || strconv.Itoa(number) != id {
		return 0, fault.In(fault.NotFound, []any{"id"}, "there is no proposal %q", id)
	}
	return number, nil
}

// proposalOf is a proposal that the viewer may see, null when there is none.
func (e *Edge) proposalOf(ctx context.Context, call computed.Call) (any, error) {
	if e.desk == nil {
		return nil, nil
	}
	viewer, err := auth.Allow(ctx, auth.Propose)
	if err != nil {
		return nil, err
	}
	number, err := numberOf(call.Args["id"].Str)
	if err != nil {
		return nil, nil
	}
	p, err := e.desk.Find(ctx, viewer, number)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return e.proposalRecord(ctx, &p, func() (*review.Effect, error) { return e.desk.Effect(ctx, &p) })
}

// maxProposals bounds how many proposals are listed at once.
const maxProposals = 100

// proposalsOf lists the proposals that the viewer may see.
func (e *Edge) proposalsOf(ctx context.Context, call computed.Call) (any, error) {
	all := []computed.Record{}
	if e.desk == nil {
		return all, nil
	}
	viewer, err := auth.Allow(ctx, auth.Propose)
	if err != nil {
		return nil, err
	}
	ask, err := askOf(call.Args)
	if err != nil {
		return nil, err
	}
	found, err := e.desk.List(ctx, viewer, ask)
	if err != nil {
		return nil, err
	}
	for i := range found {
		p := &found[i]
		record, err := e.proposalRecord(ctx, p, func() (*review.Effect, error) { return e.desk.Effect(ctx, p) })
		if err != nil {
			return nil, err
		}
		all = append(all, record)
	}
	return all, nil
}

func askOf(args computed.Args) (ask proposal.Ask, err error) {
	if ask.First, err = firstOf(args, maxProposals); err != nil {
		return ask, err
	}
	ask.Status = proposal.Status(args["status"].Str)
	if after := args["after"]; !after.IsNull() {
		if ask.Before, err = numberOf(after.Str); err != nil {
			return ask, fault.New(fault.Invalid, "after: %q is not the id of a proposal", after.Str)
		}
		if ask.Before == 1 {
			ask.First = 0
		}
	}
	return ask, nil
}

// firstOf reads the argument first.
func firstOf(args computed.Args, most int) (int, error) {
	first := int(args["first"].Num)
	switch {
	case first < 0:
		return 0, fault.New(fault.Invalid, "first is %d; ask for 0 to %d", first, most)
	case first > most:
		return 0, fault.New(fault.Limit, "first is %d and at most %d come at once; ask for less and go on with after", first, most)
	default:
		return first, nil
	}
}

// proposalRecord is a proposal as a record. What it would do is worked out when it is selected.
func (e *Edge) proposalRecord(ctx context.Context, p *proposal.Proposal, effect func() (*review.Effect, error)) (computed.Record, error) {
	r, err := change.ReadRequest(e.catalog, p.Request)
	if err != nil {
		return nil, err
	}
	changed, err := analytics.Change(ctx, e.computed, p.Change)
	if err != nil {
		return nil, err
	}
	record := fields{
		"id": strconv.Itoa(p.Number), "status": string(p.Status), "by": p.By, "at": value.FormatMoment(p.Events[0].At), "why": orNull(r.Why),
		"action": strings.ToUpper(r.Action.String()), "type": nil, "request": string(p.Request), "change": changed, "events": eventRecords(p.Events),
	}
	if r.Type != nil {
		record["type"] = r.Type.EnumName()
	}
	return proposed{record, effect}, nil
}

// proposed is the record of a proposal.
type proposed struct {
	fields
	effect func() (*review.Effect, error)
}

// Field is a value of the record.
func (p proposed) Field(name string, args computed.Args) (any, error) {
	if name != "effect" {
		return p.fields.Field(name, args)
	}
	e, err := p.effect()
	if err != nil || e == nil {
		return nil, err
	}
	return effectRecord{e}, nil
}

func eventRecords(events []proposal.Event) []computed.Record {
	all := make([]computed.Record, len(events))
	for i, event := range events {
		all[i] = fields{"action": string(event.Action), "by": event.By, "at": value.FormatMoment(event.At), "text": orNull(event.Text)}
	}
	return all
}

// effectRecord is what a proposal would do.
type effectRecord struct{ *review.Effect }

// Field is a value of the record.
func (r effectRecord) Field(name string, args computed.Args) (any, error) {
	if name == "entries" {
		return r.entries(args)
	}
	counts := fields{
		"created": r.Created, "updated": r.Updated, "unchanged": r.Unchanged, "deleted": r.Deleted,
		"obstacles": append([]string{}, r.Obstacles...),
	}
	return counts[name], nil
}

func (r effectRecord) entries(args computed.Args) (any, error) {
	first, err := firstOf(args, plan.MaxPage)
	if err != nil {
		return nil, err
	}
	all := []computed.Record{}
	for i := range r.Entries {
		entry := &r.Entries[i]
		if len(all) < first && entry.ID > args["after"].Str {
			all = append(all, analytics.EntryRecord(entry))
		}
	}
	return all, nil
}

// orNull is a text, or null when it is empty.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
