// Package computed fills in what no store brings: computed fields, whose values are records
// that are worked out, such as who could have learned from whom. It reads the graph for them
// through package store, keeps what was worked out, and puts the records and the nodes that
// they name into a plan's result. What the fields are it leaves to others.
//
// Its files: computed, nodes and recorded are the engine; args and object are for writing
// fields; cache and footprint keep what was worked out; reading reads nodes for it.
package computed

import (
	"context"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
)

// Engine fills in the computed fields of results. It may be used by many goroutines at
// once.
type Engine struct {
	Store   *store.Store
	Catalog *catalog.Catalog
	fields  map[string]Field
	checks  map[string]Check
	nodes   *references
	pasts   *pastPlans
	cache   *cache
}

// Field works out a computed field: a Record, a []Record, or nil for null.
type Field func(ctx context.Context, call Call) (any, error)

// Check tells what is wrong with the arguments of a computed field. The call has no ID.
type Check func(call Call) error

// Call is one use of a computed field.
type Call struct {
	Engine  *Engine
	ID      string // the id of the node that the field belongs to, empty at the root
	Args    Args
	Filters plan.Filters
}

// Record is a computed object. A field of it is one of: nil, string, int, float64, bool,
// []string, Record, []Record, ID, []ID, Known.
type Record interface {
	Field(name string, args Args) (any, error)
}

// ID names a node of the graph. The node is read as far as it is selected.
type ID string

// Known is the ID of a node that is there for certain in the state that the record was worked out from.
// Where nothing but the id is selected, it is not read again.
type Known ID

// New makes an engine over a store whose catalog is cat, with the given fields by name, and
// checks for those whose arguments are checked before anything is read.
func New(st *store.Store, cat *catalog.Catalog, fields map[string]Field, checks map[string]Check) *Engine {
	nodes, err := lru.New[*plan.Reference, *store.Prepared](maxReferences)
	if err != nil {
		panic(err) // the size is positive
	}
	pasts, err := lru.New[*plan.Recorded, *store.Prepared](maxReferences)
	if err != nil {
		panic(err) // the size is positive
	}
	return &Engine{Store: st, Catalog: cat, fields: fields, checks: checks, nodes: nodes, pasts: pasts, cache: newCache(maxCacheBytes)}
}

// Has tells whether a plan holds fields that are filled in after the store's run.
func Has(p *plan.Plan) bool { return len(plan.AllComputed(p)) > 0 || len(plan.AllRecorded(p)) > 0 }

// Check tells what is wrong with the arguments of a plan's computed fields, for those
// fields that can tell before anything is read.
func (e *Engine) Check(p *plan.Plan, params plan.Params) error {
	for _, c := range plan.AllComputed(p) {
		if check, ok := e.checks[c.Field]; ok {
			if err := check(e.Call(c, params)); err != nil {
				return fault.At(err, c.Path)
			}
		}
	}
	return nil
}

// Call is a use of a computed field of a plan, without the node that it belongs to.
func (e *Engine) Call(c *plan.Computed, params plan.Params) Call {
	return Call{Engine: e, Args: argsOf(c.Args, params), Filters: c.Filters}
}

// Fill works out the computed fields of a result of the plan and puts them into it.
func (e *Engine) Fill(ctx context.Context, p *plan.Plan, r *plan.Result, params plan.Params) error {
	f := filler{engine: e, ctx: withRequest(ctx, r.Revision), result: r, params: params}
	return f.fill(p)
}

// Put puts a record into a slot of a result's root, and brings the nodes that it names. After an
// error there is nothing in the slot.
func (e *Engine) Put(ctx context.Context, p *plan.Plan, r *plan.Result, params plan.Params, slot int, record Record) error {
	f := filler{engine: e, ctx: withRequest(ctx, 0), result: r, params: params}
	return f.root(p, slot, record)
}

// PutWhole is Put, but fault.Conflict where a node is gone that must be there.
func (e *Engine) PutWhole(ctx context.Context, p *plan.Plan, r *plan.Result, params plan.Params, slot int, record Record) error {
	f := filler{engine: e, ctx: withRequest(ctx, 0), result: r, params: params, whole: true}
	return f.root(p, slot, record)
}

// filler fills one result.
type filler struct {
	engine *Engine
	ctx    context.Context
	result *plan.Result
	params plan.Params
	wanted []*wanted // by reference, in the order in which they were met
	whole  bool      // nothing is filled where a node is gone that must be there
}

func (f *filler) fill(p *plan.Plan) error {
	if err := f.row(&p.Query, 0); err != nil {
		return err
	}
	return f.bringNodes()
}

// root fills a slot of the root with a record.
func (f *filler) root(p *plan.Plan, slot int, record Record) error {
	computed := p.Query.Slots[slot].Read.(*plan.Computed)
	err := f.put(record, &computed.Row, 1+slot)
	if err == nil {
		err = f.bringNodes()
	}
	if err != nil {
		f.result.Cells[1+slot] = plan.Cell{}
	}
	return err
}

// maxCells bounds what a result may grow to.
const maxCells = 4_000_000

// row fills the computed fields of a row block, and of those inside it.
func (f *filler) row(row *plan.Row, at int) error {
	if err := f.room(0); err != nil {
		return err
	}
	for i := range row.Slots {
		slot, cell := &row.Slots[i], at+1+i
		if slot.Types != 0 && at != 0 && !slot.Types.Has(f.result.Cells[at].Type) {
			continue
		}
		if err := f.slot(slot.Read, at, cell); err != nil {
			return err
		}
	}
	return nil
}

