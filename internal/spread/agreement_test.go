package spread

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Agreement with netdiffuseR 1.25.0 and with an independent program; see
// testdata/README.md. Run with -v to see the largest difference of each measure.

const tolerance = 1e-9

// sets are the reference files: data set, variant, column of times.
var sets = [][3]string{
	{"fakesurvey", "asis", "toa"},
	{"fakesurveydyn", "asis", "toa"},
	{"medinnovations", "censored", "toa"},
	{"medinnovations", "coded", "toa_coded"},
	{"kfamily", "censored", "toa"},
	{"kfamily", "coded", "toa_coded"},
	{"epigames", "asis", "toa"},
}

// agreement compares the measures of one panel with one file.
type agreement struct {
	*testing.T
	panel *Panel
	ref   reference
}

func eachSet(t *testing.T, check func(*agreement)) {
	for _, set := range sets {
		t.Run(set[0]+"."+set[1], func(t *testing.T) {
			ref := readReference(t, set[0]+"."+set[1]+".netdiffuser")
			periods := ref.floats("periods")
			panel, ids := readPanel(t, set[0], set[2], int(periods[0]), len(periods))
			if diff := cmp.Diff(ref.strings("ids"), ids); diff != "" {
				t.Fatalf("ids (-want +got):\n%s", diff)
			}
			check(&agreement{t, panel, ref})
		})
	}
}

// same wants the numbers under a path of the reference.
func (a *agreement) same(got []float64, path ...string) {
	a.Helper()
	closeTo(a.T, a.ref.floats(path...), got, tolerance, path...)
}

// closeTo wants numbers within an absolute distance of others, and missing where they are.
func closeTo(t *testing.T, want, got []float64, limit float64, what ...string) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%v: %d numbers, want %d", what, len(got), len(want))
		return
	}
	largest, shown := 0.0, 0
	for i := range want {
		if math.IsNaN(want[i]) && math.IsNaN(got[i]) {
			continue
		}
		difference := math.Abs(want[i] - got[i])
		largest = max(largest, difference)
		if !(difference <= limit) && shown < 5 {
			shown++
			t.Errorf("%v: number %d is %v, want %v", what, i, got[i], want[i])
		}
	}
	t.Logf("%-40v %7d numbers, largest difference %.1e", what, len(want), largest)
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func asFloats[T ~int | ~int32 | ~int64 | ~uint8](values []T) []float64 {
	floats := make([]float64, len(values))
	for i, v := range values {
		floats[i] = float64(v)
	}
	return floats
}

func TestCurvesAgree(t *testing.T) {
	eachSet(t, func(a *agreement) {
		c := a.panel.Curve(CurveOptions{Compat: true})
		a.same(asFloats(c.Cumulative), "cumulative_adopt_count", "num")
		a.same(c.Share, "cumulative_adopt_count", "prop")
		a.same(c.Rate, "cumulative_adopt_count", "rate")
		a.same(asFloats(c.New), "new_adopters")
		a.same(c.Hazard, "hazard_rate")
	})
}

func TestExposuresAgree(t *testing.T) {
	eachSet(t, func(a *agreement) {
		check := func(name string, o ExposureOptions) {
			o.Compat = true
			x := must[*Exposure](a.T)(a.panel.Exposure(t.Context(), o))
			a.same(x.values(), "exposure", name)
		}
		check("lag0", ExposureOptions{Normalized: true})
		check("lag1", ExposureOptions{Normalized: true, Lag: 1})
		check("lag0_count", ExposureOptions{})
		check("lag1_count", ExposureOptions{Lag: 1})
		check("lag0_incoming", ExposureOptions{Normalized: true, Ties: a.panel.Ties.Reversed()})
		check("lag0_valued", ExposureOptions{Normalized: true, Weighted: true})
	})
}

func (x *Exposure) values() []float64 {
	values := make([]float64, len(x.Named))
	for at := range values {
		values[at] = x.Value(at/x.Periods, at%x.Periods)
	}
	return values
}

