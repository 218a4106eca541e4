package lineage

import (
	"context"
	"errors"

	"nicgraph/internal/computed"
	"nicgraph/internal/diffusion"
	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// defaultHops is the number of steps of a chain when none is given.
const defaultHops = 4

func upstream(ctx context.Context, call computed.Call) (any, error) {
	return lineageOf(ctx, call, true)
}
func downstream(ctx context.Context, call computed.Call) (any, error) {
	return lineageOf(ctx, call, false)
}

func lineageOf(ctx context.Context, call computed.Call, up bool) (any, error) {
	n, err := Of(ctx, call.Engine)
	if err != nil {
		return nil, err
	}
	s, err := n.settings(call.Args, defaultHops)
	if err != nil {
		return nil, err
	}
	return n.lineage(ctx, s, call.ID, up)
}

// lineage is what reaches a party, or is reached from it.
func (n *Network) lineage(ctx context.Context, s *settings, id string, up bool) (computed.Record, error) {
	party, known := n.steps.Party(id)
	var reached []diffusion.Reached
	if known {
		search := n.steps.Downstream
		if up {
			search = n.steps.Upstream
		}
		var err error
		if reached, err = search(ctx, &s.question, party); err != nil {
			return nil, bounded(err)
		}
	}
	return s.counted(computed.Object{
		"totalCount": len(reached),
		"reached": computed.Records(reached, func(r diffusion.Reached) computed.Record {
			from, to := party, r.Party
			if up {
				from, to = to, from
			}
			chains := n.steps.ShortestOf(ctx, &s.question, from, to, r.Hops)
			return computed.Object{
				"party": computed.ID(n.steps.Parties[r.Party]), "hops": r.Hops,
				"pathCount": computed.Lazy(func(computed.Args) (any, error) { return total(chains) }),
				"paths":     computed.Lazy(func(args computed.Args) (any, error) { return n.paths(s, chains, args) }),
			}
		}),
	}), nil
}

func total(chains *diffusion.Chains) (int, error) {
	count, err := chains.Count()
	return count, bounded(err)
}

// paths are some of the chains as records.
func (n *Network) paths(s *settings, chains *diffusion.Chains, args computed.Args) ([]computed.Record, error) {
	first, skip, err := args.Page()
	if err != nil {
		return nil, err
	}
	page, err := chains.Page(first, skip)
	if err != nil {
		return nil, bounded(err)
	}
	all := make([]computed.Record, len(page))
	for i, chain := range page {
		all[i] = n.path(s, chain)
	}
	return all, nil
}

func (n *Network) path(s *settings, chain diffusion.Chain) computed.Record {
	o := computed.Object{"hops": len(chain), "steps": n.pathSteps(chain)}
	if day, ok := n.steps.Arrival(&s.question, chain); ok {
		o["arrival"] = value.FormatDay(day)
	}
	return o
}

func (n *Network) pathSteps(chain diffusion.Chain) []computed.Record {
	steps := make([]computed.Record, len(chain))
	for i, at := range chain {
		step := &n.steps.Steps[at]
		steps[i] = computed.Object{"learning": computed.ID(step.ID), "from": computed.ID(n.steps.Parties[step.From]), "to": computed.ID(n.steps.Parties[step.To])}
	}
	return steps
}

// learningPaths are the chains between two parties.
func learningPaths(ctx context.Context, call computed.Call) (any, error) {
	n, err := Of(ctx, call.Engine)
	if err != nil {
		return nil, err
	}
	s, err := n.settings(call.Args, maxMaxHops)
	if err != nil {
		return nil, err
	}
	find := call.Args.TextOr("find", "FEWEST_HOPS")
	if err := checkFind(find, s, call.Args); err != nil {
		return nil, err
	}
	w := way{network: n, settings: s, from: n.end(call.Args.Text("from")), to: n.end(call.Args.Text("to"))}
	answer, err := w.find(ctx, find)
	if err != nil {
		return nil, bounded(err)
	}
	answer["find"], answer["from"], answer["to"] = find, computed.Node(call.Args.Text("from")), computed.Node(call.Args.Text("to"))
	return s.counted(answer), nil
}

func checkFind(find string, s *settings, args computed.Args) error {
	if find != "LONGEST_DATED" && (args.Text("from") == "" || args.Text("to") == "") {
		return fault.New(fault.Invalid, "%s needs from and to; only LONGEST_DATED may leave one open", find)
	}
	if (find == "LONGEST_DATED" || find == "EARLIEST_ARRIVAL") && s.timeOrder == "IGNORE" {
		return fault.New(fault.Invalid, "%s needs a time order; give NON_STRICT or STRICT", find)
	}
	return nil
}

// anybody and nobody stand for an end of a chain that is open, or that is no party of the
// network.
const (
	anybody = -1
	nobody  = -2
)

func (n *Network) end(id string) int {
	if id == "" {
		return anybody
	}
	if party, ok := n.steps.Party(id); ok {
		return party
	}
	return nobody
}

// way is where chains go.
type way struct {
	network  *Network
	settings *settings
	from, to int
}

func (w *way) find(ctx context.Context, find string) (computed.Object, error) {
	n, s := w.network, w.settings
	none := w.from == nobody || w.to == nobody || w.from == w.to && w.from != anybody
	switch {
	case find == "LONGEST_DATED":
		s.datedOnly()
		if none {
			return w.written(nil), nil
		}
		chains, err := n.steps.Longest(ctx, &s.question, w.from, w.to)
		return w.written(chains), err
	case find == "EARLIEST_ARRIVAL":
		s.datedOnly()
		if none {
			return w.written(nil), nil
		}
		chains, _, err := n.steps.Earliest(ctx, &s.question, w.from, w.to)
		return w.counted(chains), err
	case none:
		return w.written(nil), nil
	default:
		chains, err := n.steps.Shortest(ctx, &s.question, w.from, w.to)
		if err != nil || find == "ALL_SHORTEST" {
			return w.counted(chains), err
		}
		one, err := chains.Page(1, 0)
		return w.written(one), err
	}
}

// written are chains that are written down already.
func (w *way) written(chains []diffusion.Chain) computed.Object {
	o := computed.Object{
		"totalCount": len(chains),
		"paths":      computed.Records(chains, func(c diffusion.Chain) computed.Record { return w.network.path(w.settings, c) }),
	}
	if len(chains) > 0 {
		o["hops"] = len(chains[0])
	}
	return o
}

// counted are chains that are counted, and written down as far as they are selected.
func (w *way) counted(chains *diffusion.Chains) computed.Object {
	o := computed.Object{
		"totalCount": computed.Lazy(func(computed.Args) (any, error) { return total(chains) }),
		"paths":      computed.Lazy(func(args computed.Args) (any, error) { return w.network.paths(w.settings, chains, args) }),
	}
	if chains != nil && chains.Hops > 0 {
		o["hops"] = chains.Hops
	}
	return o
}

// bounded gives work without bounds the sentence for the person who asked.
func bounded(err error) error {
	if errors.Is(err, diffusion.ErrWork) {
		return fault.Wrap(fault.Limit, err, "there are more chains than this server follows for one question; ask with a smaller maxHops, one practice, or a stricter time order")
	}
	return err
}
