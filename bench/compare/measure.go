package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"slices"
	"time"

	"nicgraph/bench/load"
	"nicgraph/bench/machine"
	"nicgraph/bench/questions"
)

// crowds are how many connections ask at once: one for the time of an answer, several for how
// many answers there are in a second.
var crowds = []int{1, 16}

// Run is what one contestant did with one question in one round.
type Run struct {
	Answers     int
	P50, P99    time.Duration
	PerSecond   float64
	ServerCPU   time.Duration // per answer
	DatabaseCPU time.Duration // per answer
	DriverCPU   float64       // cores that the generator of the load used
}

// compete asks everybody everything: first to compare the answers, then to warm up, then in
// turns to time them.
func (f *field) compete(ctx context.Context, asked []*questions.Question, o options) error {
	var all []contest
	for _, q := range asked {
		able, cannot, err := agree(ctx, q, f.servers)
		if err != nil {
			return err
		}
		log.Printf("%s: %d contestants give the same answer", q.Name, len(able))
		for who, why := range cannot {
			if why != "" {
				log.Printf("%s: %s cannot: %s", q.Name, who, why)
			}
		}
		all = append(all, contest{question: q, able: able, asked: f.result.add(q, able, cannot)})
	}
	if err := f.warm(ctx, all, o.time); err != nil {
		return err
	}
	for round := range o.rounds {
		log.Printf("round %d of %d", round+1, o.rounds)
		for i := range all {
			if err := f.round(ctx, &all[i], round, o.time); err != nil {
				return err
			}
		}
	}
	return nil
}

// contest is a question with those who can answer it.
type contest struct {
	question *questions.Question
	able     map[string]right
	asked    *Asked
}

func (f *field) warm(ctx context.Context, all []contest, time time.Duration) error {
	for i := range all {
		for _, s := range f.servers {
			if _, err := f.cell(ctx, &all[i], s, 4, time); err != nil {
				return err
			}
		}
	}
	return nil
}

// round lets everybody have a turn; every other round goes the other way round.
func (f *field) round(ctx context.Context, c *contest, number int, time time.Duration) error {
	turn := slices.Clone(f.servers)
	if number%2 == 1 {
		slices.Reverse(turn)
	}
	for _, connections := range crowds {
		for _, s := range turn {
			run, err := f.cell(ctx, c, s, connections, time)
			if err != nil {
				return err
			}
			if run != nil {
				c.asked.of(s.Name()).add(connections, *run)
			}
		}
	}
	return nil
}

// cell asks one contestant one question for a while; it is nothing where it cannot answer.
func (f *field) cell(ctx context.Context, c *contest, s *server, connections int, during time.Duration) (*Run, error) {
	right, able := c.able[s.Name()]
	if !able {
		return nil, nil
	}
	body, err := right.question.Request(s.Language())
	if err != nil {
		return nil, err
	}
	began, before := time.Now(), s.usage()
	took, err := load.Drive(ctx, load.Load{Addresses: []string{s.address}, Body: body, Length: right.length, Connections: connections, Time: during})
	if err != nil {
		return nil, fmt.Errorf("%s, %s, %d connections: %w\n%s", s.Name(), c.question.Name, connections, err, s.process.Said())
	}
	return newRun(took, time.Since(began), s.usage().since(before)), nil
}

// usage is processor time.
type usage struct{ server, database, driver time.Duration }

func (s *server) usage() usage {
	return usage{server: machine.Spent(s.process.ID()), database: machine.Spent(s.Database()...), driver: machine.Own()}
}

func (u usage) since(before usage) usage {
	return usage{server: u.server - before.server, database: u.database - before.database, driver: u.driver - before.driver}
}

func newRun(took []time.Duration, wall time.Duration, used usage) *Run {
	slices.Sort(took)
	n := len(took)
	return &Run{
		Answers: n, P50: at(took, 0.50), P99: at(took, 0.99), PerSecond: float64(n) / wall.Seconds(),
		ServerCPU: used.server / time.Duration(n), DatabaseCPU: used.database / time.Duration(n), DriverCPU: used.driver.Seconds() / wall.Seconds(),
	}
}

// at is the time within which a share of the answers came; the times are sorted.
func at(sorted []time.Duration, share float64) time.Duration {
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func median[T cmp.Ordered](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
