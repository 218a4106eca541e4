package analytics

import (
	"context"
	"slices"
	"time"

	"nicgraph/internal/change"
	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// changeOf is the change with a number, null when there is none.
func changeOf(ctx context.Context, call computed.Call) (any, error) {
	return Change(ctx, call.Engine, call.Args.Number("number", 0))
}

// lastChange is the newest change, null before the first.
func lastChange(ctx context.Context, call computed.Call) (any, error) {
	last, err := call.Engine.Store.Changes(ctx, &change.Ask{Backward: true, First: 1})
	if err != nil || len(last) == 0 {
		return nil, err
	}
	return changeRecord(ctx, call.Engine, &last[0]), nil
}

// Change is the change with a number as a record, nil when there is none.
func Change(ctx context.Context, e *computed.Engine, number int) (any, error) {
	if number < 1 {
		return nil, nil
	}
	found, err := e.Store.Changes(ctx, &change.Ask{After: number - 1, Before: number + 1, First: 1})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return changeRecord(ctx, e, &found[0]), nil
}

func changeRecord(ctx context.Context, e *computed.Engine, r *change.Recorded) computed.Record {
	return computed.Object{
		"number": r.Number, "at": value.FormatMoment(r.Note.At), "by": computed.OrNull(r.Note.By), "why": computed.OrNull(r.Note.Why),
		"created": r.Summary.Created, "updated": r.Summary.Updated, "unchanged": r.Summary.Unchanged, "deleted": r.Summary.Deleted,
		"entries": computed.Lazy(func(args computed.Args) (any, error) {
			paging := plan.Many{First: plan.Operand{Const: args["first"]}}
			page, err := paging.Page(nil)
			if err != nil {
				return nil, err
			}
			entries, err := e.Store.Entries(ctx, r.Number, args.Text("after"), page.First)
			return entryRecords(ctx, e, entries), err
		}),
	}
}

func entryRecords(ctx context.Context, e *computed.Engine, entries []change.Entry) []computed.Record {
	all := make([]computed.Record, len(entries))
	for i := range entries {
		all[i] = entryRecord(ctx, e, &entries[i])
	}
	return all
}

func entryRecord(ctx context.Context, e *computed.Engine, entry *change.Entry) computed.Record {
	o := entryObject(entry)
	o["node"] = computed.ID(entry.ID)
	o["change"] = computed.Lazy(func(computed.Args) (any, error) { return Change(ctx, e, entry.Change) })
	return o
}

// EntryRecord is what a change that is not made yet would do to a node, as a record.
func EntryRecord(entry *change.Entry) computed.Record { return entryObject(entry) }

func entryObject(entry *change.Entry) computed.Object {
	o := computed.Object{
		"id": entry.ID, "type": nil, "action": actionOf(entry),
		"fields": computed.Lazy(func(computed.Args) (any, error) {
			return fieldRecords(change.Difference(entry.Before, entry.After)), nil
		}),
	}
	if entry.Type != nil {
		o["type"] = entry.Type.EnumName()
	}
	return o
}

func actionOf(e *change.Entry) string {
	switch {
	case e.Before == nil:
		return "CREATED"
	case e.After == nil:
		return "DELETED"
	default:
		return "UPDATED"
	}
}

func fieldRecords(fields []change.FieldChange) []computed.Record {
	all := make([]computed.Record, len(fields))
	for i, f := range fields {
		all[i] = computed.Object{"field": f.Field, "before": textOrNull(f.Before), "after": textOrNull(f.After)}
	}
	return all
}

func textOrNull(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}

// numbered pages through what has the numbers of changes, the newest first.
type numbered struct {
	order         []plan.Key
	first         int
	backward      bool
	after, before int // numbers in the page's order: after is the larger; 0: none
}

// numberedOf reads paging arguments. Cursors of one name do not serve for another.
func numberedOf(name string, args computed.Args) (n numbered, err error) {
	n.order = []plan.Key{{Property: name, Kind: value.Int, Desc: true}}
	operand := func(name string) plan.Operand { return plan.Operand{Const: args[name]} }
	paging := plan.Many{Order: n.order, First: operand("first"), After: operand("after"), Last: operand("last"), Before: operand("before")}
	page, err := paging.Page(nil)
	if err != nil {
		return n, err
	}
	n.first, n.backward = page.First, page.Backward
	if page.After != nil {
		n.after = int(page.After[0].Num)
	}
	if page.Before != nil {
		n.before = int(page.Before[0].Num)
	}
	return n, nil
}

func (n *numbered) cursor(number int) string {
	return string(plan.AppendCursor(nil, n.order, []value.Value{value.OfInt(int64(number))}))
}

// connection is a page as a record. more tells that something lies behind the side to which it
// was walked.
func (n *numbered) connection(nodes []computed.Record, numbers []int, more bool) computed.Record {
	edges := make([]computed.Record, len(nodes))
	for i, node := range nodes {
		edges[i] = computed.Object{"node": node, "cursor": n.cursor(numbers[i])}
	}
	info := computed.Object{"hasNextPage": more, "hasPreviousPage": n.after > 0, "startCursor": nil, "endCursor": nil}
	if n.backward {
		info["hasNextPage"], info["hasPreviousPage"] = n.before > 0, more
	}
	if len(numbers) > 0 {
		info["startCursor"], info["endCursor"] = n.cursor(numbers[0]), n.cursor(numbers[len(numbers)-1])
	}
	return computed.Object{"edges": edges, "nodes": nodes, "pageInfo": info}
}

// changesOf pages through the changes, the newest first.
func changesOf(ctx context.Context, call computed.Call) (any, error) {
	ask, n, err := askOf(call.Args)
	if err != nil {
		return nil, err
	}
	found, err := call.Engine.Store.Changes(ctx, &ask)
	if err != nil {
		return nil, err
	}
	more := len(found) > n.first
	found = found[:min(n.first, len(found))]
	if n.backward {
		slices.Reverse(found)
	}
	nodes, numbers := make([]computed.Record, len(found)), make([]int, len(found))
	for i := range found {
		nodes[i], numbers[i] = changeRecord(ctx, call.Engine, &found[i]), found[i].Number
	}
	return n.connection(nodes, numbers, more), nil
}

func checkChanges(call computed.Call) error {
	_, _, err := askOf(call.Args)
	return err
}

// askOf is what is asked of the history, for one change more than the page holds.
func askOf(args computed.Args) (change.Ask, numbered, error) {
	n, err := numberedOf("changes", args)
	if err != nil {
		return change.Ask{}, n, err
	}
	ask := change.Ask{After: n.before, Before: n.after, Backward: !n.backward, First: n.first + 1}
	if by, given := args["by"]; given && !by.IsNull() {
		ask.By = &by.Str
	}
	if ask.Since, err = momentOf(args, "since"); err != nil {
		return ask, n, err
	}
	ask.Until, err = momentOf(args, "until")
	return ask, n, err
}

func momentOf(args computed.Args, name string) (time.Time, error) {
	text := args.Text(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := value.ParseMoment(text)
	if err != nil {
		return at, fault.New(fault.Invalid, "%s: %s", name, err)
	}
	return at, nil
}

// historyOf pages through what was done to a node, the newest first.
func historyOf(ctx context.Context, call computed.Call) (any, error) {
	n, err := numberedOf("history", call.Args)
	if err != nil {
		return nil, err
	}
	found, err := call.Engine.Store.NodeHistory(ctx, call.Args.Text("id"), n.after, n.first+1)
	if err != nil {
		return nil, err
	}
	more := len(found) > n.first
	found = found[:min(n.first, len(found))]
	numbers := make([]int, len(found))
	for i := range found {
		numbers[i] = found[i].Change
	}
	return n.connection(entryRecords(ctx, call.Engine, found), numbers, more), nil
}

func checkHistory(call computed.Call) error {
	_, err := numberedOf("history", call.Args)
	return err
}
