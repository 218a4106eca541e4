package computed

import (
	"context"
	"fmt"
	"math"
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/errgroup"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

// references are the plans that bring the nodes that records name, ready to run.
type references = lru.Cache[*plan.Reference, *store.Prepared]

// maxReferences bounds the plans that are kept.
const maxReferences = 2000

// wanted are the nodes that one reference of a plan names.
type wanted struct {
	read    *plan.Reference
	ids     []string
	index   map[string]int // place in ids
	cells   []wantedCell
	doubted bool // one at least may not be there
}

// wantedCell is a place for a node: a cell that refers to it, or the header of its row
// block inside a page.
type wantedCell struct {
	at    int
	node  int // place in ids
	block bool
}

func scalarCell(v any) (plan.Cell, error) {
	switch v := v.(type) {
	case nil, []string:
		return plan.Cell{}, nil
	case string:
		return plan.Cell{Kind: plan.CellText, Str: v}, nil
	case int:
		return plan.Cell{Kind: plan.CellNumber, Num: int64(v)}, nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) { // how pure packages say that a number is missing
			return plan.Cell{}, nil
		}
		return plan.FloatCell(v), nil
	case bool:
		c := plan.Cell{Kind: plan.CellBool}
		if v {
			c.Num = 1
		}
		return c, nil
	default:
		return plan.Cell{}, fmt.Errorf("put a %T into a field", v)
	}
}

// want notes that a record names nodes; they are read together at the end.
func (f *filler) want(read *plan.Reference, v any, cell int) error {
	switch v := v.(type) {
	case nil:
		return nil
	case Known:
		f.wantedOf(read).put(string(v), cell)
		return nil
	case ID:
		w := f.wantedOf(read)
		w.doubted = true
		w.put(string(v), cell)
		return nil
	case []ID:
		if err := f.room(1 + len(v)*(1+len(read.Row.Slots))); err != nil {
			return err
		}
		w := f.wantedOf(read)
		w.doubted = true
		page := f.result.GrowPage(len(v), len(read.Row.Slots))
		f.result.Cells[cell] = plan.Cell{Kind: plan.CellAt, Num: int64(page)}
		for i, id := range v {
			at := plan.RowAt(page, i, len(read.Row.Slots))
			w.cells = append(w.cells, wantedCell{at: at, node: w.place(string(id)), block: true})
		}
		return nil
	default:
		return fmt.Errorf("name nodes by a %T", v)
	}
}

func (f *filler) wantedOf(read *plan.Reference) *wanted {
	for _, w := range f.wanted {
		if w.read == read {
			return w
		}
	}
	w := &wanted{read: read, index: map[string]int{}}
	f.wanted = append(f.wanted, w)
	return w
}

func (w *wanted) put(id string, cell int) {
	w.cells = append(w.cells, wantedCell{at: cell, node: w.place(id)})
}

func (w *wanted) place(id string) int {
	at, known := w.index[id]
	if !known {
		at = len(w.ids)
		w.index[id] = at
		w.ids = append(w.ids, id)
	}
	return at
}

// bringNodes reads the nodes that records name, one read per reference of the plan.
func (f *filler) bringNodes() error {
	f.wanted = slices.DeleteFunc(f.wanted, f.named)
	found := make([]found, len(f.wanted))
	err := f.readNodes(found)
	for i, w := range f.wanted {
		if err == nil {
			err = f.bring(w, &found[i])
		}
		if found[i].result != nil {
			found[i].result.Release()
		}
	}
	return err
}

// named puts nodes in their places of which only the ids are asked for, where that needs no read,
// and tells whether it was so.
func (f *filler) named(w *wanted) bool {
	if w.doubted || !w.read.IDs {
		return false
	}
	width := len(w.read.Row.Slots)
	page := f.result.GrowPage(len(w.ids), width)
	for i, id := range w.ids {
		at := plan.RowAt(page, i, width)
		f.result.Cells[at] = plan.Cell{Kind: plan.CellRow, Type: w.read.Types.First()}
		for slot := range width {
			f.result.Cells[at+1+slot] = plan.Cell{Kind: plan.CellText, Str: id}
		}
	}
	f.refer(w, page)
	return true
}

