package exchange

import (
	"context"
	"io/fs"
	"iter"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/stored"
	"nicgraph/internal/suggest"
)

// maxHints bounds how often a like id is searched for: each search looks at every id.
const maxHints = 50

// Read reads all tables of a folder as one batch for an empty store. A table may be
// missing when no row of the others names an id of it. When something is wrong the
// error is a Faults with everything that is.
func Read(fsys fs.FS, cat *catalog.Catalog) (*change.Batch, error) {
	in := importing{fsys: fsys, cat: cat}
	err := in.read(context.Background())
	return in.batch, err
}

// batch joins the tables with each other and with what is stored; stored may be nil,
// for nothing. When the tables replace the stored ones, a row that is gone from a
// table in the folder is as if it were not stored.
func (f *folder) batch(ctx context.Context, stored *stored.Reader, replace bool) (*change.Batch, error) {
	known, err := f.knownIn(ctx, stored)
	if err != nil {
		return nil, err
	}
	types, merged := parted(known)
	f.checkTypes(types)
	f.checkMerged(merged)
	if f.placed {
		f.checkRefs(types, merged, replace)
	} else {
		f.seekBadLinks(types, replace)
	}
	if err := f.checkCircles(ctx, stored); err != nil {
		return nil, err
	}
	if err := f.err(); err != nil { // what follows builds on links that resolve
		return nil, err
	}
	if err := f.keepLinks(ctx, stored, types); err != nil {
		return nil, err
	}
	if err := f.addJoins(ctx, stored); err != nil {
		return nil, err
	}
	return &change.Batch{Upserts: f.nodes}, nil
}

// knownIn tells for what is stored the ids stand that the folder names.
func (f *folder) knownIn(ctx context.Context, reader *stored.Reader) (map[string]stored.Known, error) {
	if reader == nil {
		return nil, nil
	}
	return reader.Known(ctx, f.mentioned())
}

// parted tells the types of what is stored, and for which nodes the ids stand that are aliases.
func parted(known map[string]stored.Known) (types map[string]*catalog.Type, merged map[string]string) {
	types, merged = make(map[string]*catalog.Type, len(known)), map[string]string{}
	for id, node := range known {
		if id == node.ID {
			types[id] = node.Type
		} else {
			merged[id] = node.ID
		}
	}
	return types, merged
}

// checkMerged refuses rows whose ids stand for others: what they say is of before these were merged.
func (f *folder) checkMerged(merged map[string]string) {
	for id, node := range merged {
		if at, here := f.ids[id]; here {
			name := f.nodes[at].Type.Properties[0].Column
			f.fault(f.home(id).fault(name, "%s %s", name, change.Merged(id, node)))
		}
	}
}

// checkTypes refuses an id that is stored with another type.
func (f *folder) checkTypes(types map[string]*catalog.Type) {
	for id, old := range types {
		at, here := f.ids[id]
		if !here {
			continue
		}
		if t := f.nodes[at].Type; old != t {
			name := t.Properties[0].Column
			f.fault(f.home(id).fault(name, "%s %q belongs to %s that is stored already; choose another for this %s", name, id, catalog.WithArticle(old.Name), t.Name))
		}
	}
}

// checkRefs refuses a link to what does not exist or is of a wrong type.
func (f *folder) checkRefs(types map[string]*catalog.Type, merged map[string]string, replace bool) {
	hints := 0
	for _, r := range f.refs {
		t, ok := f.typeOf(r.id, types, replace)
		switch {
		case ok && r.end.types.Has(t.ID):
		case ok:
			f.fault(r.place.fault(r.end.column, "%s %q is %s; %s is wanted here", r.end.column, r.id, catalog.WithArticle(t.Name), catalog.WithArticle(r.end.wanted)))
		case merged[r.id] != "":
			f.fault(r.place.fault(r.end.column, "%s %s", r.end.column, change.Merged(r.id, merged[r.id])))
		case hints < maxHints:
			hints++
			f.fault(r.place.fault(r.end.column, "%s %q does not exist%s", r.end.column, r.id, suggest.DidYouMean(r.id, f.goodIDs(r.end.types))))
		default:
			f.fault(r.place.fault(r.end.column, "%s %q does not exist", r.end.column, r.id))
		}
	}
}

