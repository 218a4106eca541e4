// Command compare measures nicgraph beside other servers: it makes up the data, starts every
// contestant on them, compares their answers, times them in turns and prints tables of ratios.
//
//	go run ./bench/compare -scale 10
//	go run ./bench/compare -quick -only people,flat -contestants nicgraph,hand-written-cypher
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"nicgraph/bench/peers"
)

// options are what one can choose.
type options struct {
	scale       float64
	rounds      int
	time        time.Duration // for each cell of a round
	only        []string      // questions; none: all
	contestants []string      // keys of their names; none: all
	json        string
}

func main() {
	log.SetFlags(log.Ltime)
	if err := run(readOptions()); err != nil {
		log.Fatal(err)
	}
}

func run(o options) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	result, err := compare(ctx, o)
	if err != nil {
		return err
	}
	fmt.Print(result.tables())
	return nil
}

func readOptions() options {
	var o options
	var only, contestants string
	var quick bool
	flag.Float64Var(&o.scale, "scale", 1, "size of the data; 1 is 11,000 nodes")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds in which all contestants take turns")
	flag.DurationVar(&o.time, "for", time.Second, "how long each turn takes")
	flag.StringVar(&only, "only", "", "questions, with commas between them")
	flag.StringVar(&contestants, "contestants", "", "contestants, with commas between them: "+strings.Join(names(), ", "))
	flag.StringVar(&o.json, "json", "", "file for the results; the cache if not given")
	flag.BoolVar(&quick, "quick", false, "short rounds, two of them: to see that all works")
	flag.Parse()
	if quick {
		o.rounds, o.time = 2, 300*time.Millisecond
	}
	o.only, o.contestants = list(only), list(contestants)
	return o
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
}

// among tells whether a name is wanted: an empty list wants all.
func among(wanted []string, name string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, name)
}

// names are those by which contestants are chosen.
func names() []string {
	var keys []string
	for _, c := range peers.All(peers.Place{}) {
		keys = append(keys, key(c.Name()))
	}
	return keys
}
