package spread

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var (
	nan     = math.NaN()
	numbers = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-12)}
)

// survey is the data set that is small enough for a pencil, and the place of each id.
func survey(t *testing.T) (*Panel, func(id string) int) {
	t.Helper()
	p, ids := readPanel(t, "fakesurvey", "toa", 1, 5)
	return p, func(id string) int { return slices.Index(ids, id) }
}

func TestTheSmallSurveyByHand(t *testing.T) {
	p, at := survey(t)
	ctx := t.Context()
	x := must[*Exposure](t)(p.Exposure(ctx, ExposureOptions{Normalized: true}))
	var of104 []float64
	for period := range 5 {
		of104 = append(of104, x.Value(at("104"), period))
	}
	// 104 adopts in 3 and names only 105, who adopted in 2.
	if diff := cmp.Diff([]float64{0, 1, 1, 1, 1}, of104); diff != "" {
		t.Errorf("exposure of 104 (-want +got):\n%s", diff)
	}
	lag0 := must[*Thresholds](t)(p.Thresholds(ctx, ExposureOptions{Normalized: true}))
	lag1 := must[*Thresholds](t)(p.Thresholds(ctx, ExposureOptions{Normalized: true, Lag: 1}))
	susceptible := must[*Contagion](t)(p.Susceptibility(ctx, ContagionOptions{Window: 1}))
	for _, want := range []struct {
		id         string
		lag0, lag1 float64
	}{
		{"104", 1, 1},
		{"102", 1, 0.5},   // names 101 (period 1) and 103 (period 5, as 102 itself)
		{"105", 0, 0},     // names 103 and 104, who come later
		{"101", nan, nan}, // names nobody; at lag 1 adopted too early
		{"201", nan, nan}, // names nobody
		{"210", nan, nan}, // never adopts
	} {
		got := []float64{lag0.Value[at(want.id)], lag1.Value[at(want.id)]}
		if diff := cmp.Diff([]float64{want.lag0, want.lag1}, got, numbers); diff != "" {
			t.Errorf("thresholds of %s (-want +got):\n%s", want.id, diff)
		}
	}
	if got := susceptible.Value[at("104")]; got != 1 {
		t.Errorf("susceptibility of 104 is %v, want 1", got)
	}
	if lag0.Never != 1 || lag1.TooEarly != 1 || lag0.NamesNobody != 3 {
		t.Errorf("left out: %d never, %d too early at lag 1, %d name nobody", lag0.Never, lag1.TooEarly, lag0.NamesNobody)
	}
}

