package embedded

import (
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

// path leads from a node to others: over a stored link from either side or, past a
// fact, over two.
type path struct {
	hop
	far  *hop // of a shortcut: from the fact on
	home *hop // of a shortcut: from the fact back to the start, nil where that cannot be
	back *hop // of a shortcut: from the far node back to the facts, likewise

	facts test[node] // of a shortcut: what a fact must meet to lead on, nil for nothing
}

// hop leads over one stored link.
type hop struct {
	steps   []step // by the TypeID of the node that it starts from
	targets catalog.TypeSet
	exact   bool // whatever is linked is of one of targets
}

// step is where a type keeps the ends of a link.
type step struct {
	side side
	at   int // Out: the Link.Index; In: the number of the relationship
}

type side uint8

const (
	nowhere side = iota
	outward
	inward
)

func (c *compiler) path(link *catalog.Link, facts plan.Filter) path {
	if link.Shortcut == nil {
		return path{hop: c.hop(link)}
	}
	far := c.hop(link.Shortcut.Far)
	far.targets &= link.Targets
	far.exact = far.exact && far.targets == link.Shortcut.Far.Targets
	p := path{hop: c.hop(link.Shortcut.Fact), far: &far, facts: c.filter(facts)}
	if link.Shortcut.Fact.Direction == catalog.In && link.Shortcut.Far.Direction == catalog.Out {
		p.home, p.back = c.opposite(link.Shortcut.Fact), c.opposite(link.Shortcut.Far)
	}
	return p
}

// opposite leads over the same relationship from the other side; nil where a type keeps
// that relationship under two names.
func (c *compiler) opposite(link *catalog.Link) *hop {
	h := &hop{steps: make([]step, len(c.catalog().Types)), targets: c.catalog().All()}
	for _, t := range c.catalog().Types {
		if link.Direction == catalog.Out {
			h.steps[t.ID] = step{side: inward, at: c.store.layout.relationships[link.Relationship]}
			continue
		}
		for _, own := range t.Out {
			if own.Relationship != link.Relationship {
				continue
			}
			if h.steps[t.ID].side != nowhere {
				return nil
			}
			h.steps[t.ID] = step{side: outward, at: own.Index}
		}
	}
	return h
}

// hop resolves a link, which may be an interface's, for each type that has it.
func (c *compiler) hop(link *catalog.Link) hop {
	h := hop{steps: make([]step, len(c.catalog().Types)), targets: link.Targets, exact: true}
	for _, t := range c.catalog().Types {
		own, ok := t.Link(link.Name)
		if !ok || own.Shortcut != nil || own.Relationship != link.Relationship || own.Direction != link.Direction {
			continue
		}
		reach := own.Targets
		h.steps[t.ID] = step{side: outward, at: own.Index}
		if own.Direction == catalog.In {
			reach = c.sources(t, link.Relationship)
			h.steps[t.ID] = step{side: inward, at: c.store.layout.relationships[link.Relationship]}
		}
		h.exact = h.exact && reach&^link.Targets == 0
	}
	return h
}

// sources are the types that can link to a type by a relationship.
func (c *compiler) sources(t *catalog.Type, relationship string) (set catalog.TypeSet) {
	for _, other := range c.catalog().Types {
		for _, l := range other.Out {
			if l.Relationship == relationship && l.Targets.Has(t.ID) {
				set |= catalog.SetOf(other.ID)
			}
		}
	}
	return set
}

// raw is the ends of the link as they are stored, whatever their type.
func (h *hop) raw(n node) []uint32 {
	switch s := h.steps[n.typ]; s.side {
	case outward:
		return n.table.out[s.at].list(n.row)
	case inward:
		return n.table.in[s.at].at(n.row)
	default:
		return nil
	}
}

// reach is the numbers of the nodes that a path leads to, each once over a shortcut.
// It may lie in the run's memory: give back r.numbers as it was when done with it.
func (r *run) reach(p *path, n node) []uint32 {
	if p.far == nil {
		return r.ends(&p.hop, n)
	}
	start := len(r.numbers)
	for _, num := range p.raw(n) {
		if r.stopped() {
			break
		}
		fact, _ := r.snapshot.node(num)
		if !p.targets.Has(fact.typ) || p.facts != nil && !p.facts(r, fact) {
			continue
		}
		for _, end := range p.far.raw(fact) {
			if p.far.exact || p.far.targets.Has(r.snapshot.places.at(end).typ) {
				r.numbers = append(r.numbers, end)
			}
		}
	}
	return r.distinct(start)
}

// end is the node to which a to-one link leads.
func (r *run) end(p *path, n node) (node, bool) {
	mark := len(r.numbers)
	ends := r.reach(p, n)
	r.numbers = r.numbers[:mark]
	if len(ends) == 0 {
		return node{}, false
	}
	return r.snapshot.node(ends[0])
}

func (r *run) ends(h *hop, n node) []uint32 {
	raw := h.raw(n)
	if h.exact {
		return raw
	}
	start := len(r.numbers)
	for _, num := range raw {
		if h.targets.Has(r.snapshot.places.at(num).typ) {
			r.numbers = append(r.numbers, num)
		}
	}
	return r.numbers[start:]
}

// between is the numbers of the facts that lead from one node over a shortcut to
// another. It looks from the side that has fewer.
func (r *run) between(p *path, from, to node) []uint32 {
	facts, end, other := p.raw(from), p.far, to.num
	if p.back != nil && p.home != nil {
		if fewer := p.back.raw(to); len(fewer) < len(facts) {
			facts, end, other = fewer, p.home, from.num
		}
	}
	start := len(r.numbers)
	for _, num := range facts {
		if r.stopped() {
			break
		}
		fact, _ := r.snapshot.node(num)
		if p.targets.Has(fact.typ) && slices.Contains(end.raw(fact), other) {
			r.numbers = append(r.numbers, num)
		}
	}
	return r.numbers[start:]
}
