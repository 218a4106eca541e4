package exchange

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/disarm"
	"nicgraph/internal/fault"
	"nicgraph/internal/slab"
	"nicgraph/internal/store"
	"nicgraph/internal/stored"
	"nicgraph/internal/value"
)

// ExportOptions say how tables are written.
type ExportOptions struct {
	Spreadsheet bool // put ' before what a spreadsheet would run as a formula; such tables are for reading, not for importing
	Progress    func(Progress)
}

// Create makes the file with a name, to be written from its start.
type Create func(name string) (io.WriteCloser, error)

// Export writes every table of the catalog. Rows stand in the order of their ids, those
// of a link's own table in the order of the link. What is written while somebody else
// changes the graph may show some of the changes and not others.
func Export(ctx context.Context, st *store.Store, cat *catalog.Catalog, create Create, opts ExportOptions) error {
	stored := stored.New(st, cat)
	total, err := stored.Count(ctx)
	if err != nil {
		return err
	}
	done := 0
	step := func() {
		if opts.Progress != nil {
			opts.Progress(Progress{Step: "export", Done: done, Total: total})
		}
		done++
	}
	for _, t := range cat.Types {
		if err := writeType(cat, t, counted(stored.Nodes(ctx, t, nil), step), create, opts.Spreadsheet); err != nil {
			return err
		}
	}
	step()
	return nil
}

// counted calls step before each node.
func counted(nodes iter.Seq2[change.Node, error], step func()) iter.Seq2[change.Node, error] {
	return func(yield func(change.Node, error) bool) {
		for n, err := range nodes {
			step()
			if !yield(n, err) {
				return
			}
		}
	}
}

// ExportDir writes every table into a folder, which it makes when there is none. The
// files take their names only when all are written: after an error the folder is as before.
func ExportDir(ctx context.Context, st *store.Store, cat *catalog.Catalog, dir string, opts ExportOptions) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder for the tables: %w", err)
	}
	temporary, err := os.MkdirTemp(dir, ".export-")
	if err != nil {
		return fmt.Errorf("make room for the tables: %w", err)
	}
	defer func() { _ = os.RemoveAll(temporary) }() // what is left over harms nobody
	create := func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(temporary, name)) }
	if err := Export(ctx, st, cat, create, opts); err != nil {
		return err
	}
	for _, t := range tablesOf(cat) {
		if err := os.Rename(filepath.Join(temporary, t.file()), filepath.Join(dir, t.file())); err != nil {
			return fmt.Errorf("put %s in its place: %w", t.file(), err)
		}
	}
	return nil
}

// writeType writes the table of a type and the tables of its links.
func writeType(cat *catalog.Catalog, t *catalog.Type, nodes iter.Seq2[change.Node, error], create Create, spreadsheet bool) (err error) {
	var writers []*tableWriter
	defer func() {
		for _, w := range writers {
			if failed := w.close(); err == nil { // a writer tells its failure again when closed
				err = failed
			}
		}
	}()
	for _, table := range tablesOf(cat) {
		if table.typ != t {
			continue
		}
		w, err := newTableWriter(table, create, spreadsheet)
		if err != nil {
			return err
		}
		writers = append(writers, w)
	}
	for n, err := range nodes {
		if err != nil {
			return err
		}
		for _, w := range writers {
			if err := w.node(&n); err != nil {
				return fmt.Errorf("write %s: %w", w.table.file(), err)
			}
		}
	}
	return nil
}

// tableWriter writes one table.
type tableWriter struct {
	table       table
	file        io.WriteCloser
	csv         *csv.Writer
	spreadsheet bool
}

func newTableWriter(t table, create Create, spreadsheet bool) (*tableWriter, error) {
	file, err := create(t.file())
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", t.file(), err)
	}
	w := &tableWriter{table: t, file: file, csv: csv.NewWriter(file), spreadsheet: spreadsheet}
	_ = w.csv.Write(t.header()) // the writer keeps its error for close
	return w, nil
}

func (w *tableWriter) close() error {
	w.csv.Flush()
	if err := errors.Join(w.csv.Error(), w.file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", w.table.file(), err)
	}
	return nil
}

// node writes the rows that a node has in the table: one, or one for each of its links.
func (w *tableWriter) node(n *change.Node) error {
	if l := w.table.join; l != nil {
		for _, id := range n.Links[l.Index] {
			if err := w.csv.Write([]string{n.ID, id}); err != nil {
				return err
			}
		}
		return nil
	}
	cells := make([]string, len(w.table.columns))
	for i, c := range w.table.columns {
		cell, err := cellOf(n, &c)
		if err != nil {
			return err
		}
		cells[i] = cell
		if w.spreadsheet && !isNumber(&c) {
			cells[i] = disarm.Formulas(cell)
		}
	}
	return w.csv.Write(cells)
}

func isNumber(c *catalog.Column) bool {
	return c.Property != nil && (c.Property.Kind == value.Int || c.Property.Kind == value.Float)
}

// cellOf is the text of a node's cell, the inverse of what a rowReader does.
func cellOf(n *change.Node, c *catalog.Column) (string, error) {
	if c.Link != nil {
		return format(value.OfStrings(n.Links[c.Link.Index])), nil
	}
	v := n.Values[c.Property.Index]
	cell := format(v)
	if d, ok := change.DatingOf(n.Type); ok && c.Property == d.Date {
		return change.Shorten(n.Values[d.Precision.Index].Str, cell), nil
	}
	if v.Kind == value.Strings {
		if back, err := parseList(cell, new(slab.Slab[string])); err != nil || !slices.Equal(back, v.Strs()) {
			return "", fault.New(fault.Invalid, "%s of %s %q cannot stand in one cell: an element is empty, stands twice or holds %q", c.Name, n.Type.Name, n.ID, listMark)
		}
	}
	return cell, nil
}
