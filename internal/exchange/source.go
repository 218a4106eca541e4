package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// source is the text of a file, kept so that faults found late can still say where.
type source struct {
	file  string
	text  []byte
	lines []int // where each line begins; made when the first fault asks
}

var byteOrderMark = []byte("\uFEFF")

func newSource(file string, text []byte) *source {
	return &source{file: file, text: bytes.TrimPrefix(text, byteOrderMark)}
}

// place is where a cell begins. at counts bytes, as package csv does. There is one for
// every mention of a node, so it is small.
type place struct {
	source   *source
	line, at int32
}

func (p place) fault(column, format string, args ...any) Fault {
	return Fault{File: p.source.file, Line: int(p.line), Column: p.source.column(int(p.line), int(p.at)), ColumnName: column, Message: fmt.Sprintf(format, args...)}
}

// column counts the characters up to a byte of a line, both from 1.
func (s *source) column(line, at int) int {
	if s.lines == nil {
		s.lines = lineStarts(s.text)
	}
	if line < 1 || line > len(s.lines) {
		return at
	}
	start := s.lines[line-1]
	end := min(max(start+at-1, start), len(s.text))
	return utf8.RuneCount(s.text[start:end]) + 1
}

func lineStarts(text []byte) []int {
	starts := []int{0}
	for i, b := range text {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// record is a row of a file as it stands there.
type record struct {
	source *source
	csv    *csv.Reader
	cells  []string
}

// at is where a cell begins.
func (r *record) at(cell int) place {
	line, at := r.csv.FieldPos(cell)
	return place{source: r.source, line: int32(line), at: int32(at)}
}

// records calls visit for each row, the header first, and returns what is wrong with
// the form of the file; nothing is read behind such a fault.
func (s *source) records(visit func(*record)) *Fault {
	r := csv.NewReader(bytes.NewReader(s.text))
	r.FieldsPerRecord = -1
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return s.malformed(err)
		}
		visit(&record{source: s, csv: r, cells: cells})
	}
}

func (s *source) malformed(err error) *Fault {
	parse, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return &Fault{File: s.file, Message: err.Error()}
	}
	f := place{source: s, line: int32(parse.Line), at: int32(parse.Column)}.fault("", "%s", quoteHelp(parse))
	return &f
}

func quoteHelp(err *csv.ParseError) string {
	if errors.Is(err.Err, csv.ErrBareQuote) {
		return `a cell with a quotation mark in it must stand in quotation marks, with the mark doubled: "say ""hello"""`
	}
	return fmt.Sprintf(`a quotation mark in the row that begins in line %d is not closed as it should be; inside a quoted cell a mark is doubled: "say ""hello"""`, err.StartLine)
}
