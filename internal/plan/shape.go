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
//	in the root:       Object, Objects, Connection
//	in a connection:   Edges, Nodes, PageInfo, TotalCount
//	in an edge:        Node, Cursor, Connection
//	in a pageInfo:     HasNextPage, HasPreviousPage, StartCursor, EndCursor
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

// Object writes a slot that holds a One or a Find.
type Object struct {
	Slot     int
	Required bool
	Shape    Shape
}

// Objects writes a slot that holds a FindAll: a list with nulls.
type Objects struct {
	Slot  int
	Shape Shape
}

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
