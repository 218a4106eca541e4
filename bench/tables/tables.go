// Package tables makes up the data of the benchmarks: tables in the form that `nicgraph import`
// takes, the same for the same seed. What is measured on them is told elsewhere.
package tables

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Table is a table that is made up as it is written.
type Table struct {
	name, header string
	rows         func(add func(cells ...string))
}

// Counts says what was written: a row is a node unless its table only joins two others; a
// link is a mention of another row.
type Counts struct {
	Nodes int            `json:"nodes"`
	Links int            `json:"links"`
	Rows  map[string]int `json:"rows"`
}

// Write writes tables into a folder, one after another: what one draws depends on those before.
func Write(dir string, tables []Table) (Counts, error) {
	counts := Counts{Rows: map[string]int{}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return counts, err
	}
	for _, t := range tables {
		if err := t.write(dir, &counts); err != nil {
			return counts, fmt.Errorf("write %s: %w", t.name, err)
		}
	}
	return counts, nil
}

// write writes one table. The writers keep their first error until they are flushed.
func (t *Table) write(dir string, counts *Counts) error {
	file, err := os.Create(filepath.Join(dir, t.name+".csv"))
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintln(buffered, t.header)
	w := csv.NewWriter(buffered)
	columns := strings.Split(t.header, ",")
	t.rows(func(cells ...string) {
		_ = w.Write(cells)
		counts.add(t.name, columns, cells)
	})
	w.Flush()
	return errors.Join(w.Error(), buffered.Flush(), file.Close())
}

func (c *Counts) add(table string, columns, cells []string) {
	c.Rows[table]++
	if columns[0] != "id" {
		c.Links++
		return
	}
	c.Nodes++
	for i, column := range columns {
		if cells[i] != "" && (strings.HasSuffix(column, "_id") || column == "source_ids" || column == "joint_with") {
			c.Links += 1 + strings.Count(cells[i], ";")
		}
	}
}

// once is a table of one row.
func once(cells ...string) func(func(...string)) {
	return func(add func(...string)) { add(cells...) }
}
