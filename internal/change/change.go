// Package change describes a write to the graph as data. It knows no store; the rules
// that every batch must keep are checked here, against any reader of the present state.
package change

import (
	"slices"
	"time"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// Batch is a write that happens as a whole or not at all.
type Batch struct {
	Upserts []Node         // each id at most once
	Deletes []string       // ids; none of them among the upserts
	Expect  map[string]int // the versions that nodes must have before; Absent: it must not exist

	// Aliases are ids that become others: of those that are deleted, the one of the same type into which
	// it is merged and for which it stands from then on; of one that is created, empty where it stood for
	// another and shall not any more.
	Aliases map[string]string
	Note    Note
}

// Absent is the version of what does not exist.
const Absent = -1

// Note says who writes, when and why. It is kept in the history.
type Note struct {
	By  string    // who; empty: the program itself, such as an import
	Why string    // the reason given, empty when none
	At  time.Time // when; the history never goes back, so a time before the last change becomes that one's
	Key string    // empty, or a text of the writer's: a batch with a key that was applied before is not applied again
}

// Node is the whole wanted state of a node: what it does not mention is gone after.
type Node struct {
	Type   *catalog.Type
	ID     string
	Values []value.Value // by Property.Index; the first is the id
	Links  [][]string    // by the Index of the type's stored (Out) links: target ids, in order
}

// Summary counts what a batch did.
type Summary struct{ Created, Updated, Unchanged, Deleted int }

// Outcome is what came of a batch.
type Outcome struct {
	Summary
	Change   int  // its number in the history; 0 when nothing changed
	Repeated bool // its key was known, and the outcome is that of the first time
}

// Add sums the counts up.
func (s Summary) Add(o Summary) Summary {
	return Summary{s.Created + o.Created, s.Updated + o.Updated, s.Unchanged + o.Unchanged, s.Deleted + o.Deleted}
}

// Changed tells whether the batch made a difference.
func (s Summary) Changed() bool { return s.Created+s.Updated+s.Deleted > 0 }

// Equal tells whether two states of a node are the same, but for what the store manages.
func (n *Node) Equal(o *Node) bool {
	return n.Type == o.Type && n.ID == o.ID && n.sameValues(o) && slices.EqualFunc(n.Links, o.Links, slices.Equal)
}

func (n *Node) sameValues(o *Node) bool {
	for _, p := range n.Type.Properties {
		if !p.Managed && !n.Values[p.Index].Equal(o.Values[p.Index]) {
			return false
		}
	}
	return true
}

// Version is the number of the change that wrote the node last.
func (n *Node) Version() int {
	if p, ok := n.Type.Property(catalog.Version); ok {
		return int(n.Values[p.Index].Num)
	}
	return 0
}

// WithVersion is the node as a change has written it; of nothing it is nothing.
func (n *Node) WithVersion(number int) *Node {
	if n == nil || n.Version() == number {
		return n
	}
	p, ok := n.Type.Property(catalog.Version)
	if !ok {
		return n
	}
	written := *n
	written.Values = slices.Clone(n.Values)
	written.Values[p.Index] = value.OfInt(int64(number))
	return &written
}
