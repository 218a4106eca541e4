package exchange

import (
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/slab"
	"nicgraph/internal/suggest"
	"nicgraph/internal/value"
)

// rowReader reads the rows of one table into its folder.
type rowReader struct {
	folder  *folder
	table   *table
	width   int                 // cells of the header; 0 before it is read
	refused bool                // the header cannot be read, so no row can
	columns []int               // by cell: the column of the table, -1 when it is none
	cells   map[string]int      // by name of the column: the cell
	ends    map[string]*end     // by name of the column: what it names
	joined  map[[2]string]place // the rows of a join so far

	values slab.Slab[value.Value]
	links  slab.Slab[[]string]
	texts  slab.Slab[string]
}

// piece is how many values, or links, of a batch are made at a time.
const piece = 4096

func newRowReader(f *folder, t *table) *rowReader {
	r := &rowReader{folder: f, table: t, ends: map[string]*end{}, joined: map[[2]string]place{}}
	r.values.Most, r.links.Most, r.texts.Most = piece, piece, piece
	return r
}

func (r *rowReader) record(row *record) {
	switch {
	case r.refused:
	case r.width == 0:
		r.header(row)
	case len(row.cells) != r.width:
		r.fault(row, 0, "", "the row has %d cells and the header %d", len(row.cells), r.width)
	case r.table.join != nil:
		r.join(row)
	default:
		r.node(row)
	}
}

func (r *rowReader) fault(row *record, cell int, column, format string, args ...any) {
	r.folder.fault(row.at(cell).fault(column, format, args...))
}

// header finds the columns of the table among the cells of the first row.
func (r *rowReader) header(row *record) {
	names := r.table.header()
	if len(row.cells) == 1 && strings.ContainsAny(row.cells[0], ";\t") { // as spreadsheets write in much of Europe
		r.width, r.refused = 1, true
		r.fault(row, 0, "", "the columns are not parted by commas; save the table as CSV with a comma as separator")
		return
	}
	r.width, r.cells = len(row.cells), make(map[string]int, len(names))
	for cell, name := range row.cells {
		column := slices.Index(names, name)
		_, twice := r.cells[name]
		switch {
		case column < 0:
			r.fault(row, cell, name, "%q is not a column of this table%s", name, suggest.DidYouMean(name, slices.Values(names)))
		case twice:
			r.fault(row, cell, name, "column %s stands here twice", name)
			column = -1
		default:
			r.cells[name] = cell
		}
		r.columns = append(r.columns, column)
	}
	for _, name := range names {
		if _, ok := r.cells[name]; !ok {
			r.fault(row, 0, name, "column %s is missing; the header is %s", name, strings.Join(names, ","))
		}
	}
}

// node reads a row of a type's table.
func (r *rowReader) node(row *record) {
	t, before := r.table.typ, len(r.folder.faults)
	n := change.Node{Type: t, Values: r.values.Take(len(t.Properties)), Links: r.links.Take(len(t.Out))}
	for cell, text := range row.cells {
		if r.columns[cell] >= 0 {
			r.cell(row, cell, text, &r.table.columns[r.columns[cell]], &n)
		}
	}
	if len(r.folder.faults) == before {
		r.dates(row, &n)
	}
	if !r.folder.meansNever(&n) {
		r.declare(row, n)
	}
}

func (r *rowReader) cell(row *record, cell int, text string, c *catalog.Column, n *change.Node) {
	err := change.CheckText(text, maxText)
	switch {
	case err != nil:
	case isRequired(c) && strings.TrimSpace(text) == "":
		r.fault(row, cell, c.Name, "%s is empty; every row needs it", c.Name)
	case c.Property != nil:
		n.Values[c.Property.Index], err = parse(c.Property, text, &r.texts)
	default:
		n.Links[c.Link.Index], err = r.link(row, cell, text, c)
	}
	if err != nil {
		r.fault(row, cell, c.Name, "%s %s", c.Name, err)
	}
}

func isRequired(c *catalog.Column) bool {
	if c.Property != nil {
		return c.Property.Required
	}
	return c.Link.Required
}

