package embedded

import (
	"cmp"
	"sync/atomic"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

// query is a plan with its names resolved to columns.
type query struct {
	store    *Store
	root     row
	operands []operand // what is compared with
	pages    []*many
	usual    atomic.Int64 // the cells of the last answer
}

// row is a plan.Row, resolved.
type row struct{ slots []slot }

// slot is a plan.Slot, resolved: read says which of the others counts.
type slot struct {
	types   catalog.TypeSet
	read    read
	columns columns // property
	path    path    // targets, one
	row     *row    // one, find, findAll
	many    *many
	found   catalog.TypeSet // find, findAll
	id      plan.Operand    // find, findAll
}

type read uint8

const (
	readID read = iota
	readProperty
	readTargets
	readOne
	readMany
	readFind
	readFindAll
)

// many is a plan.Many, resolved.
type many struct {
	plan  *plan.Many
	from  from
	types catalog.TypeSet // scan
	path  path            // follow, between
	where test[node]
	pin   int // the operand of a condition that names the ids that can match, or none
	order order
	row   row
	at    int // its place in query.pages
}

type from uint8

const (
	fromScan from = iota
	fromLink
	fromBetween
)

// columns is where each type keeps a property, none for those without it.
type columns []int16

func (c columns) of(n node) *column {
	if at := c[n.typ]; at != none {
		return &n.table.columns[at]
	}
	return nil
}

// Prepare makes a plan ready to run.
func (s *Store) Prepare(p *plan.Plan) (store.Query, error) {
	c := compiler{store: s, query: &query{store: s}}
	c.query.root = c.row(&p.Query)
	if c.err != nil {
		return nil, c.err
	}
	return c.query, nil
}

// operand is what a comparison compares with. A constant is bound once.
type operand struct {
	plan.Compare
	bound bound
}

type compiler struct {
	store *Store
	query *query
	err   error // the first constant that is no value of its kind
}

func (c *compiler) catalog() *catalog.Catalog { return c.store.layout.catalog }

func (c *compiler) columns(property string) columns {
	at := make(columns, len(c.catalog().Types))
	for i, t := range c.catalog().Types {
		at[i] = none
		if p, ok := t.Property(property); ok {
			at[i] = int16(p.Index)
		}
	}
	return at
}

// operand gives an operand its place; a variable is bound when a run starts.
func (c *compiler) operand(f plan.Compare) int {
	o := operand{Compare: f}
	if f.Operand.Param == "" {
		var err error
		o.bound, err = bind(f, nil)
		c.err = cmp.Or(c.err, err)
	}
	c.query.operands = append(c.query.operands, o)
	return len(c.query.operands) - 1
}

func (c *compiler) row(r *plan.Row) row {
	slots := make([]slot, len(r.Slots))
	for i := range r.Slots {
		slots[i] = c.slot(&r.Slots[i])
	}
	return row{slots: slots}
}

func (c *compiler) slot(s *plan.Slot) slot {
	out := slot{types: s.Types}
	switch read := s.Read.(type) {
	case plan.Property:
		out.read, out.columns = readProperty, c.columns(read.Name)
		if read.Name == "id" {
			out.read = readID
		}
	case plan.Targets:
		out.read, out.path = readTargets, c.path(read.Link)
	case *plan.One:
		out.read, out.path, out.row = readOne, c.path(read.Link), c.inner(&read.Row)
	case *plan.Many:
		out.read, out.many = readMany, c.many(read)
	case *plan.Find:
		out.read, out.found, out.id, out.row = readFind, read.Types, read.ID, c.inner(&read.Row)
	case *plan.FindAll:
		out.read, out.found, out.id, out.row = readFindAll, read.Types, read.IDs, c.inner(&read.Row)
	default:
		panic(read)
	}
	return out
}

func (c *compiler) inner(r *plan.Row) *row {
	out := c.row(r)
	return &out
}

func (c *compiler) many(p *plan.Many) *many {
	m := &many{plan: p, at: len(c.query.pages), pin: none}
	c.query.pages = append(c.query.pages, m)
	switch from := p.From.(type) {
	case plan.Scan:
		m.from, m.types = fromScan, from.Types
		m.pin = c.pin(p.Where)
	case plan.Follow:
		m.from, m.path = fromLink, c.path(from.Link)
	case plan.Between:
		m.from, m.path = fromBetween, c.path(from.Link)
	default:
		panic(from)
	}
	m.where = c.filter(p.Where)
	m.order = c.order(p.Order)
	m.row = c.row(&p.Row)
	return m
}

// pin finds a condition on the id that a filter cannot hold without.
func (c *compiler) pin(f plan.Filter) int {
	switch f := f.(type) {
	case plan.And:
		for _, part := range f {
			if pin := c.pin(part); pin != none {
				return pin
			}
		}
	case plan.Compare:
		if f.Kind == value.ID && (f.Op == plan.Eq || f.Op == plan.In) {
			return c.operand(f)
		}
	}
	return none
}
