// Package answer writes what a store has brought for a plan as the JSON of a GraphQL
// response. It is the one place that knows how nulls propagate; how rows were found is
// left to the stores.
package answer

import (
	"encoding/json"
	"strconv"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Error is a field that should have had a value: its parent became null.
type Error struct {
	Message string
	Path    []any // response keys and indices from the root
}

// Append appends the JSON of the root object to dst. When an answer would be longer
// than limit bytes it fails (fault.Limit). Errors tell which values are missing; the
// answer is then null where the specification (section 6.4.4) says so.
func Append(dst []byte, p *plan.Plan, r *plan.Result, params plan.Params, limit int) ([]byte, []Error, error) {
	w := writer{dst: dst, plan: p, cells: r.Cells, params: params, limit: len(dst) + limit}
	if !w.object(p.Shape, place{row: &p.Query}) {
		w.dst = append(w.dst[:len(dst)], "null"...)
	}
	if w.tooLong || len(w.dst) > w.limit {
		return nil, nil, fault.New(fault.Limit, "the answer would be longer than %d bytes; ask for less, or in smaller pages", limit)
	}
	return w.dst, w.errors, nil
}

type writer struct {
	dst     []byte
	plan    *plan.Plan
	cells   []plan.Cell
	params  plan.Params
	limit   int
	tooLong bool
	path    []step
	errors  []Error
	keys    []value.Value // scratch for cursors
}

// step is a response key, or an index when the key is empty.
type step struct {
	key   string
	index int
}

// place is where the writer stands: a row block, and inside a connection its page.
type place struct {
	row   *plan.Row  // what the block at holds
	at    int        // the row block
	many  *plan.Many // the connection, inside one
	page  int        // its page block; of groups, theirs
	owner owner      // what the connection, or the groups, stand in
	types catalog.TypeSet
}

// owner is the row block whose slots hold a connection and its groups.
type owner struct {
	row *plan.Row
	at  int
}

// node is the place of a row block whose header has been read.
func (w *writer) node(p place) place {
	p.types = catalog.SetOf(w.cells[p.at].Type)
	return p
}

// object writes an object. It returns false when a required value is missing: the
// object must then be null, and what it has written is to be cut off by the caller.
func (w *writer) object(shape plan.Shape, p place) bool {
	if len(w.dst) > w.limit {
		w.tooLong = true
	}
	if w.tooLong {
		return false
	}
	separator := byte('{')
	for i := range shape.Fields {
		f := &shape.Fields[i]
		if f.Types != 0 && f.Types&p.types == 0 {
			continue
		}
		w.key(separator, f.Key)
		separator = ','
		if out, ok := f.Out.(plan.Scalar); ok && w.cells[p.at+1+out.Slot].Kind != plan.CellNull {
			w.scalar(w.cells[p.at+1+out.Slot], out.Required) // most fields: what is there needs no path
			continue
		}
		w.path = append(w.path, step{key: f.Key})
		if !w.field(f.Out, p) {
			return false
		}
		w.path = w.path[:len(w.path)-1]
	}
	if separator == '{' {
		w.dst = append(w.dst, '{')
	}
	w.dst = append(w.dst, '}')
	return true
}

// field writes the value of a field. It returns false when the value is missing and
// the field may not be null; the path is then left as it was at the missing value's
// nullable ancestor to restore.
func (w *writer) field(out plan.Out, p place) bool {
	switch out := out.(type) {
	case plan.Const:
		w.dst = append(w.dst, out.JSON...)
		return true
	case plan.Typename:
		w.name(w.plan.Catalog.Types[w.cells[p.at].Type].Name)
		return true
	case plan.Scalar:
		return w.scalar(w.cells[p.at+1+out.Slot], out.Required)
	case *plan.Object:
		return w.one(out, p)
	case *plan.Objects:
		return w.list(out, p)
	case *plan.Connection:
		return w.connection(out, p)
	case *plan.Edges:
		return w.rows(out.Shape, p)
	case *plan.Nodes:
		return w.rows(out.Shape, p)
	case *plan.PageInfo:
		return w.object(out.Shape, p)
	case *plan.Node:
		return w.object(out.Shape, p)
	case *plan.Inline:
		return w.object(out.Shape, p)
	case *plan.Facets:
		return w.facets(out, p)
	case *plan.GroupPage:
		return w.object(out.Shape, w.groupPage(p, out.Slot))
	case *plan.GroupRows:
		return w.rows(out.Shape, p)
	case *plan.GroupKeys:
		return w.groupKeys(out, p)
	case plan.KeyText:
		w.keyText(w.cells[p.at+1+out.Slot])
		return true
	case *plan.KeyNode:
		return w.keyNode(out, p)
	case plan.GroupNumber:
		w.groupNumber(out, p)
		return true
	case *plan.Total:
		w.dst = strconv.AppendInt(w.dst, w.cells[w.cells[p.at+1+out.Slot].Num].Num, 10)
		return true
	case plan.TotalCount:
		w.dst = strconv.AppendInt(w.dst, w.cells[p.page].Num, 10)
		return true
	default:
		w.pageField(out, p)
		return true
	}
}

// pageField writes cursors and the truth values of pageInfo.
func (w *writer) pageField(out plan.Out, p place) {
	header := w.cells[p.page]
	switch out.(type) {
	case plan.Cursor:
		w.cursor(p, p.at)
	case plan.HasNextGroups:
		w.dst = strconv.AppendBool(w.dst, header.Next)
	case plan.HasNextPage:
		w.dst = strconv.AppendBool(w.dst, w.beyond(p.many, p.many.Before, header.Next, false))
	case plan.HasPreviousPage:
		w.dst = strconv.AppendBool(w.dst, w.beyond(p.many, p.many.After, header.Next, true))
	case plan.StartCursor:
		w.cursorAt(p, header, 0)
	case plan.EndCursor:
		w.cursorAt(p, header, int(header.Len)-1)
	default:
		panic(out)
	}
}

// beyond tells whether rows lie beyond one side of a page: on the side to which it was
// walked the store has looked; on the other there is at least the row of the cursor.
func (w *writer) beyond(many *plan.Many, bound plan.Operand, more, front bool) bool {
	backward := !many.Last.Value(w.params).IsNull()
	if backward == front {
		return more
	}
	return !bound.Value(w.params).IsNull()
}

func (w *writer) cursorAt(p place, header plan.Cell, row int) {
	if header.Len == 0 {
		w.dst = append(w.dst, "null"...)
		return
	}
	w.cursor(p, plan.RowAt(p.page, row, len(p.many.Row.Slots)))
}

// cursor writes the cursor of the row block at.
func (w *writer) cursor(p place, at int) {
	w.keys = w.keys[:0]
	for i, slot := range p.many.Keys {
		w.keys = append(w.keys, keyOf(w.cells[at+1+slot], p.many.Order[i].Kind))
	}
	w.dst = append(w.dst, '"')
	w.dst = plan.AppendCursor(w.dst, p.many.Order, w.keys)
	w.dst = append(w.dst, '"')
}

func keyOf(c plan.Cell, kind value.Kind) value.Value {
	if c.Kind == plan.CellNull {
		return value.Value{}
	}
	return value.Value{Kind: kind, Str: c.Str, Num: c.Num}
}

func (w *writer) scalar(c plan.Cell, required bool) bool {
	switch c.Kind {
	case plan.CellNull:
		return w.null(required)
	case plan.CellText:
		w.text(c.Str)
	case plan.CellNumber:
		w.dst = strconv.AppendInt(w.dst, c.Num, 10)
	case plan.CellBool:
		w.dst = strconv.AppendBool(w.dst, c.Num != 0)
	case plan.CellFloat:
		w.float(c.Float())
	case plan.CellTexts:
		w.texts(w.cells[c.Num : c.Num+int64(c.Len)])
	default:
		panic(c.Kind)
	}
	return true
}

// float writes a number as JSON.stringify does; what is no number is null.
func (w *writer) float(f float64) {
	text, err := json.Marshal(f)
	if err != nil {
		text = []byte("null")
	}
	w.dst = append(w.dst, text...)
}

// null writes null, or reports the missing value where null is not allowed.
func (w *writer) null(required bool) bool {
	if !required {
		w.dst = append(w.dst, "null"...)
		return true
	}
	w.errors = append(w.errors, Error{
		Message: "a value that is always there by the schema is missing in the store; tell the curators of this graph",
		Path:    w.errorPath(),
	})
	return false
}

func (w *writer) errorPath() []any {
	path := make([]any, len(w.path))
	for i, s := range w.path {
		if s.key == "" {
			path[i] = s.index
		} else {
			path[i] = s.key
		}
	}
	return path
}

func (w *writer) texts(cells []plan.Cell) {
	w.dst = append(w.dst, '[')
	for i, c := range cells {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.text(c.Str)
	}
	w.dst = append(w.dst, ']')
}

// one writes the node at the end of a to-one link, or of a look-up.
func (w *writer) one(out *plan.Object, p place) bool {
	c := w.cells[p.at+1+out.Slot]
	if c.Kind == plan.CellNull {
		return w.null(out.Required)
	}
	inner := w.inner(p.row.Slots[out.Slot].Read, int(c.Num))
	return w.nullable(out.Required, func() bool { return w.object(out.Shape, inner) })
}

// nullable writes a value; when that fails and null is allowed it writes null instead.
func (w *writer) nullable(required bool, write func() bool) bool {
	start, depth := len(w.dst), len(w.path)
	if write() {
		return true
	}
	if required || w.tooLong {
		return false
	}
	w.dst = append(w.dst[:start], "null"...)
	w.path = w.path[:depth]
	return true
}

// list writes a list of nodes or records, null where there is none.
func (w *writer) list(out *plan.Objects, p place) bool {
	c := w.cells[p.at+1+out.Slot]
	if c.Kind == plan.CellNull {
		return w.null(out.Required)
	}
	page := int(c.Num)
	read := p.row.Slots[out.Slot].Read
	width := len(rowOf(read).Slots)
	return w.each(int(w.cells[page].Len), func(i int) bool { return w.element(out, read, plan.RowAt(page, i, width)) })
}

func (w *writer) element(out *plan.Objects, read plan.Read, at int) bool {
	if w.cells[at].Kind == plan.CellNull {
		return w.null(out.Required)
	}
	return w.nullable(out.Required, func() bool { return w.object(out.Shape, w.inner(read, at)) })
}

// inner is the place of a row block that a read has brought.
func (w *writer) inner(read plan.Read, at int) place {
	return w.node(place{row: rowOf(read), at: at})
}

func (w *writer) connection(out *plan.Connection, p place) bool {
	inner := place{owner: owner{row: p.row, at: p.at}}
	if out.Slot >= 0 {
		inner.many = p.row.Slots[out.Slot].Read.(*plan.Many)
		inner.row, inner.page = &inner.many.Row, int(w.cells[p.at+1+out.Slot].Num)
	}
	return w.object(out.Shape, inner)
}

// rows writes the rows of a page, as edges or as nodes.
func (w *writer) rows(shape plan.Shape, p place) bool {
	w.dst = append(w.dst, '[')
	for i := range int(w.cells[p.page].Len) {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.path = append(w.path, step{index: i})
		p.at = plan.RowAt(p.page, i, len(p.row.Slots))
		if !w.object(shape, w.node(p)) {
			return false
		}
		w.path = w.path[:len(w.path)-1]
	}
	w.dst = append(w.dst, ']')
	return true
}

func rowOf(read plan.Read) *plan.Row {
	switch read := read.(type) {
	case *plan.One:
		return &read.Row
	case *plan.Find:
		return &read.Row
	case *plan.FindAll:
		return &read.Row
	case *plan.Computed:
		return &read.Row
	case *plan.Recorded:
		return &read.Plan.Query
	case *plan.Nested:
		return &read.Row
	case *plan.Reference:
		return &read.Row
	default:
		panic(read)
	}
}