func TestMissingIsNotZero(t *testing.T) {
	// 0 adopts first, 1 names 0 and adopts last, 2 names nobody, 3 names 4, who never adopts.
	p := &Panel{Periods: 3, Adopted: []int32{0, 2, 1, 2, Never}}
	p.Ties, _ = NewTies(5, 3, []Tie{{1, 0, 1, 0, 2}, {3, 4, 1, 0, 2}})
	ctx := t.Context()
	exposure := must[*Exposure](t)(p.Exposure(ctx, ExposureOptions{Normalized: true, Lag: 1}))
	curve := p.Curve(CurveOptions{})
	two := ContagionOptions{Window: 2}
	faulty := two
	faulty.Compat = true
	for name, c := range map[string]struct{ want, got []float64 }{
		"exposure of somebody who names nobody": {[]float64{nan, nan, nan}, exposure.values()[6:9]},
		"exposure in the first period":          {[]float64{nan, 1, 1}, exposure.values()[3:6]},
		"hazard":                                {[]float64{nan, 0.25, 2.0 / 3}, curve.Hazard},
		"rate":                                  {[]float64{nan, 1, 1}, curve.Rate},
		"infectiousness":                        {[]float64{0.5, nan, nan, nan, nan}, must[*Contagion](t)(p.Infectiousness(ctx, two)).Value},
		"infectiousness, compat":                {[]float64{0.5, 0, 0, 0, nan}, must[*Contagion](t)(p.Infectiousness(ctx, faulty)).Value},
		"susceptibility":                        {[]float64{nan, 0.5, nan, nan, nan}, must[*Contagion](t)(p.Susceptibility(ctx, two)).Value},
		"susceptibility, compat":                {[]float64{0, 0.5, 0, 0, nan}, must[*Contagion](t)(p.Susceptibility(ctx, faulty)).Value},
	} {
		if diff := cmp.Diff(c.want, c.got, numbers); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLeftCensoredAdoptersHaveNoThreshold(t *testing.T) {
	p := &Panel{Periods: 2, Adopted: []int32{0, 0, 1}, LeftCensored: []bool{true, false, false}}
	p.Ties, _ = NewTies(3, 2, []Tie{{0, 1, 1, 0, 1}, {1, 0, 1, 0, 1}, {2, 0, 1, 0, 1}})
	for compat, want := range map[bool][]float64{false: {nan, 1, 1}, true: {1, 1, 1}} {
		th := must[*Thresholds](t)(p.Thresholds(t.Context(), ExposureOptions{Normalized: true, Compat: compat}))
		if diff := cmp.Diff(want, th.Value, numbers); diff != "" {
			t.Errorf("compat %v (-want +got):\n%s", compat, diff)
		}
	}
}

func TestSeveralTiesOfAPairAreOneUnlessWeighted(t *testing.T) {
	p := &Panel{Periods: 1, Adopted: []int32{Never, 0, Never}}
	p.Ties, _ = NewTies(3, 1, []Tie{{0, 1, 1, 0, 0}, {0, 1, 2, 0, 0}, {0, 2, 1, 0, 0}})
	for weighted, want := range map[bool]float64{false: 0.5, true: 0.75} {
		x := must[*Exposure](t)(p.Exposure(t.Context(), ExposureOptions{Normalized: true, Weighted: weighted}))
		if got := x.Value(0, 0); got != want {
			t.Errorf("weighted %v: exposure %v, want %v", weighted, got, want)
		}
	}
}

func TestAValueEqualToACutGoesToTheLaterCategory(t *testing.T) {
	c := Classify([]float64{2, 4, 6, nan}) // mean 4, standard deviation 2
	if diff := cmp.Diff([]Category{EarlyMajority, LateMajority, Laggard, NoCategory}, c.Of); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([5]int{1, 0, 1, 1, 1}, c.Count); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	alone := Classify([]float64{3, nan})
	if alone.Of[0] != NoCategory || !math.IsNaN(alone.Cutoffs[1]) {
		t.Errorf("one value makes %+v, want no categories", alone)
	}
}

func TestGroupsHaveCurvesOfTheirOwn(t *testing.T) {
	p := &Panel{Periods: 2, Adopted: []int32{0, 1, 1, Never, 0}, Group: []int32{0, 0, 1, 1, -1}}
	curves := p.GroupCurves(2, false)
	for g, c := range curves {
		only := p.Curve(CurveOptions{Only: func(i int) bool { return p.Group[i] == int32(g) }})
		if diff := cmp.Diff(only, c, numbers); diff != "" {
			t.Errorf("group %d (-want +got):\n%s", g, diff)
		}
	}
}

func TestTheMedianOfAnEvenNumberLiesBetweenTwo(t *testing.T) {
	got := Describe([]float64{4, nan, 1, 3, 2})
	want := Distribution{Count: 4, Mean: 2.5, SD: math.Sqrt(5.0 / 3), Median: 2.5}
	if diff := cmp.Diff(want, got, numbers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if none := Describe(nil); !math.IsNaN(none.Mean) || !math.IsNaN(none.Median) {
		t.Errorf("of nothing: %+v, want all missing", none)
	}
}

func TestDegreesThatDoNotVaryHaveNoCorrelation(t *testing.T) {
	p := &Panel{Periods: 2, Adopted: []int32{0, 1}}
	p.Ties, _ = NewTies(2, 2, []Tie{{0, 1, 1, 0, 1}, {1, 0, 1, 0, 1}})
	timing := p.Timing(must[*Degrees](t)(p.Degrees(t.Context(), false)))
	if !math.IsNaN(timing.Names) || timing.Adopters != 2 {
		t.Errorf("%+v, want no correlation", timing)
	}
}

func TestMeasuresStopWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p, _ := survey(t)
	_, exposure := p.Exposure(ctx, ExposureOptions{})
	_, thresholds := p.Thresholds(ctx, ExposureOptions{})
	_, infectiousness := p.Infectiousness(ctx, ContagionOptions{Window: 1})
	_, susceptibility := p.Susceptibility(ctx, ContagionOptions{Window: 1})
	_, degrees := p.Degrees(ctx, false)
	_, equivalence := p.StructuralEquivalence(ctx, EquivalenceOptions{MaxSteps: 6})
	_, _, density := p.Density(ctx)
	_, bass := FitBass(ctx, p.Curve(CurveOptions{}).Share, CeilingOne)
	for k, err := range []error{exposure, thresholds, infectiousness, susceptibility, degrees, equivalence, density, bass} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("measure %d: error = %v", k, err)
		}
	}
}

// The slow counterparts follow the formulas, with matrices of who names whom.

func TestExposureIsWhatTheFormulaSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPanel(t, 7)
		o := ExposureOptions{
			Lag: rapid.IntRange(0, 3).Draw(t, "lag"), Weighted: rapid.Bool().Draw(t, "weighted"),
			Normalized: rapid.Bool().Draw(t, "normalized"), Compat: rapid.Bool().Draw(t, "compat"),
		}
		x, err := p.Exposure(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		th, err := p.Thresholds(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range p.Adopted {
			for period := range p.Periods {
				want := slowExposure(p, i, period-o.Lag, o)
				if got := x.Value(i, period); !alike(got, want) {
					t.Fatalf("exposure of %d in %d is %v, want %v", i, period, got, want)
				}
				if int(a) == period && !alike(th.Value[i], want) {
					t.Fatalf("threshold of %d is %v, want %v", i, th.Value[i], want)
				}
			}
		}
	})
}

