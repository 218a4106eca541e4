package exchange

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/suggest"
)

// folder is what the tables of a folder say, read but not yet joined with each other.
type folder struct {
	cat    *catalog.Catalog
	found  map[string]bool  // the tables that the folder has, by name
	nodes  []change.Node    // in the order of the tables and rows
	ids    map[string]int32 // by id: the place in nodes
	joins  []joinRow
	faults Faults

	// Where everything stands takes as much memory as the tables. It is kept only where faults are
	// to be told; else a fault is one that says nothing.
	placed bool
	homes  []place // of nodes
	refs   []ref   // every id that a row names, in the order of the nodes

	sentinels map[Sentinel]int // by what means never: the rows left out
}

// ref is a mention of another node.
type ref struct {
	id    string
	end   *end
	place place
}

// end is what a column names: all its mentions share it.
type end struct {
	column string
	wanted string // the name of the type or interface
	types  catalog.TypeSet
}

// joinRow is a row of a table that holds nothing but a link.
type joinRow struct {
	typ      *catalog.Type
	link     *catalog.Link
	from, to string
	place    place
}

// newFolder is one of which nothing is read yet.
func newFolder(cat *catalog.Catalog, placed bool) *folder {
	return &folder{cat: cat, placed: placed, found: map[string]bool{}, ids: map[string]int32{}, sentinels: map[Sentinel]int{}}
}

// read reads every table there is, but the adoptions that mean never. Faults are gathered in the folder; an error
// means that the files could not be read.
func (f *folder) read(fsys fs.FS, never []Sentinel, report func(Progress)) error {
	for _, s := range never {
		f.sentinels[s] = 0
	}
	files, err := csvFiles(fsys)
	if err != nil {
		return err
	}
	tables := tablesOf(f.cat)
	f.refuseUnknown(files, tables)
	for i := range tables {
		if slices.Contains(files, tables[i].file()) {
			if err := f.readTable(fsys, &tables[i]); err != nil {
				return err
			}
		}
		report(Progress{Step: "read", Done: i + 1, Total: len(tables)})
	}
	return nil
}

// csvFiles lists the tables of a folder, whatever their name.
func csvFiles(fsys fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	var files []string
	for _, e := range entries {
		if !strings.HasSuffix(strings.ToLower(e.Name()), ending) {
			continue
		}
		if e.IsDir() { // as a missing table it would pass in silence
			return nil, fault.New(fault.Invalid, "%s is a folder; a table is a file", e.Name())
		}
		files = append(files, e.Name())
	}
	if len(files) == 0 {
		return nil, fault.New(fault.Invalid, "there is no table here: no file ends in %s", ending)
	}
	return files, nil
}

func (f *folder) refuseUnknown(files []string, tables []table) {
	known := make([]string, len(tables))
	for i := range tables {
		known[i] = tables[i].file()
	}
	for _, file := range files {
		if slices.Contains(known, file) {
			continue
		}
		hint := suggest.DidYouMean(file, slices.Values(known))
		if hint == "" {
			hint = "; the tables are " + strings.Join(known, ", ")
		}
		f.fault(Fault{File: file, Message: "is not a table of this graph" + hint})
	}
}

func (f *folder) fault(x Fault) { f.faults = append(f.faults, x) }

func (f *folder) readTable(fsys fs.FS, t *table) error {
	source, err := openSource(fsys, t.file(), f.placed)
	if err != nil {
		return err
	}
	f.found[t.name] = true
	rows := newRowReader(f, t)
	if malformed := source.records(rows.record); malformed != nil {
		f.fault(*malformed)
	}
	if rows.width == 0 {
		f.fault(Fault{File: t.file(), Line: 1, Column: 1, Message: "has no header; it is " + strings.Join(t.header(), ",")})
	}
	return nil
}

// add takes a node whose id is new.
func (f *folder) add(n *change.Node, home place) {
	f.ids[n.ID] = int32(len(f.nodes))
	f.nodes = append(f.nodes, *n)
	if f.placed {
		f.homes = append(f.homes, home)
	}
}

// mentioned lists the ids that the folder declares or names, each once.
func (f *folder) mentioned() []string {
	all := make(map[string]bool, len(f.ids))
	for id := range f.ids {
		all[id] = true
	}
	for i := range f.nodes {
		for _, targets := range f.nodes[i].Links {
			for _, id := range targets {
				all[id] = true
			}
		}
	}
	for _, row := range f.joins {
		all[row.from], all[row.to] = true, true
	}
	for _, r := range f.refs { // rows with faults are not among the nodes
		all[r.id] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// home is where the row of a node begins, nowhere when that is not known.
func (f *folder) home(id string) place {
	if at, ok := f.ids[id]; ok && int(at) < len(f.homes) {
		return f.homes[at]
	}
	return place{}
}

// err is all faults in order, or nil.
func (f *folder) err() error {
	if len(f.faults) == 0 {
		return nil
	}
	f.faults.sort()
	return f.faults
}
