package spreading

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/spread"
)

// attribution is who gets the credit for whom by a SourceRule or a CreditRule.
func (s *Spread) attribution(ctx context.Context, rule string) (*spread.Attribution, error) {
	if rule == recordedRule {
		all, err := s.recordedBy(ctx)
		if err != nil {
			return nil, err
		}
		return s.Panel.Recorded(s.recordedParents(all)), nil
	}
	l, err := s.learning(ctx)
	if err != nil {
		return nil, err
	}
	return l.Attribute(ctx, creditRules[rule])
}

var creditRules = map[string]spread.Rule{
	"EARLIEST": spread.Earliest, "LATEST": spread.Latest, "FRACTIONAL": spread.Fractional, "POSSIBLE": spread.AllPossible,
}

// factsBy are the facts behind a pair that a rule makes: what ties the two or, when it goes
// by what is recorded, the learnings that say so.
func (s *Spread) factsBy(ctx context.Context, rule string) (func(pair) []string, error) {
	if rule != recordedRule {
		return s.tieFacts, nil
	}
	all, err := s.recordedBy(ctx)
	return recordedFacts(s, all), err
}

// credit is the sum of 1 over the number of possible sources, over all who could have
// learned from a member.
func (s *Spread) credit(ctx context.Context, member int32) (any, error) {
	credits, err := memo(ctx, s, s.learned("credits", "FRACTIONAL"), func(ctx context.Context) ([]float64, error) {
		a, err := s.attribution(ctx, "FRACTIONAL")
		if err != nil {
			return nil, err
		}
		return a.Credits(ctx, 0)
	})
	if err != nil {
		return nil, err
	}
	return credits[member], nil
}

// forest is the trees of a rule.
type forest struct {
	*spread.Forest
	trees    []spread.Tree // the largest first, then by the period of the root, then by the root
	learners [][]int32     // per member, those who learned from it directly, ascending
}

func (s *Spread) forest(ctx context.Context, rule string) (*forest, error) {
	return memo(ctx, s, s.learned("forest", rule), func(ctx context.Context) (*forest, error) {
		a, err := s.attribution(ctx, rule)
		if err != nil {
			return nil, err
		}
		f, err := a.Forest(ctx)
		if err != nil {
			return nil, err
		}
		return newForest(f), nil
	})
}

func newForest(of *spread.Forest) *forest {
	f := &forest{Forest: of, trees: slices.Clone(of.Trees), learners: make([][]int32, len(of.Parent))}
	slices.SortFunc(f.trees, func(a, b spread.Tree) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), cmp.Compare(a.RootPeriod, b.RootPeriod), cmp.Compare(a.Root, b.Root))
	})
	for i, parent := range of.Parent {
		if parent != spread.None {
			f.learners[parent] = append(f.learners[parent], int32(i))
		}
	}
	return f
}

// members are those of a tree, by steps from the root, then by place.
func (f *forest) members(root int32) []int32 {
	members := []int32{root}
	for generation := members; len(generation) > 0; {
		var next []int32
		for _, i := range generation {
			next = append(next, f.learners[i]...)
		}
		slices.Sort(next)
		members = append(members, next...)
		generation = next
	}
	return members
}

// cascades are the trees of who is taken to have learned from whom.
func (s *Spread) cascades(ctx context.Context, args computed.Args) (any, error) {
	rule := args.TextOr("rule", "EARLIEST")
	f, err := s.forest(ctx, rule)
	if err != nil {
		return nil, err
	}
	chosen, err := s.chosenTrees(f, args)
	if err != nil {
		return nil, err
	}
	facts, err := s.factsBy(ctx, rule)
	if err != nil {
		return nil, err
	}
	trees, err := computed.Records(chosen, func(t spread.Tree) computed.Record { return s.cascade(f, t, facts) })(args)
	if err != nil {
		return nil, err
	}
	o := cascadeNumbers(f.Summary())
	o["rule"], o["totalCount"], o["trees"] = rule, len(chosen), trees
	return o, nil
}

