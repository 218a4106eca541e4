package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"nicgraph/bench/load"
	"nicgraph/bench/machine"
	"nicgraph/bench/questions"
)

// turn is what some servers did with one question for a while.
type turn struct {
	perSecond        float64
	server, database time.Duration // of the processor, per answer, of all servers together
}

// setting is how many servers answer, and whether they are held.
type setting struct {
	servers int
	held    bool
}

var settings = []setting{{1, false}, {2, false}, {1, true}, {2, true}}

// result is a question with its turns in each setting.
type result struct {
	question *questions.Question
	turns    map[setting][]turn
}

// warming is how many turns nobody counts: Neo4j is slow until Java has compiled what it does.
const warming = 3

// compete asks every question in every setting, in rounds, every other one the other way round.
func compete(ctx context.Context, p pair, all []*questions.Question, o options) ([]result, error) {
	results := make([]result, len(all))
	for i, q := range all {
		results[i] = result{q, map[setting][]turn{}}
		for range warming {
			if _, err := p.turn(ctx, q, setting{servers: 2}, o); err != nil {
				return nil, fmt.Errorf("%s: %w", q.Name, err)
			}
		}
	}
	for round := range o.rounds {
		order := slices.Clone(settings)
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, r := range results {
			for _, s := range order {
				t, err := p.turn(ctx, r.question, s, o)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", r.question.Name, err)
				}
				r.turns[s] = append(r.turns[s], t)
			}
		}
	}
	return results, nil
}

// turn has one question asked over all connections for a while, each of one server.
func (p pair) turn(ctx context.Context, q *questions.Question, s setting, o options) (turn, error) {
	body, err := q.Request("nicgraph")
	if err != nil {
		return turn{}, err
	}
	right, err := p.servers[0].ask(ctx, body)
	if err != nil {
		return turn{}, err
	}
	serving := p.servers[:s.servers]
	if s.held {
		defer hold(serving, o.share)()
	}
	before, began := p.spent(), time.Now()
	times, err := load.Drive(ctx, load.Load{Addresses: addresses(serving), Body: body, Length: len(right), Connections: o.connections, Time: o.time})
	if err != nil {
		return turn{}, err
	}
	took, after, answers := time.Since(began), p.spent(), time.Duration(len(times))
	return turn{
		perSecond: float64(answers) / took.Seconds(),
		server:    (after.server - before.server) / answers, database: (after.database - before.database) / answers,
	}, nil
}

// spent is the processor time that all servers and the database have used.
func (p pair) spent() (sum turn) {
	for _, s := range p.servers {
		sum.server += machine.Spent(s.process.ID())
	}
	sum.database = machine.Spent(p.database...)
	return sum
}

func addresses(of []*server) (all []string) {
	for _, s := range of {
		all = append(all, s.address)
	}
	return all
}

// period is how long it takes until a server that is held may run again.
const period = 50 * time.Millisecond

// hold lets each server run for a part of the time only, one after the other, until it is told to
// let go.
func hold(servers []*server, share float64) (letGo func()) {
	done := make(chan struct{})
	var all sync.WaitGroup
	for i, s := range servers {
		all.Go(func() {
			defer func() { _ = s.process.Signal(syscall.SIGCONT) }() // one that ended is found out by who asks it
			rest(done, period*time.Duration(i)/time.Duration(len(servers)))
			for more := true; more; {
				_ = s.process.Signal(syscall.SIGCONT)
				more = rest(done, time.Duration(share*float64(period)))
				_ = s.process.Signal(syscall.SIGSTOP)
				more = more && rest(done, time.Duration((1-share)*float64(period)))
			}
		})
	}
	return func() { close(done); all.Wait() }
}

// rest waits and tells whether to go on.
func rest(done <-chan struct{}, d time.Duration) bool {
	select {
	case <-done:
		return false
	case <-time.After(d):
		return true
	}
}

// table writes the results in Markdown.
func table(results []result, o options) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| question | servers | answers/s | times | µs of the servers' processor per answer | of Neo4j's |\n| --- | --- | --: | --: | --: | --: |\n")
	for _, r := range results {
		name := r.question.Name
		for _, s := range settings {
			t, one := r.median(s), r.median(setting{1, s.held})
			fmt.Fprintf(&b, "| %s | %s | %.0f | %.2f | %.0f | %.0f |\n", name, s.in(o), t.perSecond, t.perSecond/one.perSecond, us(t.server), us(t.database))
			name = ""
		}
	}
	return b.String()
}

func (s setting) in(o options) string {
	if s.held {
		return fmt.Sprintf("%d, each for %.0f %% of the time", s.servers, 100*o.share)
	}
	return strconv.Itoa(s.servers)
}

func us(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// median is each figure's median.
func (r result) median(s setting) turn {
	of := r.turns[s]
	return turn{
		perSecond: middle(of, func(t turn) float64 { return t.perSecond }),
		server:    middle(of, func(t turn) time.Duration { return t.server }),
		database:  middle(of, func(t turn) time.Duration { return t.database }),
	}
}

func middle[T cmp.Ordered](all []turn, of func(turn) T) T {
	values := make([]T, len(all))
	for i, t := range all {
		values[i] = of(t)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