// found is what a read has brought.
type found struct {
	plan   *plan.Plan
	params plan.Params
	result *plan.Result
}

// readNodes reads all at the same time, since the store may be far away.
func (f *filler) readNodes(all []found) error {
	if len(all) == 0 {
		return nil
	}
	reads, ctx := errgroup.WithContext(f.ctx)
	for i := range all[1:] {
		reads.Go(func() (err error) {
			all[1+i], err = unbroken(ctx, func(ctx context.Context) (found, error) { return f.read(ctx, f.wanted[1+i]) })
			return err
		})
	}
	var err error
	all[0], err = f.read(ctx, f.wanted[0])
	if also := reads.Wait(); err == nil {
		err = also
	}
	return err
}

func (f *filler) read(ctx context.Context, w *wanted) (found, error) {
	prepared, err := f.engine.prepare(w.read)
	if err != nil {
		return found{}, err
	}
	params := make(plan.Params, len(f.params)+1)
	for name, v := range f.params {
		params[name] = v
	}
	params[idsParam] = value.OfIDs(w.ids)
	result, err := prepared.Run(ctx, params)
	return found{prepared.Plan, params, result}, err
}

func (f *filler) bring(w *wanted, found *found) error {
	inner := filler{engine: f.engine, ctx: withRequest(f.ctx, 0), result: found.result, params: found.params, whole: f.whole}
	if err := inner.fill(found.plan); err != nil {
		return err
	}
	if f.whole && w.read.Required {
		if err := w.complete(found.result); err != nil {
			return err
		}
	}
	f.insert(w, found.result)
	return nil
}

// complete tells whether all nodes were there.
func (w *wanted) complete(brought *plan.Result) error {
	page, width := int(brought.Cells[1].Num), len(w.read.Row.Slots)
	for i, id := range w.ids {
		if brought.Cells[plan.RowAt(page, i, width)].Kind != plan.CellRow {
			return fault.New(fault.Conflict, "%s was deleted, or merged, before it could be read", id)
		}
	}
	return nil
}

// idsParam cannot be the name of a variable of a document.
const idsParam = " ids"

func (e *Engine) prepare(read *plan.Reference) (*store.Prepared, error) {
	if ready, ok := e.nodes.Get(read); ok {
		return ready, nil
	}
	all := &plan.FindAll{Types: read.Types, IDs: plan.Operand{Param: idsParam}, Exact: true, Row: read.Row}
	prepared, err := e.Store.Prepare(&plan.Plan{Catalog: e.Catalog, Query: plan.Row{Slots: []plan.Slot{{Read: all}}}})
	if err != nil {
		return nil, err
	}
	e.nodes.Add(read, prepared)
	return prepared, nil
}

// insert copies what was brought behind the result and lets the cells refer to it.
func (f *filler) insert(w *wanted, brought *plan.Result) {
	page := int(brought.Cells[1].Num)
	f.refer(w, f.append(brought)+page)
}

// refer lets the cells refer to the rows of a page.
func (f *filler) refer(w *wanted, page int) {
	width := len(w.read.Row.Slots)
	for _, c := range w.cells {
		at := plan.RowAt(page, c.node, width)
		switch {
		case c.block:
			copy(f.result.Cells[c.at:c.at+1+width], f.result.Cells[at:at+1+width])
		case f.result.Cells[at].Kind == plan.CellRow:
			f.result.Cells[c.at] = plan.Cell{Kind: plan.CellAt, Num: int64(at)}
		}
	}
}

// append copies another result behind this one and tells where it begins.
func (f *filler) append(brought *plan.Result) int {
	base := f.result.Grow(len(brought.Cells))
	copied := f.result.Cells[base:]
	copy(copied, brought.Cells)
	for i := range copied {
		if c := &copied[i]; c.Kind == plan.CellAt || c.Kind == plan.CellTexts {
			c.Num += int64(base)
		}
	}
	return base
}
