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
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 0.0006)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhoEntersLateIsNotAtRiskBefore(t *testing.T) {
	steps := KaplanMeier([]Spell{{Exit: 1, Ended: true}, {Exit: 3, Ended: true}, {Entry: 1, Exit: 3}, {Entry: 3, Exit: 4}})
	var atRisk []int
	for _, step := range steps {
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
		var waits []Spell
		for _, a := range p.Adopted {
			if a == Never {
				waits = append(waits, Spell{Exit: int32(p.Periods)})
			} else {
				waits = append(waits, Spell{Exit: a + 1, Ended: true})
			}
		}
		for _, step := range KaplanMeier(waits) {
			if want := 1 - shares[step.Time-1]; math.Abs(step.Share-want) > 1e-12 {
				t.Fatalf("after period %d the share is %v, want %v", step.Time, step.Share, want)
			}
		}
	})
}

func TestNobodyMakesNoCurve(t *testing.T) {
	if steps := KaplanMeier(nil); len(steps) != 0 {
		t.Errorf("%+v, want nothing", steps)
	}
}