// chosenTrees are the trees of the size, or with the root, that was asked for.
func (s *Spread) chosenTrees(f *forest, args computed.Args) ([]spread.Tree, error) {
	minSize := args.Number("minSize", 1)
	if minSize < 1 {
		return nil, fault.New(fault.Invalid, "minSize is %d; ask for trees of 1 member or more", minSize)
	}
	trees := f.trees[:sort.Search(len(f.trees), func(i int) bool { return f.trees[i].Size < minSize })]
	if args.Text("root") == "" {
		return trees, nil
	}
	root, err := s.end(args, "root")
	if err != nil {
		return nil, err
	}
	return treeFrom(trees, root), nil
}

// treeFrom is the tree that begins with a member, if one does.
func treeFrom(trees []spread.Tree, root int32) []spread.Tree {
	at := slices.IndexFunc(trees, func(t spread.Tree) bool { return t.Root == root })
	if at < 0 {
		return nil
	}
	return trees[at : at+1]
}

// cascadeNumbers are the numbers of all trees together.
func cascadeNumbers(s spread.ForestSummary) computed.Object {
	generations := make([]computed.Record, len(s.GenerationSizes))
	for g, size := range s.GenerationSizes {
		o := computed.Object{"generation": g, "size": size}
		if g < len(s.R) {
			o["reproduction"] = s.R[g]
		}
		generations[g] = o
	}
	return computed.Object{
		"treeCount": s.Trees, "singletons": s.Singletons, "largest": s.Largest, "meanSize": s.MeanSize,
		"maxDepth": s.MaxDepth, "meanDepth": s.MeanDepth, "meanStructuralVirality": s.MeanVirality,
		"generations": generations,
	}
}

func (s *Spread) cascade(f *forest, t spread.Tree, facts func(pair) []string) computed.Record {
	return computed.Object{
		"root": s.party(t.Root), "rootAdoptedAt": s.adoptedAt(t.Root), "size": t.Size, "depth": t.Depth,
		"maxWidth": t.MaxWidth, "lastPeriod": s.label(t.LastPeriod),
		"wienerIndex": float64(t.WienerIndex), "structuralVirality": t.StructuralVirality(),
		"members": computed.Lazy(func(args computed.Args) (any, error) {
			return computed.Records(f.members(t.Root), func(member int32) computed.Record { return s.cascadeMember(f, member, facts) })(args)
		}),
	}
}

func (s *Spread) cascadeMember(f *forest, member int32, facts func(pair) []string) computed.Record {
	o := computed.Object{"party": s.party(member), "depth": int(f.Depth[member]), "adoptedAt": s.adoptedAt(member), "facts": []computed.ID{}}
	if source := f.Parent[member]; source != spread.None {
		o["source"] = s.party(source)
		o["facts"] = computed.Lazy(func(args computed.Args) (any, error) { return computed.Nodes(facts(pair{source, member}))(args) })
	}
	return o
}

// attributedSource is the source that a rule attributes to a member, nil when there is none.
func (s *Spread) attributedSource(ctx context.Context, member int32, args computed.Args) (any, error) {
	rule := args.TextOr("rule", "EARLIEST")
	f, err := s.forest(ctx, rule)
	if err != nil || f.Parent[member] == spread.None {
		return nil, err
	}
	facts, err := s.factsBy(ctx, rule)
	if err != nil {
		return nil, err
	}
	source := f.Parent[member]
	return computed.Object{
		"rule": rule, "source": s.party(source), "adoptedAt": s.adoptedAt(source),
		"facts": computed.Lazy(func(args computed.Args) (any, error) { return computed.Nodes(facts(pair{source, member}))(args) }),
	}, nil
}

// cascadePlace is the place of an adopter in the trees of a rule.
func (s *Spread) cascadePlace(ctx context.Context, member int32, args computed.Args) (any, error) {
	rule := args.TextOr("rule", "EARLIEST")
	f, err := s.forest(ctx, rule)
	if err != nil {
		return nil, err
	}
	return computed.Object{
		"rule": rule, "root": s.party(f.Root[member]), "depth": int(f.Depth[member]),
		"learnerCount": len(f.learners[member]), "learners": s.parties(f.learners[member]),
	}, nil
}
