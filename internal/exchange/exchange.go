// Package exchange reads and writes the graph as tables: one CSV file for each type of
// node, one for each link that has a table of its own. It knows neither GraphQL nor any
// store but through package store.
package exchange

import (
	"nicgraph/internal/catalog"
)

const (
	ending   = ".csv"
	listMark = ";"     // between the elements of a list in a cell
	maxText  = 100_000 // characters
)

// Progress says how far a step has come. Total is 0 while it is not known.
type Progress struct {
	Step        string
	Done, Total int
}

// table is a file that can exist: the nodes of a type, or the links of a join.
type table struct {
	name    string
	typ     *catalog.Type
	join    *catalog.Link    // nil for a table of nodes
	columns []catalog.Column // of a table of nodes
}

// tablesOf lists the tables of a catalog in its order, a join behind its type.
func tablesOf(cat *catalog.Catalog) []table {
	var all []table
	for _, t := range cat.Types {
		all = append(all, table{name: t.Table, typ: t, columns: t.Columns})
		for _, l := range t.Out {
			if l.Join != nil {
				all = append(all, table{name: l.Join.Table, typ: t, join: l})
			}
		}
	}
	return all
}

func (t *table) file() string { return t.name + ending }

// header names the columns in their order.
func (t *table) header() []string {
	if t.join != nil {
		return []string{t.join.Join.FromColumn, t.join.Join.ToColumn}
	}
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.Name
	}
	return names
}
