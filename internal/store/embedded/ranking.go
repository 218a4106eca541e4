package embedded

import (
	"strconv"

	"github.com/tidwall/btree"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// ranking is the nodes of some types in the order of a count, with the counts: an order by a count is
// walked as one by a scalar is, and the count that is shown beside is known.
type ranking struct {
	trees
	counts pages[uint32] // by number, one more than the count; 0: no such node
}

func (k *ranking) size() int { return k.read.Len()*64 + k.counts.size() }

// of is the count of a node, when it is one of those that are ranked.
func (k *ranking) of(n node) (count int64, ok bool) {
	ranked := k.counts.at(n.num)
	return int64(ranked) - 1, ranked != 0
}

// rank is what a ranking is about.
type rank struct {
	types  catalog.TypeSet
	count  *counter
	idDesc bool
}

func (k rank) name(params plan.Params) string {
	return "by " + k.count.named.With(params) + " and " + direction(k.idDesc) + " id of " + strconv.FormatUint(uint64(k.types), 16)
}

func (k rank) reads() *reads {
	read := *k.count.read
	read.types = k.types
	return &read
}

// ranking is the one that an order by a count walks, and whether backward. The counts
// are known to the run from then on. It is nil where the run ends early.
func (r *run) ranking(types catalog.TypeSet, o *order) (k *ranking, reverse bool) {
	key := &o.keys[0]
	what, _ := r.known(rank{types, key.count, o.idDesc != key.Desc}, true)
	k, _ = what.(*ranking)
	if k == nil {
		return nil, false
	}
	if r.ranks == nil {
		r.ranks = make([]*ranking, len(r.query.counters))
	}
	name := key.count.named.With(r.params)
	for i, c := range r.query.counters {
		if c == key.count || c.named.With(r.params) == name {
			r.ranks[i] = k
		}
	}
	return k, key.Desc
}

func (k rank) make(r *run) findings {
	ranks, most := new(ranking), uint32(0)
	gen := r.query.store.keeper.gens.Add(1)
	r.countAll(k.count, k.types, func(n node, count int64) {
		most = max(most, uint32(count))
		ranks.counts.set(gen, n.num, uint32(count)+1)
	})
	if r.err != nil {
		return ranks
	}
	order := &index{name: indexName{kind: value.Int, idDesc: k.idDesc}}
	tree := btree.NewBTreeGOptions(order.less, btree.Options{NoLocks: true})
	for _, p := range byFrom(r.inOrder(k, &ranks.counts), most+1) {
		tree.Load(rankEntry(r.snapshot, p.to, int64(p.from)))
	}
	ranks.trees = inTwo(tree)
	return ranks
}

// inOrder is the counts with the numbers of their nodes in the order of the ids. To sort the nodes by the
// counts is then to deal them out, and no two ids are compared that the indexes of the types have told apart.
func (r *run) inOrder(k rank, counts *pages[uint32]) []pair {
	pairs := make([]pair, 0, r.live(k.types))
	order := &order{idDesc: k.idDesc}
	walks := r.indexes(order, k.types, nil)
	for w := order.firstOf(walks); w != nil; w = order.firstOf(walks) {
		num := w.iter.Item().num
		pairs = append(pairs, pair{from: counts.at(num) - 1, to: num})
		w.next()
	}
	return pairs
}

func rankEntry(s *snapshot, num uint32, count int64) entry {
	return entry{key: key{num: whole{n: count, has: true}}, id: s.ids.at(num), num: num}
}

func (k rank) mend(r *run, was findings, from *snapshot, changed []uint32) findings {
	ranks := *was.(*ranking)
	tree := ranks.own.Copy()
	gen := r.query.store.keeper.gens.Add(1)
	var come []entry // set last: another id may have the number of one that goes
	for _, num := range changed {
		if count := ranks.counts.at(num); count != 0 {
			tree.Delete(rankEntry(from, num, int64(count)-1))
			ranks.counts.set(gen, num, 0)
		}
		n, alive := r.snapshot.node(num)
		if !alive || !k.types.Has(n.typ) {
			continue
		}
		count := r.countAnew(k.count, n)
		come = append(come, rankEntry(r.snapshot, num, count))
		ranks.counts.set(gen, num, uint32(count)+1)
	}
	for _, e := range come {
		tree.Set(e)
	}
	ranks.trees = inTwo(tree)
	return &ranks
}

// countAll counts at all nodes of some types.
func (r *run) countAll(c *counter, types catalog.TypeSet, tell func(n node, count int64)) {
	if r.manyFacts(&c.path, types) {
		counts := r.countByFacts(c, types)
		r.scan(&source{types: types}, func(n node) { tell(n, int64(counts[n.num])) })
		return
	}
	r.scan(&source{types: types}, func(n node) { tell(n, r.countAnew(c, n)) })
}

// manyFacts tells whether a shortcut leads from the nodes of some types past so many facts that it is better to
// read these in their own order.
func (r *run) manyFacts(p *path, types catalog.TypeSet) bool {
	if p.home == nil {
		return false
	}
	facts := 0
	r.scan(&source{types: types}, func(n node) { facts += len(p.raw(n)) })
	return facts > r.live(p.targets)/4
}

// pair is a node and one at the far end of a shortcut.
type pair struct{ from, to uint32 }

// countByFacts counts by number. From a node to its facts and on to their ends is a walk all over memory,
// so it reads the facts as they lie, sorts their ends by the nodes, and counts each end of a node once.
func (r *run) countByFacts(c *counter, types catalog.TypeSet) []uint32 {
	pairs := r.pairs(&c.path, types)
	counts, last := make([]uint32, r.snapshot.next), make([]uint32, r.snapshot.next)
	for _, p := range byFrom(pairs, r.snapshot.next) {
		if r.stopped() {
			break
		}
		if last[p.to] == p.from {
			continue
		}
		last[p.to] = p.from
		if c.where != nil {
			if end, _ := r.snapshot.node(p.to); !c.where(r, end) {
				continue
			}
		}
		counts[p.from]++
	}
	return counts
}

// pairs is where all facts of a shortcut lead that meet its condition.
func (r *run) pairs(p *path, types catalog.TypeSet) (pairs []pair) {
	r.scan(&source{types: p.targets, where: p.facts}, func(fact node) {
		for _, from := range p.home.raw(fact) {
			if !types.Has(r.snapshot.places.at(from).typ) {
				continue
			}
			for _, to := range p.far.raw(fact) {
				if p.far.exact || p.far.targets.Has(r.snapshot.places.at(to).typ) {
					pairs = append(pairs, pair{from, to})
				}
			}
		}
	})
	return pairs
}

// byFrom sorts pairs by the first of the two, which is less than next.
func byFrom(pairs []pair, next uint32) []pair {
	at := make([]uint32, next+1)
	for _, p := range pairs {
		at[p.from+1]++
	}
	for i := range next {
		at[i+1] += at[i]
	}
	sorted := make([]pair, len(pairs))
	for _, p := range pairs {
		sorted[at[p.from]] = p
		at[p.from]++
	}
	return sorted
}
