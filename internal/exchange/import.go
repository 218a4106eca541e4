package exchange

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/store"
	"nicgraph/internal/stored"
)

// Options say how tables are imported.
type Options struct {
	DryRun   bool               // write nothing, tell only what would be
	Replace  bool               // delete what is stored and gone from a table in the folder
	Never    []Sentinel         // periods whose adoptions mean never
	Note     change.Note        // what the history keeps of the write
	Before   func(Report) error // told what will happen, before it does; an error stops the import
	Progress func(Progress)
}

func (o *Options) progress(p Progress) {
	if o.Progress != nil {
		o.Progress(p)
	}
}

// Report says what an import did, or with DryRun would do.
type Report struct {
	Summary change.Summary
	Deletes []Deletion // by type and id
	Never   []Never    // as the options give them
	DryRun  bool
}

// Deletion is a node that is stored and gone from its table.
type Deletion struct {
	Type *catalog.Type
	ID   string
}

// String is the report in one line.
func (r Report) String() string {
	text := r.changes()
	for _, n := range r.Never {
		text += "; " + n.String()
	}
	return text
}

func (r Report) changes() string {
	s := r.Summary
	rows := s.Created + s.Updated + s.Unchanged
	if s.Created+s.Updated+s.Deleted == 0 {
		return fmt.Sprintf("nothing to change: all %d rows are stored as they are", rows)
	}
	verb := ""
	if r.DryRun {
		verb = "would be "
	}
	parts := []string{
		fmt.Sprintf("%d %screated", s.Created, verb), fmt.Sprintf("%d %supdated", s.Updated, verb),
		fmt.Sprintf("%d unchanged", s.Unchanged), fmt.Sprintf("%d %sdeleted", s.Deleted, verb),
	}
	return strings.Join(parts, ", ")
}

// Import reads the tables of a folder, checks all of them and writes them as one batch:
// nothing is written unless all is well. Rows that are gone stay, unless replaced. What
// the folder has no table for stays as it is; the rows of a link's own table are the
// whole of that link for each node that they start from.
func Import(ctx context.Context, st *store.Store, fsys fs.FS, cat *catalog.Catalog, opts Options) (Report, error) {
	in := importing{fsys: fsys, cat: cat, Options: opts}
	if empty, err := st.Empty(ctx); err != nil || !empty { // of an empty store nothing need be asked
		in.stored = stored.New(st, cat)
	}
	if err := in.read(ctx); err != nil {
		return Report{}, err
	}
	report, err := in.foresee(ctx)
	if err != nil || opts.DryRun {
		return report, err
	}
	in.batch.Note = opts.Note
	in.folder = nil // the batch is all that is left to do
	outcome, err := st.Apply(ctx, in.batch, func(done, total int) {
		opts.progress(Progress{Step: "write", Done: done, Total: total})
	})
	if err != nil {
		return Report{}, fmt.Errorf("write the tables: %w", err)
	}
	report.Summary = outcome.Summary
	return report, nil
}

// importing is a folder on its way into a store.
type importing struct {
	fsys   fs.FS
	cat    *catalog.Catalog
	stored *stored.Reader // nil for nothing
	Options

	folder  *folder
	batch   *change.Batch
	deletes []Deletion
}

// read reads the tables and makes a batch of them. Where something is wrong it reads them again,
// to tell where: only then is it worth the memory to know.
func (in *importing) read(ctx context.Context) error {
	err := in.readOnce(ctx, false, in.progress)
	if _, faults := errors.AsType[Faults](err); faults {
		err = in.readOnce(ctx, true, func(Progress) {})
	}
	return err
}

func (in *importing) readOnce(ctx context.Context, placed bool, report func(Progress)) (err error) {
	in.folder = newFolder(in.cat, placed)
	if err := in.folder.read(in.fsys, in.Never, report); err != nil {
		return err
	}
	if in.batch, err = in.folder.batch(ctx, in.stored, in.Replace); err != nil {
		return err
	}
	if in.Replace {
		if in.deletes, err = in.folder.gone(ctx, in.stored); err != nil {
			return err
		}
		for _, d := range in.deletes {
			in.batch.Deletes = append(in.batch.Deletes, d.ID)
		}
	}
	return in.folder.checkStudies(ctx, in.stored, in.batch)
}

// foresee tells what the batch will do, as far as somebody wants to know.
func (in *importing) foresee(ctx context.Context) (report Report, err error) {
	report = Report{DryRun: in.DryRun, Never: in.folder.never(in.Never), Deletes: in.deletes}
	if in.DryRun || in.Before != nil {
		if report.Summary, err = compare(ctx, in.cat, in.stored, in.batch); err != nil {
			return report, err
		}
	}
	if in.Before != nil {
		err = in.Before(report)
	}
	return report, err
}

// gone lists what is stored and missing from the tables of the folder.
func (f *folder) gone(ctx context.Context, stored *stored.Reader) ([]Deletion, error) {
	var gone []Deletion
	for _, t := range f.cat.Types {
		if !f.found[t.Table] {
			continue
		}
		for n, err := range stored.Nodes(ctx, t, nil) {
			if err != nil {
				return nil, err
			}
			if _, stays := f.ids[n.ID]; !stays {
				gone = append(gone, Deletion{Type: t, ID: n.ID})
			}
		}
	}
	return gone, nil
}

// compare tells what a batch will do to what is stored.
func compare(ctx context.Context, cat *catalog.Catalog, stored *stored.Reader, batch *change.Batch) (change.Summary, error) {
	upserts := map[*catalog.Type][]string{}
	for i := range batch.Upserts {
		n := &batch.Upserts[i]
		upserts[n.Type] = append(upserts[n.Type], n.ID)
	}
	old := map[string]*change.Node{}
	for _, t := range cat.Types {
		nodes, err := stored.ByID(ctx, t, upserts[t])
		if err != nil {
			return change.Summary{}, err
		}
		maps.Copy(old, nodes)
	}
	s := change.Summary{Deleted: len(batch.Deletes)}
	for i := range batch.Upserts {
		s = s.Add(effect(old[batch.Upserts[i].ID], &batch.Upserts[i]))
	}
	return s, nil
}

// effect is what writing one node does; old is nil when there is none.
func effect(old, wanted *change.Node) change.Summary {
	switch {
	case old == nil:
		return change.Summary{Created: 1}
	case old.Equal(wanted):
		return change.Summary{Unchanged: 1}
	default:
		return change.Summary{Updated: 1}
	}
}
