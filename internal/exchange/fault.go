package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nicgraph/internal/fault"
)

// shownFaults bounds how many faults one message lists.
const shownFaults = 20

// Fault is one thing that is wrong in a table, and where.
type Fault struct {
	File       string
	Line       int    // of the file, from 1; 0 when the whole file is meant
	Column     int    // the character of the line at which the cell begins, from 1
	ColumnName string // empty when no single cell is at fault
	Message    string
}

func (f Fault) String() string {
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s", f.File, f.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}

func (f Fault) inHeader() bool { return f.Line <= 1 }

// Faults is everything that is wrong in a folder of tables, by file, line and column.
// Those of whole files and of headers come first: many others may follow from them.
type Faults []Fault

// Error lists the first faults, one a line, and counts the rest.
func (fs Faults) Error() string {
	shown := min(len(fs), shownFaults)
	lines := make([]string, shown, shown+1)
	for i := range lines {
		lines[i] = fs[i].String()
	}
	if rest := len(fs) - shown; rest > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(lines, "\n")
}

// Unwrap tells the kind of failure that faults in a table are.
func (fs Faults) Unwrap() error { return fault.New(fault.Invalid, "the tables have faults") }

func (fs Faults) sort() {
	slices.SortStableFunc(fs, func(a, b Fault) int {
		if a.inHeader() != b.inHeader() {
			if a.inHeader() {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
