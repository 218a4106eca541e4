package analytics

import (
	"cmp"
	"context"
	"slices"

	"nicgraph/internal/diffusion"
	"nicgraph/internal/fault"
)

// learnedFrom is the flow from earlier cohorts to one.
func learnedFrom(ctx context.Context, call Call) (any, error) {
	n, later, err := cohortOf(ctx, call)
	if err != nil {
		return nil, err
	}
	var earlier []*cohort
	if id := call.Args.text("earlier"); id != "" {
		c := n.cohort(id)
		if c == nil {
			return nil, fault.New(fault.Invalid, "earlier: there is no cohort with the id %q", id)
		}
		earlier = []*cohort{c}
	} else {
		earlier = n.cohortsWhere(func(c *cohort) bool { return c.year < later.year })
	}
	return n.flow(ctx, call.Args, earlier, []*cohort{later})
}

// cohortFlow is the flow between all cohorts, or those of a program.
func cohortFlow(ctx context.Context, call Call) (any, error) {
	n, err := call.Engine.network(ctx)
	if err != nil {
		return nil, err
	}
	program := call.Args.text("program")
	all := n.cohortsWhere(func(c *cohort) bool { return program == "" || c.program == program })
	return n.flow(ctx, call.Args, all, all)
}

// cohortsWhere are the cohorts that meet a condition, by year, then id.
func (n *network) cohortsWhere(meets func(*cohort) bool) []*cohort {
	var all []*cohort
	for _, c := range n.cohorts {
		if meets(c) {
			all = append(all, c)
		}
	}
	return all
}

// pairing is a cell of a matrix before it is worked out.
type pairing struct{ from, to *circle }

func (n *network) flow(ctx context.Context, args Args, from, to []*cohort) (Record, error) {
	s, err := n.settings(args, defaultHops)
	if err != nil {
		return nil, err
	}
	s.reach = args.textOr("reach", "CIRCLE")
	circles := n.circles(s, from, to)
	var cells []pairing
	for _, f := range from {
		for _, t := range to {
			cells = append(cells, pairing{circles[f], circles[t]})
		}
	}
	shown := n.cohortsWhere(func(c *cohort) bool { return circles[c] != nil })
	return s.counted(object{
		"cohortCount": len(shown), "cohorts": records(shown, func(c *cohort) Record { return circles[c].record() }),
		"cellCount": len(cells),
		"cells": lazy(func(args Args) (any, error) {
			page, err := part(args, cells)
			if err != nil {
				return nil, err
			}
			return n.cells(ctx, s, page)
		}),
	}), nil
}

func (n *network) circles(s *settings, lists ...[]*cohort) map[*cohort]*circle {
	circles := map[*cohort]*circle{}
	for _, c := range slices.Concat(lists...) {
		if circles[c] == nil {
			circles[c] = n.circle(c, s.reach, s.question.Possible)
		}
	}
	return circles
}

func (n *network) cells(ctx context.Context, s *settings, page []pairing) ([]Record, error) {
	all := make([]Record, len(page))
	for i, p := range page {
		c, err := n.cell(ctx, s, p)
		if err != nil {
			return nil, bounded(err)
		}
		all[i] = c.record(n, s, p)
	}
	return all, nil
}

// cell is what flows from a cohort to a cohort.
type cell struct {
	chains                                []diffusion.Chain // by hops, then teacher, learner, ids of steps
	teachers, learners, learned, citation map[string]bool
}

// maxCellChains bounds the chains of a cell.
const maxCellChains = 100_000

// cell finds the chains from a party of one circle to a party of another that pass no
// other party of either: for each two parties those of the fewest steps.
func (n *network) cell(ctx context.Context, s *settings, p pairing) (*cell, error) {
	question := s.question
	question.Through = func(party int) bool {
		id := n.steps.Parties[party]
		return !p.from.has(id) && !p.to.has(id)
	}
	c := &cell{teachers: map[string]bool{}, learners: map[string]bool{}, learned: map[string]bool{}, citation: map[string]bool{}}
	for _, id := range p.to.ids {
		learner, ok := n.steps.Party(id)
		if !ok {
			continue
		}
		reached, err := n.steps.Upstream(ctx, &question, learner)
		if err != nil {
			return nil, err
		}
		for _, r := range reached {
			if !p.from.has(n.steps.Parties[r.Party]) {
				continue
			}
			if err := c.add(n, n.steps.ShortestOf(ctx, &question, r.Party, learner, r.Hops)); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(c.chains, n.compareChains)
	return c, nil
}

func (n *network) compareChains(a, b diffusion.Chain) int {
	first := func(c diffusion.Chain) int { return n.steps.Steps[c[0]].From }
	last := func(c diffusion.Chain) int { return n.steps.Steps[c[len(c)-1]].To }
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(first(a), first(b)), cmp.Compare(last(a), last(b)))
}

func (c *cell) add(n *network, chains *diffusion.Chains) error {
	count, err := chains.Count()
	if err != nil {
		return err
	}
	if len(c.chains)+count > maxCellChains {
		return diffusion.ErrWork
	}
	found, err := chains.Page(count, 0)
	if err != nil {
		return err
	}
	c.chains = append(c.chains, found...)
	c.teachers[n.steps.Parties[chains.From]] = true
	c.learners[n.steps.Parties[chains.To]] = true
	for _, chain := range found {
		for _, i := range chain {
			id := n.steps.Steps[i].ID
			c.learned[id] = true
			for _, source := range n.citations[id] {
				c.citation[source] = true
			}
		}
	}
	return nil
}

func (c *cell) record(n *network, s *settings, p pairing) Record {
	return object{
		"from": ID(p.from.cohort.id), "to": ID(p.to.cohort.id),
		"teacherCount": len(c.teachers), "teachers": nodes(sorted(c.teachers)),
		"learnerCount": len(c.learners), "learners": nodes(sorted(c.learners)),
		"chainCount": len(c.chains), "chains": records(c.chains, func(chain diffusion.Chain) Record { return n.path(s, chain) }),
		"learningCount": len(c.learned), "learnings": nodes(sorted(c.learned)),
		"sourceCount": len(c.citation), "sources": nodes(sorted(c.citation)),
	}
}
