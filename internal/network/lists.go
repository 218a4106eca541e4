package network

import "iter"

// shared are those that are in both of two ascending lists.
func shared(a, b []int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for len(a) > 0 && len(b) > 0 {
			switch {
			case a[0] < b[0]:
				a = a[1:]
			case a[0] > b[0]:
				b = b[1:]
			case !yield(a[0]):
				return
			default:
				a, b = a[1:], b[1:]
			}
		}
	}
}

// either are those that are in one of two ascending lists, or in both, ascending.
func either(a, b []int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for len(a)+len(b) > 0 {
			var next int32
			switch {
			case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
				next, a = a[0], a[1:]
			case len(a) == 0 || b[0] < a[0]:
				next, b = b[0], b[1:]
			default:
				next, a, b = a[0], a[1:], b[1:]
			}
			if !yield(next) {
				return
			}
		}
	}
}

// without are those that are in one ascending list and not in another.
func without(list, other []int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for _, person := range list {
			for len(other) > 0 && other[0] < person {
				other = other[1:]
			}
			if len(other) > 0 && other[0] == person {
				continue
			}
			if !yield(person) {
				return
			}
		}
	}
}
