package lineage

import (
	"context"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
)

// origins tells where a practice came from, and the broader ones when asked.
func origins(ctx context.Context, call computed.Call) (any, error) {
	q, err := ask(ctx, call, defaultHops)
	if err != nil {
		return nil, err
	}
	row := q.practices.broader(call.ID)
	if len(row) == 0 {
		return nil, fault.New(fault.Unavailable, "the practice %s has just changed; ask again", call.ID)
	}
	if call.Args["broader"].Num == 0 {
		row = row[:1]
	}
	var about []string
	all := make([]computed.Record, len(row))
	for level, p := range row {
		about = append(about, p.id)
		over, err := q.over(ctx, call.Engine, slices.Sorted(slices.Values(about)))
		if err != nil {
			return nil, err
		}
		all[level] = over.origin(ctx, p, level)
	}
	return all, nil
}

func (q *inquiry) origin(ctx context.Context, p *Practice, level int) computed.Record {
	roots := q.roots(p.id)
	o := computed.Object{
		"practice": computed.ID(p.id), "level": level, "origin": computed.Node(p.origin),
		"rootCount": len(roots), "roots": computed.Nodes(roots),
	}
	if p.origin != "" {
		o["spread"] = computed.Lazy(func(computed.Args) (any, error) { return q.lineage(ctx, p.origin, false) })
	}
	return o
}

// roots are the parties that taught a practice and learned it from nobody, ascending.
func (q *inquiry) roots(practice string) []string {
	taught, learned := make([]bool, len(q.steps.Parties)), make([]bool, len(q.steps.Parties))
	for i := range q.steps.Steps {
		step := &q.steps.Steps[i]
		if step.Practice == practice && q.question.Uses(step) {
			taught[step.From], learned[step.To] = true, true
		}
	}
	var roots []string
	for party, id := range q.steps.Parties {
		if taught[party] && !learned[party] {
			roots = append(roots, id)
		}
	}
	return roots
}