func TestThresholdsAgree(t *testing.T) {
	eachSet(t, func(a *agreement) {
		check := func(name string, o ExposureOptions) {
			o.Compat, o.Normalized = true, true
			th := must[*Thresholds](a.T)(a.panel.Thresholds(t.Context(), o))
			a.same(th.Value, "threshold", name)
		}
		check("lag0", ExposureOptions{})
		check("lag1", ExposureOptions{Lag: 1})
		check("lag0_valued", ExposureOptions{Weighted: true})
	})
}

func TestCategoriesAgree(t *testing.T) {
	timeNames := []string{"Non-Adopters", "Early Adopters", "Early Majority", "Late Majority", "Laggards"}
	thresholdNames := []string{"Non-Adopters", "Very Low Thresh.", "Low Thresh.", "High Thresh.", "Very High Thresh."}
	eachSet(t, func(a *agreement) {
		byTime := Classify(a.panel.AdoptionTimes())
		th := must[*Thresholds](a.T)(a.panel.Thresholds(t.Context(), ExposureOptions{Normalized: true, Compat: true}))
		byThreshold := Classify(th.Value)
		a.same(byTime.Cutoffs[:], "classify", "cutoffs_toa")
		a.same(byThreshold.Cutoffs[:], "classify", "cutoffs_threshold")
		a.sameNames(byTime.Of, timeNames, "classify", "toa_class")
		a.sameNames(byThreshold.Of, thresholdNames, "classify", "threshold_class")
		crossed := make([]float64, 25)
		for i := range byTime.Of {
			crossed[int(byTime.Of[i])*5+int(byThreshold.Of[i])]++
		}
		a.same(crossed, "classify", "table")
	})
}

func (a *agreement) sameNames(got []Category, names []string, path ...string) {
	a.Helper()
	called := make([]string, len(got))
	for i, c := range got {
		called[i] = names[c]
	}
	if diff := cmp.Diff(a.ref.strings(path...), called); diff != "" {
		a.Errorf("%v (-want +got):\n%s", path, diff)
	}
}

// contagions are the variants of infectiousness and susceptibility in the reference files.
var contagions = map[string]ContagionOptions{
	"default_K1_normalized": {Window: 1, Normalized: true},
	"K1_raw":                {Window: 1},
	"K3_linear_raw":         {Window: 3, Discount: Linear},
	"K3_linear_normalized":  {Window: 3, Discount: Linear, Normalized: true},
	"K3_exp_r0.5_raw":       {Window: 3, Discount: Exponential, Rate: 0.5},
	"K3_exp_r0_5_raw":       {Window: 3, Discount: Exponential, Rate: 0.5},
	"K1_raw_incoming":       {Window: 1},
}

func TestContagionAgrees(t *testing.T) {
	eachSet(t, func(a *agreement) {
		for name, o := range contagions {
			o.Compat = true
			if name == "K1_raw_incoming" {
				o.Ties = a.panel.Ties.Reversed()
			}
			if a.ref.has("infection", name) {
				a.same(must[*Contagion](a.T)(a.panel.Infectiousness(t.Context(), o)).Value, "infection", name)
				a.same(must[*Contagion](a.T)(a.panel.Susceptibility(t.Context(), o)).Value, "susceptibility", name)
			}
		}
	})
}

// What netdiffuseR would give without its fault: its zeros, but no never-adopters.
func TestSusceptibilityWithoutNeverAdoptersAgrees(t *testing.T) {
	for _, set := range [][2]string{{"fakesurvey", "asis"}, {"fakesurveydyn", "asis"}, {"medinnovations", "censored"}, {"kfamily", "censored"}, {"epigames", "asis"}} {
		t.Run(set[0], func(t *testing.T) {
			ref := readReference(t, set[0]+".corrected")
			periods := readReference(t, set[0]+"."+set[1]+".netdiffuser").floats("periods")
			panel, _ := readPanel(t, set[0], "toa", int(periods[0]), len(periods))
			for name := range ref.part("susceptibility").(map[string]any) {
				o, known := contagions[name]
				if !known {
					t.Fatalf("no variant is called %s", name)
				}
				c := must[*Contagion](t)(panel.Susceptibility(t.Context(), o))
				closeTo(t, ref.floats("susceptibility", name), zerosOfAdopters(panel, c.Value), tolerance, name)
			}
		})
	}
}

