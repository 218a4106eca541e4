// Package plan describes a read of the graph as data: which rows a store must bring
// (Row, Slot, Read) and how they are written as JSON (Shape, Field, Out). It knows
// neither GraphQL's syntax nor any store.
package plan

import (
	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// Plan is one GraphQL query. It is immutable and may be run any number of times at
// once, each time with other Params.
type Plan struct {
	Catalog *catalog.Catalog
	Query   Row   // the root row: one slot per root field that reads the graph
	Shape   Shape // the root object

	Unread []*Many // pages of which nothing is asked for: only their arguments are checked
}

// Params are the values of the variables that a plan leaves open, by name.
type Params map[string]value.Value

// Operand is a value known to the plan, or a variable: Param is its name.
type Operand struct {
	Const value.Value
	Param string
}

// Value is the operand's value under the given variables.
func (o Operand) Value(params Params) value.Value {
	if o.Param != "" {
		return params[o.Param]
	}
	return o.Const
}

// Row says what a store brings of each node at one place of the answer.
type Row struct {
	Types catalog.TypeSet // the types that a node here can have
	Slots []Slot
}

// Slot is one thing to bring of a node whose type is in Types; for other nodes the
// slot stays empty.
type Slot struct {
	Types catalog.TypeSet
	Read  Read
}

// Read is what a slot brings. The set is sealed: Property, KeyOf, Targets, One, Many,
// Groups, at the root also Find and FindAll, and what computed.go adds.
type Read interface{ read() }

// Property brings a scalar of the row's node.
type Property struct{ Name string }

// KeyOf brings the value of a sort key that is no scalar of the node itself.
type KeyOf struct{ Key Key }

// Targets brings the ids at the end of a stored link in their stored order, as a
// Strings value; none is an empty list.
type Targets struct{ Link *catalog.Link }

// One brings the node at the end of a to-one link when it meets Where, or nothing.
type One struct {
	Link  *catalog.Link
	Where Filter // nil: any
	Row   Row
}

// Many brings a page of nodes.
type Many struct {
	From   From
	Where  Filter // nil: all
	Order  []Key  // never empty; the last key is always id
	First  Operand
	After  Operand // a cursor, or null
	Last   Operand // the last so many instead of the first; null for the first
	Before Operand // a cursor, or null
	Total  bool    // bring the number of all matches too
	Rows   bool    // bring the page; false when only the total is asked for
	All    bool    // all pages are going to be asked for, one after the other
	Keys   []int   // the slots of Row that hold the values of Order, when cursors are asked for
	Row    Row
	Path   []string // the response keys that lead to it, for messages
}

// Find brings the node for which an id stands, its own or an alias, when its type is in Types
// and it meets Where, or nothing.
type Find struct {
	Types catalog.TypeSet
	ID    Operand
	Where Filter // nil: any
	Row   Row
}

// FindAll brings, for each of a list of ids in its order, the node or nothing.
type FindAll struct {
	Types catalog.TypeSet
	IDs   Operand
	Exact bool   // an id that stands for another brings nothing
	Where Filter // nil: any; one that does not meet it is nothing
	Row   Row
}

// Groups counts nodes by the values of some keys. Groups come by count, the largest
// first, then by their keys in ascending order (value.Compare; ids for links; a missing
// value last). Its page block has one row block per group: the keys, the count, then
// one number per link of Distinct; the header of such a row says nothing.
type Groups struct {
	From     From
	Where    Filter          // nil: all
	By       []GroupKey      // not empty
	First    Operand         // how many groups
	Skip     Operand         // how many to leave out before
	Distinct []*catalog.Link // to-one links: per group, the number of distinct nodes at their ends
	Total    bool            // bring the number of groups too
	Path     []string        // the response keys that lead to it, for messages
}

// GroupKey is a value to group by: a scalar, the year in which a date is written to
// begin, or the node at the end of a to-one link.
type GroupKey struct {
	Property string
	Kind     value.Kind    // of the property, which is no Strings
	Year     bool          // of a Date its first four digits, as Int
	Link     *catalog.Link // instead of a property
	Row      Row           // of a link: what to bring of the node, as One does
}

func (Property) read() {}
func (KeyOf) read()    {}
func (Targets) read()  {}
func (*One) read()     {}
func (*Many) read()    {}
func (*Find) read()    {}
func (*FindAll) read() {}
func (*Groups) read()  {}

// From is where the nodes of a Many come from. The set is sealed: Scan, Follow, Between.
type From interface{ from() }

// Scan takes all nodes of some types.
type Scan struct{ Types catalog.TypeSet }

// Follow takes the nodes that a link leads to from the row's node; a shortcut yields
// each far node once, over the facts that meet Facts.
type Follow struct {
	Link  *catalog.Link
	Facts Filter // nil: any; for a shortcut only
}

// Between takes the facts over which a shortcut leads from its start to the row's
// node: it stands only in the row of a Many that follows that shortcut.
type Between struct{ Link *catalog.Link }

func (Scan) from()    {}
func (Follow) from()  {}
func (Between) from() {}

// Key is one sort key: a scalar of the node, or of the node at the end of a path of
// to-one links, or the number of nodes at the end of a link of either. A key is missing
// when the path breaks off; a number is otherwise never missing.
type Key struct {
	Path       []*catalog.Link // to-one links
	Property   string
	Kind       value.Kind
	Count      *Count // instead of Property; Kind is Int
	Desc       bool
	NullsFirst bool
}

// Count is the number of nodes at the end of a link, or past a shortcut over the facts
// that meet Facts, each once, that meet Where.
type Count struct {
	Link  *catalog.Link
	Where Filter // nil: any
	Facts Filter // nil: any; for a shortcut only
}

// Filter is a condition on a node. It is two-valued: a comparison with a missing value
// is false, and Not is the complement. The set is sealed: And, Or, Not, Compare,
// Elements, TypeIs, Linked, Counted.
type Filter interface{ filter() }

// And holds when all of its parts do; an empty And is true.
type And []Filter

// Or holds when some of its parts do; an empty Or is false.
type Or []Filter

// Not holds when its part does not.
type Not struct{ Filter Filter }

// Compare holds when a scalar stands in the relation Op to the operand. Inside
// Elements, Property is empty and the scalar is the element. What holds of a date holds
// possibly too: two dates differ possibly unless both are the same single day.
type Compare struct {
	Property      string
	Kind          value.Kind
	Op            Op
	Operand       Operand // In, NotIn: a List; IsNull: unused
	CaseSensitive bool    // Text: compare the raw text, not the folded one
	Possible      bool    // Date: some day suffices, and a missing date may be any day
	Written       bool    // Date: compare the days of value.ParseWritten on both sides, not of ParseDate
}

// IDIn holds of the nodes with some ids.
func IDIn(ids []string) Filter {
	return Compare{Property: "id", Kind: value.ID, Op: In, Operand: Operand{Const: value.OfIDs(ids)}}
}

// Elements holds when some, all or none of a Strings property's elements meet Where.
type Elements struct {
	Property string
	Quant    Quant
	Where    Filter
}

// TypeIs holds when the node's type is one of Types.
type TypeIs struct{ Types catalog.TypeSet }

// Linked holds when some, all or none of the nodes at the end of a link meet Where.
// A to-one link takes Some.
type Linked struct {
	Link  *catalog.Link
	Quant Quant
	Where Filter // nil: any node
	Facts Filter // nil: any fact; for a shortcut only
}

// Counted holds when the number of nodes at the end of a link that meet Where stands
// in the relation Op to the operand.
type Counted struct {
	Link    *catalog.Link
	Where   Filter // nil: any node
	Facts   Filter // nil: any fact; for a shortcut only
	Op      Op     // Eq, Ne, Lt, Lte, Gt, Gte
	Operand Operand
}

func (And) filter()      {}
func (Or) filter()       {}
func (Not) filter()      {}
func (Compare) filter()  {}
func (Elements) filter() {}
func (TypeIs) filter()   {}
func (Linked) filter()   {}
func (Counted) filter()  {}

// Op is a relation between a scalar and an operand.
type Op uint8

// The relations. Before, After and During are for dates: the date lies wholly (or,
// when Possible, on some day) before the operand's first day, after its last day, or
// within it.
const (
	Eq Op = iota
	Ne
	In
	NotIn
	Lt
	Lte
	Gt
	Gte
	Contains
	StartsWith
	EndsWith
	IsNull
	Before
	After
	During
)

var opNames = [...]string{"=", "<>", "in", "not in", "<", "<=", ">", ">=", "contains", "starts with", "ends with", "is null", "before", "after", "during"}

func (o Op) String() string { return opNames[o] }

// Quant says how many of several must meet a condition.
type Quant uint8

// The quantifiers. All of none is true.
const (
	Some Quant = iota
	All
	None
)

var quantNames = [...]string{"some", "all", "none"}

func (q Quant) String() string { return quantNames[q] }
