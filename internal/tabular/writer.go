package tabular

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/csv"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"nicgraph/internal/disarm"
)

// writer writes batches of one schema. Close ends the file, but not what it is written to.
type writer interface {
	Write(batch arrow.RecordBatch) error
	Close() error
}

func newWriter(w io.Writer, schema *arrow.Schema, o Options) (writer, error) {
	switch o.Format {
	case CSV:
		return csvWriter{newCSV(w, schema, o.Spreadsheet)}, nil
	case Arrow:
		return ipc.NewWriter(w, ipc.WithSchema(schema)), nil
	case Parquet:
		return newParquetWriter(w, schema)
	default:
		panic(fmt.Sprintf("format %d", o.Format))
	}
}

// csvWriter ends a CSV file, for which everything is written already.
type csvWriter struct{ *csv.Writer }

func (w csvWriter) Close() error { return w.Error() }

func newCSV(w io.Writer, schema *arrow.Schema, spreadsheet bool) *csv.Writer {
	options := []csv.Option{csv.WithHeader(true), csv.WithNullWriter("")}
	if spreadsheet {
		options = append(options, csv.WithCustomTypeConverter(spreadsheetTexts))
	}
	return csv.NewWriter(w, schema, options...)
}

// spreadsheetTexts writes a column of texts so that no spreadsheet runs one.
func spreadsheetTexts(_ arrow.DataType, column arrow.Array) ([]string, bool) {
	texts, ok := column.(*array.String)
	if !ok {
		return nil, false
	}
	safe := make([]string, texts.Len())
	for i := range safe {
		if texts.IsValid(i) {
			safe[i] = disarm.Formulas(texts.Value(i))
		}
	}
	return safe, true
}
