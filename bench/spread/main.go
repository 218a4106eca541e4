// Command spread measures how long the measures of package spread take, beside those of
// the R package netdiffuseR: on random networks of 1,000, 10,000 and 60,000 people with ten
// ties each over ten periods, medians of several rounds. netdiffuseR's published figures
// stand beside ours; where Rscript finds the package, it is timed in the same rounds too,
// taking turns. Then come a million people with ten million ties, with time and memory.
//
//	go run ./bench/spread
//	go run ./bench/spread -rounds 9 -million=false
package main

import (
	"context"
	"flag"
	"log"
	"math/rand/v2"
	"slices"
	"time"

	"nicgraph/internal/spread"
)

// tiesEach is how many ties everybody has, periods how many there are.
const tiesEach, periods = 10, 10

func main() {
	rounds := flag.Int("rounds", 5, "times that each measure is taken, in turns, after once for warming up")
	patience := flag.Duration("patience", time.Minute, "netdiffuseR takes no further part in the rounds of a measure that it has spent so long on")
	million := flag.Bool("million", true, "also measure a million people")
	flag.Parse()
	if err := run(context.Background(), *rounds, *patience, *million); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, rounds int, patience time.Duration, million bool) error {
	if err := compare(ctx, rounds, patience); err != nil || !million {
		return err
	}
	return measureMillion(ctx, rounds)
}

// network is everybody's ten ties: one to somebody in each tenth of the population.
func network(people int) []spread.Tie {
	random := rand.New(rand.NewPCG(1, 2))
	ties := make([]spread.Tie, 0, tiesEach*people)
	for i := range people {
		for tenth := range tiesEach {
			source := (tenth*people + random.IntN(people)) / tiesEach
			ties = append(ties, spread.Tie{Learner: int32(i), Source: int32(source), Weight: 1, Until: periods - 1})
		}
	}
	return ties
}

// population is people of whom one in eleven never adopts, as yet without ties.
func population(people int) *spread.Panel {
	random := rand.New(rand.NewPCG(3, 4))
	p := &spread.Panel{Periods: periods, First: 1, Adopted: make([]int32, people)}
	for i := range p.Adopted {
		p.Adopted[i] = int32(random.IntN(periods+1)) - 1
	}
	return p
}

// timed is how long work takes.
func timed(work func() error) (time.Duration, error) {
	begin := time.Now()
	err := work()
	return time.Since(begin), err
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}
