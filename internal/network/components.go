package network

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
)

// Parts is a division of people into parts: the largest first, among equals the one with
// the smallest person.
type Parts struct {
	Of    []int32 // per person the place of the part
	Sizes []int   // per part, how many people
}

// WeakComponents are the parts within which everybody is joined by ties in any direction.
func (n *Network) WeakComponents() Parts {
	return partsOf(n.People(), topo.ConnectedComponents(graph.Undirect{G: view{n}}))
}

// StrongComponents are the parts within which everybody reaches everybody along the ties
// (Tarjan 1972).
func (n *Network) StrongComponents() Parts {
	return partsOf(n.People(), topo.TarjanSCC(view{n}))
}

func partsOf(people int, parts [][]graph.Node) Parts {
	of := make([]int32, people)
	for part, members := range parts {
		for _, member := range members {
			of[member.ID()] = int32(part)
		}
	}
	return numbered(of)
}

// numbered puts parts into their order. Parts come as any numbers below how many people there are.
func numbered(of []int32) Parts {
	type part struct {
		old, smallest int32
		size          int
	}
	parts := make([]part, len(of))
	for person := len(of) - 1; person >= 0; person-- {
		p := &parts[of[person]]
		p.old, p.smallest, p.size = of[person], int32(person), p.size+1
	}
	parts = slices.DeleteFunc(parts, func(p part) bool { return p.size == 0 })
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.smallest, b.smallest))
	})
	p := Parts{Of: make([]int32, len(of)), Sizes: make([]int, len(parts))}
	place := make([]int32, len(of))
	for i, part := range parts {
		place[part.old], p.Sizes[i] = int32(i), part.size
	}
	for person, old := range of {
		p.Of[person] = place[old]
	}
	return p
}

// view is a network as gonum sees one. Its nodes come in ascending order.
type view struct{ *Network }

func (v view) Node(id int64) graph.Node {
	if id < 0 || id >= int64(v.People()) {
		return nil
	}
	return simple.Node(id)
}

func (v view) Nodes() graph.Nodes {
	all := make([]graph.Node, v.People())
	for i := range all {
		all[i] = simple.Node(i)
	}
	return iterator.NewOrderedNodes(all)
}

func (v view) From(id int64) graph.Nodes { return nodes(v.out.of(int32(id))) }

func (v view) To(id int64) graph.Nodes { return nodes(v.in.of(int32(id))) }

func nodes(people []int32) graph.Nodes {
	all := make([]graph.Node, len(people))
	for i, person := range people {
		all[i] = simple.Node(person)
	}
	return iterator.NewOrderedNodes(all)
}

func (v view) HasEdgeFromTo(from, to int64) bool {
	_, ok := slices.BinarySearch(v.out.of(int32(from)), int32(to))
	return ok
}

func (v view) HasEdgeBetween(a, b int64) bool { return v.HasEdgeFromTo(a, b) || v.HasEdgeFromTo(b, a) }

func (v view) Edge(from, to int64) graph.Edge {
	if !v.HasEdgeFromTo(from, to) {
		return nil
	}
	return simple.Edge{F: simple.Node(from), T: simple.Node(to)}
}
