package spread

import (
	"math"
	"slices"
)

// Spell is how long somebody was watched: from Entry (not yet counted) to Exit, both on
// whatever scale of whole periods the curve has.
type Spell struct {
	Entry, Exit int32
	Ended       bool // what was watched for happened at Exit; else the watching ended
}

// Survival is the estimate of Kaplan and Meier (1958), Nonparametric estimation from
// incomplete observations: one step for each time at which something ended.
type Survival struct {
	Steps      []SurvivalStep // ascending
	Spells     int
	Ended      int
	Censored   int     // still on when the watching ended
	LeftOut    int     // of whom nobody knows when the spell began
	Median     float64 // the first time by which half had ended; missing when it was not reached
	Restricted float64 // mean time up to the last one watched, the area under the curve
}

// SurvivalStep is what happens at one time.
type SurvivalStep struct {
	Time     int32
	AtRisk   int
	Ended    int
	Share    float64 // still on after it
	SE       float64 // by the formula of Greenwood (1926); missing when nobody is left
	variance float64 // sum of ended / (at risk (at risk - ended))
}

// KaplanMeier estimates which share of spells is still on, time by time. A spell is at risk
// after its entry up to and including its exit.
func KaplanMeier(spells []Spell) *Survival {
	s := &Survival{Spells: len(spells), Median: math.NaN(), Restricted: math.NaN()}
	entries, exits := make([]int32, 0, len(spells)), make([]int32, 0, len(spells))
	ended := map[int32]int{}
	for _, spell := range spells {
		entries, exits = append(entries, spell.Entry), append(exits, spell.Exit)
		if spell.Ended {
			ended[spell.Exit]++
			s.Ended++
		}
	}
	s.Censored = s.Spells - s.Ended
	slices.Sort(entries)
	slices.Sort(exits)
	for time, k := range ended {
		entered, _ := slices.BinarySearch(entries, time) // before it
		left, _ := slices.BinarySearch(exits, time)
		s.Steps = append(s.Steps, SurvivalStep{Time: time, AtRisk: entered - left, Ended: k})
	}
	slices.SortFunc(s.Steps, func(a, b SurvivalStep) int { return int(a.Time - b.Time) })
	s.multiply()
	if len(spells) > 0 {
		s.measureTime(entries[0], exits[len(exits)-1])
	}
	return s
}

// multiply works the shares out, each from the one before.
func (s *Survival) multiply() {
	share, variance := 1.0, 0.0
	for k := range s.Steps {
		step := &s.Steps[k]
		atRisk, ended := float64(step.AtRisk), float64(step.Ended)
		share *= 1 - ended/atRisk
		variance += ended / (atRisk * (atRisk - ended))
		step.Share, step.variance, step.SE = share, variance, share*math.Sqrt(variance)
	}
}

func (s *Survival) measureTime(first, last int32) {
	share, area, before := 1.0, 0.0, first
	for _, step := range s.Steps {
		area += share * float64(step.Time-before)
		share, before = step.Share, step.Time
		if math.IsNaN(s.Median) && share <= 0.5 {
			s.Median = float64(step.Time)
		}
	}
	s.Restricted = area + share*float64(last-before)
}

// TimeToAdoption is which share has not adopted yet; time 1 is the first period. Those who
// never adopted are watched to the last period. Left-censored adopters are left out.
func (p *Panel) TimeToAdoption() *Survival {
	spells := make([]Spell, 0, p.People())
	leftOut := 0
	for i, a := range p.Adopted {
		switch {
		case p.leftCensored(i):
			leftOut++
		case a == Never:
			spells = append(spells, Spell{Exit: int32(p.Periods)})
		default:
			spells = append(spells, Spell{Exit: a + 1, Ended: true})
		}
	}
	s := KaplanMeier(spells)
	s.LeftOut = leftOut
	return s
}
