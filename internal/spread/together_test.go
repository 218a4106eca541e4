package spread

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPracticesAreComparedPersonByPerson(t *testing.T) {
	got := CoAdoption([]int32{0, 1, 2, 3, Never, 1, Never}, []int32{2, 1, 1, 6, 1, Never, Never})
	want := &Together{Both: 4, OnlyA: 1, OnlyB: 1, Neither: 1, AFirst: 2, BFirst: 1, SamePeriod: 1, MeanLag: 1, MedianLag: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	none := CoAdoption([]int32{0, Never}, []int32{Never, 0})
	if !math.IsNaN(none.MeanLag) || !math.IsNaN(none.MedianLag) {
		t.Errorf("lags %v and %v of nobody, want them missing", none.MeanLag, none.MedianLag)
	}
}

// The counts of the simulated practices, by the plainest means.
func TestSimulatedPracticesGoTogether(t *testing.T) {
	a, b := readPractice(t, "alpha", 12), readPractice(t, "beta", 12)
	both, first := 0, 0
	for i := range a.Adopted {
		if a.Adopted[i] >= 0 && b.Adopted[i] >= 0 {
			both++
			if a.Adopted[i] < b.Adopted[i] {
				first++
			}
		}
	}
	got := CoAdoption(a.Adopted, b.Adopted)
	if got.Both != both || got.AFirst != first || got.OnlyB != 240-both || got.Neither != 0 {
		t.Errorf("%+v, want %d both, %d with A first", got, both, first)
	}
}
