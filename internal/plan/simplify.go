package plan

// Simplify returns an equal filter without needless parts: an And or Or in an And or
// Or of its own kind is opened, one with a single part is that part, a double Not is
// none. nil stands for "all" at the top only.
func Simplify(f Filter) Filter {
	f = simplify(f)
	if and, ok := f.(And); ok && len(and) == 0 {
		return nil
	}
	return f
}

func simplify(f Filter) Filter {
	switch f := f.(type) {
	case And:
		var parts And
		for _, part := range f {
			switch part := simplify(part).(type) {
			case And:
				parts = append(parts, part...)
			default:
				parts = append(parts, part)
			}
		}
		if len(parts) == 1 {
			return parts[0]
		}
		return parts
	case Or:
		var parts Or
		for _, part := range f {
			switch part := simplify(part).(type) {
			case Or:
				parts = append(parts, part...)
			default:
				parts = append(parts, part)
			}
		}
		if len(parts) == 1 {
			return parts[0]
		}
		return parts
	case Not:
		inner := simplify(f.Filter)
		if not, ok := inner.(Not); ok {
			return not.Filter
		}
		return Not{Filter: inner}
	case Linked:
		f.Where, f.Facts = simplifyAny(f.Where), simplifyAny(f.Facts)
		return f
	case Counted:
		f.Where, f.Facts = simplifyAny(f.Where), simplifyAny(f.Facts)
		return f
	case Elements:
		f.Where = simplify(f.Where)
		return f
	default:
		return f
	}
}

func simplifyAny(f Filter) Filter {
	if f == nil {
		return nil
	}
	return Simplify(f)
}
