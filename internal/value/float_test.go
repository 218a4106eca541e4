package value_test

import (
	"math"
	"slices"
	"testing"

	"nicgraph/internal/value"
)

func TestNumbersWithAFractionCompareByTheirSize(t *testing.T) {
	ascending := []float64{-math.MaxFloat64, -2, -1.5, -math.SmallestNonzeroFloat64, 0, math.SmallestNonzeroFloat64, 0.1, 0.3, 0.30000000000000004, 2, 1e21, math.MaxFloat64}
	values := make([]value.Value, len(ascending))
	for i, f := range ascending {
		values[i] = value.OfFloat(f)
		if back := value.NumFloat(values[i].Num); back != f {
			t.Errorf("%g came back as %g", f, back)
		}
	}
	if !slices.IsSortedFunc(values, value.Compare) {
		t.Errorf("the numbers %v are not in their order", ascending)
	}
	if !value.OfFloat(math.Copysign(0, -1)).Equal(value.OfFloat(0)) {
		t.Error("the two zeros differ")
	}
}

func TestNumbersWithAFractionAreWrittenAsTheyAreRead(t *testing.T) {
	for text, want := range map[string]string{
		"2": "2", "0.25": "0.25", "1e-3": "0.001", "-0": "0", "1e21": "1e+21", "0.30000000000000004": "0.30000000000000004", ".5": "0.5",
		"": "", "NaN": "", "Inf": "", "-infinity": "", "1e999": "", "0x1p-2": "", "1_000": "", "1,5": "", "1\n": "", "one": "",
	} {
		v, ok := value.ParseFloat(text)
		if ok != (want != "") {
			t.Errorf("%q was read as %v, %t", text, v, ok)
			continue
		}
		if ok && value.FormatFloat(v.Num) != want {
			t.Errorf("%q is written as %s, want %s", text, value.FormatFloat(v.Num), want)
		}
	}
}
