package spreading

import (
	"context"
	"maps"

	"nicgraph/internal/computed"
)

// Fields are the computed fields about spread, by name.
func Fields() map[string]computed.Field { return map[string]computed.Field{"spread": answer} }

// Checks are for those whose arguments are checked before anything is read.
func Checks() map[string]computed.Check { return map[string]computed.Check{"spread": check} }

// answer works out Query.spread.
func answer(ctx context.Context, call computed.Call) (any, error) {
	s, err := about(ctx, call)
	if err != nil {
		return nil, err
	}
	return s.record(ctx), nil
}

// record is the answer to a question about spread, each part worked out when it is
// selected.
func (s *Spread) record(ctx context.Context) computed.Object {
	o := computed.Object{
		"settings": s.settingsRecord(), "counts": s.countsRecord(), "memberCount": len(s.IDs),
		"curve":           computed.Lazy(func(args computed.Args) (any, error) { return s.curve(ctx, args) }),
		"groups":          computed.Lazy(func(computed.Args) (any, error) { return s.groups(), nil }),
		"members":         computed.Lazy(func(args computed.Args) (any, error) { return s.members(ctx, args) }),
		"member":          computed.Lazy(func(args computed.Args) (any, error) { return s.member(ctx, args.Text("id")) }),
		"categories":      computed.Lazy(func(computed.Args) (any, error) { return s.categoriesRecord(ctx) }),
		"thresholds":      computed.Lazy(func(args computed.Args) (any, error) { return s.thresholdsRecord(ctx, args) }),
		"categoryTable":   computed.Lazy(func(computed.Args) (any, error) { return s.categoryTable(ctx) }),
		"autocorrelation": computed.Lazy(func(args computed.Args) (any, error) { return s.autocorrelation(ctx, args) }),
		"ties":            computed.Lazy(func(computed.Args) (any, error) { return s.tieRecords(ctx) }),
		"bass":            computed.Lazy(func(args computed.Args) (any, error) { return s.bass(ctx, args) }),
		"leaderTiming":    computed.Lazy(func(computed.Args) (any, error) { return s.leaderTiming(ctx) }),
		"coAdoption":      computed.Lazy(func(args computed.Args) (any, error) { return s.coAdoption(ctx, args) }),
		"survival":        computed.Lazy(func(args computed.Args) (any, error) { return s.survival(args) }),
	}
	maps.Copy(o, learningFields(ctx, s))
	return o
}

func (s *Spread) settingsRecord() computed.Object {
	g := &s.Settings
	compat := "NONE"
	if g.Compat {
		compat = "NETDIFFUSER"
	}
	return computed.Object{
		"practice": computed.ID(g.Practice), "narrower": g.Narrower, "study": computed.Node(g.Study), "groups": computed.Texted(g.Groups),
		"cohort": computed.Node(g.Cohort), "reach": computed.OrNull(g.Reach), "network": computed.Node(g.Network), "where": g.Where != "",
		"tieSources": g.TieSources, "tieKinds": computed.Texted(g.TieKinds), "tieConfidence": computed.OrNull(g.TieConfidence),
		"stages": computed.Texted(g.Stages), "confidence": computed.OrNull(g.Confidence),
		"periodUnit": s.Unit, "firstPeriod": s.Panel.First, "lastPeriod": s.label(int32(s.Panel.Periods - 1)),
		"lag": g.Lag, "timeOrder": g.TimeOrder, "tieTime": g.TieTime, "direction": g.Direction, "weights": g.Weights,
		"normalized": g.Normalized, "groupBy": computed.OrNull(s.GroupBy), "compat": compat, "nonAdopters": g.NonAdopters,
	}
}

func (s *Spread) countsRecord() computed.Object {
	c := &s.Counts
	return computed.Object{
		"population": len(s.IDs), "adopters": c.Adopters, "never": c.Never, "unobserved": c.Unobserved, "leftCensored": c.LeftCensored,
		"notAsked": c.NotAsked, "undated": c.Undated, "codedAsAdopters": c.CodedAsAdopters,
		"pairs": c.Pairs, "tieFacts": c.TieFacts, "selfTies": c.SelfTies, "tiesToNotAsked": c.TiesToNotAsked,
		"tiesOutside": c.TiesOutside, "undatedTies": c.UndatedTies, "adoptionFacts": c.AdoptionFacts, "inferred": c.Inferred,
	}
}
