// Package slab hands out memory for many small things from few pieces: each of its own would
// be work for the collector. What the things are is left to others.
package slab

// Slab makes slices that share pieces. A piece is in memory for as long as one slice of it is,
// so pieces begin small and grow to Most elements.
type Slab[T any] struct {
	Most int // of a piece; 0: 64
	free []T
	size int
}

const usualMost = 64

// Take makes a slice of n zeroed elements that nobody else has.
func (s *Slab[T]) Take(n int) []T {
	if n > len(s.free) {
		most := s.Most
		if most == 0 {
			most = usualMost
		}
		s.size = min(max(1, 2*s.size), most)
		s.free = make([]T, max(n, s.size))
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}
