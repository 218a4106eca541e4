package embedded

import (
	"fmt"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

// positions are numbers by which nodes stand in an order, so that the first few of some are chosen without a look at
// what they are ordered by, which lies anywhere in memory: of two nodes the one with the lesser number comes first,
// and those with the same number are still to be compared.
type positions struct {
	of     pages[uint32] // by number; 0: no such node
	mended int           // how many nodes took the position of another since all were made
}

func (p *positions) size() int { return p.of.size() }

// lineup is what positions are about: some types in the order of their ids, or of a scalar that they have themselves.
type lineup struct {
	types catalog.TypeSet
	order order // by the one key, ascending
	back  order // its reverse
	read  *reads
	named string
}

// lineup is that of the first key of an order; nil where no index shows it.
func (c *compiler) lineup(types catalog.TypeSet, o *order) *lineup {
	l := &lineup{types: types, read: c.reads(types, nil), named: fmt.Sprintf("positions by id of %x", uint64(types))}
	if len(o.keys) > 0 {
		first := o.keys[0]
		if !first.own() {
			return nil
		}
		first.Desc, first.NullsFirst = false, first.NullsFirst != first.Desc
		l.order.keys = []sortKey{first}
		c.addProperty(l.read, first.Property, first.Kind)
		l.named = fmt.Sprintf("positions by %s of %x, the missing first: %v", first.Property, uint64(types), first.NullsFirst)
	}
	l.back = l.order.reverse()
	return l
}

func (l *lineup) name(plan.Params) string { return l.named }
func (l *lineup) reads() *reads           { return l.read }

func (l *lineup) make(r *run) findings {
	p, gen := new(positions), r.query.store.keeper.gens.Add(1)
	at, last := uint32(0), entry{}
	walks := r.indexes(&l.order, l.types, nil)
	for w := l.order.firstOf(walks); w != nil && !r.stopped(); w = l.order.firstOf(walks) {
		e := w.iter.Item()
		if at == 0 || len(l.order.keys) == 0 || !l.order.sameKey(last, e) {
			at++
		}
		p.of.set(gen, e.num, at)
		last = e
		w.next()
	}
	return p
}

// mend lets nodes that are new, or stand elsewhere now, have the position of the one before them. When that are
// many, positions no longer tell much, and all are made anew.
func (l *lineup) mend(r *run, was findings, _ *snapshot, changed []uint32) findings {
	p, gen := *was.(*positions), r.query.store.keeper.gens.Add(1)
	if p.mended += len(changed); p.mended > max(r.live(l.types)/16, alwaysFew) {
		return nil
	}
	for _, num := range changed {
		p.of.set(gen, num, 0)
	}
	for _, num := range changed {
		if n, in := r.nodeOf(l.types, num); in && p.of.at(num) == 0 {
			p.insert(r, l, gen, n)
		}
	}
	return &p
}

// insert gives a node the position of the last that has one among those with its key and those before, and so all in
// between: those that share the key share the position, or their ids would decide where other keys do.
func (p *positions) insert(r *run, l *lineup, gen uint64, n node) {
	place := entry{id: r.snapshot.ids.at(n.num)}
	if len(l.order.keys) > 0 {
		place.key, place.edge = l.order.keys[0].of(r, n), 1
	}
	at, without := uint32(1), []uint32{n.num}
	walks := r.indexes(&l.back, l.types, &place)
	for w := l.back.firstOf(walks); w != nil && !r.stopped(); w = l.back.firstOf(walks) {
		num := w.iter.Item().num
		if before := p.of.at(num); before != 0 {
			at = before
			break
		}
		without = append(without, num)
		w.next()
	}
	for _, num := range without {
		p.of.set(gen, num, at)
	}
}

// fewToPlace is how many nodes are put in order sooner by what they are ordered by.
const fewToPlace = 32

// positions is where those stand from which a page is to be chosen, nil where that is not known and not yet worth
// finding out. It is looked up once for all pages of a kind.
func (r *run) positions(m *many, among int) *positions {
	page := &r.pages[m.at]
	if page.positions != nil || m.lineup == nil || among < fewToPlace {
		return page.positions
	}
	what, at := r.known(m.lineup, false)
	if page.positions, _ = what.(*positions); page.positions == nil && r.led == nil {
		at.pay(among)
	}
	return page.positions
}
