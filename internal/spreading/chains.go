package spreading

import (
	"context"
	"errors"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/spread"
)

// longestChain is a chain of the greatest length of all, nil where nobody has a possible
// source.
func (s *Spread) longestChain(ctx context.Context) computed.Lazy {
	return s.byLearning(ctx, func(l *spread.Learning, _ computed.Args) (any, error) {
		chain, err := l.LongestChain(ctx, spread.None)
		if err != nil {
			return nil, chainFault(err)
		}
		if len(chain) < 2 {
			return nil, nil
		}
		return s.chain(chain), nil
	})
}

func (s *Spread) chain(members []int32) computed.Record {
	parties, edges := make([]computed.ID, len(members)), make([]computed.Record, len(members)-1)
	for i, member := range members {
		parties[i] = s.party(member)
	}
	for i := range edges {
		edges[i] = s.edge(pair{members[i], members[i+1]}, s.tieFacts)
	}
	return computed.Object{"hops": len(edges), "parties": parties, "edges": edges}
}

// chains are the chains between two members.
func (s *Spread) chains(ctx context.Context) computed.Lazy {
	return s.byLearning(ctx, func(l *spread.Learning, args computed.Args) (any, error) {
		ends, err := s.ends(args)
		if err != nil {
			return nil, err
		}
		switch find := args.TextOr("find", "FEWEST_HOPS"); find {
		case "LONGEST":
			chain, err := l.LongestChainBetween(ctx, ends.source, ends.learner)
			if err != nil {
				return nil, chainFault(err)
			}
			return s.oneChain(chain, args)
		case "EARLIEST":
			chain, err := l.EarliestChain(ctx, ends.source, ends.learner)
			if err != nil {
				return nil, err
			}
			return s.oneChain(chain, args)
		default:
			return s.shortest(ctx, l, ends, args, find == "ALL_SHORTEST")
		}
	})
}

// shortest are the chains with the fewest steps, or one of them.
func (s *Spread) shortest(ctx context.Context, l *spread.Learning, ends pair, args computed.Args, all bool) (any, error) {
	found, err := l.ShortestChains(ctx, ends.source, ends.learner)
	switch {
	case err != nil:
		return nil, err
	case all:
		return s.allChains(found, args)
	default:
		return s.oneChain(found.First(), args)
	}
}

func (s *Spread) ends(args computed.Args) (ends pair, err error) {
	if ends.source, err = s.end(args, "source"); err != nil {
		return ends, err
	}
	ends.learner, err = s.end(args, "learner")
	return ends, err
}

func (s *Spread) end(args computed.Args, name string) (int32, error) {
	id := args.Text(name)
	at, ok := s.Place(id)
	if !ok {
		return 0, fault.New(fault.Invalid, "%s: %q is not in the population; give the id of one of its members", name, id)
	}
	return at, nil
}

// oneChain is a chain, or none, as all that was asked for.
func (s *Spread) oneChain(chain []int32, args computed.Args) (any, error) {
	if len(chain) == 0 {
		return computed.Object{"totalCount": 0, "chains": []computed.Record{}}, nil
	}
	page, err := computed.Part(args, []computed.Record{s.chain(chain)})
	return computed.Object{"totalCount": 1, "hops": len(chain) - 1, "chains": page}, err
}

// allChains counts chains and writes a page of them down.
func (s *Spread) allChains(found *spread.Chains, args computed.Args) (any, error) {
	first, skip, err := args.Page()
	if err != nil {
		return nil, err
	}
	count, err := found.Count()
	if err != nil {
		return nil, chainFault(err)
	}
	o := computed.Object{"totalCount": count}
	if count > 0 {
		o["hops"] = found.Hops
	}
	page := found.Page(first, skip)
	chains := make([]computed.Record, len(page))
	for i, chain := range page {
		chains[i] = s.chain(chain)
	}
	o["chains"] = chains
	return o, nil
}

// longestTo is the steps of the longest chain that ends with an adopter.
func (s *Spread) longestTo(ctx context.Context, member int32) (any, error) {
	longest, err := s.perMember(ctx, "longest chains", (*spread.Learning).LongestChains)
	if err != nil {
		return nil, chainFault(err)
	}
	return int(longest[member]), nil
}

// fewestTo is the steps of the shortest chain that ends with an adopter and begins with
// somebody who has no possible source, nil when only circles lead there.
func (s *Spread) fewestTo(ctx context.Context, member int32) (any, error) {
	fewest, err := s.perMember(ctx, "fewest hops", (*spread.Learning).FewestHops)
	if err != nil || fewest[member] == spread.None {
		return nil, err
	}
	return int(fewest[member]), nil
}

func (s *Spread) perMember(ctx context.Context, what string, measure func(*spread.Learning, context.Context) ([]int32, error)) ([]int32, error) {
	return memo(ctx, s, s.learned(what, ""), func(ctx context.Context) ([]int32, error) {
		l, err := s.learning(ctx)
		if err != nil {
			return nil, err
		}
		return measure(l, ctx)
	})
}

// chainFault gives what package spread refuses the sentence for the person who asked.
func chainFault(err error) error {
	switch {
	case errors.Is(err, spread.ErrNonStrict):
		return fault.Wrap(fault.Invalid, err, "the longest chain needs timeOrder STRICT: within a period chains could run in circles")
	case errors.Is(err, spread.ErrWork):
		return fault.Wrap(fault.Limit, err, "there are more chains than this server counts; ask with find: FEWEST_HOPS")
	default:
		return err
	}
}
