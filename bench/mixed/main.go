// Command mixed measures the server under load: many who read, with and without others who
// write beside them, taking turns; then far more than it can serve. It tells what readers wait,
// how many writes are acknowledged, how the refused are refused, and the most memory held.
//
//	go run ./bench/mixed
//	go run ./bench/mixed -tables DIR -for 30s
//	go run ./bench/mixed -rounds 1 -for 1h          # an hour of it, for the memory
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"sync/atomic"
	"time"
)

// setting is what is measured.
type setting struct {
	tables           string
	readers, writers int
	crowd            int
	rounds           int
	span             time.Duration
	pause            time.Duration
}

func main() {
	var s setting
	flag.StringVar(&s.tables, "tables", "", "folder of tables to load; empty: the curated data")
	flag.IntVar(&s.readers, "readers", 64, "how many read")
	flag.IntVar(&s.writers, "writers", 8, "how many write beside them")
	flag.IntVar(&s.crowd, "crowd", 1000, "how many read at last, which is too many")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds without and with writers, in turns")
	flag.DurationVar(&s.span, "for", 5*time.Second, "how long each takes")
	flag.DurationVar(&s.pause, "pause", 50*time.Millisecond, "what everybody waits between two questions or writes, as people and pages do; 0: nothing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, &s)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, s *setting) error {
	server, err := start(ctx, s.tables)
	if err != nil {
		return err
	}
	defer server.stop()
	if err := beside(ctx, server, s); err != nil {
		return err
	}
	return tooMany(ctx, server, s)
}

// beside measures readers without and with writers.
func beside(ctx context.Context, server *server, s *setting) error {
	var alone, among []time.Duration
	fmt.Printf("%-6s %-14s %10s %10s %10s %10s %8s\n", "round", "", "reads/s", "p50", "p99", "writes/s", "MB held")
	for round := range s.rounds {
		for _, writers := range []int{0, s.writers} {
			r := server.measure(ctx, load{question: usual, readers: s.readers, writers: writers, span: s.span, pause: s.pause})
			if err := r.problem(); err != nil {
				return err
			}
			if writers == 0 {
				alone = append(alone, r.read(99))
			} else {
				among = append(among, r.read(99))
			}
			fmt.Printf("%-6d %-14s %10.0f %10s %10s %10.0f %8d\n", round+1, fmt.Sprintf("%d + %d", s.readers, writers),
				float64(len(r.reads))/s.span.Seconds(), r.read(50), r.read(99), float64(r.writes)/s.span.Seconds(), r.held>>20)
		}
	}
	fmt.Printf("readers' p99 with writers is %.2f times that without (medians)\n", float64(median(among))/float64(median(alone)))
	return nil
}

// tooMany measures what becomes of far more readers than can be served.
func tooMany(ctx context.Context, server *server, s *setting) error {
	var asked atomic.Int64
	another := func(int) string { return fmt.Sprintf(dear, asked.Add(1)) }
	r := server.measure(ctx, load{question: another, readers: s.crowd, span: s.span})
	if err := r.problem(); err != nil {
		return err
	}
	fmt.Printf("%d readers that never pause: %.0f answers/s, p50 %s, p99 %s; %d of %d refused (503), p50 %s, p99 %s; at most %d MB held\n",
		s.crowd, float64(len(r.reads))/s.span.Seconds(), r.read(50), r.read(99),
		len(r.refused), len(r.refused)+len(r.reads), percentile(r.refused, 50), percentile(r.refused, 99), r.held>>20)
	return nil
}

func usual(turn int) string { return questions[turn%len(questions)] }

func median(times []time.Duration) time.Duration { return percentile(times, 50) }

// percentile is the time that so many of a hundred are within; 0 of none.
func percentile(times []time.Duration, of int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[(len(sorted)-1)*of/100].Round(10 * time.Microsecond)
}
