package embedded

import (
	"cmp"
	"sync/atomic"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
)

// query is a plan with its names resolved to columns.
type query struct {
	store    *Store
	root     row
	operands []operand // what is compared with
	pages    []*many
	groups   []*plan.Groups
	counters []*counter
	usual    atomic.Int64 // the cells of the last answer
}

// row is a plan.Row, resolved.
type row struct{ slots []slot }

// slot is a plan.Slot, resolved: read says which of the others counts.
type slot struct {
	types   catalog.TypeSet
	read    read
	columns columns  // property
	key     *sortKey // keyOf
	path    path     // targets, one
	row     *row     // one, find, findAll
	many    *many
	groups  *groups
	found   catalog.TypeSet // find, findAll
	exact   bool            // findAll
	id      plan.Operand    // find, findAll
	where   test[node]      // one, find, findAll
}

type read uint8

const (
	readID read = iota
	readProperty
	readKey
	readTargets
	readOne
	readMany
	readGroups
	readNothing // what is worked out after the run
	readFind
	readFindAll
)

// many is a plan.Many, resolved.
type many struct {
	plan   *plan.Many
	source source
	order  order
	back   order // its reverse, for pages from the back
	row    row
	lineup *lineup  // nil: no index shows the order
	at     int      // its place in query.pages
	number *counter // where only the number of those is asked for to which a link leads
}

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
	case plan.KeyOf:
		key := c.sortKey(read.Key)
		out.read, out.key = readKey, &key
	case plan.Targets:
		out.read, out.path = readTargets, c.path(read.Link, nil)
	case *plan.One:
		out.read, out.path, out.row = readOne, c.path(read.Link, nil), c.inner(&read.Row)
		out.where = c.filter(read.Where)
	case *plan.Many:
		out.read, out.many = readMany, c.many(read)
	case *plan.Groups:
		out.read, out.groups = readGroups, c.groups(read)
	case *plan.Find:
		out.read, out.found, out.id, out.row = readFind, read.Types, read.ID, c.inner(&read.Row)
		out.where = c.filter(read.Where)
	case *plan.FindAll:
		out.read, out.found, out.id, out.exact, out.row = readFindAll, read.Types, read.IDs, read.Exact, c.inner(&read.Row)
		out.where = c.filter(read.Where)
	case *plan.Computed, *plan.Recorded:
		out.read = readNothing
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
	m := &many{plan: p, at: len(c.query.pages)}
	c.query.pages = append(c.query.pages, m)
	m.source = c.source(p.From, p.Where)
	if f, ok := p.From.(plan.Follow); ok && !p.Rows {
		m.number = c.counter(&plan.Count{Link: f.Link, Facts: f.Facts, Where: p.Where})
	}
	m.order = c.order(p.Order)
	m.back = m.order.reverse()
	m.lineup = c.lineup(m.source.leadsTo(), &m.order)
	m.row = c.row(&p.Row)
	return m
}
