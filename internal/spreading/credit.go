package spreading

import (
	"context"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/spread"
)

// reproduction is how many learners each adopter brings along, put together by period,
// generation or group.
func (s *Spread) reproduction(ctx context.Context, args computed.Args) (any, error) {
	by, rule, window := args.TextOr("by", "PERIOD"), args.TextOr("rule", "EARLIEST"), args.Number("window", 0)
	if given := args["window"]; !given.IsNull() && window < 1 {
		return nil, fault.New(fault.Invalid, "window is %d; give 1 period or more, or none to count all learners", window)
	}
	if by == "GENERATION" && (rule == "FRACTIONAL" || rule == "POSSIBLE") {
		return nil, fault.New(fault.Invalid, "%s makes no trees, so there are no generations; ask with EARLIEST, LATEST or RECORDED, or by PERIOD or GROUP", rule)
	}
	cohorts, err := memo(ctx, s, reproductionKey{s.learned("reproduction", rule), by, window}, func(ctx context.Context) ([]spread.Cohort, error) {
		a, err := s.attribution(ctx, rule)
		if err != nil {
			return nil, err
		}
		return a.Reproduction(ctx, reproductionBy[by], window)
	})
	if err != nil {
		return nil, err
	}
	all := make([]computed.Record, len(cohorts))
	for i, c := range cohorts {
		all[i] = s.reproductionOf(by, c)
	}
	return all, nil
}

type reproductionKey struct {
	learned
	by     string
	window int
}

var reproductionBy = map[string]spread.By{"PERIOD": spread.ByPeriod, "GENERATION": spread.ByGeneration, "GROUP": spread.ByGroup}

func (s *Spread) reproductionOf(by string, c spread.Cohort) computed.Record {
	o := computed.Object{"adopters": c.Adopters, "roots": c.Roots, "learners": c.Learners, "value": c.Mean(), "followUp": c.FollowUp}
	switch {
	case by == "PERIOD":
		o["period"] = s.label(c.Key)
	case by == "GENERATION":
		o["generation"] = int(c.Key)
	case c.Key != spread.None:
		o["group"] = s.Groups[c.Key]
	}
	return o
}

// flow is what passed between groups by a rule, with the pairs behind it.
type flow struct {
	cells     []spread.Flow
	pairs     [][]pair // per cell, by learner, then by source
	ungrouped int      // pairs of which one end has no group
}

// groupFlow tells between which groups the practice travels.
func (s *Spread) groupFlow(ctx context.Context, args computed.Args) (any, error) {
	rule := args.TextOr("rule", "EARLIEST")
	if rule == "FRACTIONAL" {
		return nil, fault.New(fault.Invalid, "FRACTIONAL makes no edges to count between groups; ask with POSSIBLE, EARLIEST, LATEST or RECORDED")
	}
	f, err := memo(ctx, s, s.learned("flow", rule), func(ctx context.Context) (*flow, error) { return s.flow(ctx, rule) })
	if err != nil {
		return nil, err
	}
	facts, err := s.factsBy(ctx, rule)
	if err != nil {
		return nil, err
	}
	cells := make([]computed.Record, len(f.cells))
	for i, c := range f.cells {
		cells[i] = computed.Object{
			"sourceGroup": s.Groups[c.Source], "learnerGroup": s.Groups[c.Learner], "count": c.Links,
			"edges": computed.Records(f.pairs[i], func(p pair) computed.Record { return s.edge(p, facts) }),
		}
	}
	return computed.Object{"rule": rule, "ungrouped": f.ungrouped, "cells": cells}, nil
}

func (s *Spread) flow(ctx context.Context, rule string) (*flow, error) {
	a, err := s.attribution(ctx, rule)
	if err != nil {
		return nil, err
	}
	cells, err := a.Flow(ctx)
	if err != nil {
		return nil, err
	}
	f, at := &flow{}, map[[2]int32]int{}
	for _, c := range cells {
		if c.Source == spread.None || c.Learner == spread.None {
			continue
		}
		at[[2]int32{c.Source, c.Learner}] = len(f.cells)
		f.cells = append(f.cells, c)
	}
	f.pairs = make([][]pair, len(f.cells))
	return f, a.Links(ctx, func(source, learner int32, _ float64) {
		if i, ok := at[s.groupsOf(source, learner)]; ok {
			f.pairs[i] = append(f.pairs[i], pair{source, learner})
			return
		}
		f.ungrouped++
	})
}

func (s *Spread) groupsOf(source, learner int32) [2]int32 {
	if s.Panel.Group == nil {
		return [2]int32{spread.None, spread.None}
	}
	return [2]int32{s.Panel.Group[source], s.Panel.Group[learner]}
}
