package embedded

import (
	"slices"

	"nicgraph/internal/change"
	"nicgraph/internal/value"
)

// difference is what a batch changes.
type difference struct {
	change.Summary
	nodes   []*change.Node // the upserts that make a difference
	places  []int          // theirs in the batch
	numbers []uint32       // of all upserts; 0 for those that are new and not declared yet
}

func (e *edit) difference(b *change.Batch) *difference {
	d := &difference{numbers: make([]uint32, len(b.Upserts))}
	for i := range b.Upserts {
		n := normal(&b.Upserts[i])
		old, exists := e.find(n.ID)
		if exists {
			d.numbers[i] = old.num
		}
		switch {
		case !exists:
			d.Created++
		case e.same(old, n):
			d.Unchanged++
			continue
		default:
			d.Updated++
		}
		d.nodes, d.places = append(d.nodes, n), append(d.places, i)
	}
	return d
}

// same tells whether a node is stored as it is wanted.
func (e *edit) same(old node, wanted *change.Node) bool {
	state := e.state(old)
	return state.Equal(wanted)
}

// resolved is the ends of a node's links by number, until the next node's are asked for.
func (d *difference) resolved(e *edit, n *change.Node, ends []int32) [][]uint32 {
	return e.listed(n, func(i int, id string) uint32 {
		if at := ends[i]; at != change.Elsewhere {
			return d.numbers[at]
		}
		return e.numberOf(id)
	})
}

// found is the same for a node whose links nobody has looked up yet.
func (e *edit) found(n *change.Node) [][]uint32 {
	return e.listed(n, func(_ int, id string) uint32 { return e.numberOf(id) })
}

// numberOf is the number of a node that is there: Check has found it.
func (e *edit) numberOf(id string) uint32 { return e.number(id, e.numbers) }

// listed makes the lists of a node's ends in memory that the next node takes again. number
// tells that of the link's target, which has a place among all the node's.
func (e *edit) listed(n *change.Node, number func(i int, id string) uint32) [][]uint32 {
	lists, all := e.lists[:0], e.flat[:0]
	for _, ids := range n.Links {
		for _, id := range ids {
			all = append(all, number(len(all), id))
		}
	}
	rest := all
	for _, ids := range n.Links {
		lists = append(lists, rest[:len(ids):len(ids)])
		rest = rest[len(ids):]
	}
	e.lists, e.flat = lists, all
	return lists
}

// normal writes a missing list of texts as an empty one, which means the same.
func normal(n *change.Node) *change.Node {
	out, copied := n, false
	for _, p := range n.Type.Properties {
		if p.Kind != value.Strings || !n.Values[p.Index].IsNull() {
			continue
		}
		if !copied {
			clone := *n
			clone.Values = slices.Clone(n.Values)
			out, copied = &clone, true
		}
		out.Values[p.Index] = value.OfStrings(nil)
	}
	return out
}
