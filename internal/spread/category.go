package spread

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Category says how early somebody was, or how much it took: the places are the same.
type Category uint8

// The categories of adopters by time (Rogers), and of thresholds (Valente 1995).
const (
	NoCategory Category = iota // never adopted, or the value is missing
	EarlyAdopter
	EarlyMajority
	LateMajority
	Laggard

	VeryLowThreshold  = EarlyAdopter
	LowThreshold      = EarlyMajority
	HighThreshold     = LateMajority
	VeryHighThreshold = Laggard
)

// Categories put people into four classes, whose cuts are at the mean and one standard
// deviation to each side of it.
type Categories struct {
	Cutoffs [3]float64 // mean - sd, mean, mean + sd; missing when fewer than two have a value
	Of      []Category // per person
	Count   [5]int     // per category
}

// Classify puts values into categories: times of adoption (AdoptionTimes) or thresholds.
// The standard deviation is that of a sample; a value equal to a cut goes to the later
// category. In small populations the first category may be empty, as its cut may lie
// before every value.
func Classify(values []float64) *Categories {
	mean, sd := stat.MeanStdDev(present(values), nil)
	c := &Categories{Cutoffs: [3]float64{mean - sd, mean, mean + sd}, Of: make([]Category, len(values))}
	if math.IsNaN(sd) {
		c.Cutoffs = [3]float64{math.NaN(), math.NaN(), math.NaN()}
	}
	for i, v := range values {
		c.Of[i] = c.category(v)
		c.Count[c.Of[i]]++
	}
	return c
}

func (c *Categories) category(value float64) Category {
	if math.IsNaN(value) || math.IsNaN(c.Cutoffs[0]) {
		return NoCategory
	}
	category := EarlyAdopter
	for _, cut := range c.Cutoffs {
		if value >= cut {
			category++
		}
	}
	return category
}

// present are the values that are not missing.
func present(values []float64) []float64 {
	known := make([]float64, 0, len(values))
	for _, v := range values {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	return known
}

// Distribution tells how values lie. Missing values do not enter.
type Distribution struct {
	Count            int
	Mean, SD, Median float64 // SD is that of a sample
}

// Describe is the distribution of values.
func Describe(values []float64) Distribution {
	known := present(values)
	slices.Sort(known)
	d := Distribution{Count: len(known), Median: median(known)}
	d.Mean, d.SD = stat.MeanStdDev(known, nil)
	return d
}

// median of ascending values; of an even number the mean of the two in the middle, which
// gonum's stat.Quantile does not take.
func median(sorted []float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	k := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[k]
	}
	return sorted[k-1] + (sorted[k]-sorted[k-1])/2
}
