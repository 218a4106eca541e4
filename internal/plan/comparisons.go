package plan

// Comparisons lists the comparisons of all filters of a plan.
func Comparisons(p *Plan) []Compare {
	var list comparisons
	p.Query.Walk(list.read)
	return list
}

type comparisons []Compare

func (c *comparisons) read(read Read) {
	switch read := read.(type) {
	case *One:
		c.filter(read.Where)
	case *Find:
		c.filter(read.Where)
	case *FindAll:
		c.filter(read.Where)
	case *Many:
		c.from(read.From)
		c.filter(read.Where)
		for _, key := range read.Order {
			if key.Count != nil {
				c.filter(key.Count.Where)
				c.filter(key.Count.Facts)
			}
		}
	case *Groups:
		c.from(read.From)
		c.filter(read.Where)
	}
}

func (c *comparisons) from(from From) {
	if follow, ok := from.(Follow); ok {
		c.filter(follow.Facts)
	}
}

func (c *comparisons) filter(f Filter) {
	switch f := f.(type) {
	case nil, TypeIs:
	case And:
		c.filters(f)
	case Or:
		c.filters(f)
	case Not:
		c.filter(f.Filter)
	case Compare:
		*c = append(*c, f)
	case Elements:
		c.filter(f.Where)
	case Linked:
		c.filter(f.Where)
		c.filter(f.Facts)
	case Counted:
		c.filter(f.Where)
		c.filter(f.Facts)
	default:
		panic(f)
	}
}

func (c *comparisons) filters(list []Filter) {
	for _, f := range list {
		c.filter(f)
	}
}
