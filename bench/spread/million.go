package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"nicgraph/internal/spread"
)

const people = 1_000_000

// measure is a measure as a million people have it taken.
type measure struct {
	name string
	take func(context.Context) (any, error)
}

// measureMillion prints time and memory of each measure. The memory that a measure takes at
// most is no more than all that it allocates; what its answer keeps is left after collecting.
func measureMillion(ctx context.Context, rounds int) error {
	p, kept := millionPanel()
	fmt.Printf("\n%d people, %d ties: panel %d MB, with ties reversed %d MB; medians of %d rounds\n\n", people, len(p.Ties.Other), kept, kept+reverse(p), rounds)
	fmt.Printf("%-32s %9s %13s %8s\n", "measure", "seconds", "allocated MB", "kept MB")
	l, err := p.Learning(ctx, spread.LearningOptions{})
	if err != nil {
		return err
	}
	a, err := l.Attribute(ctx, spread.Earliest)
	if err != nil {
		return err
	}
	for _, m := range measures(p, l, a) {
		if err := m.print(ctx, rounds); err != nil {
			return fmt.Errorf("%s of %d people: %w", m.name, people, err)
		}
	}
	runtime.KeepAlive(a)
	return printPeak()
}

// millionPanel is the population with its ties, and the megabytes that it keeps.
func millionPanel() (*spread.Panel, int64) {
	ties, before := network(people), memory()
	p := population(people)
	p.Ties, _ = spread.NewTies(people, periods, ties)
	kept := memory() - before
	runtime.KeepAlive(ties)
	return p, kept
}

func reverse(p *spread.Panel) int64 {
	before := memory()
	p.Ties.Reversed()
	return memory() - before
}

func measures(p *spread.Panel, l *spread.Learning, a *spread.Attribution) []measure {
	return []measure{
		{"curve", func(context.Context) (any, error) { return p.Curve(spread.CurveOptions{}), nil }},
		{"categories", func(context.Context) (any, error) { return spread.Classify(p.AdoptionTimes()), nil }},
		{"degrees", func(ctx context.Context) (any, error) { return p.Degrees(ctx, false) }},
		{"exposure", func(ctx context.Context) (any, error) {
			return p.Exposure(ctx, spread.ExposureOptions{Normalized: true})
		}},
		{"thresholds", func(ctx context.Context) (any, error) {
			return p.Thresholds(ctx, spread.ExposureOptions{Normalized: true})
		}},
		{"infectiousness", func(ctx context.Context) (any, error) {
			return p.Infectiousness(ctx, spread.ContagionOptions{Window: 1, Normalized: true})
		}},
		{"susceptibility", func(ctx context.Context) (any, error) {
			return p.Susceptibility(ctx, spread.ContagionOptions{Window: 1, Normalized: true})
		}},
		{"possible sources and learners", func(ctx context.Context) (any, error) { return p.Learning(ctx, spread.LearningOptions{}) }},
		{"longest chains", func(ctx context.Context) (any, error) { return l.LongestChains(ctx) }},
		{"fewest hops", func(ctx context.Context) (any, error) { return l.FewestHops(ctx) }},
		{"attribution, earliest source", func(ctx context.Context) (any, error) { return l.Attribute(ctx, spread.Earliest) }},
		{"trees", func(ctx context.Context) (any, error) { return a.Forest(ctx) }},
		{"reproduction by period", func(ctx context.Context) (any, error) { return a.Reproduction(ctx, spread.ByPeriod, 0) }},
		{"reach of everybody", func(ctx context.Context) (any, error) {
			forward, _, err := l.Reach(ctx)
			return forward, err
		}},
		{"Moran's I", func(ctx context.Context) (any, error) {
			return p.Autocorrelation(ctx, spread.AutocorrelationOptions{MaxSteps: 6})
		}},
	}
}

// print takes the measure in rounds. One that needs too much work says so.
func (m *measure) print(ctx context.Context, rounds int) error {
	var times []time.Duration
	var answer any
	before, allocated := memory(), allocations()
	for range rounds {
		took, err := timed(func() (err error) {
			answer, err = m.take(ctx)
			return err
		})
		if errors.Is(err, spread.ErrWork) {
			fmt.Printf("%-32s refused after %.1f s: more work than one question is given\n", m.name, took.Seconds())
			return nil
		}
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	allocated = (allocations() - allocated) / int64(rounds)
	fmt.Printf("%-32s %9.3f %13d %8d\n", m.name, median(times).Seconds(), allocated, memory()-before)
	runtime.KeepAlive(answer)
	return nil
}

// memory is what is in use, in megabytes.
func memory() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) / 1e6
}

// allocations is all that was ever allocated, in megabytes.
func allocations() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.TotalAlloc) / 1e6
}

// printPeak tells the most memory that the process has had, where Linux tells it.
func printPeak() error {
	text, err := os.ReadFile("/proc/self/status")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		if peak, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Printf("\nmost memory of the process: %s, of which the list of ties that the network is made from is %d MB\n", strings.TrimSpace(peak), people*tiesEach*24/1_000_000)
		}
	}
	return nil
}
