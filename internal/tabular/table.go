// Package tabular lays out what spread measures as tables for statistics programs, and
// writes them as CSV, Arrow or Parquet, batch by batch. It leaves the measures to package
// spread, and reading the graph to those who bring a panel.
package tabular

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// batchRows is how many rows are written at a time: enough for a good row group of
// Parquet, and some ten megabytes of memory.
const batchRows = 1 << 16

// Table is a table whose rows are made while they are written, so that its memory does not
// grow with them. It is immutable.
type Table struct {
	Name    string // what it is called in the name of a file: person-period
	Rows    int    // how many there are
	LeftOut int    // left-censored adopters who have no rows

	about  map[string]string // what the file tells of itself, where its format has room
	people int
	schema *arrow.Schema
	add    func(rows *array.RecordBuilder, person int) // adds the rows of one person
}

// Columns are the names of the columns in their order.
func (t *Table) Columns() []string {
	names := make([]string, t.schema.NumFields())
	for i, f := range t.schema.Fields() {
		names[i] = f.Name
	}
	return names
}

// About notes something that the file tells of itself. CSV has no room for it.
func (t *Table) About(key, value string) { t.about[key] = value }

// Options say how a table is written.
type Options struct {
	Format      Format
	Spreadsheet bool           // in CSV, mark as text what a spreadsheet would run as a formula
	Progress    func(rows int) // is told how many rows are written; nil: nobody
}

// Write writes the whole table. It stops between two batches when ctx is cancelled; what
// has been written by then is no valid Arrow or Parquet.
func (t *Table) Write(ctx context.Context, w io.Writer, o Options) error {
	if err := t.write(ctx, w, o); err != nil {
		return fmt.Errorf("write the %s table as %s: %w", t.Name, o.Format, err)
	}
	return nil
}

func (t *Table) write(ctx context.Context, w io.Writer, o Options) error {
	out, err := newWriter(w, t.noted(), o)
	if err != nil {
		return err
	}
	rows := array.NewRecordBuilder(memory.DefaultAllocator, t.schema)
	defer rows.Release()
	written := 0
	for person := range t.people {
		t.add(rows, person)
		if held := rows.Field(0).Len(); held >= batchRows {
			written += held
			if err := t.flush(ctx, rows, out, o, written); err != nil {
				return err
			}
		}
	}
	written += rows.Field(0).Len()
	if err := t.flush(ctx, rows, out, o, written); err != nil {
		return err
	}
	return out.Close()
}

// noted is the schema with what the file tells of itself.
func (t *Table) noted() *arrow.Schema {
	notes := arrow.MetadataFrom(t.about)
	return arrow.NewSchema(t.schema.Fields(), &notes)
}

// flush hands the rows on that have been gathered, written rows in all.
func (t *Table) flush(ctx context.Context, rows *array.RecordBuilder, out writer, o Options, written int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	batch := rows.NewRecordBatch()
	defer batch.Release()
	if err := out.Write(batch); err != nil {
		return err
	}
	if o.Progress != nil {
		o.Progress(written)
	}
	return nil
}

// Format is how a table is written.
type Format int

// The formats. Arrow is the stream of Arrow's inter-process communication.
const (
	CSV Format = iota
	Arrow
	Parquet
)

// Formats are all formats.
func Formats() []Format { return []Format{CSV, Arrow, Parquet} }

func (f Format) String() string { return [...]string{"csv", "arrow", "parquet"}[f] }

// Media is the content type of a format.
func (f Format) Media() string {
	return [...]string{"text/csv", "application/vnd.apache.arrow.stream", "application/vnd.apache.parquet"}[f]
}

// ParseFormat reads the name of a format.
func ParseFormat(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.String() == name {
			return f, nil
		}
		names = append(names, f.String())
	}
	return 0, fmt.Errorf("there is no format %q; there are %s", name, strings.Join(names, ", "))
}
