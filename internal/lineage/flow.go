package lineage

import (
	"cmp"
	"context"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/diffusion"
	"nicgraph/internal/fault"
)

// learnedFrom is the flow from earlier cohorts to one.
func learnedFrom(ctx context.Context, call computed.Call) (any, error) {
	n, later, err := cohortOf(ctx, call)
	if err != nil {
		return nil, err
	}
	var earlier []*Cohort
	if id := call.Args.Text("earlier"); id != "" {
		c := n.Cohort(id)
		if c == nil {
			return nil, fault.New(fault.Invalid, "earlier: there is no cohort with the id %q", id)
		}
		earlier = []*Cohort{c}
	} else {
		earlier = n.cohortsWhere(func(c *Cohort) bool { return c.year < later.year })
	}
	return n.flow(ctx, call.Args, earlier, []*Cohort{later})
}

// cohortFlow is the flow between all cohorts, or those of a program.
func cohortFlow(ctx context.Context, call computed.Call) (any, error) {
	n, err := Of(ctx, call.Engine)
	if err != nil {
		return nil, err
	}
	program := call.Args.Text("program")
	all := n.cohortsWhere(func(c *Cohort) bool { return program == "" || c.program == program })
	return n.flow(ctx, call.Args, all, all)
}

// cohortsWhere are the cohorts that meet a condition, by year, then id.
func (n *Network) cohortsWhere(meets func(*Cohort) bool) []*Cohort {
	var all []*Cohort
	for _, c := range n.Cohorts {
		if meets(c) {
			all = append(all, c)
		}
	}
	return all
}

// pairing is a cell of a matrix before it is worked out.
type pairing struct{ from, to *Circle }

func (n *Network) flow(ctx context.Context, args computed.Args, from, to []*Cohort) (computed.Record, error) {
	s, err := n.settings(args, defaultHops)
	if err != nil {
		return nil, err
	}
	s.reach = args.TextOr("reach", "CIRCLE")
	circles := n.circles(s, from, to)
	var cells []pairing
	for _, f := range from {
		for _, t := range to {
			cells = append(cells, pairing{circles[f], circles[t]})
		}
	}
	shown := n.cohortsWhere(func(c *Cohort) bool { return circles[c] != nil })
	return s.counted(computed.Object{
		"cohortCount": len(shown), "cohorts": computed.Records(shown, func(c *Cohort) computed.Record { return circles[c].record() }),
		"cellCount": len(cells),
		"cells": computed.Lazy(func(args computed.Args) (any, error) {
			page, err := computed.Part(args, cells)
			if err != nil {
				return nil, err
			}
			return n.cells(ctx, s, page)
		}),
	}), nil
}

func (n *Network) circles(s *settings, lists ...[]*Cohort) map[*Cohort]*Circle {
	circles := map[*Cohort]*Circle{}
	for _, c := range slices.Concat(lists...) {
		if circles[c] == nil {
			circles[c] = n.Circle(c, s.reach, s.question.Possible)
		}
	}
	return circles
}

func (n *Network) cells(ctx context.Context, s *settings, page []pairing) ([]computed.Record, error) {
	all := make([]computed.Record, len(page))
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
func (n *Network) cell(ctx context.Context, s *settings, p pairing) (*cell, error) {
	question := s.question
	question.Through = func(party int) bool {
		id := n.steps.Parties[party]
		return !p.from.has(id) && !p.to.has(id)
	}
	c := &cell{teachers: map[string]bool{}, learners: map[string]bool{}, learned: map[string]bool{}, citation: map[string]bool{}}
	for _, id := range p.to.IDs {
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

func (n *Network) compareChains(a, b diffusion.Chain) int {
	first := func(c diffusion.Chain) int { return n.steps.Steps[c[0]].From }
	last := func(c diffusion.Chain) int { return n.steps.Steps[c[len(c)-1]].To }
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(first(a), first(b)), cmp.Compare(last(a), last(b)))
}

func (c *cell) add(n *Network, chains *diffusion.Chains) error {
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

func (c *cell) record(n *Network, s *settings, p pairing) computed.Record {
	return computed.Object{
		"from": computed.ID(p.from.cohort.ID), "to": computed.ID(p.to.cohort.ID),
		"teacherCount": len(c.teachers), "teachers": computed.Nodes(computed.Sorted(c.teachers)),
		"learnerCount": len(c.learners), "learners": computed.Nodes(computed.Sorted(c.learners)),
		"chainCount": len(c.chains), "chains": computed.Records(c.chains, func(chain diffusion.Chain) computed.Record { return n.path(s, chain) }),
		"learningCount": len(c.learned), "learnings": computed.Nodes(computed.Sorted(c.learned)),
		"sourceCount": len(c.citation), "sources": computed.Nodes(computed.Sorted(c.citation)),
	}
}