// zerosOfAdopters puts zero where an adopter's value is missing.
func zerosOfAdopters(p *Panel, values []float64) []float64 {
	for i := range values {
		if p.Adopted[i] != Never && math.IsNaN(values[i]) {
			values[i] = 0
		}
	}
	return values
}

func TestDegreesAgree(t *testing.T) {
	eachSet(t, func(a *agreement) {
		for suffix, weighted := range map[string]bool{"": false, "_valued": true} {
			d := must[*Degrees](a.T)(a.panel.Degrees(t.Context(), weighted))
			both := make([]float64, len(d.Names))
			for at := range both {
				both[at] = d.Names[at] + d.NamedBy[at]
			}
			a.same(d.Names, "degree", "outdegree"+suffix)
			a.same(d.NamedBy, "degree", "indegree"+suffix)
			if suffix == "" {
				a.same(both, "degree", "degree")
			}
		}
	})
}

func TestTimingAndDensityAgree(t *testing.T) {
	eachSet(t, func(a *agreement) {
		timing := a.panel.Timing(must[*Degrees](a.T)(a.panel.Degrees(t.Context(), false)))
		a.same([]float64{timing.NamedBy}, "degree_adoption_diagnostic", "correlation_indegree_toa")
		a.same([]float64{timing.Names}, "degree_adoption_diagnostic", "correlation_outdegree_toa")
		a.same([]float64{float64(timing.Adopters)}, "degree_adoption_diagnostic", "sample_size")
		ties, share, err := a.panel.Density(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		a.same(asFloats(ties), "edges_per_period")
		a.same(share, "density")
	})
}

func TestSeveralPracticesAgree(t *testing.T) {
	ref := readReference(t, "simmulti.practices.netdiffuser")
	for practice := range ref.part("practices").(map[string]any) {
		t.Run(practice, func(t *testing.T) {
			p := readPractice(t, practice, len(ref.floats("periods")))
			checkPractice(&agreement{t, p, reference(ref.part("practices", practice).(map[string]any))})
		})
	}
}

func checkPractice(a *agreement) {
	ctx, p := a.Context(), a.panel
	a.same(p.AdoptionTimes(), "toa")
	c := p.Curve(CurveOptions{Compat: true})
	a.same(asFloats(c.Cumulative), "cumulative_adopt_count", "num")
	a.same(c.Share, "cumulative_adopt_count", "prop")
	a.same(c.Hazard, "hazard_rate")
	for lag, name := range []string{"lag0", "lag1"} {
		o := ExposureOptions{Lag: lag, Normalized: true, Compat: true}
		a.same(must[*Exposure](a.T)(p.Exposure(ctx, o)).means(), "mean_exposure_"+name)
		a.same(must[*Thresholds](a.T)(p.Thresholds(ctx, o)).Value, "threshold", name)
	}
	o := ContagionOptions{Window: 1, Normalized: true, Compat: true}
	a.same(must[*Contagion](a.T)(p.Infectiousness(ctx, o)).Value, "infection_default")
	a.same(must[*Contagion](a.T)(p.Susceptibility(ctx, o)).Value, "susceptibility_default")
	categories := Classify(p.AdoptionTimes())
	a.same(categories.Cutoffs[:], "cutoffs_toa")
	a.sameNames(categories.Of, []string{"Non-Adopters", "Early Adopters", "Early Majority", "Late Majority", "Laggards"}, "toa_class")
}

// means are the mean exposures of each period.
func (x *Exposure) means() []float64 {
	means := make([]float64, x.Periods)
	people := len(x.Named) / x.Periods
	for t := range means {
		for i := range people {
			means[t] += x.Value(i, t) / float64(people)
		}
	}
	return means
}
