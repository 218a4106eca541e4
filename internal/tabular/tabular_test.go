package tabular_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/spread"
	"nicgraph/internal/tabular"
)

// drawn is a village of four people over three periods:
//
//	ann  adopts in 1990 or before, names nobody
//	bob  adopts in 1991, names ann
//	cy   never adopts, names ann and, in 1992, bob twice
//	dee  never adopts, is seen until 1991, named by nobody, names nobody
func drawn(t testing.TB, lag int) *tabular.PersonPeriod {
	t.Helper()
	ties, _ := spread.NewTies(4, 3, []spread.Tie{
		{Learner: 1, Source: 0, Weight: 1, Until: 2},
		{Learner: 2, Source: 0, Weight: 1, Until: 2},
		{Learner: 2, Source: 1, Weight: 2, From: 2, Until: 2},
	})
	panel := &spread.Panel{
		Periods: 3, First: 1990, Adopted: []int32{0, 1, spread.Never, spread.Never},
		LeftCensored: []bool{true, false, false, false}, Group: []int32{0, 0, 1, -1}, Ties: ties,
	}
	return personPeriod(t, panel, []string{"ann", "bob", "cy", "dee"}, lag)
}

func personPeriod(t testing.TB, panel *spread.Panel, ids []string, lag int) *tabular.PersonPeriod {
	t.Helper()
	exposure, err := panel.Exposure(t.Context(), spread.ExposureOptions{Lag: lag, Normalized: true})
	if err != nil {
		t.Fatal(err)
	}
	degrees, err := panel.Degrees(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	return &tabular.PersonPeriod{Panel: panel, IDs: ids, Groups: []string{"east", "=west"}, Exposure: exposure, Degrees: degrees}
}

func text(t testing.TB, table *tabular.Table, o tabular.Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := table.Write(t.Context(), &out, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRowsGoUpToAndIncludingTheAdoption(t *testing.T) {
	p := drawn(t, 1)
	p.Observed = []int32{2, 2, 2, 1}
	p.Covariates = []tabular.Covariate{{Name: "region", Value: []string{"CA", "", "NY", "CA"}}}
	table := p.Table()
	want := `party,period,adopted,exposure,adopters,named,names,named_by,group,left_censored,region
bob,1990,0,,,,1,0,east,0,
bob,1991,1,1,1,1,1,0,east,0,
cy,1990,0,,,,1,0,=west,0,NY
cy,1991,0,1,1,1,1,0,=west,0,NY
cy,1992,0,1,1,1,2,0,=west,0,NY
dee,1990,0,,,,0,0,,0,CA
dee,1991,0,,0,0,0,0,,0,CA
`
	if diff := cmp.Diff(want, text(t, table, tabular.Options{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if table.LeftOut != 1 || table.Rows != 7 {
		t.Errorf("%d left out and %d rows, want 1 and 7", table.LeftOut, table.Rows)
	}
}

func TestLeftCensoredAdoptersHaveRowsWhenAskedFor(t *testing.T) {
	p := drawn(t, 0)
	p.LeftCensored = true
	table := p.Table()
	lines := strings.Split(text(t, table, tabular.Options{}), "\n")
	if want := "ann,1990,1,,0,0,0,2,east,1"; lines[1] != want || table.LeftOut != 0 {
		t.Errorf("got %q and %d left out, want %q and 0", lines[1], table.LeftOut, want)
	}
}

func TestEdgesHaveTheirWeightsAndPeriods(t *testing.T) {
	p := drawn(t, 0)
	edges := tabular.Edges{Panel: p.Panel, IDs: p.IDs}
	want := `learner,source,weight,first_period,last_period
bob,ann,1,1990,1992
cy,ann,1,1990,1992
cy,bob,2,1992,1992
`
	if diff := cmp.Diff(want, text(t, edges.Table(), tabular.Options{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestATableWithoutRowsHasItsHeader(t *testing.T) {
	edges := tabular.Edges{Panel: &spread.Panel{Periods: 3}}
	if got, want := text(t, edges.Table(), tabular.Options{}), "learner,source,weight,first_period,last_period\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestASpreadsheetRunsNoCell(t *testing.T) {
	table := drawn(t, 0).Table()
	for spreadsheet, want := range map[bool]string{false: ",=west,", true: ",'=west,"} {
		if got := text(t, table, tabular.Options{Spreadsheet: spreadsheet}); !strings.Contains(got, want) {
			t.Errorf("spreadsheet %t: %q is not in\n%s", spreadsheet, want, got)
		}
	}
}

func TestAllFormatsHoldTheSameRows(t *testing.T) {
	p := drawn(t, 1)
	p.LeftCensored = true
	table := p.Table()
	table.About("practice", "hand-washing")
	rows := strings.Split(strings.TrimSuffix(text(t, table, tabular.Options{}), "\n"), "\n")
	if diff := cmp.Diff(rows, readArrow(t, text(t, table, tabular.Options{Format: tabular.Arrow}))); diff != "" {
		t.Errorf("arrow (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(rows, readParquet(t, text(t, table, tabular.Options{Format: tabular.Parquet}))); diff != "" {
		t.Errorf("parquet (-want +got)\n%s", diff)
	}
}

// readArrow writes what an Arrow stream holds as lines.
func readArrow(t *testing.T, stream string) []string {
	t.Helper()
	r, err := ipc.NewReader(strings.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if practice, _ := r.Schema().Metadata().GetValue("practice"); practice != "hand-washing" {
		t.Errorf("the stream says it is about %q", practice)
	}
	lines := []string{header(r.Schema())}
	for r.Next() {
		batch := r.RecordBatch()
		for i := range int(batch.NumRows()) {
			cells := make([]string, batch.NumCols())
			for k, column := range batch.Columns() {
				if column.IsValid(i) {
					cells[k] = column.ValueStr(i)
				}
			}
			lines = append(lines, strings.Join(cells, ","))
		}
	}
	return lines
}

func header(s *arrow.Schema) string {
	names := make([]string, s.NumFields())
	for i, f := range s.Fields() {
		names[i] = f.Name
	}
	return strings.Join(names, ",")
}

// readParquet writes what a Parquet file holds as lines.
func readParquet(t *testing.T, content string) []string {
	t.Helper()
	r, err := file.NewParquetReader(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if practice := r.MetaData().KeyValueMetadata().FindValue("practice"); practice == nil || *practice != "hand-washing" {
		t.Error("the file does not say what it is about")
	}
	names := make([]string, r.MetaData().Schema.NumColumns())
	lines := make([]string, 1+r.NumRows())
	for k := range names {
		names[k] = r.MetaData().Schema.Column(k).Name()
		column, err := r.RowGroup(0).Column(k)
		if err != nil {
			t.Fatal(err)
		}
		for i, cell := range parquetCells(t, column, int(r.NumRows())) {
			lines[1+i] += strings.Repeat(",", min(k, 1)) + cell
		}
	}
	lines[0] = strings.Join(names, ",")
	return lines
}

func parquetCells(t *testing.T, column file.ColumnChunkReader, rows int) []string {
	t.Helper()
	levels := make([]int16, rows)
	switch column := column.(type) {
	case *file.ByteArrayColumnChunkReader:
		return spaced(t, column, levels, func(v parquet.ByteArray) string { return v.String() })
	case *file.Int32ColumnChunkReader:
		return spaced(t, column, levels, func(v int32) string { return strconv.Itoa(int(v)) })
	case *file.Float64ColumnChunkReader:
		return spaced(t, column, levels, func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) })
	default:
		t.Fatalf("a column of %T", column)
		return nil
	}
}

func spaced[T any](t *testing.T, column interface {
	ReadBatch(batch int64, values []T, definitions, repetitions []int16) (int64, int, error)
	Descriptor() *schema.Column
}, levels []int16, write func(T) string) []string {
	t.Helper()
	values := make([]T, len(levels))
	if _, _, err := column.ReadBatch(int64(len(levels)), values, levels, nil); err != nil {
		t.Fatal(err)
	}
	cells, next := make([]string, len(levels)), 0
	for i, level := range levels {
		if level == column.Descriptor().MaxDefinitionLevel() {
			cells[i] = write(values[next])
			next++
		}
	}
	return cells
}

func TestATableInManyBatchesIsWhole(t *testing.T) {
	const people, periods = 20_000, 10
	table := many(t, people, periods).Table()
	for _, format := range tabular.Formats() {
		var told []int
		var out bytes.Buffer
		if err := table.Write(t.Context(), &out, tabular.Options{Format: format, Progress: func(rows int) { told = append(told, rows) }}); err != nil {
			t.Fatal(err)
		}
		if len(told) < 2 || told[len(told)-1] != table.Rows {
			t.Errorf("%s: told of %v rows, want several times and %d in the end", format, told, table.Rows)
		}
		if rows := countRows(t, format, out.Bytes()); rows != table.Rows {
			t.Errorf("%s: %d rows, want %d", format, rows, table.Rows)
		}
	}
}

func countRows(t *testing.T, format tabular.Format, content []byte) (rows int) {
	t.Helper()
	switch format {
	case tabular.CSV:
		return bytes.Count(content, []byte("\n")) - 1
	case tabular.Arrow:
		r, err := ipc.NewReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Release()
		for r.Next() {
			rows += int(r.RecordBatch().NumRows())
		}
		return rows
	default:
		r, err := file.NewParquetReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		return int(r.NumRows())
	}
}

// many are people of whom one in three never adopts; each names the ten that follow.
func many(t testing.TB, people, periods int) *tabular.PersonPeriod {
	t.Helper()
	panel := &spread.Panel{Periods: periods, First: 1, Adopted: make([]int32, people), Group: make([]int32, people)}
	ids := make([]string, people)
	var ties []spread.Tie
	for i := range people {
		ids[i], panel.Adopted[i] = fmt.Sprintf("person-%d", i), int32(i%periods)
		if i%3 == 0 {
			panel.Adopted[i] = spread.Never
		}
		for k := range 10 {
			ties = append(ties, spread.Tie{Learner: int32(i), Source: int32((i + k + 1) % people), Weight: 1, Until: int32(periods - 1)})
		}
	}
	panel.Ties, _ = spread.NewTies(people, periods, ties)
	return personPeriod(t, panel, ids, 1)
}

func TestACancelledTableStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	table := many(t, 20_000, 10).Table()
	batches := 0
	err := table.Write(ctx, io.Discard, tabular.Options{Progress: func(int) { batches++; cancel() }})
	if !errors.Is(err, context.Canceled) || batches != 1 {
		t.Errorf("%d batches, then %v; want one, then that it was cancelled", batches, err)
	}
}

func TestAFullDiskIsTold(t *testing.T) {
	full := errors.New("no space left")
	for _, format := range tabular.Formats() {
		table := drawn(t, 0).Table()
		err := table.Write(t.Context(), &limited{room: 60, full: full}, tabular.Options{Format: format})
		if !errors.Is(err, full) {
			t.Errorf("%s: got %v, want %v", format, err, full)
		}
	}
}

// limited is a writer that is full at some point.
type limited struct {
	room int
	full error
}

func (w *limited) Write(b []byte) (int, error) {
	w.room -= len(b)
	if w.room < 0 {
		return 0, w.full
	}
	return len(b), nil
}

func TestFormatsAreReadByTheirNames(t *testing.T) {
	for _, want := range tabular.Formats() {
		if got, err := tabular.ParseFormat(want.String()); got != want || err != nil {
			t.Errorf("%s: got %v, %v", want, got, err)
		}
	}
	if _, err := tabular.ParseFormat("xlsx"); err == nil || !strings.Contains(err.Error(), "csv, arrow, parquet") {
		t.Errorf("got %v, want the formats that there are", err)
	}
}
