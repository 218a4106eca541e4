package plan

// Walk calls visit for every read of a row, outside in.
func (r *Row) Walk(visit func(Read)) {
	for _, slot := range r.Slots {
		visit(slot.Read)
		if inner := inside(slot.Read); inner != nil {
			inner.Walk(visit)
		}
	}
}

// inside is the row that a read brings, nil for a scalar and for ids.
func inside(read Read) *Row {
	switch read := read.(type) {
	case Property, Targets:
		return nil
	case *One:
		return &read.Row
	case *Many:
		return &read.Row
	case *Find:
		return &read.Row
	case *FindAll:
		return &read.Row
	default:
		panic(read)
	}
}

// Pages lists the plan's connections.
func Pages(p *Plan) []*Many {
	var pages []*Many
	p.Query.Walk(func(r Read) {
		if many, ok := r.(*Many); ok {
			pages = append(pages, many)
		}
	})
	return pages
}
