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
	b, later, err := cohortOf(ctx, call)
	if err != nil {
		return nil, err
	}
	var earlier []*Cohort
	if id := call.Args.Text("earlier"); id != "" {
		c := b.Cohort(id)
		if c == nil {
			return nil, fault.New(fault.Invalid, "earlier: there is no cohort with the id %q", id)
		}
		earlier = []*Cohort{c}
	} else {
		earlier = b.cohortsWhere(func(c *Cohort) bool { return c.year < later.year })
	}
	return flowBetween(ctx, call, b, earlier, []*Cohort{later})
}

// cohortFlow is the flow between all cohorts, or those of a program.
func cohortFlow(ctx context.Context, call computed.Call) (any, error) {
	b, err := bodiesOf(ctx, call.Engine)
	if err != nil {
		return nil, err
	}
	program := call.Args.Text("program")
	all := b.cohortsWhere(func(c *Cohort) bool { return program == "" || c.program == program })
	if program != "" && len(all) == 0 {
		if err := checkProgram(ctx, call.Engine, program); err != nil {
			return nil, err
		}
	}
	return flowBetween(ctx, call, b, all, all)
}

// checkProgram refuses an id that no program has, rather than telling of nothing that flows.
func checkProgram(ctx context.Context, e *computed.Engine, id string) error {
	if known, err := e.Has(ctx, "Program", id); err != nil || known {
		return err
	}
	return fault.New(fault.Invalid, "program: there is no program with the id %q", id)
}

// cohortsWhere are the cohorts that meet a condition, by year, then id.
func (b *Bodies) cohortsWhere(meets func(*Cohort) bool) []*Cohort {
	var all []*Cohort
	for _, c := range b.Cohorts {
		if meets(c) {
			all = append(all, c)
		}
	}
	return all
}

// flow is a question about what flows between cohorts.
type flow struct {
	*inquiry
	circles map[*Cohort]*Circle
}

// pairing is a cell of a matrix before it is worked out.
type pairing struct{ from, to *Circle }

func flowBetween(ctx context.Context, call computed.Call, b *Bodies, from, to []*Cohort) (computed.Record, error) {
	q, err := inquire(ctx, call, defaultHops)
	if err != nil {
		return nil, err
	}
	q.reach = call.Args.TextOr("reach", "CIRCLE")
	f := flow{inquiry: q, circles: map[*Cohort]*Circle{}}
	for _, c := range slices.Concat(from, to) {
		if f.circles[c] == nil {
			f.circles[c] = b.Circle(c, q.reach, q.question.Possible)
		}
	}
	return f.record(ctx, b.cohortsWhere(func(c *Cohort) bool { return f.circles[c] != nil }), from, to), nil
}

func (f *flow) record(ctx context.Context, shown, from, to []*Cohort) computed.Record {
	var cells []pairing
	for _, one := range from {
		for _, other := range to {
			cells = append(cells, pairing{f.circles[one], f.circles[other]})
		}
	}
	return f.counted(computed.Object{
		"cohortCount": len(shown), "cohorts": computed.Records(shown, func(c *Cohort) computed.Record { return f.circles[c].record() }),
		"cellCount": len(cells),
		"cells": computed.Lazy(func(args computed.Args) (any, error) {
			page, err := computed.Part(args, cells)
			if err != nil {
				return nil, err
			}
			return f.cells(ctx, page)
		}),
	})
}

func (f *flow) cells(ctx context.Context, page []pairing) ([]computed.Record, error) {
	all := make([]computed.Record, len(page))
	for i, p := range page {
		c, err := f.cell(ctx, p)
		if err != nil {
			return nil, bounded(err)
		}
		all[i] = c.record(f.inquiry, p)
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
func (f *flow) cell(ctx context.Context, p pairing) (*cell, error) {
	question := f.question
	question.Through = func(party int) bool {
		id := f.steps.Parties[party]
		return !p.from.has(id) && !p.to.has(id)
	}
	c := &cell{teachers: map[string]bool{}, learners: map[string]bool{}, learned: map[string]bool{}, citation: map[string]bool{}}
	for _, id := range p.to.IDs {
		learner, ok := f.steps.Party(id)
		if !ok {
			continue
		}
		reach, err := f.steps.Upstream(ctx, &question, learner)
		if err != nil {
			return nil, err
		}
		for _, r := range reach.All {
			if !p.from.has(f.steps.Parties[r.Party]) {
				continue
			}
			if err := c.add(f.steps, reach.Chains(ctx, r)); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(c.chains, f.steps.compareChains)
	return c, nil
}

func (s *Steps) compareChains(a, b diffusion.Chain) int {
	first := func(c diffusion.Chain) int { return s.Steps[c[0]].From }
	last := func(c diffusion.Chain) int { return s.Steps[c[len(c)-1]].To }
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(first(a), first(b)), cmp.Compare(last(a), last(b)))
}

func (c *cell) add(steps *Steps, chains *diffusion.Chains) error {
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
	c.teachers[steps.Parties[chains.From]] = true
	c.learners[steps.Parties[chains.To]] = true
	for _, chain := range found {
		for _, i := range chain {
			c.learned[steps.Steps[i].ID] = true
			for _, source := range steps.sources.of(i) {
				c.citation[source] = true
			}
		}
	}
	return nil
}

func (c *cell) record(q *inquiry, p pairing) computed.Record {
	return computed.Object{
		"from": computed.ID(p.from.cohort.ID), "to": computed.ID(p.to.cohort.ID),
		"teacherCount": len(c.teachers), "teachers": computed.Nodes(computed.Sorted(c.teachers)),
		"learnerCount": len(c.learners), "learners": computed.Nodes(computed.Sorted(c.learners)),
		"chainCount": len(c.chains), "chains": computed.Records(c.chains, func(chain diffusion.Chain) computed.Record { return &path{q, chain} }),
		"learningCount": len(c.learned), "learnings": computed.Nodes(computed.Sorted(c.learned)),
		"sourceCount": len(c.citation), "sources": computed.Nodes(computed.Sorted(c.citation)),
	}
}
