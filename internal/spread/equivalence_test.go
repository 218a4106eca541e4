package spread

import (
	"errors"
	"math"
	"runtime"
	"testing"

	"pgregory.net/rapid"
)

func TestStructuralEquivalenceAgrees(t *testing.T) {
	eachSet(t, func(a *agreement) {
		if !a.ref.has("structural_equivalence") {
			return
		}
		if a.ref.part("structural_equivalence", "groupvar") == nil {
			a.panel.Group = nil
		}
		x := must[*Equivalence](a.T)(a.panel.StructuralEquivalence(t.Context(), EquivalenceOptions{MaxSteps: 6}))
		values, distances := x.matrices()
		a.same(values, "structural_equivalence", "SE")
		a.same(distances, "structural_equivalence", "d")
		o := ExposureOptions{Normalized: true, Weighted: true, Ties: x.Ties(true), Compat: true}
		a.same(must[*Exposure](a.T)(a.panel.Exposure(t.Context(), o)).values(), "structural_equivalence", "exposure_lag0_inverse_SE")
	})
}

// matrices are over all people, 0 between groups.
func (x *Equivalence) matrices() (values, distances []float64) {
	values, distances = make([]float64, x.people*x.people), make([]float64, x.people*x.people)
	for i := range x.people {
		members, value, distance := x.Row(i)
		for k, j := range members {
			values[i*x.people+int(j)], distances[i*x.people+int(j)] = value[k], distance[k]
		}
	}
	return values, distances
}

func TestPeopleInTheSamePlaceAreMostAlike(t *testing.T) {
	// 0 and 1 both name 2, who names 3: their places do not differ.
	p := &Panel{Periods: 1, Adopted: []int32{0, 0, 0, 0}}
	p.Ties, _ = NewTies(4, 1, []Tie{{0, 2, 1, 0, 0}, {1, 2, 1, 0, 0}, {2, 3, 1, 0, 0}})
	x := must[*Equivalence](t)(p.StructuralEquivalence(t.Context(), EquivalenceOptions{MaxSteps: 6}))
	_, values, distances := x.Row(0)
	if distances[1] != 0 || values[1] <= values[2] || values[1] <= values[3] {
		t.Errorf("values %v, distances %v: 1 is not the most alike", values, distances)
	}
	if total := sum(values); math.Abs(total-1) > 1e-12 {
		t.Errorf("a row sums to %v, want 1", total)
	}
}

func TestStepsWithinAGroupAreShortestWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPanel(t, 8)
		everybody := p.members()[0]
		most := rapid.IntRange(1, 8).Draw(t, "steps")
		got, want := p.stepsWithin(everybody, EquivalenceOptions{MaxSteps: most}, make([]int32, p.People())), distances(p, 0, float64(most))
		largest := 0.0
		for i := range want {
			for j, d := range want[i] {
				if finite(d) {
					largest = max(largest, d)
				} else {
					want[i][j] = 0
				}
			}
		}
		for i := range want {
			for j, d := range want[i] {
				if largest > 0 && !near(got[i*len(want)+j], d/largest) {
					t.Fatalf("steps %d to %d: %v, want %v of %v", i, j, got[i*len(want)+j], d, largest)
				}
			}
		}
	})
}

func TestEquivalenceOfTooManyPeopleIsRefused(t *testing.T) {
	p := &Panel{Periods: 1, Adopted: make([]int32, 3000)}
	if _, err := p.StructuralEquivalence(t.Context(), EquivalenceOptions{MaxSteps: 6}); !errors.Is(err, ErrWork) {
		t.Errorf("error = %v, want %v", err, ErrWork)
	}
}

func TestManySmallGroupsTakeLittleRoom(t *testing.T) {
	const people = 20_000
	p := &Panel{Periods: 1, Adopted: make([]int32, people), Group: make([]int32, people)}
	for i := range p.Group {
		p.Group[i] = int32(i / 2)
	}
	p.Ties, _ = NewTies(people, 1, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	must[*Equivalence](t)(p.StructuralEquivalence(t.Context(), EquivalenceOptions{MaxSteps: 6}))
	runtime.ReadMemStats(&after)
	if megabytes := (after.TotalAlloc - before.TotalAlloc) >> 20; megabytes > 50 {
		t.Errorf("%d people in pairs take %d MB, want 50 at most", people, megabytes)
	}
}
