package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf8"
)

// source is the text of a file, kept so that faults found late can still say where, or else read
// once.
type source struct {
	file  string
	text  []byte
	lines []int         // where each line begins; made when the first fault asks
	once  io.ReadCloser // nil: the text is kept
}

const byteOrderMark = "\uFEFF"

// openSource opens a file, and reads all of it when it is to be kept.
func openSource(fsys fs.FS, file string, kept bool) (s *source, err error) {
	s = &source{file: file}
	if kept {
		s.text, err = fs.ReadFile(fsys, file)
		s.text = bytes.TrimPrefix(s.text, []byte(byteOrderMark))
	} else {
		s.once, err = fsys.Open(file)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return s, nil
}

// reader reads the text without its mark of the order of bytes.
func (s *source) reader() io.Reader {
	if s.once == nil {
		return bytes.NewReader(s.text)
	}
	r := bufio.NewReaderSize(s.once, 1<<16)
	if start, _ := r.Peek(len(byteOrderMark)); string(start) == byteOrderMark {
		_, _ = r.Discard(len(start)) // it has been peeked at
	}
	return r
}

// place is where a cell begins. at counts bytes, as package csv does. There is one for
// every mention of a node, so it is small.
type place struct {
	source   *source
	line, at int32
}

// String tells the row, as in people.csv:12.
func (p place) String() string {
	if p.source == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.source.file, p.line)
}

func (p place) fault(column, format string, args ...any) Fault {
	if p.source == nil { // the places of this folder are not known
		return Fault{}
	}
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
// the form of the file; nothing is read behind such a fault. The row is another's when visit
// returns; the texts of its cells are not.
func (s *source) records(visit func(*record)) *Fault {
	r := csv.NewReader(s.reader())
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	if s.once != nil {
		defer func() { _ = s.once.Close() }() // only read
	}
	row := record{source: s, csv: r}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return s.malformed(err)
		}
		row.cells = cells
		visit(&row)
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
