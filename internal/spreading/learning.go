package spreading

import (
	"context"
	"sort"

	"nicgraph/internal/computed"
	"nicgraph/internal/spread"
)

// learningFields are the fields of a spread about who learned, or could have learned, from
// whom.
func learningFields(ctx context.Context, s *Spread) computed.Object {
	return computed.Object{
		"learningEdges": s.learningEdges(ctx),
		"longestChain":  s.longestChain(ctx),
		"chains":        s.chains(ctx),
		"cascades":      computed.Lazy(func(args computed.Args) (any, error) { return s.cascades(ctx, args) }),
		"reproduction":  computed.Lazy(func(args computed.Args) (any, error) { return s.reproduction(ctx, args) }),
		"groupFlow":     computed.Lazy(func(args computed.Args) (any, error) { return s.groupFlow(ctx, args) }),
		"temporalReach": computed.Lazy(func(args computed.Args) (any, error) { return s.temporalReaches(ctx, args) }),
	}
}

// memberLearningFields are the same of a member. What only adopters have is missing for
// others.
func memberLearningFields(ctx context.Context, s *Spread, member int32) computed.Object {
	o := computed.Object{
		"learnedFrom":      computed.Lazy(func(computed.Args) (any, error) { return s.learnedFrom(ctx, member) }),
		"possibleSources":  s.possibleSources(ctx, member),
		"possibleLearners": s.possibleLearners(ctx, member),
		"temporalReach":    computed.Lazy(func(args computed.Args) (any, error) { return s.temporalReach(ctx, member, args) }),
	}
	if s.Panel.Adopted[member] == spread.Never {
		return o
	}
	o["possibleSourceCount"] = s.byLearning(ctx, func(l *spread.Learning, _ computed.Args) (any, error) { return len(l.Sources.Of(member)), nil })
	o["possibleLearnerCount"] = s.byLearning(ctx, func(l *spread.Learning, _ computed.Args) (any, error) { return len(l.Learners.Of(member)), nil })
	o["attributedSource"] = computed.Lazy(func(args computed.Args) (any, error) { return s.attributedSource(ctx, member, args) })
	o["place"] = computed.Lazy(func(args computed.Args) (any, error) { return s.cascadePlace(ctx, member, args) })
	o["credit"] = computed.Lazy(func(computed.Args) (any, error) { return s.credit(ctx, member) })
	o["upstream"] = s.reach(ctx, member, (*spread.Learning).Upstream)
	o["downstream"] = s.reach(ctx, member, (*spread.Learning).Downstream)
	o["longestChain"] = computed.Lazy(func(computed.Args) (any, error) { return s.longestTo(ctx, member) })
	o["fewestHops"] = computed.Lazy(func(computed.Args) (any, error) { return s.fewestTo(ctx, member) })
	return o
}

// learned names something that is worked out from who learned, or could have learned, from
// whom, under the settings that it depends on.
type learned struct{ what, rule, timeOrder, tieTime string }

func (s *Spread) learned(what, rule string) learned {
	return learned{what: what, rule: rule, timeOrder: s.Settings.TimeOrder, tieTime: s.Settings.TieTime}
}

// learning is who could have learned from whom by ties and time: possible sources, never
// recorded ones.
func (s *Spread) learning(ctx context.Context) (*spread.Learning, error) {
	return memo(ctx, s, s.learned("learning", ""), func(ctx context.Context) (*spread.Learning, error) {
		return s.Panel.Learning(ctx, s.learningOptions())
	})
}

func (s *Spread) learningOptions() spread.LearningOptions {
	o := spread.LearningOptions{NonStrict: s.Settings.TimeOrder == "NON_STRICT"}
	switch s.Settings.TieTime {
	case "AT_SOURCE":
		o.When = spread.AtSource
	case "BETWEEN":
		o.When = spread.Between
	default:
		o.When = spread.AtLearner
	}
	return o
}

