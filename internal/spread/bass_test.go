package spread

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestBassFitsAgree(t *testing.T) {
	eachSet(t, func(a *agreement) {
		b := must[*Bass](a.T)(FitBass(t.Context(), a.panel.Curve(CurveOptions{}).Share, CeilingOne))
		if a.ref.has("bass", "error") {
			if b.Refusal == "" || !math.IsNaN(b.P) {
				a.Errorf("fitted p = %v, where the package refuses", b.P)
			}
			return
		}
		if b.Refusal != "" {
			a.Fatalf("refused: %s", b.Refusal)
		}
		a.nearly(b.P, "bass", "p")
		a.nearly(b.Q, "bass", "q")
		a.nearly(b.Sigma, "bass", "sigma")
		a.nearly(b.SEP, "bass", "se_p")
		a.nearly(b.SEQ, "bass", "se_q")
		closeTo(a.T, a.ref.floats("bass", "fitted_cumulative"), b.Cumulative, 1e-4, "fitted_cumulative")
		closeTo(a.T, a.ref.floats("bass", "fitted_per_period"), b.PerPeriod, 1e-4, "fitted_per_period")
	})
}

// nearly wants a number to a ten-thousandth part.
func (a *agreement) nearly(got float64, path ...string) {
	a.Helper()
	want := a.ref.floats(path...)[0]
	difference := math.Abs(got-want) / math.Abs(want)
	if !(difference <= 1e-4) {
		a.Errorf("%v is %v, want %v", path, got, want)
	}
	a.Logf("%-40v relative difference %.1e", path, difference)
}

func TestAFitFindsTheCurveThatMadeTheData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := rapid.Float64Range(0.01, 0.2).Draw(t, "p"), rapid.Float64Range(0.1, 0.6).Draw(t, "q")
		m := rapid.Float64Range(0.4, 0.95).Draw(t, "m")
		share := make([]float64, 25)
		for i := range share {
			e := math.Exp(-(p + q) * float64(i+1))
			share[i] = m * (1 - e) / (1 + q/p*e)
		}
		b, err := FitBass(context.Background(), share, CeilingFree)
		if err != nil {
			t.Fatal(err)
		}
		if b.Refusal != "" || math.Abs(b.P-p)+math.Abs(b.Q-q)+math.Abs(b.M-m) > 1e-6 {
			t.Fatalf("p %v, q %v, m %v (%s), want %v, %v, %v", b.P, b.Q, b.M, b.Refusal, p, q, m)
		}
	})
}

func TestAFitIsRefusedWithAReason(t *testing.T) {
	for name, share := range map[string][]float64{
		"nobody adopted":              {0, 0, 0, 0},
		"too few periods":             {0.5, 1},
		"no population":               {math.NaN(), math.NaN(), math.NaN()},
		"all at once":                 {0, 0, 0, 1, 1},
		"a ceiling above all (free)":  {0.1, 0.2, 0.31, 0.42, 0.53, 0.65},
		"everybody in the first (no)": {1, 1, 1, 1},
	} {
		b := must[*Bass](t)(FitBass(t.Context(), share, CeilingFree))
		if b.Refusal == "" || !math.IsNaN(b.P) || !math.IsNaN(b.Sigma) || len(b.Cumulative) != len(share) {
			t.Errorf("%s: %+v, want a refusal", name, b)
		}
	}
}

func TestTheCurveIsSmoothWhereInnovationAndImitationCancel(t *testing.T) {
	middle, slopes := bassCurve([]float64{0.1, -0.1}, 3)
	if want := 0.3 / 1.3; math.Abs(middle-want) > 1e-15 {
		t.Errorf("share = %v, want %v", middle, want)
	}
	for k := range 2 {
		at, other := []float64{0.1, -0.1}, []float64{0.1, -0.1}
		at[k], other[k] = at[k]+1e-4, other[k]-1e-4
		above, _ := bassCurve(at, 3)
		below, _ := bassCurve(other, 3)
		if slope := (above - below) / 2e-4; math.Abs(slope-slopes[k]) > 1e-5 {
			t.Errorf("slope %d is %v, want %v", k, slopes[k], slope)
		}
	}
}
