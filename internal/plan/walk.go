package plan

// Walk calls visit for every read of a row, outside in.
func (r *Row) Walk(visit func(Read)) {
	for _, slot := range r.Slots {
		visit(slot.Read)
		for _, inner := range inside(slot.Read) {
			inner.Walk(visit)
		}
	}
}

// inside lists the rows that a read brings: none for a scalar and for ids, one per key
// for groups.
func inside(read Read) []*Row {
	switch read := read.(type) {
	case Property, KeyOf, Targets, *Value:
		return nil
	case *One:
		return []*Row{&read.Row}
	case *Many:
		return []*Row{&read.Row}
	case *Groups:
		rows := make([]*Row, len(read.By))
		for i := range read.By {
			rows[i] = &read.By[i].Row
		}
		return rows
	case *Find:
		return []*Row{&read.Row}
	case *FindAll:
		return []*Row{&read.Row}
	case *Computed:
		return []*Row{&read.Row}
	case *Recorded:
		return []*Row{&read.Plan.Query}
	case *Nested:
		return []*Row{&read.Row}
	case *Reference:
		return []*Row{&read.Row}
	default:
		panic(read)
	}
}

// Pages lists the plan's connections.
func Pages(p *Plan) []*Many { return append(all[*Many](p), p.Unread...) }

// AllGroups lists the plan's groups.
func AllGroups(p *Plan) []*Groups { return all[*Groups](p) }

// AllComputed lists the plan's computed fields.
func AllComputed(p *Plan) []*Computed { return all[*Computed](p) }

// AllRecorded lists what the plan asks about the graph as it was known.
func AllRecorded(p *Plan) []*Recorded { return all[*Recorded](p) }

// all lists the reads of one kind.
func all[R Read](p *Plan) []R {
	var found []R
	p.Query.Walk(func(r Read) {
		if read, ok := r.(R); ok {
			found = append(found, read)
		}
	})
	return found
}
