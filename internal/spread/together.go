package spread

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Together is how two practices, A and B, go together in one population.
type Together struct {
	Both, OnlyA, OnlyB, Neither int     // people, by what they ever adopted
	AFirst, BFirst, SamePeriod  int     // of those who adopted both
	MeanLag, MedianLag          float64 // periods from A to B; below zero when B came first; missing when nobody adopted both
}

// CoAdoption compares who adopted two practices, and when. The slices are places of periods
// or Never, for the same people in the same order.
func CoAdoption(a, b []int32) *Together {
	t := &Together{}
	var lags []float64
	for i := range a {
		if t.count(a[i], b[i]) {
			lags = append(lags, float64(b[i]-a[i]))
		}
	}
	slices.Sort(lags)
	t.MeanLag, t.MedianLag = math.NaN(), median(lags)
	if len(lags) > 0 {
		t.MeanLag = stat.Mean(lags, nil)
	}
	return t
}

// count tells whether a person adopted both.
func (t *Together) count(a, b int32) bool {
	switch {
	case a == Never && b == Never:
		t.Neither++
	case b == Never:
		t.OnlyA++
	case a == Never:
		t.OnlyB++
	default:
		t.Both++
		t.countOrder(a, b)
		return true
	}
	return false
}

func (t *Together) countOrder(a, b int32) {
	switch {
	case a < b:
		t.AFirst++
	case b < a:
		t.BFirst++
	default:
		t.SamePeriod++
	}
}
