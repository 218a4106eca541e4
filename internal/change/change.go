// Package change describes a write to the graph as data. It knows no store; the rules
// that every batch must keep are checked here, against any reader of the present state.
package change

import (
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// Batch is a write that happens as a whole or not at all.
type Batch struct {
	Upserts []Node   // each id at most once
	Deletes []string // ids; none of them among the upserts
}

// Node is the whole wanted state of a node: what it does not mention is gone after.
type Node struct {
	Type   *catalog.Type
	ID     string
	Values []value.Value // by Property.Index; the first is the id
	Links  [][]string    // by the Index of the type's stored (Out) links: target ids, in order
}

// Summary says what a batch did.
type Summary struct{ Created, Updated, Unchanged, Deleted int }

// Add sums up.
func (s Summary) Add(o Summary) Summary {
	return Summary{s.Created + o.Created, s.Updated + o.Updated, s.Unchanged + o.Unchanged, s.Deleted + o.Deleted}
}

// Equal tells whether two states of a node are the same.
func (n *Node) Equal(o *Node) bool {
	return n.Type == o.Type && n.ID == o.ID &&
		slices.EqualFunc(n.Values, o.Values, value.Value.Equal) &&
		slices.EqualFunc(n.Links, o.Links, slices.Equal)
}
