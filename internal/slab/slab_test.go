package slab_test

import (
	"testing"

	"nicgraph/internal/slab"
)

func TestSlicesOfASlabShareNoElement(t *testing.T) {
	var s slab.Slab[int]
	var all [][]int
	for n := range 100 {
		taken := s.Take(n)
		if len(taken) != n || cap(taken) != n {
			t.Fatalf("a slice of %d has length %d and room for %d", n, len(taken), cap(taken))
		}
		for i := range taken {
			if taken[i] != 0 {
				t.Fatalf("element %d of a slice of %d is %d before it is set", i, n, taken[i])
			}
			taken[i] = n
		}
		all = append(all, taken)
	}
	for n, taken := range all {
		for i := range taken {
			if taken[i] != n {
				t.Fatalf("element %d of the slice of %d became %d", i, n, taken[i])
			}
		}
	}
}

func TestManySlicesTakeFewPieces(t *testing.T) {
	s := slab.Slab[int]{Most: 1024}
	allocations := testing.AllocsPerRun(10, func() {
		for range 1000 {
			s.Take(3)
		}
	})
	if allocations > 5 {
		t.Errorf("1,000 slices of 3 take %.0f allocations", allocations)
	}
}

func BenchmarkTake(b *testing.B) {
	s := slab.Slab[string]{Most: 4096}
	b.ReportAllocs()
	for b.Loop() {
		s.Take(3)
	}
}
