// Command study writes the tables of a made-up study: so many people, each of whom names
// others at random, and ten of eleven of whom adopt in one of ten periods. It is the data
// of the benchmark of spread over HTTP.
//
//	go run ./bench/study -people 100000 -ties 10 DIR
package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

const periods = 10

func main() {
	people := flag.Int("people", 100_000, "number of people")
	ties := flag.Int("ties", 10, "ties of each")
	flag.Parse()
	if err := write(flag.Arg(0), *people, *ties); err != nil {
		log.Fatal(err)
	}
}

func write(dir string, people, ties int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, t := range []struct {
		name, header string
		rows         func(add func(...string))
	}{
		{"sources", "id,title,url,publisher,published_on,note", once("s", "A made-up study", "", "Nobody", "", "")},
		{"practices", "id,name,aliases,kind,summary,broader_id,origin_id,source_ids", once("practice", "A practice", "", "METHOD", "Made up.", "", "", "s")},
		{"studies", "id,name,aliases,summary,population,asked,period_unit,first_period,last_period,starts_on,licence,source_ids",
			once("study", "A made-up study", "", "Made up.", "Everybody.", "", "WAVE", "1", strconv.Itoa(periods), "", "", "s")},
		{"people", "id,name,aliases,summary,source_ids", func(add func(...string)) {
			for i := range people {
				add(person(i), fmt.Sprintf("Person %d", i), "", "Somebody who was asked.", "s")
			}
		}},
		{"enrollments", "id,study_id,participant_id,group,asked,last_period", func(add func(...string)) {
			for i := range people {
				add(fmt.Sprintf("e-%d", i), "study", person(i), fmt.Sprintf("village %d", i%50), "true", "")
			}
		}},
		{"adoptions", "id,study_id,adopter_id,practice_id,first_period,last_period,censoring", func(add func(...string)) {
			for i := range people {
				if period := random.IntN(periods + 1); period > 0 {
					add(fmt.Sprintf("a-%d", i), "study", person(i), "practice", strconv.Itoa(period), "", "EXACT")
				}
			}
		}},
		{"ties", "id,study_id,learner_id,source_id,kind,weight,first_period,last_period", func(add func(...string)) {
			for i := range people {
				for k := range ties {
					add(fmt.Sprintf("t-%d-%d", i, k), "study", person(i), person(random.IntN(people)), "advice", "", "", "")
				}
			}
		}},
	} {
		if err := table(filepath.Join(dir, t.name+".csv"), t.header, t.rows); err != nil {
			return fmt.Errorf("write %s: %w", t.name, err)
		}
	}
	return nil
}

func person(i int) string { return "p-" + strconv.Itoa(i) }

func once(row ...string) func(func(...string)) {
	return func(add func(...string)) { add(row...) }
}

// table writes one file. The writer keeps the first error until it is flushed.
func table(path, header string, rows func(add func(...string))) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintln(buffered, header)
	w := csv.NewWriter(buffered)
	rows(func(row ...string) { _ = w.Write(row) })
	w.Flush()
	return errors.Join(w.Error(), buffered.Flush(), file.Close())
}