func TestOnePersonsNumbersAreThoseAmongEverybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPanel(t, 7)
		o := ExposureOptions{Lag: rapid.IntRange(0, 3).Draw(t, "lag"), Weighted: rapid.Bool().Draw(t, "weighted"), Normalized: true}
		x, err := p.Exposure(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.Degrees(context.Background(), o.Weighted)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.People() {
			own, err := p.ExposureOf(i, o)
			if err != nil {
				t.Fatal(err)
			}
			ties := p.DegreesOf(i, o.Weighted)
			for period := range p.Periods {
				if want, got := x.Value(i, period), own.Value(0, period); !alike(want, got) {
					t.Fatalf("exposure of %d in %d is %v among everybody, %v alone", i, period, want, got)
				}
				names, namedBy := d.At(i, period)
				if got, gotBy := ties.At(0, period); !alike(names, got) || !alike(namedBy, gotBy) {
					t.Fatalf("degrees of %d in %d are %v and %v among everybody, %v and %v alone", i, period, names, namedBy, got, gotBy)
				}
			}
		}
	})
}

func alike(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-9 }

func slowExposure(p *Panel, person, period int, o ExposureOptions) float64 {
	if period < 0 {
		return nan
	}
	adopters, named := 0.0, 0.0
	for j, w := range p.Ties.slice(int32(period))[person] {
		if w > 0 && !o.Weighted {
			w = 1
		}
		named += w
		adopters += w * indicator(p.Adopted[j], period)
	}
	switch {
	case !o.Normalized:
		return adopters
	case named == 0 && o.Compat:
		return 0
	default:
		return adopters / named
	}
}

func TestContagionIsWhatTheFormulasSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPanel(t, 7)
		o := ContagionOptions{
			Window: rapid.IntRange(1, 6).Draw(t, "window"), Discount: Discount(rapid.IntRange(0, 2).Draw(t, "discount")), Rate: 0.5,
			Normalized: rapid.Bool().Draw(t, "normalized"), Compat: rapid.Bool().Draw(t, "compat"),
		}
		infectious, err := p.Infectiousness(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		susceptible, err := p.Susceptibility(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Adopted {
			if want := slowInfectiousness(p, i, o); !alike(infectious.Value[i], want) {
				t.Fatalf("infectiousness of %d is %v, want %v", i, infectious.Value[i], want)
			}
			if want := slowSusceptibility(p, i, o); !alike(susceptible.Value[i], want) {
				t.Fatalf("susceptibility of %d is %v, want %v", i, susceptible.Value[i], want)
			}
		}
	})
}

func slowInfectiousness(p *Panel, i int, o ContagionOptions) float64 {
	a := int(p.Adopted[i])
	part, whole, all := 0.0, 0.0, 0.0
	for k := 1; k <= o.Window && a+k < p.Periods; k++ {
		ties, w := p.Ties.slice(int32(a+k)), o.discount(k)
		for j, b := range p.Adopted {
			if j == i || b == Never {
				continue
			}
			tie := math.Min(ties[j][i], 1)
			if int(b) == a+k {
				part, all = part+w*tie, all+w
			}
			if int(b) >= a+k {
				whole += w * tie
			}
		}
	}
	return slowShare(p.Adopted[i], part, whole, all, o)
}

func slowSusceptibility(p *Panel, i int, o ContagionOptions) float64 {
	a := int(p.Adopted[i])
	part, whole, all := 0.0, 0.0, 0.0
	for k := 1; k <= o.Window && a-k >= 0; k++ {
		ties, w := p.Ties.slice(int32(a-k+1)), o.discount(k)
		for j, b := range p.Adopted {
			tie := math.Min(ties[i][j], 1)
			if j != i && int(b) == a-k {
				part, all = part+w*tie, all+w
			}
			if b != Never && int(b) <= a-k || b == Never && o.Compat {
				whole += w * tie
			}
		}
	}
	return slowShare(p.Adopted[i], part, whole, all, o)
}

func slowShare(adopted int32, part, whole, all float64, o ContagionOptions) float64 {
	if adopted == Never {
		return nan
	}
	value := part / whole
	if o.Normalized {
		value /= all
	}
	if o.Compat && math.IsNaN(value) {
		return 0
	}
	return value
}

func TestSettingsWithoutAMeaningAreRefused(t *testing.T) {
	p, _ := survey(t)
	if _, err := p.Exposure(t.Context(), ExposureOptions{Lag: -1}); err == nil {
		t.Error("exposure looks ahead")
	}
	if _, err := p.Thresholds(t.Context(), ExposureOptions{Lag: -1}); err == nil {
		t.Error("thresholds look ahead")
	}
	if _, err := p.Autocorrelation(t.Context(), AutocorrelationOptions{}); err == nil {
		t.Error("ways of no steps are accepted")
	}
	if _, err := p.Infectiousness(t.Context(), ContagionOptions{}); err == nil {
		t.Error("a window of no periods is accepted")
	}
}
