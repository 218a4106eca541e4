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
	q, err := inquire(ctx, call, defaultHops)
	if err != nil {
		return nil, err
	}
	return q.lineage(ctx, call.ID, up)
}

// lineage is what reaches a party, or is reached from it.
func (q *inquiry) lineage(ctx context.Context, id string, up bool) (computed.Record, error) {
	reach := &diffusion.Reach{}
	if party, known := q.steps.Party(id); known {
		search := q.steps.Downstream
		if up {
			search = q.steps.Upstream
		}
		var err error
		if reach, err = search(ctx, &q.question, party); err != nil {
			return nil, bounded(err)
		}
	}
	return q.counted(computed.Object{
		"totalCount": len(reach.All),
		"reached":    computed.Records(reach.All, func(r diffusion.Reached) computed.Record { return &reached{q, r, reach.Chains(ctx, r)} }),
	}), nil
}

// reached is a party at the end of chains, as a record.
type reached struct {
	*inquiry
	diffusion.Reached
	chains *diffusion.Chains
}

// Field is a value of the record.
func (r *reached) Field(name string, args computed.Args) (any, error) {
	switch name {
	case "party":
		return computed.Known(r.steps.Parties[r.Party]), nil
	case "hops":
		return r.Hops, nil
	case "pathCount":
		return total(r.chains)
	default:
		return r.paths(r.chains, args)
	}
}

func total(chains *diffusion.Chains) (int, error) {
	count, err := chains.Count()
	return count, bounded(err)
}

// paths are some of the chains as records.
func (q *inquiry) paths(chains *diffusion.Chains, args computed.Args) ([]computed.Record, error) {
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
		all[i] = &path{q, chain}
	}
	return all, nil
}

// path is a chain as a record.
type path struct {
	*inquiry
	chain diffusion.Chain
}

// Field is a value of the record.
func (p *path) Field(name string, _ computed.Args) (any, error) {
	switch name {
	case "hops":
		return len(p.chain), nil
	case "arrival":
		if day, ok := p.steps.Arrival(&p.question, p.chain); ok {
			return value.FormatDay(day), nil
		}
		return nil, nil
	default:
		steps := make([]computed.Record, len(p.chain))
		for i, at := range p.chain {
			steps[i] = &pathStep{p.steps, &p.steps.Steps[at]}
		}
		return steps, nil
	}
}

// pathStep is a step of a chain as a record.
type pathStep struct {
	of *Steps
	*diffusion.Step
}

// Field is a value of the record.
func (s *pathStep) Field(name string, _ computed.Args) (any, error) {
	switch name {
	case "learning":
		return computed.Known(s.ID), nil
	case "from":
		return computed.Known(s.of.Parties[s.From]), nil
	default:
		return computed.Known(s.of.Parties[s.To]), nil
	}
}

// learningPaths are the chains between two parties.
func learningPaths(ctx context.Context, call computed.Call) (any, error) {
	q, err := inquire(ctx, call, maxMaxHops)
	if err != nil {
		return nil, err
	}
	find := call.Args.TextOr("find", "FEWEST_HOPS")
	if err := checkFind(find, &q.settings, call.Args); err != nil {
		return nil, err
	}
	w := way{inquiry: q, from: q.end(call.Args.Text("from")), to: q.end(call.Args.Text("to"))}
	answer, err := w.find(ctx, find)
	if err != nil {
		return nil, bounded(err)
	}
	answer["find"], answer["from"], answer["to"] = find, computed.Node(call.Args.Text("from")), computed.Node(call.Args.Text("to"))
	return q.counted(answer), nil
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

func (q *inquiry) end(id string) int {
	if id == "" {
		return anybody
	}
	if party, ok := q.steps.Party(id); ok {
		return party
	}
	return nobody
}

// way is where chains go.
type way struct {
	*inquiry
	from, to int
}

func (w *way) find(ctx context.Context, find string) (computed.Object, error) {
	none := w.from == nobody || w.to == nobody || w.from == w.to && w.from != anybody
	switch {
	case find == "LONGEST_DATED":
		w.datedOnly()
		if none {
			return w.listed(nil), nil
		}
		chains, err := w.steps.Longest(ctx, &w.question, w.from, w.to)
		return w.listed(chains), err
	case find == "EARLIEST_ARRIVAL":
		w.datedOnly()
		if none {
			return w.listed(nil), nil
		}
		chains, _, err := w.steps.Earliest(ctx, &w.question, w.from, w.to)
		return w.among(chains), err
	case none:
		return w.listed(nil), nil
	default:
		chains, err := w.steps.Shortest(ctx, &w.question, w.from, w.to)
		if err != nil || find == "ALL_SHORTEST" {
			return w.among(chains), err
		}
		one, err := chains.Page(1, 0)
		return w.listed(one), err
	}
}

// listed are chains that are written down already.
func (w *way) listed(chains []diffusion.Chain) computed.Object {
	o := computed.Object{
		"totalCount": len(chains),
		"paths":      computed.Records(chains, func(c diffusion.Chain) computed.Record { return &path{w.inquiry, c} }),
	}
	if len(chains) > 0 {
		o["hops"] = len(chains[0])
	}
	return o
}

// among are chains that are counted, and written down as far as they are selected.
func (w *way) among(chains *diffusion.Chains) computed.Object {
	o := computed.Object{
		"totalCount": computed.Lazy(func(computed.Args) (any, error) { return total(chains) }),
		"paths":      computed.Lazy(func(args computed.Args) (any, error) { return w.paths(chains, args) }),
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
