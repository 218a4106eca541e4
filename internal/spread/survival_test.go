package spread

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// Weeks of remission under 6-MP (Freireich and others 1963), the example of most textbooks;
// shares and standard errors are the published ones, to three digits.
func TestRemissionsEndAsTheTextbookSays(t *testing.T) {
	var spells []Spell
	for _, week := range []int32{6, 6, 6, 7, 10, 13, 16, 22, 23} {
		spells = append(spells, Spell{Exit: week, Ended: true})
	}
	for _, week := range []int32{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35} {
		spells = append(spells, Spell{Exit: week})
	}
	got := KaplanMeier(spells)
	want := []SurvivalStep{
		{Time: 6, AtRisk: 21, Ended: 3, Share: 0.857, SE: 0.076}, {Time: 7, AtRisk: 17, Ended: 1, Share: 0.807, SE: 0.087},
		{Time: 10, AtRisk: 15, Ended: 1, Share: 0.753, SE: 0.096}, {Time: 13, AtRisk: 12, Ended: 1, Share: 0.690, SE: 0.107},
		{Time: 16, AtRisk: 11, Ended: 1, Share: 0.627, SE: 0.114}, {Time: 22, AtRisk: 7, Ended: 1, Share: 0.538, SE: 0.128},
		{Time: 23, AtRisk: 6, Ended: 1, Share: 0.448, SE: 0.135},
	}
	if diff := cmp.Diff(want, got.Steps, cmpopts.EquateApprox(0, 0.0006), cmpopts.IgnoreUnexported(SurvivalStep{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Median != 23 || got.Ended != 9 || got.Censored != 12 {
		t.Errorf("median %v, ended %d, censored %d, want 23, 9, 12", got.Median, got.Ended, got.Censored)
	}
}

func TestWhoEntersLateIsNotAtRiskBefore(t *testing.T) {
	s := KaplanMeier([]Spell{{Exit: 1, Ended: true}, {Exit: 3, Ended: true}, {Entry: 1, Exit: 3}, {Entry: 3, Exit: 4}})
	var atRisk []int
	for _, step := range s.Steps {
		atRisk = append(atRisk, step.AtRisk)
	}
	if diff := cmp.Diff([]int{2, 2}, atRisk); diff != "" {
		t.Errorf("at risk (-want +got):\n%s", diff)
	}
}

func TestWhoHasNotAdoptedIsWhatTheCurveLeaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPanel(t, 8)
		shares := p.Curve(CurveOptions{}).Share
		area := 1.0 // the first period is always waited through
		for _, share := range shares[:len(shares)-1] {
			area += 1 - share
		}
		s := p.TimeToAdoption()
		for _, step := range s.Steps {
			if want := 1 - shares[step.Time-1]; math.Abs(step.Share-want) > 1e-12 {
				t.Fatalf("after period %d the share is %v, want %v", step.Time, step.Share, want)
			}
		}
		last := 0.0
		for _, a := range p.Adopted {
			last = max(last, float64(a)+1)
			if a == Never {
				last = float64(p.Periods)
			}
		}
		if last == float64(p.Periods) && math.Abs(s.Restricted-area) > 1e-9 {
			t.Fatalf("restricted mean %v, want %v", s.Restricted, area)
		}
	})
}

func TestLeftCensoredAdoptersAreNotTimed(t *testing.T) {
	p := &Panel{Periods: 3, Adopted: []int32{0, 1, Never}, LeftCensored: []bool{true, false, false}}
	s := p.TimeToAdoption()
	if s.LeftOut != 1 || s.Spells != 2 || s.Steps[0].AtRisk != 2 || s.Median != 2 {
		t.Errorf("%+v, want one left out, two at risk, median 2", s)
	}
}

func TestNobodyMakesNoCurve(t *testing.T) {
	s := KaplanMeier(nil)
	if len(s.Steps) != 0 || !math.IsNaN(s.Median) || !math.IsNaN(s.Restricted) {
		t.Errorf("%+v, want nothing", s)
	}
}