func (r *rowReader) link(row *record, cell int, text string, c *catalog.Column) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	targets, err := r.targets(text, c)
	if err != nil {
		return nil, err
	}
	for _, id := range targets {
		r.refer(row, cell, id, c.Name, c.Link.Target, c.Link.Targets)
	}
	return targets, nil
}

func (r *rowReader) targets(text string, c *catalog.Column) ([]string, error) {
	if c.Link.Many {
		return parseList(text, &r.texts)
	}
	one := r.texts.Take(1)
	one[0] = text
	return one, nil
}

func (r *rowReader) refer(row *record, cell int, id, column, wanted string, types catalog.TypeSet) {
	if !r.folder.placed {
		return
	}
	named := r.ends[column]
	if named == nil {
		named = &end{column: column, wanted: wanted, types: types}
		r.ends[column] = named
	}
	r.folder.refs = append(r.folder.refs, ref{id: id, end: named, place: row.at(cell)})
}

// dates reads what a row's dates mean together.
func (r *rowReader) dates(row *record, n *change.Node) {
	if d, ok := change.DatingOf(n.Type); ok {
		r.expandDate(row, d, n)
	}
	if from, to, found := n.Backward(); found {
		r.fault(row, r.cells[to.Column], to.Column, "%s %s lies before %s %s", to.Column, n.Values[to.Index].Str, from.Column, n.Values[from.Index].Str)
	}
}

func (r *rowReader) expandDate(row *record, d change.Dating, n *change.Node) {
	cell, ok := r.cells[d.Date.Column]
	precision := n.Values[d.Precision.Index].Str
	if !ok || precision == "" {
		return
	}
	date, err := change.Expand(precision, row.cells[cell])
	if err == nil && date != "" {
		_, err = value.ParseDate(date)
		n.Values[d.Date.Index] = value.OfDate(date)
	}
	if err != nil {
		r.fault(row, cell, d.Date.Column, "%s %q does not fit %s %s: it %s", d.Date.Column, row.cells[cell], d.Precision.Column, precision, err)
	}
}

// declare adds the row's node, unless it has no id to go by.
func (r *rowReader) declare(row *record, n change.Node) {
	id := n.Values[0]
	if id.IsNull() {
		return
	}
	n.ID = id.Str
	name := n.Type.Properties[0].Column
	here := row.at(r.cells[name])
	if _, twice := r.folder.ids[n.ID]; twice {
		r.folder.fault(here.fault(name, "%s %q is used already in %s", name, n.ID, r.folder.home(n.ID)))
		return
	}
	r.folder.add(&n, here)
}

// join reads a row of a table that holds nothing but a link.
func (r *rowReader) join(row *record) {
	l := r.table.join
	from, okFrom := r.end(row, l.Join.FromColumn)
	to, okTo := r.end(row, l.Join.ToColumn)
	if !okFrom || !okTo {
		return
	}
	here := row.at(0)
	if first, twice := r.joined[[2]string{from, to}]; twice {
		r.fault(row, 0, "", "the row says the same as line %d", first.line)
		return
	}
	r.joined[[2]string{from, to}] = here
	r.refer(row, r.cells[l.Join.FromColumn], from, l.Join.FromColumn, r.table.typ.Name, catalog.SetOf(r.table.typ.ID))
	r.refer(row, r.cells[l.Join.ToColumn], to, l.Join.ToColumn, l.Target, l.Targets)
	r.folder.joins = append(r.folder.joins, joinRow{typ: r.table.typ, link: l, from: from, to: to, place: here})
}

// end reads one of the two ids of a join.
func (r *rowReader) end(row *record, column string) (string, bool) {
	cell, ok := r.cells[column]
	if !ok {
		return "", false
	}
	id := row.cells[cell]
	if err := change.CheckText(id, maxText); err != nil {
		r.fault(row, cell, column, "%s %s", column, err)
		return "", false
	}
	if id == "" {
		r.fault(row, cell, column, "%s is empty; every row needs it", column)
	}
	return id, id != ""
}
