package lineage

import (
	"context"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
)

// origins tells where a practice came from, and the broader ones when asked.
func origins(ctx context.Context, call computed.Call) (any, error) {
	n, err := Of(ctx, call.Engine)
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
	all := make([]computed.Record, len(row))
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

func (n *Network) origin(ctx context.Context, s *settings, p *Practice, level int) computed.Record {
	roots := n.roots(s, p.id)
	o := computed.Object{
		"practice": computed.ID(p.id), "level": level, "origin": computed.Node(p.origin),
		"rootCount": len(roots), "roots": computed.Nodes(roots),
	}
	if p.origin != "" {
		o["spread"] = computed.Lazy(func(computed.Args) (any, error) { return n.lineage(ctx, s, p.origin, false) })
	}
	return o
}

// roots are the parties that taught a practice and learned it from nobody.
func (n *Network) roots(s *settings, practice string) []string {
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
	return computed.Sorted(taught)
}
