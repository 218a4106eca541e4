package plan

import "math"

// Cost is what a plan may cost under the given variables: one for each object that its
// answer can hold at most, by the sizes of its pages. It bounds the answer before
// anything is read; docs/cost.md tells people the rule.
//
//	a node, an edge's node, a record      1, and what is selected on it
//	a connection                          1, and the page size times a node
//	nodes(ids:)                           the number of ids times a node
//	facets, groups                        the number of values or groups asked for, times
//	                                      1 and what is selected on the thing grouped by
//	asRecordedAt                          100, and what is selected in it
//	a computed field                      100, and its record; a list in a record counts
//	                                      `first` times, by its own or else by the field's
//	                                      that the record answers, 25 when not given
func (p *Plan) Cost(params Params) int {
	m := coster{params: params, size: DefaultPage}
	return m.row(&p.Query)
}

// computedCost is what working out a computed field costs beside its record.
const computedCost = 100

type coster struct {
	params Params
	size   int // of a list in a record that has no `first` of its own
}

// row is the cost of one object of a row.
func (m coster) row(r *Row) int {
	cost := 1
	for i := range r.Slots {
		cost = plus(cost, m.read(r.Slots[i].Read))
	}
	return cost
}

func (m coster) read(read Read) int {
	switch read := read.(type) {
	case Property, KeyOf, Targets, *Value:
		return 0
	case *One:
		return m.row(&read.Row)
	case *Find:
		return m.row(&read.Row)
	case *FindAll:
		return times(len(read.IDs.Value(m.params).List()), m.row(&read.Row))
	case *Many:
		return m.many(read)
	case *Groups:
		return m.groups(read)
	case *Computed:
		return plus(computedCost, m.computed(read))
	case *Recorded:
		return plus(computedCost, m.row(&read.Plan.Query))
	case *Nested:
		return m.list(read.List, read.Args, &read.Row)
	case *Reference:
		return m.list(read.List, read.Args, &read.Row)
	default:
		panic(read)
	}
}

func (m coster) many(read *Many) int {
	if !read.Rows {
		return 1
	}
	page, err := read.Page(m.params)
	if err != nil { // refused for that
		return 1
	}
	return plus(1, times(page.First, m.row(&read.Row)))
}

func (m coster) groups(read *Groups) int {
	first, _, err := read.Range(m.params)
	if err != nil { // refused for that
		return 1
	}
	one := 1
	for i := range read.By {
		if read.By[i].Link != nil {
			one = plus(one, m.row(&read.By[i].Row))
		}
	}
	return plus(1, times(first, one))
}

// computed is the cost of a computed field's record: its `first` is the size of the lists
// right in it, since it pages a connection.
func (m coster) computed(c *Computed) int {
	if !c.List {
		m.size = m.first(c.Args)
	}
	return m.list(c.List, c.Args, &c.Row)
}

func (m coster) list(list bool, args Args, row *Row) int {
	if !list {
		return m.row(row)
	}
	size := m.first(args)
	m.size = DefaultPage
	return times(size, m.row(row))
}

func (m coster) first(args Args) int {
	if first := args["first"].Value(m.params); !first.IsNull() && first.Num >= 0 {
		return int(first.Num)
	}
	return m.size
}

// plus and times stay at the largest number.
func plus(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}

func times(a, b int) int {
	if a != 0 && b > math.MaxInt/a {
		return math.MaxInt
	}
	return a * b
}
