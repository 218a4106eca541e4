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
		return single(flatten(f))
	case Or:
		return single(flatten(f))
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

// flatten simplifies the parts of an And or Or and opens those of its own kind.
func flatten[F interface {
	~[]Filter
	Filter
}](f F) F {
	var parts F
	for _, part := range f {
		part = simplify(part)
		if same, ok := part.(F); ok {
			parts = append(parts, same...)
		} else {
			parts = append(parts, part)
		}
	}
	return parts
}

// single is the only part of an And or Or, or the whole when it has none or several.
func single[F interface {
	~[]Filter
	Filter
}](f F) Filter {
	if len(f) == 1 {
		return f[0]
	}
	return f
}
