package spread

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAutocorrelationAgrees(t *testing.T) {
	eachSet(t, func(a *agreement) {
		m := must[*Moran](a.T)(a.panel.Autocorrelation(t.Context(), AutocorrelationOptions{MaxSteps: 6, Compat: true}))
		a.same(m.Observed, "moran", "observed")
		a.same(m.Expected, "moran", "expected")
		a.same(m.SD, "moran", "sd")
		a.same(m.P, "moran", "p_value")
	})
}

// drawPanel is a random panel of a few people.
func drawPanel(t *rapid.T, most int) *Panel {
	people, periods := rapid.IntRange(1, most).Draw(t, "people"), rapid.IntRange(1, 5).Draw(t, "periods")
	p := &Panel{Periods: periods, First: rapid.IntRange(0, 1990).Draw(t, "first")}
	p.Adopted = rapid.SliceOfN(rapid.Int32Range(Never, int32(periods-1)), people, people).Draw(t, "adopted")
	p.Ties, _ = NewTies(people, periods, drawTies(t, people, periods))
	return p
}

// distances is the slow counterpart of waves: Floyd and Warshall, no way longer than most.
func distances(p *Panel, period int32, most float64) [][]float64 {
	d := p.Ties.slice(period)
	for i := range d {
		for j := range d {
			switch {
			case i == j:
				d[i][j] = 0
			case d[i][j] > 0:
				d[i][j] = 1
			default:
				d[i][j] = math.Inf(1)
			}
		}
	}
	for k := range d {
		for i := range d {
			for j := range d {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	for i := range d {
		for j := range d {
			if d[i][j] > most {
				d[i][j] = math.Inf(1)
			}
		}
	}
	return d
}

// slowMoran follows the formulas to the letter.
func slowMoran(p *Panel, period int32, most float64) (observed, sd float64) {
	d, n := distances(p, period, most), float64(p.People())
	v := make([][]float64, len(d))
	for i := range d {
		v[i] = make([]float64, len(d))
		row := 0.0
		for j := range d {
			if d[i][j] > 0 {
				v[i][j] = 1 / d[i][j]
				row += v[i][j]
			}
		}
		for j := range d {
			v[i][j] /= row + 1e-20
		}
	}
	mean, s0, s1, s2, c2, c4, product := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for _, a := range p.Adopted {
		mean += indicator(a, int(period)) / n
	}
	for i, a := range p.Adopted {
		c := indicator(a, int(period)) - mean
		c2, c4 = c2+c*c, c4+c*c*c*c
		both := 0.0
		for j, b := range p.Adopted {
			s0 += v[i][j]
			s1 += (v[i][j] + v[j][i]) * (v[i][j] + v[j][i]) / 2
			both += v[i][j] + v[j][i]
			product += v[i][j] * c * (indicator(b, int(period)) - mean)
		}
		s2 += both * both
	}
	s3, s4, s5 := n*c4/(c2*c2), (n*n-3*n+3)*s1-n*s2+3*s0*s0, n*(n-1)*s1-2*n*s2+6*s0*s0
	return n / s0 * product / c2, math.Sqrt((n*s4-s3*s5)/((n-1)*(n-2)*(n-3)*s0*s0) - 1/((n-1)*(n-1)))
}

func TestAutocorrelationIsWhatTheFormulasSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPanel(t, 80) // more than a block of waves
		most := rapid.IntRange(1, 7).Draw(t, "steps")
		m, err := p.Autocorrelation(context.Background(), AutocorrelationOptions{MaxSteps: most})
		if err != nil {
			t.Fatal(err)
		}
		for period, share := range p.Curve(CurveOptions{}).Share {
			observed, sd := slowMoran(p, int32(period), float64(most))
			if share == 0 || share == 1 {
				observed, sd = math.NaN(), math.NaN()
			}
			if !near(m.Observed[period], observed) || !near(m.SD[period], sd) {
				t.Fatalf("period %d: I %v, sd %v, want %v, %v", period, m.Observed[period], m.SD[period], observed, sd)
			}
		}
	})
}

func TestAutocorrelationOfOnePeriodIsThatOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPanel(t, 20)
		asked := rapid.IntRange(0, p.Periods-1).Draw(t, "asked")
		all, err := p.Autocorrelation(t.Context(), AutocorrelationOptions{MaxSteps: 3})
		one, errOfOne := p.Autocorrelation(t.Context(), AutocorrelationOptions{MaxSteps: 3, First: asked, End: asked + 1})
		if err != nil || errOfOne != nil {
			t.Fatal(err, errOfOne)
		}
		want := missing(p.Periods)
		want[asked] = all.Observed[asked]
		if diff := cmp.Diff(want, one.Observed, numbers); diff != "" {
			t.Fatalf("period %d (-want +got):\n%s", asked, diff)
		}
	})
}

func TestOnePeriodIsAnsweredWhereAllAreTooMuch(t *testing.T) {
	p := &Panel{Periods: 1000, Adopted: slices.Repeat([]int32{0, Never}, 4000)}
	p.Ties, _ = NewTies(8000, 1000, []Tie{{1, 0, 1, 0, 0}, {1, 2, 1, 0, 999}})
	if _, err := p.Autocorrelation(t.Context(), AutocorrelationOptions{MaxSteps: 6}); !errors.Is(err, ErrWork) {
		t.Errorf("of all periods the error is %v, want %v", err, ErrWork)
	}
	m := must[*Moran](t)(p.Autocorrelation(t.Context(), AutocorrelationOptions{MaxSteps: 6, First: 7, End: 8}))
	if math.IsNaN(m.Observed[7]) {
		t.Error("the period asked for is missing")
	}
}

// near tells whether two numbers are the same but for rounding. What cannot be told in one
// way or another (a division by nothing, the root of a number below it) is the same.
func near(a, b float64) bool {
	if !finite(a) || !finite(b) {
		return finite(a) == finite(b)
	}
	return math.Abs(a-b) <= 1e-6*max(1, math.Abs(a))
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func TestAutocorrelationStopsAtItsLimitAndWhenCancelled(t *testing.T) {
	p := &Panel{Periods: 2, Adopted: []int32{0, 1, Never}}
	p.Ties, _ = NewTies(3, 2, []Tie{{0, 1, 1, 0, 1}, {1, 2, 1, 0, 1}})
	if _, err := (&Panel{Periods: 1, Adopted: make([]int32, 1_000_000)}).Autocorrelation(t.Context(), AutocorrelationOptions{MaxSteps: 6}); !errors.Is(err, ErrWork) {
		t.Errorf("with a million people the error is %v, want %v", err, ErrWork)
	}
	s := newNearness(p, p.Ties, span{0, 2}, 6, &meter{ctx: t.Context(), most: 3})
	if err := s.measure(func(int, []float64) {}); !errors.Is(err, ErrWork) {
		t.Errorf("beyond its limit the error is %v, want %v", err, ErrWork)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Autocorrelation(ctx, AutocorrelationOptions{MaxSteps: 6}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled, the error is %v", err)
	}
}
