// Command convert makes the study data that comes with the program out of its published tables:
//
//	go run ./seed/studies/convert FOLDER
//
// FOLDER holds a folder for each data set, with nodes.csv, edges.csv and the tables beside them
// that ../README.md names. The result is a zip file of tables for each; the same input gives the
// same bytes. What the data sets are is said in sets.go. Reading the tables is left to package
// exchange.
package main

import (
	"archive/zip"
	"compress/flate"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "convert: name the folder of the published data sets")
		os.Exit(2)
	}
	if err := convertAll(os.Args[1], filepath.Join("seed", "studies")); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

func convertAll(from, to string) error {
	for _, s := range sets {
		t, err := s.tables(filepath.Join(from, s.name))
		if err != nil {
			return fmt.Errorf("convert %s: %w", s.name, err)
		}
		if err := write(filepath.Join(to, s.name+".zip"), t); err != nil {
			return fmt.Errorf("write %s: %w", s.name, err)
		}
	}
	return nil
}

// cells is a row of a published table, by the name of its column.
type cells map[string]string

// read reads a published table.
func read(path string) ([]cells, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it is only read
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	all := make([]cells, len(rows)-1)
	for i, row := range rows[1:] {
		all[i] = make(cells, len(row))
		for j, cell := range row {
			all[i][rows[0][j]] = cell
		}
	}
	return all, nil
}

// table is a table to be written.
type table struct {
	file string
	rows [][]string // the header first
}

func newTable(file string, header ...string) *table {
	return &table{file: file, rows: [][]string{header}}
}

func (t *table) add(row ...string) { t.rows = append(t.rows, row) }

// write puts tables into a zip file. Its entries bear no time, so that nothing depends on when
// they were written.
func write(path string, tables []*table) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	archive := zip.NewWriter(file)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, t := range tables {
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: t.file, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if err := csv.NewWriter(entry).WriteAll(t.rows); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return file.Close()
}
