package plan

import "nicgraph/internal/catalog"

// Shape is an object of the answer: its fields in the order in which they are written.
type Shape struct{ Fields []Field }

// Field is one entry of an object. It is written when the row's type is in Types;
// the empty set means always (at places that are no node: the root, pages, pageInfo).
type Field struct {
	Key   string
	Types catalog.TypeSet
	Out   Out
}

// Out is what a field writes. The set is sealed.
//
//	anywhere:          Const
//	in a node's shape: Typename, Scalar, Object, Connection
//	in the root:       Object, Objects, Connection, Inline, Total
//	in a connection:   Edges, Nodes, PageInfo, TotalCount, Facets, Groups
//	in an edge:        Node, Cursor, Connection
//	in a pageInfo:     HasNextPage, HasPreviousPage, StartCursor, EndCursor
//	in a page of groups: TotalCount, HasNextGroups, GroupRows
//	in a group's row:  GroupKeys, KeyText, KeyNode, GroupNumber
//	in a record:       Scalar, Object, Objects
type Out interface{ out() }

// Const writes fixed JSON: the __typename of what is no node, introspection.
type Const struct{ JSON string }

// Typename writes the name of the row's type.
type Typename struct{}

// Scalar writes a slot that holds a Property. A missing Required value is an error
// and makes the parent null.
type Scalar struct {
	Slot     int
	Required bool
}

// Object writes a slot that holds a One or a Find, or in a record a Nested or Reference.
type Object struct {
	Slot     int
	Required bool
	Shape    Shape
}

// Objects writes a slot that holds a list: a FindAll, or a list of a record. An element
// that is missing, or lacks a required value, is null unless elements are Required.
type Objects struct {
	Slot     int
	Required bool
	Shape    Shape
}

// Inline writes an object whose fields stand in the same row as itself.
type Inline struct{ Shape Shape }

// Connection writes a slot that holds a Many.
type Connection struct {
	Slot  int
	Shape Shape
}

// Edges writes the page's rows as edges.
type Edges struct{ Shape Shape }

// Nodes writes the page's rows as nodes.
type Nodes struct{ Shape Shape }

// PageInfo writes what Relay's PageInfo holds.
type PageInfo struct{ Shape Shape }

// TotalCount writes the number of all matches.
type TotalCount struct{}

// Total writes the number of all matches of the Many in a slot.
type Total struct{ Slot int }

// Node writes the edge's row as a node.
type Node struct{ Shape Shape }

// Cursor writes the row's cursor.
type Cursor struct{}

// HasNextPage tells whether rows follow the page.
type HasNextPage struct{}

// HasPreviousPage tells whether rows precede the page.
type HasPreviousPage struct{}

// StartCursor writes the cursor of the first row, null when there is none.
type StartCursor struct{}

// EndCursor writes the cursor of the last row, null when there is none.
type EndCursor struct{}

// Facets writes a list of facets, one per slot of the connection's owner that holds
// Groups by one key.
type Facets struct {
	Slots []int
	Shape []Shape // of each
}

// GroupPage writes the slot of the connection's owner that holds Groups.
type GroupPage struct {
	Slot  int
	Shape Shape
}

// HasNextGroups tells whether groups follow the page.
type HasNextGroups struct{}

// GroupRows writes the groups of a page as a list.
type GroupRows struct{ Shape Shape }

// GroupKeys writes the keys of a group as a list of objects, each with a shape of its own.
type GroupKeys struct{ Shape []Shape }

// KeyText writes a key as a string: a scalar, or the id of a node; null when missing.
type KeyText struct{ Slot int }

// KeyNode writes the node that is a key, null for a scalar.
type KeyNode struct {
	Slot  int // -1: the key is a scalar
	Shape Shape
}

// GroupNumber writes the count of a group, or a count of distinct nodes; null for slot -1.
type GroupNumber struct{ Slot int }

func (Const) out()           {}
func (Typename) out()        {}
func (Scalar) out()          {}
func (*Object) out()         {}
func (*Objects) out()        {}
func (*Connection) out()     {}
func (*Edges) out()          {}
func (*Nodes) out()          {}
func (*PageInfo) out()       {}
func (TotalCount) out()      {}
func (*Node) out()           {}
func (Cursor) out()          {}
func (HasNextPage) out()     {}
func (HasPreviousPage) out() {}
func (StartCursor) out()     {}
func (EndCursor) out()       {}
func (*Total) out()          {}
func (*Inline) out()         {}
func (*Facets) out()         {}
func (*GroupPage) out()      {}
func (HasNextGroups) out()   {}
func (*GroupRows) out()      {}
func (*GroupKeys) out()      {}
func (KeyText) out()         {}
func (*KeyNode) out()        {}
func (GroupNumber) out()     {}
