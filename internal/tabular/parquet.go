package tabular

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquetWriter writes each batch as a row group. (The library's pqarrow would do so too,
// but brings a whole remote procedure call system into the program.)
type parquetWriter struct{ file *file.Writer }

func newParquetWriter(w io.Writer, s *arrow.Schema) (*parquetWriter, error) {
	fields := make(schema.FieldList, s.NumFields())
	for i, f := range s.Fields() {
		fields[i] = parquetColumn(f)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return nil, err
	}
	notes := metadata.NewKeyValueMetadata()
	for i, key := range s.Metadata().Keys() {
		if err := notes.Append(key, s.Metadata().Values()[i]); err != nil {
			return nil, err
		}
	}
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy))
	// The library would close what it writes to.
	out, err := file.NewParquetWriterWithError(struct{ io.Writer }{w}, root, file.WithWriterProps(properties), file.WithWriteMetadata(notes))
	return &parquetWriter{out}, err
}

func parquetColumn(f arrow.Field) schema.Node {
	repetition := parquet.Repetitions.Required
	if f.Nullable {
		repetition = parquet.Repetitions.Optional
	}
	switch f.Type.ID() {
	case arrow.STRING:
		return schema.MustPrimitive(schema.NewPrimitiveNodeLogical(f.Name, repetition, schema.StringLogicalType{}, parquet.Types.ByteArray, -1, -1))
	case arrow.INT32:
		return schema.NewInt32Node(f.Name, repetition, -1)
	case arrow.FLOAT64:
		return schema.NewFloat64Node(f.Name, repetition, -1)
	default:
		panic(fmt.Sprintf("a column of %s", f.Type))
	}
}

func (w *parquetWriter) Write(batch arrow.RecordBatch) error {
	if batch.NumRows() == 0 {
		return nil
	}
	group, err := w.file.AppendRowGroupChecked()
	if err != nil {
		return err
	}
	for _, column := range batch.Columns() {
		out, err := group.NextColumn()
		if err != nil {
			return err
		}
		if err := writeColumn(out, column); err != nil {
			return err
		}
	}
	return group.Close()
}

// Close writes what ends the file.
func (w *parquetWriter) Close() error { return w.file.Close() }

func writeColumn(out file.ColumnChunkWriter, column arrow.Array) (err error) {
	levels := levelsOf(column)
	switch out := out.(type) {
	case *file.ByteArrayColumnChunkWriter:
		_, err = out.WriteBatch(bytesOf(present(column.(*array.String))), levels, nil)
	case *file.Int32ColumnChunkWriter:
		_, err = out.WriteBatch(present(column.(*array.Int32)), levels, nil)
	case *file.Float64ColumnChunkWriter:
		_, err = out.WriteBatch(present(column.(*array.Float64)), levels, nil)
	default:
		panic(fmt.Sprintf("a column written by %T", out))
	}
	return err
}

// levelsOf are Parquet's definition levels: 1 for a value, 0 for a missing one.
func levelsOf(column arrow.Array) []int16 {
	levels := make([]int16, column.Len())
	for i := range levels {
		if column.IsValid(i) {
			levels[i] = 1
		}
	}
	return levels
}

// present are the values of a column without the missing ones.
func present[T any](column interface {
	arrow.Array
	Value(i int) T
}) []T {
	values := make([]T, 0, column.Len()-column.NullN())
	for i := range column.Len() {
		if column.IsValid(i) {
			values = append(values, column.Value(i))
		}
	}
	return values
}

func bytesOf(texts []string) []parquet.ByteArray {
	all := make([]parquet.ByteArray, len(texts))
	for i, text := range texts {
		all[i] = parquet.ByteArray(text)
	}
	return all
}
