package plan

import "nicgraph/internal/catalog"

// Computed stands for what no store brings: a value worked out from the graph as a
// whole. Stores leave its cell empty; package computed fills it after the store's run
// with a row block of Row, a record, or with a page block of records.
type Computed struct {
	Field   string // Party.upstream, Query.search: who works it out
	Args    Args
	Filters Filters
	ID      int // the slot of the node's row that holds its id; -1 at the root
	List    bool
	Row     Row // the record: its slots hold Value, Nested and Reference
	Path    []string
}

// Args are the arguments of a computed field, by name; what is not given is not there. A
// field of an input object stands under its path: input.population.study. The object
// itself stands as true, so that an empty one can be told from none.
type Args map[string]Operand

// Filters are the conditions on nodes among the arguments of a computed field, by name.
type Filters map[string]Condition

// Condition is a filter and the types of the nodes that it is about.
type Condition struct {
	Types  catalog.TypeSet
	Filter Filter // nil: every node
}

// Value is a scalar of a record, or a list of texts.
type Value struct {
	Name string
	Args Args
}

// Nested is a record inside a record, or a list of records in a page block.
type Nested struct {
	Name string
	Args Args
	List bool
	Row  Row
}

// Reference is a node that a record names by its id, or a list of nodes in a page block.
// The node's row is read from the store.
type Reference struct {
	Name     string
	Args     Args
	List     bool
	Required bool // a node that is named and not there may not be null
	Types    catalog.TypeSet
	Row      Row
	IDs      bool // the answer shows the id, and nothing by which types differ
}

// Recorded is the answer to another plan about the graph as it was known at a moment. Stores
// leave its cell empty; package computed runs the plan and puts its root row there.
type Recorded struct {
	Time Operand // a moment, see value.ParseMoment
	Plan *Plan
	Path []string
}

func (*Recorded) read()  {}
func (*Computed) read()  {}
func (*Value) read()     {}
func (*Nested) read()    {}
func (*Reference) read() {}
