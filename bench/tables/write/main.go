// Command write writes made-up tables into a folder and says on one line how many nodes and links they hold.
//
//	go run ./bench/tables/write -scale 10 DIR                            a network, at scale 1, 10 or 100
//	go run ./bench/tables/write -of people -people 1000 DIR
//	go run ./bench/tables/write -of study -people 100000 -ties 10 DIR
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"

	"nicgraph/bench/tables"
)

func main() {
	of := flag.String("of", "network", "what the tables tell of: network, people or study")
	scale := flag.Float64("scale", 1, "size of a network; 1 is 11,000 nodes")
	seed := flag.Uint64("seed", 7, "seed of a network")
	people := flag.Int("people", 1000, "number of people")
	ties := flag.Int("ties", 10, "ties of each person of a study")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("name the folder")
	}
	var what []tables.Table
	switch *of {
	case "network":
		what = tables.Network(*scale, *seed)
	case "people":
		what = tables.People(*people)
	case "study":
		what = tables.Study(*people, *ties)
	default:
		log.Fatal(fmt.Errorf("there are no tables of %s", *of))
	}
	counts, err := tables.Write(flag.Arg(0), what)
	if err = errors.Join(err, json.NewEncoder(os.Stdout).Encode(counts)); err != nil {
		log.Fatal(err)
	}
}
