// Command people writes tables that hold N people and one source: the data of the HTTP benchmark.
package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

func main() {
	n := flag.Int("n", 1000, "number of people")
	flag.Parse()
	if err := write(flag.Arg(0), *n); err != nil {
		log.Fatal(err)
	}
}

func write(dir string, n int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	sources := [][]string{{"id", "title", "url", "publisher", "published_on", "note"}, {"s-1", "A list of people", "", "Nobody", "", ""}}
	if err := table(dir, "sources.csv", sources); err != nil {
		return err
	}
	people := [][]string{{"id", "name", "aliases", "summary", "source_ids"}}
	for i := range n {
		people = append(people, []string{fmt.Sprintf("person-%d", i), fmt.Sprintf("Person Number %d", i), "P", "Somebody who improves schools.", "s-1"})
	}
	return table(dir, "people.csv", people)
}

func table(dir, name string, rows [][]string) error {
	file, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	if err := csv.NewWriter(file).WriteAll(rows); err != nil {
		return err
	}
	return file.Close()
}
