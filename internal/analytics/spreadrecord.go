package analytics

import (
	"context"
	"maps"
)

// spreadOf works out Query.spread.
func spreadOf(ctx context.Context, call Call) (any, error) {
	s, err := call.Engine.Spread(ctx, call)
	if err != nil {
		return nil, err
	}
	return s.record(ctx), nil
}

// record is the answer to a question about spread, each part worked out when it is
// selected.
func (s *Spread) record(ctx context.Context) object {
	o := object{
		"settings": s.settingsRecord(), "counts": s.countsRecord(), "memberCount": len(s.IDs),
		"curve":           lazy(func(args Args) (any, error) { return s.curve(ctx, args) }),
		"groups":          lazy(func(Args) (any, error) { return s.groups(), nil }),
		"members":         lazy(func(args Args) (any, error) { return s.members(ctx, args) }),
		"member":          lazy(func(args Args) (any, error) { return s.member(ctx, args.text("id")) }),
		"categories":      lazy(func(Args) (any, error) { return s.categoriesRecord(ctx) }),
		"thresholds":      lazy(func(args Args) (any, error) { return s.thresholdsRecord(ctx, args) }),
		"categoryTable":   lazy(func(Args) (any, error) { return s.categoryTable(ctx) }),
		"autocorrelation": lazy(func(args Args) (any, error) { return s.autocorrelation(ctx, args) }),
		"ties":            lazy(func(Args) (any, error) { return s.tieRecords(ctx) }),
		"bass":            lazy(func(args Args) (any, error) { return s.bass(ctx, args) }),
		"leaderTiming":    lazy(func(Args) (any, error) { return s.leaderTiming(ctx) }),
		"coAdoption":      lazy(func(args Args) (any, error) { return s.coAdoption(ctx, args) }),
		"survival":        lazy(func(args Args) (any, error) { return s.survival(args) }),
	}
	maps.Copy(o, learningFields(ctx, s))
	return o
}

func (s *Spread) settingsRecord() object {
	g := &s.Settings
	compat := "NONE"
	if g.Compat {
		compat = "NETDIFFUSER"
	}
	return object{
		"practice": ID(g.Practice), "narrower": g.Narrower, "study": node(g.Study), "groups": texted(g.Groups),
		"cohort": node(g.Cohort), "reach": orNull(g.Reach), "network": node(g.Network), "where": g.Where != "",
		"tieSources": g.TieSources, "tieKinds": texted(g.TieKinds), "tieConfidence": orNull(g.TieConfidence),
		"stages": texted(g.Stages), "confidence": orNull(g.Confidence),
		"periodUnit": s.Unit, "firstPeriod": s.Panel.First, "lastPeriod": s.label(int32(s.Panel.Periods - 1)),
		"lag": g.Lag, "timeOrder": g.TimeOrder, "tieTime": g.TieTime, "direction": g.Direction, "weights": g.Weights,
		"normalized": g.Normalized, "groupBy": orNull(s.GroupBy), "compat": compat, "nonAdopters": g.NonAdopters,
	}
}

// texted are texts, or null when there are none.
func texted(texts []string) any {
	if texts == nil {
		return nil
	}
	return texts
}

func (s *Spread) countsRecord() object {
	c := &s.Counts
	return object{
		"population": len(s.IDs), "adopters": c.Adopters, "never": c.Never, "unobserved": c.Unobserved, "leftCensored": c.LeftCensored,
		"notAsked": c.NotAsked, "undated": c.Undated, "codedAsAdopters": c.CodedAsAdopters,
		"pairs": c.Pairs, "tieFacts": c.TieFacts, "selfTies": c.SelfTies, "tiesToNotAsked": c.TiesToNotAsked,
		"tiesOutside": c.TiesOutside, "undatedTies": c.UndatedTies, "adoptionFacts": c.AdoptionFacts, "inferred": c.Inferred,
	}
}
