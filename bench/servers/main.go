// Command servers measures what a second server of nicgraph brings on one Neo4j: reads by one and
// by two, in turns, and whether each server reads at once what was written through the other.
//
//	go run ./bench/servers
//	go run ./bench/servers -scale 10 -rounds 7 -for 2s
//
// Everything runs on one machine, whose cores the database, the servers and who asks them share. So
// it measures twice: with all of the machine for everybody, which tells whether a second server
// costs anything, and with servers that may run for a part of the time only, as on small machines of
// their own, which tells whether two of them answer twice as much. The database is never held.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"nicgraph/bench/machine"
	"nicgraph/bench/peers"
	"nicgraph/bench/questions"
	"nicgraph/bench/tables"
)

// options are what one can choose.
type options struct {
	scale       float64
	rounds      int
	time        time.Duration
	connections int
	share       float64
	writes      int
}

// asked are the questions: small ones, whose work is half the servers', a long list, and one that
// is nearly all the database's.
var asked = []string{"person", "people-100", "organization", "flat", "top-practices"}

func main() {
	log.SetFlags(log.Ltime)
	var o options
	flag.Float64Var(&o.scale, "scale", 1, "size of the data; 1 is 11,000 nodes")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds in which one server and two take turns")
	flag.DurationVar(&o.time, "for", time.Second, "how long each turn takes")
	flag.IntVar(&o.connections, "connections", 16, "how many ask at once, of all servers together")
	flag.Float64Var(&o.share, "share", 0.1, "part of the time for which a server that is held may run")
	flag.IntVar(&o.writes, "writes", 60, "how often something is written through one and read through the other")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options) (err error) {
	work, err := os.MkdirTemp("", "nicgraph-servers-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	data := filepath.Join(work, "tables")
	if _, err := tables.Write(data, tables.Network(o.scale, 7)); err != nil {
		return err
	}
	ours := peers.OnNeo4j(peers.Place{Work: work, Scale: o.scale})
	defer func() { err = errors.Join(err, ours.Close()) }()
	log.Print("Neo4j starts and takes the data in")
	if _, err := ours.Prepare(ctx); err != nil {
		return err
	}
	if err := ours.Load(ctx, data); err != nil {
		return err
	}
	all, err := chosen(data)
	if err != nil {
		return err
	}
	two, err := startTwo(ctx, ours, work)
	defer func() { err = errors.Join(err, two.stop()) }()
	if err != nil {
		return err
	}
	return measure(ctx, two, all, o)
}

func measure(ctx context.Context, two pair, all []*questions.Question, o options) error {
	if err := two.readEachOther(ctx, o.writes); err != nil {
		return err
	}
	fmt.Printf("Written %d times through one of two servers and read through the other at once: seen %d times.\n\n", o.writes, o.writes)
	results, err := compete(ctx, two, all, o)
	if err != nil {
		return err
	}
	fmt.Printf("%d cores, load averages %s. Scale %g, %d connections, medians of %d turns of %s.\n", runtime.NumCPU(), machine.LoadAverage(), o.scale, o.connections, o.rounds, o.time)
	fmt.Print(table(results, o))
	return nil
}

func chosen(data string) ([]*questions.Question, error) {
	picked, err := questions.Pick(data)
	if err != nil {
		return nil, err
	}
	known, err := questions.All(picked)
	if err != nil {
		return nil, err
	}
	var all []*questions.Question
	for _, name := range asked {
		for _, q := range known {
			if q.Name == name {
				all = append(all, q)
			}
		}
	}
	return all, nil
}