// byLearning answers from who could have learned from whom, when it is selected.
func (s *Spread) byLearning(ctx context.Context, answer func(*spread.Learning, computed.Args) (any, error)) computed.Lazy {
	return func(args computed.Args) (any, error) {
		l, err := s.learning(ctx)
		if err != nil {
			return nil, err
		}
		return answer(l, args)
	}
}

func (s *Spread) possibleSources(ctx context.Context, learner int32) computed.Lazy {
	return s.byLearning(ctx, func(l *spread.Learning, args computed.Args) (any, error) {
		return computed.Records(l.Sources.Of(learner), func(source int32) computed.Record { return s.edge(pair{source, learner}, s.tieFacts) })(args)
	})
}

func (s *Spread) possibleLearners(ctx context.Context, source int32) computed.Lazy {
	return s.byLearning(ctx, func(l *spread.Learning, args computed.Args) (any, error) {
		return computed.Records(l.Learners.Of(source), func(learner int32) computed.Record { return s.edge(pair{source, learner}, s.tieFacts) })(args)
	})
}

// pair is a source and a learner.
type pair struct{ source, learner int32 }

// edge is a pair with the facts that stand behind it.
func (s *Spread) edge(p pair, facts func(pair) []string) computed.Record {
	return computed.Object{
		"source": s.party(p.source), "learner": s.party(p.learner),
		"sourceAdoptedAt": s.adoptedAt(p.source), "learnerAdoptedAt": s.adoptedAt(p.learner),
		"facts": computed.Lazy(func(args computed.Args) (any, error) { return computed.Nodes(facts(p))(args) }),
	}
}

func (s *Spread) tieFacts(p pair) []string { return s.TieFacts(p.learner, p.source) }

func (s *Spread) party(member int32) computed.ID { return computed.ID(s.IDs[member]) }

// parties are members to page through.
func (s *Spread) parties(members []int32) computed.Lazy {
	return func(args computed.Args) (any, error) {
		page, err := computed.Part(args, members)
		ids := make([]computed.ID, len(page))
		for i, member := range page {
			ids[i] = s.party(member)
		}
		return ids, err
	}
}

// adoptedAt is the period in which a member adopted, nil when it was not seen to.
func (s *Spread) adoptedAt(member int32) any {
	if a := s.Panel.Adopted[member]; a != spread.Never {
		return s.label(a)
	}
	return nil
}

// learningEdges are the pairs of a possible source and a learner, by learner, then source.
func (s *Spread) learningEdges(ctx context.Context) computed.Lazy {
	return s.byLearning(ctx, func(l *spread.Learning, args computed.Args) (any, error) {
		first, skip, err := args.Page()
		if err != nil {
			return nil, err
		}
		skip = min(skip, l.Edges())
		edges := make([]computed.Record, min(first, l.Edges()-skip))
		for i := range edges {
			edges[i] = s.edge(edgeAt(l, skip+i), s.tieFacts)
		}
		return computed.Object{"totalCount": l.Edges(), "edges": edges}, nil
	})
}

// edgeAt is the learning edge at a place in the rows of learners.
func edgeAt(l *spread.Learning, at int) pair {
	learner := sort.Search(len(l.Sources.Start)-1, func(i int) bool { return l.Sources.Start[i+1] > int64(at) })
	return pair{source: l.Sources.Other[at], learner: int32(learner)}
}

// reach is everybody down the line from a member, or up the line.
func (s *Spread) reach(ctx context.Context, member int32, follow func(*spread.Learning, context.Context, int32, int) ([]spread.Reached, error)) computed.Lazy {
	return s.byLearning(ctx, func(l *spread.Learning, _ computed.Args) (any, error) {
		reached, err := follow(l, ctx, member, 0)
		if err != nil {
			return nil, err
		}
		return computed.Object{"count": len(reached), "members": computed.Records(reached, func(r spread.Reached) computed.Record {
			return computed.Object{"party": s.party(r.Person), "hops": int(r.Hops), "adoptedAt": s.adoptedAt(r.Person)}
		})}, nil
	})
}