// seekBadLinks looks whether there is anything for checkRefs to tell.
func (f *folder) seekBadLinks(types map[string]*catalog.Type, replace bool) {
	leads := func(id string, to catalog.TypeSet) bool {
		t, ok := f.typeOf(id, types, replace)
		return ok && to.Has(t.ID)
	}
	for i := range f.nodes {
		for _, l := range f.nodes[i].Type.Out {
			for _, id := range f.nodes[i].Links[l.Index] {
				if !leads(id, l.Targets) {
					f.fault(Fault{})
					return
				}
			}
		}
	}
	for _, row := range f.joins {
		if !leads(row.from, catalog.SetOf(row.typ.ID)) || !leads(row.to, row.link.Targets) {
			f.fault(Fault{})
			return
		}
	}
}

// typeOf is the type that an id will have.
func (f *folder) typeOf(id string, types map[string]*catalog.Type, replace bool) (*catalog.Type, bool) {
	if at, ok := f.ids[id]; ok {
		return f.nodes[at].Type, true
	}
	t, ok := types[id]
	if ok && replace && f.found[t.Table] {
		return nil, false
	}
	return t, ok
}

func (f *folder) idsOf(types catalog.TypeSet) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range f.nodes {
			if types.Has(f.nodes[i].Type.ID) && !yield(f.nodes[i].ID) {
				return
			}
		}
	}
}

// goodIDs are the ids that may be suggested.
func (f *folder) goodIDs(types catalog.TypeSet) iter.Seq[string] {
	return func(yield func(string) bool) {
		for id := range f.idsOf(types) {
			if change.CheckID(id) == nil && !yield(id) {
				return
			}
		}
	}
}

// keepLinks leaves the stored links as they are where the folder has the table of a
// type but not the table of its links.
func (f *folder) keepLinks(ctx context.Context, stored *stored.Reader, types map[string]*catalog.Type) error {
	for _, t := range f.cat.Types {
		for _, l := range t.Out {
			if l.Join == nil || !f.found[t.Table] || f.found[l.Join.Table] {
				continue
			}
			old, err := stored.ByID(ctx, t, f.storedIDs(t, types))
			if err != nil {
				return err
			}
			for id, n := range old {
				f.nodes[f.ids[id]].Links[l.Index] = n.Links[l.Index]
			}
		}
	}
	return nil
}

func (f *folder) storedIDs(t *catalog.Type, types map[string]*catalog.Type) []string {
	var ids []string
	for id := range f.idsOf(catalog.SetOf(t.ID)) {
		if types[id] == t {
			ids = append(ids, id)
		}
	}
	return ids
}

// linkOf names one link of one node.
type linkOf struct {
	link *catalog.Link
	id   string
}

// addJoins puts the rows of the join tables into the nodes that they start from. The
// rows are the whole of a node's link, in their order; a node that is only stored is
// brought and written again with them.
func (f *folder) addJoins(ctx context.Context, stored *stored.Reader) error {
	if err := f.bringStarts(ctx, stored); err != nil {
		return err
	}
	begun := map[linkOf]bool{}
	for _, row := range f.joins {
		links, of := f.nodes[f.ids[row.from]].Links, linkOf{row.link, row.from}
		if !begun[of] {
			begun[of], links[row.link.Index] = true, nil
		}
		links[row.link.Index] = append(links[row.link.Index], row.to)
	}
	return nil
}

// bringStarts adds the stored nodes that joins start from and the folder does not have.
func (f *folder) bringStarts(ctx context.Context, stored *stored.Reader) error {
	missing, seen := map[*catalog.Type][]string{}, map[string]bool{}
	for _, row := range f.joins {
		if _, here := f.ids[row.from]; !here && !seen[row.from] {
			seen[row.from] = true
			missing[row.typ] = append(missing[row.typ], row.from)
		}
	}
	for _, t := range f.cat.Types {
		old, err := stored.ByID(ctx, t, missing[t])
		if err != nil {
			return err
		}
		for _, id := range missing[t] {
			n, ok := old[id]
			if !ok {
				return fault.New(fault.Conflict, "%s was deleted while the tables were read; read them again", id)
			}
			f.add(n, place{})
		}
	}
	return nil
}
