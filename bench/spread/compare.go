package main

import (
	"context"
	"fmt"
	"time"

	"nicgraph/internal/spread"
)

// sizes are the populations of the comparison.
var sizes = []int{1_000, 10_000, 60_000}

// compared is a measure that netdiffuseR has as well.
type compared struct {
	name      string
	published [3]float64 // seconds that netdiffuseR takes, by size
	take      func(context.Context, *spread.Panel) error
}

// The published figures are medians of five by netdiffuseR 1.25.0 (repository state
// f16350e5) with R 4.2.2 on a virtual machine with two AMD EPYC cores, for random directed
// networks of ten ties per person and ten periods.
var comparison = []compared{
	{"exposure", [3]float64{0.014, 0.029, 0.339}, func(ctx context.Context, p *spread.Panel) error {
		_, err := p.Exposure(ctx, spread.ExposureOptions{Normalized: true})
		return err
	}},
	{"threshold", [3]float64{0.013, 0.035, 0.237}, func(ctx context.Context, p *spread.Panel) error {
		_, err := p.Thresholds(ctx, spread.ExposureOptions{Normalized: true})
		return err
	}},
	{"infectiousness", [3]float64{0.017, 1.05, 51.2}, func(ctx context.Context, p *spread.Panel) error {
		_, err := p.Infectiousness(ctx, spread.ContagionOptions{Window: 1, Normalized: true})
		return err
	}},
	{"susceptibility", [3]float64{0.017, 1.92, 78.2}, func(ctx context.Context, p *spread.Panel) error {
		_, err := p.Susceptibility(ctx, spread.ContagionOptions{Window: 1, Normalized: true})
		return err
	}},
}

// contest is the rounds of one measure at one size.
type contest struct {
	*compared
	size         int // place in sizes
	ours, theirs []time.Duration
}

// compare takes all measures at all sizes and prints a row for each.
func compare(ctx context.Context, rounds int, patience time.Duration) error {
	first := true
	for size, people := range sizes {
		ties, p := network(people), population(people)
		p.Ties, _ = spread.NewTies(people, periods, ties)
		r, err := startRival(ctx, ties, p.Adopted)
		if err != nil {
			return err
		}
		if first {
			header(r, rounds)
			first = false
		}
		for i := range comparison {
			c := contest{compared: &comparison[i], size: size}
			if err := c.hold(ctx, p, r, rounds, patience); err != nil {
				return fmt.Errorf("%s of %d people: %w", c.name, people, err)
			}
			c.print(people)
		}
		if err := r.stop(); err != nil {
			return err
		}
	}
	return nil
}

// hold takes the measure in turns. Round 0 warms up; a rival that runs out of patience in
// it has that one time.
func (c *contest) hold(ctx context.Context, p *spread.Panel, r *rival, rounds int, patience time.Duration) error {
	spent := time.Duration(0)
	for round := range rounds + 1 {
		ours, err := timed(func() error { return c.take(ctx, p) })
		if err != nil {
			return err
		}
		if round > 0 {
			c.ours = append(c.ours, ours)
		}
		if r == nil || spent > patience {
			continue
		}
		theirs, err := r.take(c.name)
		if err != nil {
			return err
		}
		spent += theirs
		if round > 0 || spent > patience {
			c.theirs = append(c.theirs, theirs)
		}
	}
	return nil
}

func header(r *rival, rounds int) {
	beside := "netdiffuseR is not here to be timed; install R and the package to have it beside ours"
	if r != nil {
		beside = "beside " + r.version
	}
	fmt.Printf("%d ties each, %d periods, medians of %d rounds, seconds; %s\n\n", tiesEach, periods, rounds, beside)
	fmt.Printf("%-15s %7s %10s %10s %8s %10s %8s %7s\n", "measure", "people", "nicgraph", "published", "times", "here", "times", "rounds")
}

func (c *contest) print(people int) {
	ours := median(c.ours).Seconds()
	fmt.Printf("%-15s %7d %10.6f %10.3f %8.0f", c.name, people, ours, c.published[c.size], c.published[c.size]/ours)
	if len(c.theirs) > 0 {
		theirs := median(c.theirs).Seconds()
		fmt.Printf(" %10.3f %8.0f %7d", theirs, theirs/ours, len(c.theirs))
	}
	fmt.Println()
}
