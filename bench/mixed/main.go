// Command mixed measures the server under load: many who read, with and without others who
// write beside them, taking turns; where it is wanted, both together for long, for the memory; then
// far more than it can serve. It tells what readers wait, how many writes are acknowledged, how the
// refused are refused, and what memory is held.
//
//	go run ./bench/mixed
//	go run ./bench/mixed -tables DIR -for 30s
//	go run ./bench/mixed -rounds 0 -lasting 1h      # an hour of it, with its memory each minute
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// setting is what is measured.
type setting struct {
	tables           string
	readers, writers int
	rounds           int
	span             time.Duration
	lasting, each    time.Duration
	crowd            int
	crowdSpan        time.Duration
	pause            time.Duration
}

func main() {
	var s setting
	flag.StringVar(&s.tables, "tables", "", "folder of tables to load; empty: the curated data")
	flag.IntVar(&s.readers, "readers", 64, "how many read")
	flag.IntVar(&s.writers, "writers", 8, "how many write beside them")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds without and with writers, in turns; 0: none")
	flag.DurationVar(&s.span, "for", 5*time.Second, "how long each takes")
	flag.DurationVar(&s.lasting, "lasting", 0, "how long readers and writers then go on together, while the memory is told; 0: not at all")
	flag.DurationVar(&s.each, "each", time.Minute, "how often the memory is told meanwhile")
	flag.IntVar(&s.crowd, "crowd", 1000, "how many read at last, which is too many; 0: nobody")
	flag.DurationVar(&s.crowdSpan, "crowd-for", 5*time.Second, "how long that takes")
	flag.DurationVar(&s.pause, "pause", 50*time.Millisecond, "what everybody but the crowd waits between two questions or writes, as people and pages do; 0: nothing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, &s)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, s *setting) (err error) {
	work, err := os.MkdirTemp("", "nicgraph-mixed-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	server, err := start(ctx, work, s.tables)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.process.Stop()) }()
	if err := beside(ctx, server, s); err != nil {
		return err
	}
	if err := lasting(ctx, server, s); err != nil {
		return err
	}
	return tooMany(ctx, server, s)
}

func (s *setting) usual(writers int) demand {
	return demand{question: func(turn int) string { return questions[turn%len(questions)] }, readers: s.readers, writers: writers, pause: s.pause}
}

// beside measures readers without and with writers.
func beside(ctx context.Context, server *server, s *setting) error {
	if s.rounds == 0 {
		return nil
	}
	p99 := map[int][]time.Duration{}
	fmt.Printf("%-6s %-14s %10s %10s %10s %10s %8s\n", "round", "", "reads/s", "p50", "p99", "writes/s", "MB held")
	for round := range s.rounds {
		for _, writers := range []int{0, s.writers} {
			r, err := server.measure(ctx, s.span, s.usual(writers))
			if err != nil {
				return err
			}
			p99[writers] = append(p99[writers], r.read(99))
			fmt.Printf("%-6d %-14s %10.0f %10s %10s %10.0f %8d\n", round+1, fmt.Sprintf("%d + %d", s.readers, writers),
				r.perSecond(len(r.reads)), r.read(50), r.read(99), r.perSecond(r.writes), r.held>>20)
		}
	}
	fmt.Printf("readers' p99 with writers is %.2f times that without (medians)\n", float64(median(p99[s.writers]))/float64(median(p99[0])))
	return nil
}

func median(times []time.Duration) time.Duration { return percentile(times, 50) }

// tooMany measures what becomes of far more readers than can be served.
func tooMany(ctx context.Context, server *server, s *setting) error {
	if s.crowd == 0 {
		return nil
	}
	var asked atomic.Int64
	another := func(int) string { return fmt.Sprintf(dear, asked.Add(1)) }
	r, err := server.measure(ctx, s.crowdSpan, demand{question: another, readers: s.crowd})
	if err != nil {
		return err
	}
	fmt.Printf("%d readers that never pause: %.0f answers/s, p50 %s, p99 %s; %d of %d refused (503), p50 %s, p99 %s; at most %d MB held\n",
		s.crowd, r.perSecond(len(r.reads)), r.read(50), r.read(99),
		len(r.refused), len(r.refused)+len(r.reads), percentile(r.refused, 50), percentile(r.refused, 99), r.held>>20)
	return nil
}
