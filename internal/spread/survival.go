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

// SurvivalStep is what happens at one time.
type SurvivalStep struct {
	Time   int32
	AtRisk int
	Ended  int
	Share  float64 // still on after it
	SE     float64 // by the formula of Greenwood (1926); missing when nobody is left
}

// KaplanMeier estimates which share of spells is still on: one step for each time at which
// something ended, ascending (Kaplan and Meier 1958, Nonparametric estimation from
// incomplete observations). A spell is at risk after its entry up to and including its exit.
func KaplanMeier(spells []Spell) []SurvivalStep {
	entries, exits := make([]int32, 0, len(spells)), make([]int32, 0, len(spells))
	ended := map[int32]int{}
	for _, spell := range spells {
		entries, exits = append(entries, spell.Entry), append(exits, spell.Exit)
		if spell.Ended {
			ended[spell.Exit]++
		}
	}
	slices.Sort(entries)
	slices.Sort(exits)
	steps := make([]SurvivalStep, 0, len(ended))
	for time, k := range ended {
		entered, _ := slices.BinarySearch(entries, time) // before it
		left, _ := slices.BinarySearch(exits, time)
		steps = append(steps, SurvivalStep{Time: time, AtRisk: entered - left, Ended: k})
	}
	slices.SortFunc(steps, func(a, b SurvivalStep) int { return int(a.Time - b.Time) })
	multiply(steps)
	return steps
}

// multiply works the shares out, each from the one before, and their errors from the sum of
// ended / (at risk (at risk - ended)).
func multiply(steps []SurvivalStep) {
	share, variance := 1.0, 0.0
	for k := range steps {
		atRisk, ended := float64(steps[k].AtRisk), float64(steps[k].Ended)
		share *= 1 - ended/atRisk
		variance += ended / (atRisk * (atRisk - ended))
		steps[k].Share, steps[k].SE = share, share*math.Sqrt(variance)
	}
}
