package plan

import (
	"math"
	"sync"

	"nicgraph/internal/catalog"
)

// Result is what a store brings for a plan: cells in one flat slice, so that an answer
// of thousands of rows is a handful of allocations. Cells refer to blocks by offset.
//
//	row block:  a header (CellRow with the node's type, or CellNull for no node),
//	            then one cell per slot of its Row
//	page block: a header (CellPage: Num is the total, Len the number of rows, Next
//	            whether more follow), then that many row blocks
//	text block: CellText cells, the elements of a Strings property
//
// The block at 0 is the root row.
type Result struct {
	Cells    []Cell
	Revision uint64 // of the graph, where the store has brought it along with the rows; 0: it has not
}

// results are kept for reuse: their cells are most of what a read allocates.
var results = sync.Pool{New: func() any { return new(Result) }}

// Objects counts the nodes and records that the result holds, the root among them.
func (r *Result) Objects() int {
	n := 0
	for i := range r.Cells {
		if r.Cells[i].Kind == CellRow {
			n++
		}
	}
	return n
}

// NewResult is an empty result.
func NewResult() *Result { return results.Get().(*Result) }

// maxKept bounds the cells of a result that is kept for reuse.
const maxKept = 1 << 16

// Release gives the result back; its cells must not be used any more.
func (r *Result) Release() {
	if cap(r.Cells) > maxKept {
		return
	}
	clear(r.Cells)
	r.Cells, r.Revision = r.Cells[:0], 0
	results.Put(r)
}

// Cell is a scalar, a header, or a reference to a block.
type Cell struct {
	Str  string // CellText
	Num  int64  // CellNumber, CellBool; CellAt, CellTexts: the block's offset; CellPage: the total
	Len  int32  // CellPage: rows; CellTexts: elements
	Kind CellKind
	Type catalog.TypeID // CellRow
	Next bool           // CellPage: more rows follow
}

// CellKind says what a cell holds.
type CellKind uint8

// The kinds of cells. CellNull, the zero, is a missing value or node.
const (
	CellNull   CellKind = iota
	CellText            // ID, Text, Enum, Date
	CellNumber          // Int
	CellFloat           // Float: Num holds its bits (math.Float64bits)
	CellBool            // Bool
	CellTexts           // Strings: Len elements in the block at Num
	CellAt              // One, Find: the row block at Num; Many, FindAll: the page block at Num
	CellRow             // header of a row block
	CellPage            // header of a page block
)

// FloatCell is the cell of a number with a fraction.
func FloatCell(f float64) Cell { return Cell{Kind: CellFloat, Num: int64(math.Float64bits(f))} }

// Float is the number in a cell of kind CellFloat.
func (c Cell) Float() float64 { return math.Float64frombits(uint64(c.Num)) }

// Grow appends n empty cells and returns the offset of the first.
func (r *Result) Grow(n int) int {
	at := len(r.Cells)
	if free := cap(r.Cells) - at; free < n {
		grown := make([]Cell, at, max(2*cap(r.Cells), at+n, 64))
		copy(grown, r.Cells)
		r.Cells = grown
	}
	r.Cells = r.Cells[:at+n]
	clear(r.Cells[at:])
	return at
}

// GrowPage appends a page block with room for rows of the given width (the number of
// slots) and returns the offset of its header.
func (r *Result) GrowPage(rows, width int) int {
	at := r.Grow(1 + rows*(1+width))
	r.Cells[at] = Cell{Kind: CellPage, Len: int32(rows)}
	return at
}

// RowAt is the offset of the i-th row block of the page block at page.
func RowAt(page, i, width int) int { return page + 1 + i*(1+width) }

// PutTexts stores the elements of a Strings property in the cell at an offset.
func (r *Result) PutTexts(cell int, texts []string) {
	at := r.Grow(len(texts))
	for i, t := range texts {
		r.Cells[at+i] = Cell{Kind: CellText, Str: t}
	}
	r.Cells[cell] = Cell{Kind: CellTexts, Num: int64(at), Len: int32(len(texts))}
}
