package embedded

import (
	"math"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// start is a place from which all nodes that can meet a filter are reached without
// looking at every node: ids that the filter names, or the far nodes of a link. It may
// lead to more nodes than meet the filter, never to fewer.
type start struct {
	pin    int             // the operand that names the ids, or none
	link   *catalog.Link   // the link, for whoever asks why
	back   *hop            // from the far nodes back over the link or, for a shortcut, to its facts
	home   *hop            // of a shortcut: from the facts back
	types  catalog.TypeSet // of the far nodes
	where  test[node]      // of the far nodes
	starts []start         // where to begin for the far nodes

	exact bool       // what it leads to meets its condition
	also  plan.And   // what else the filter asks for
	rest  test[node] // likewise, nil: nothing
}

// starts finds the conditions that a filter cannot hold without and that name few nodes.
func (c *compiler) starts(f plan.Filter) []start {
	switch f := f.(type) {
	case plan.And:
		var all []start
		for i, part := range f {
			for _, s := range c.starts(part) {
				s.also = slices.Concat(s.also, f[:i], f[i+1:])
				all = append(all, s)
			}
		}
		return all
	case plan.Compare:
		if f.Kind == value.ID && (f.Op == plan.Eq || f.Op == plan.In) {
			return []start{{pin: c.operand(f), exact: true}}
		}
	case plan.Linked:
		if s, ok := c.farStart(f); ok {
			return []start{s}
		}
	}
	return nil
}

func (c *compiler) farStart(f plan.Linked) (s start, ok bool) {
	if f.Quant != plan.Some {
		return s, false
	}
	s = start{pin: none, link: f.Link}
	s.types, _ = plan.Narrow(f.Link.Targets, f.Where)
	if f.Link.Shortcut != nil {
		s.back, s.home = c.opposite(f.Link.Shortcut.Far), c.opposite(f.Link.Shortcut.Fact)
		ok = s.home != nil
	} else {
		s.back, ok = c.opposite(f.Link), true
		s.exact = c.alone(f.Link)
	}
	if !ok || s.back == nil {
		return s, false
	}
	s.where, s.starts = c.filter(f.Where), c.starts(f.Where)
	return s, true
}

// alone tells whether a link is the only one of each type that runs over its relationship from its side.
func (c *compiler) alone(link *catalog.Link) bool {
	same := func(t *catalog.Type) (*catalog.Link, bool) {
		own, ok := t.Link(link.Name)
		return own, ok && own.Shortcut == nil && own.Relationship == link.Relationship && own.Direction == link.Direction
	}
	for _, t := range c.catalog().Types {
		for _, out := range t.Out {
			if out.Relationship != link.Relationship {
				continue
			}
			if own, ok := same(t); link.Direction == catalog.Out && (!ok || own.Index != out.Index) {
				return false
			}
			for target := range c.catalog().In(out.Targets) {
				if _, ok := same(target); link.Direction == catalog.In && !ok {
					return false
				}
			}
		}
	}
	return true
}

// left is what is still to be asked of the nodes to which a start of the source leads.
func (s *source) left(from *start) test[node] {
	if from.exact {
		return from.rest
	}
	return s.where
}

// alwaysFew is a number of nodes that is never too many to begin from.
const alwaysFew = 16

// budget is how many nodes a start may lead to before it is better to look at all, or
// to walk an index until the page is full: where k of n nodes match, such a walk sees
// about limit*n/k of them, which is less than k once k*k is more than limit*n.
func (r *run) budget(types catalog.TypeSet, limit int, walks bool) int {
	n := r.live(types)
	few := n / 2
	if walks {
		few = min(few, int(math.Sqrt(float64(limit)*float64(n))))
	}
	return max(few, alwaysFew)
}

// begin follows the start that leads to the fewest nodes of the types; nil when none
// leads to few enough. What it finds may lie in the run's memory, as that of reach.
func (r *run) begin(starts []start, types catalog.TypeSet, budget int) (found []uint32, best *start) {
	for i := range starts {
		if some, few := r.lead(&starts[i], types, budget); few && (best == nil || len(some) < len(found)) {
			found, best, budget = some, &starts[i], len(some)
		}
	}
	return found, best
}

// lead follows one start; few is false where it leads to more than the budget.
func (r *run) lead(s *start, types catalog.TypeSet, budget int) (found []uint32, few bool) {
	if s.pin != none {
		found = r.pinned(s.pin, types)
		r.tell(s, led{found: len(found), few: true})
		return found, true
	}
	l := led{most: budget}
	far, inner := r.begin(s.starts, s.types, budget)
	if inner == nil {
		if l.far = r.live(s.types); l.far > budget {
			r.tell(s, l)
			return nil, false
		}
		far = r.all(s.types)
	}
	l.inner, l.far = inner, len(far)
	found, l.few = r.backFrom(s, far, types, budget)
	l.found = len(found)
	r.tell(s, l)
	return found, l.few
}

// backFrom is the nodes of the types from which the link leads to those of the far
// nodes that meet the start's filter.
func (r *run) backFrom(s *start, far []uint32, types catalog.TypeSet, budget int) (found []uint32, few bool) {
	from := len(r.numbers)
	for _, num := range far {
		end, _ := r.snapshot.node(num)
		if r.stopped() || s.where != nil && !s.where(r, end) {
			continue
		}
		if budget -= r.retreat(s, end, types, budget); budget < 0 {
			return nil, false
		}
	}
	return r.distinct(from), true
}

// retreat adds the nodes of the types from which the link leads to a far node, and
// tells how many there are to look at. Where these are more than the budget, it leaves it.
func (r *run) retreat(s *start, end node, types catalog.TypeSet, budget int) (seen int) {
	near := s.back.raw(end)
	if len(near) > budget {
		return len(near)
	}
	if s.home == nil {
		r.admit(near, types)
		return len(near)
	}
	for _, num := range near {
		if r.stopped() {
			break
		}
		fact, _ := r.snapshot.node(num)
		homes := s.home.raw(fact)
		r.admit(homes, types)
		seen += 1 + len(homes)
	}
	return seen
}

func (r *run) admit(numbers []uint32, types catalog.TypeSet) {
	for _, num := range numbers {
		if types.Has(r.snapshot.places.at(num).typ) {
			r.numbers = append(r.numbers, num)
		}
	}
}

// pinned is the nodes of some types whose ids an operand names.
func (r *run) pinned(pin int, types catalog.TypeSet) []uint32 {
	b, from := &r.bound[pin], len(r.numbers)
	ids := b.texts
	if r.query.operands[pin].Op == plan.Eq && b.has {
		ids = []string{b.text}
	}
	for _, id := range ids {
		if n, ok := r.lookUp(id, types, true); ok {
			r.numbers = append(r.numbers, n.num)
		}
	}
	return r.distinct(from)
}
