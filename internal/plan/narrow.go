package plan

import "nicgraph/internal/catalog"

// Narrow parts a condition on nodes of some types: into the types among which all are that
// meet it, as far as conditions on the type tell, and what it asks of those. Where none of
// the types can meet it, both stay as they are.
func Narrow(types catalog.TypeSet, f Filter) (catalog.TypeSet, Filter) {
	among := within(types, f)
	if among == 0 {
		return types, f
	}
	return among, Simplify(beyond(f))
}

// within keeps the types of which nodes can meet a filter.
func within(types catalog.TypeSet, f Filter) catalog.TypeSet {
	switch f := f.(type) {
	case And:
		for _, part := range f {
			types = within(types, part)
		}
		return types
	case Or:
		var some catalog.TypeSet
		for _, part := range f {
			some |= within(types, part)
		}
		return some
	case TypeIs:
		return types & f.Types
	case Not:
		if is, ok := f.Filter.(TypeIs); ok {
			return types &^ is.Types
		}
	}
	return types
}

// beyond is a filter without the parts that say of which types a node must be, and no more.
func beyond(f Filter) Filter {
	switch f := f.(type) {
	case And:
		rest := make(And, len(f))
		for i, part := range f {
			rest[i] = beyond(part)
		}
		return rest
	case TypeIs:
		return And{}
	case Not:
		if _, ok := f.Filter.(TypeIs); ok {
			return And{}
		}
	}
	return f
}