// room tells when nobody waits for the answer any more, or so many cells more make it too
// large. The lists in records are as long as periods and groups are many, which the cost
// of a question does not know.
func (f *filler) room(more int) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	if len(f.result.Cells)+more > maxCells {
		return fault.New(fault.Limit, "the answer holds more than %d values; ask for less, or in smaller pages", maxCells)
	}
	return nil
}

func (f *filler) slot(read plan.Read, at, cell int) error {
	switch read := read.(type) {
	case *plan.Computed:
		return f.compute(read, at, cell)
	case *plan.Recorded:
		return fault.At(f.recorded(read, cell), read.Path)
	case *plan.One:
		return f.one(&read.Row, cell)
	case *plan.Find:
		return f.one(&read.Row, cell)
	case *plan.Many:
		return f.page(&read.Row, cell)
	case *plan.FindAll:
		return f.page(&read.Row, cell)
	case *plan.Groups:
		return f.groups(read, cell)
	default:
		return nil
	}
}

func (f *filler) one(row *plan.Row, cell int) error {
	if c := f.result.Cells[cell]; c.Kind == plan.CellAt {
		return f.row(row, int(c.Num))
	}
	return nil
}

func (f *filler) page(row *plan.Row, cell int) error {
	c := f.result.Cells[cell]
	if c.Kind != plan.CellAt {
		return nil
	}
	for i := range int(f.result.Cells[c.Num].Len) {
		at := plan.RowAt(int(c.Num), i, len(row.Slots))
		if f.result.Cells[at].Kind == plan.CellNull {
			continue
		}
		if err := f.row(row, at); err != nil {
			return err
		}
	}
	return nil
}

// groups fills the rows of the nodes by which is grouped.
func (f *filler) groups(g *plan.Groups, cell int) error {
	c := f.result.Cells[cell]
	if c.Kind != plan.CellAt {
		return nil
	}
	width := len(g.By) + 1 + len(g.Distinct)
	for i := range int(f.result.Cells[c.Num].Len) {
		at := plan.RowAt(int(c.Num), i, width)
		for k := range g.By {
			if err := f.one(&g.By[k].Row, at+1+k); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *filler) compute(c *plan.Computed, at, cell int) error {
	field, ok := f.engine.fields[c.Field]
	if !ok {
		return fault.New(fault.Internal, "nobody works out %s", c.Field)
	}
	call, err := f.engine.Standing(f.ctx, c, f.params)
	if err != nil {
		return fault.At(err, c.Path)
	}
	if c.ID >= 0 {
		call.ID = f.result.Cells[at+1+c.ID].Str
	}
	v, err := field(f.ctx, call)
	if err != nil {
		return fault.At(err, c.Path)
	}
	return fault.At(f.put(v, &c.Row, cell), c.Path)
}

func argsOf(args plan.Args, params plan.Params) Args {
	if len(args) == 0 { // as of most fields of records
		return nil
	}
	values := make(Args, len(args))
	for name, operand := range args {
		values[name] = operand.Value(params)
	}
	return values
}

// put stores a computed value in a cell: a record as a row block, records as a page.
func (f *filler) put(v any, row *plan.Row, cell int) error {
	switch v := v.(type) {
	case nil:
		return nil
	case Record:
		if err := f.room(1 + len(row.Slots)); err != nil {
			return err
		}
		at := f.result.Grow(1 + len(row.Slots))
		f.result.Cells[cell] = plan.Cell{Kind: plan.CellAt, Num: int64(at)}
		return f.record(v, row, at)
	case []Record:
		if err := f.room(1 + len(v)*(1+len(row.Slots))); err != nil {
			return err
		}
		page := f.result.GrowPage(len(v), len(row.Slots))
		f.result.Cells[cell] = plan.Cell{Kind: plan.CellAt, Num: int64(page)}
		for i, record := range v {
			if err := f.record(record, row, plan.RowAt(page, i, len(row.Slots))); err != nil {
				return err
			}
		}
		return nil
	default:
		return fmt.Errorf("put a %T into a record", v)
	}
}

// record fills a row block with what is selected of a record.
func (f *filler) record(v Record, row *plan.Row, at int) error {
	f.result.Cells[at] = plan.Cell{Kind: plan.CellRow}
	for i := range row.Slots {
		if err := f.recordSlot(v, row.Slots[i].Read, at+1+i); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) recordSlot(v Record, read plan.Read, cell int) error {
	switch read := read.(type) {
	case *plan.Value:
		field, err := f.field(v, read.Name, read.Args)
		if err != nil {
			return err
		}
		return f.scalar(field, cell)
	case *plan.Nested:
		field, err := f.field(v, read.Name, read.Args)
		if err != nil {
			return err
		}
		return f.put(field, &read.Row, cell)
	case *plan.Reference:
		field, err := f.field(v, read.Name, read.Args)
		if err != nil {
			return err
		}
		return f.want(read, field, cell)
	default:
		panic(read)
	}
}

func (f *filler) field(of Record, name string, args plan.Args) (any, error) {
	values := argsOf(args, f.params)
	if err := f.engine.resolve(f.ctx, values); err != nil {
		return nil, err
	}
	return of.Field(name, values)
}

func (f *filler) scalar(v any, cell int) error {
	c, err := scalarCell(v)
	if texts, ok := v.([]string); ok {
		f.result.PutTexts(cell, texts)
		return nil
	}
	f.result.Cells[cell] = c
	return err
}
