package embedded

import (
	"math/bits"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

// condition is what the members of a scan have in common.
type condition struct {
	types  catalog.TypeSet
	where  test[node]
	starts []start
	named  plan.Name
	read   *reads
}

func (c *condition) name(params plan.Params) string { return "those of " + c.named.With(params) }
func (c *condition) reads() *reads                  { return c.read }

// members is those of a scan that meet its condition, where they are kept or are to be found now, else nil; and
// where looking for them is paid for.
func (r *run) members(s *source, find bool) (*members, *kept) {
	if s.kept == nil {
		return nil, nil
	}
	what, at := r.known(s.kept, find)
	found, _ := what.(*members)
	return found, at
}

func (c *condition) make(r *run) findings {
	m, gen := new(members), r.query.store.keeper.gens.Add(1)
	r.search(&source{types: c.types, where: c.where, starts: c.starts}, func(n node) { m.set(gen, n.num, true) })
	return m
}

func (c *condition) mend(r *run, was findings, _ *snapshot, changed []uint32) findings {
	m, gen := *was.(*members), r.query.store.keeper.gens.Add(1)
	for _, num := range changed {
		n, in := r.nodeOf(c.types, num)
		m.set(gen, num, in && c.where(r, n))
	}
	return &m
}

// nodeOf is the node with a number, if it is one of some types.
func (r *run) nodeOf(types catalog.TypeSet, num uint32) (n node, ok bool) {
	n, alive := r.snapshot.node(num)
	return n, alive && types.Has(n.typ) && !r.stopped()
}

// search looks for the nodes of a scan that meet its filter: from where there are few, else among all.
func (r *run) search(s *source, visit func(node)) {
	mark := len(r.numbers)
	defer func() { r.numbers = r.numbers[:mark] }()
	if found, best := r.begin(s.starts, s.types, r.budget(s.types, 0, false)); best != nil {
		r.among(s.left(best), found, visit)
		return
	}
	r.scan(s, visit)
}

// members is which nodes of some types meet a condition: a bit for each number. The count of a
// page, the page, groups and facets under the same condition share it.
type members struct {
	bits  pages[uint64]
	count int
}

const wordBits = 64

func (m *members) has(num uint32) bool { return m.bits.at(num/wordBits)>>(num%wordBits)&1 != 0 }

// set takes a node in, or out.
func (m *members) set(gen uint64, num uint32, in bool) {
	if m.has(num) == in {
		return
	}
	m.bits.set(gen, num/wordBits, m.bits.at(num/wordBits)^1<<(num%wordBits))
	m.count--
	if in {
		m.count += 2
	}
}

// each visits the numbers in ascending order, until visit says false.
func (m *members) each(visit func(num uint32) bool) {
	for at, dir := range m.bits.dirs {
		for slot, page := range dir.pages {
			if page == nil {
				continue
			}
			first := uint32(at<<dirBits | slot<<pageBits)
			for i, word := range page.cells {
				for ; word != 0; word &= word - 1 {
					if !visit((first+uint32(i))*wordBits + uint32(bits.TrailingZeros64(word))) {
						return
					}
				}
			}
		}
	}
}

func (m *members) size() int { return m.bits.size() }

// eachMember visits members until the run has to end.
func (r *run) eachMember(m *members, visit func(node)) {
	m.each(func(num uint32) bool {
		if r.stopped() {
			return false
		}
		n, _ := r.snapshot.node(num)
		visit(n)
		return true
	})
}
