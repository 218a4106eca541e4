package analytics

import (
	"context"

	"nicgraph/internal/fault"
)

// origins tells where a practice came from, and the broader ones when asked.
func origins(ctx context.Context, call Call) (any, error) {
	n, err := call.Engine.network(ctx)
	if err != nil {
		return nil, err
	}
	s, err := n.settings(call.Args, defaultHops)
	if err != nil {
		return nil, err
	}
	row := n.broader(call.ID)
	if len(row) == 0 {
		return nil, fault.New(fault.Unavailable, "the practice %s has just changed; ask again", call.ID)
	}
	if call.Args["broader"].Num == 0 {
		row = row[:1]
	}
	practices := map[string]bool{}
	all := make([]Record, len(row))
	for level, p := range row {
		practices[p.id] = true
		over := map[string]bool{}
		for id := range practices {
			over[id] = true
		}
		all[level] = n.origin(ctx, s.over(n, over), p, level)
	}
	return all, nil
}

func (n *network) origin(ctx context.Context, s *settings, p *practice, level int) Record {
	roots := n.roots(s, p.id)
	o := object{
		"practice": ID(p.id), "level": level, "origin": node(p.origin),
		"rootCount": len(roots), "roots": nodes(roots),
	}
	if p.origin != "" {
		o["spread"] = lazy(func(Args) (any, error) { return n.lineage(ctx, s, p.origin, false) })
	}
	return o
}

// roots are the parties that taught a practice and learned it from nobody.
func (n *network) roots(s *settings, practice string) []string {
	taught, learned := map[string]bool{}, map[string]bool{}
	for i := range n.steps.Steps {
		step := &n.steps.Steps[i]
		if step.Practice == practice && s.question.Use(step) {
			taught[n.steps.Parties[step.From]] = true
			learned[n.steps.Parties[step.To]] = true
		}
	}
	for id := range learned {
		delete(taught, id)
	}
	return sorted(taught)
}
