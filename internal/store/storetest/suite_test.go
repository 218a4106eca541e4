package storetest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/search"
	"nicgraph/internal/store"
)

// The suite is checked on a store that is nothing but a list of nodes and Evaluate.
func TestSlowStore(t *testing.T) {
	Run(t, func(t *testing.T, cat *catalog.Catalog) store.Backend { return &slowStore{} })
}

// slowStore remembers all that it ever held.
type slowStore struct {
	mu sync.Mutex
	graph
	moments []graph // before each change
	changes []change.Recorded
	reading bool
	seen    uint64 // the revision of a state for reading
}

func (s *slowStore) Prepare(p *plan.Plan) (store.Query, error) { return slowQuery{s, p}, nil }
func (s *slowStore) Ready(context.Context) error               { return nil }
func (s *slowStore) Empty(context.Context) (bool, error)       { return len(s.held()) == 0, nil }
func (s *slowStore) Close() error                              { return nil }

func (s *slowStore) Revision(context.Context) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(s.seen, uint64(len(s.changes))), nil
}

func (s *slowStore) held() []change.Node { return s.now().nodes }

func (s *slowStore) now() graph {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.graph
}

func (s *slowStore) Apply(_ context.Context, batch *change.Batch, progress func(done, total int)) (change.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.changes {
		if r.Note.Key != "" && r.Note.Key == batch.Note.Key {
			return change.Outcome{Summary: r.Summary, Change: r.Number, Repeated: true}, nil
		}
	}
	if err := s.check(batch); err != nil {
		return change.Outcome{}, err
	}
	done := change.Outcome{Summary: summary(s.nodes, batch)}
	if done.Changed() {
		done.Change = len(s.changes) + 1
	}
	after := applied(s.nodes, batch, done.Change)
	if err := whole(after); err != nil {
		return change.Outcome{}, err
	}
	if done.Changed() {
		s.record(batch, &done)
	}
	s.graph = graph{after, s.mergedBy(batch)}
	if progress != nil {
		progress(len(batch.Upserts), len(batch.Upserts))
	}
	return done, nil
}

func (s *slowStore) check(batch *change.Batch) error {
	if s.reading {
		return fault.New(fault.Invalid, "for reading only")
	}
	err := batch.Check(func(id string) (*catalog.Type, bool) {
		if n := find(s.nodes, id); n != nil {
			return n.Type, true
		}
		return nil, false
	})
	if err != nil {
		return err
	}
	err = batch.CheckVersions(func(id string) int {
		if n := find(s.nodes, id); n != nil {
			return n.Version()
		}
		return change.Absent
	})
	if err != nil {
		return err
	}
	var created []string
	for i := range batch.Upserts {
		if id := batch.Upserts[i].ID; find(s.nodes, id) == nil {
			created = append(created, id)
		}
	}
	return batch.CheckAliases(created, func(id string) (string, bool) {
		node := s.standsFor(id)
		return node, node != id && find(s.nodes, node) != nil
	})
}

// Aliases are made up from what was merged when.
func (s *slowStore) Aliases(ctx context.Context) (all change.Aliases, err error) {
	for number := range len(s.changes) + 1 {
		aliased, err := s.Aliased(ctx, number)
		if err != nil {
			return nil, err
		}
		all = all.After(aliased)
	}
	return all, nil
}

func (s *slowStore) Aliased(_ context.Context, number int) (all []change.Alias, err error) {
	if number < 1 || number > len(s.changes) {
		return nil, nil
	}
	was, is := s.moment(number-1).merged, s.moment(number).merged
	for id, into := range is {
		if was[id] == "" {
			all = append(all, change.Alias{ID: id, Into: into, Since: number})
		}
	}
	for id, into := range was {
		if is[id] == "" {
			all = append(all, change.Alias{ID: id, Into: into, Since: s.since(id, number), Until: number})
		}
	}
	slices.SortFunc(all, func(a, b change.Alias) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

// since is the number of the change that made an alias which a later one ended.
func (s *slowStore) since(id string, until int) int {
	for number := until - 1; ; number-- {
		if s.moment(number - 1).merged[id] == "" {
			return number
		}
	}
}

func (s *slowStore) record(batch *change.Batch, done *change.Outcome) {
	r := change.Recorded{Number: done.Change, Note: batch.Note, Summary: done.Summary}
	if last := len(s.changes); last > 0 && r.Note.At.Before(s.changes[last-1].Note.At) {
		r.Note.At = s.changes[last-1].Note.At
	}
	s.changes, s.moments = append(s.changes, r), append(s.moments, s.graph)
}

func (s *slowStore) Preview(_ context.Context, batch *change.Batch, look func(store.Backend) error) (change.Outcome, error) {
	shown := &slowStore{graph: s.now(), changes: s.changes, moments: s.moments}
	out, err := shown.Apply(context.Background(), batch, nil)
	if err != nil {
		return out, err
	}
	shown.reading, shown.seen = true, store.Passing
	return out, look(shown)
}

func (s *slowStore) At(_ context.Context, number int) (store.Backend, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number < 0 || number > len(s.changes) {
		return nil, fault.New(fault.NotFound, "there is no change %d", number)
	}
	return &slowStore{graph: s.moment(number), reading: true, seen: uint64(number)}, nil
}

// moment is what was held after a change.
func (s *slowStore) moment(number int) graph {
	if number == len(s.changes) {
		return s.graph
	}
	return s.moments[number]
}

func (s *slowStore) Changes(_ context.Context, ask *change.Ask) (all []change.Recorded, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changes := slices.Clone(s.changes)
	if ask.Backward {
		slices.Reverse(changes)
	}
	for i := range changes {
		if ask.Meets(&changes[i]) && len(all) < ask.First {
			all = append(all, changes[i])
		}
	}
	return all, nil
}

func (s *slowStore) Entries(_ context.Context, number int, after string, first int) ([]change.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries(number, after, first), nil
}

func (s *slowStore) entries(number int, after string, first int) (all []change.Entry) {
	if number < 1 || number > len(s.changes) {
		return nil
	}
	before, is := s.moment(number-1).nodes, s.moment(number).nodes
	for _, id := range idsOf(slices.Concat(before, is), Catalog().All()) {
		e := change.Entry{Change: number, ID: id, Before: find(before, id), After: find(is, id)}
		for _, n := range []*change.Node{e.Before, e.After} {
			if n != nil {
				e.Type = n.Type
			}
		}
		if id > after && (e.Before == nil || e.After == nil || !e.Before.Equal(e.After)) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b change.Entry) int { return strings.Compare(a.ID, b.ID) })
	all = slices.CompactFunc(all, func(a, b change.Entry) bool { return a.ID == b.ID })
	return all[:min(first, len(all))]
}

func (s *slowStore) NodeHistory(_ context.Context, id string, before, first int) (all []change.Entry, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for number := len(s.changes); number > 0; number-- {
		for _, e := range s.entries(number, "", len(s.nodes)+100) {
			if e.ID == id && (before == 0 || number < before) && len(all) < first {
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// whole tells whether every link has its end.
func whole(nodes []change.Node) error {
	for _, n := range nodes {
		for _, id := range slices.Concat(n.Links...) {
			if find(nodes, id) == nil {
				return fault.New(fault.Conflict, "%s still links to %s", n.ID, id)
			}
		}
	}
	return nil
}

func (s *slowStore) Search(_ context.Context, ask *search.Ask) (search.Page, error) {
	return ask.Query.Find(documents(s.held(), ask.Types), ask.After, ask.First), nil
}

type slowQuery struct {
	store *slowStore
	plan  *plan.Plan
}

func (q slowQuery) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tree, err := q.store.now().evaluate(q.plan, params)
	if err != nil {
		return nil, err
	}
	r := &plan.Result{}
	at := r.Grow(1 + len(q.plan.Query.Slots))
	r.Cells[at] = plan.Cell{Kind: plan.CellRow}
	f := flattener{result: r, catalog: q.plan.Catalog}
	f.slots(&q.plan.Query, at, tree.(Row))
	return r, nil
}

// flattener is the inverse of TreeOf.
type flattener struct {
	result  *plan.Result
	catalog *catalog.Catalog
}

func (f *flattener) slots(row *plan.Row, at int, tree Row) {
	for i, slot := range row.Slots {
		f.slot(slot.Read, at+1+i, tree.Slots[i])
	}
}

func (f *flattener) slot(read plan.Read, cell int, tree Tree) {
	switch tree := tree.(type) {
	case nil:
	case string:
		f.result.Cells[cell] = plan.Cell{Kind: plan.CellText, Str: tree}
	case int64:
		f.result.Cells[cell] = plan.Cell{Kind: plan.CellNumber, Num: tree}
	case float64:
		f.result.Cells[cell] = plan.FloatCell(tree)
	case bool:
		f.result.Cells[cell] = plan.Cell{Kind: plan.CellBool}
		if tree {
			f.result.Cells[cell].Num = 1
		}
	case []string:
		f.result.PutTexts(cell, tree)
	case Row:
		row := rowOf(read)
		at := f.result.Grow(1 + len(row.Slots))
		f.result.Cells[cell] = plan.Cell{Kind: plan.CellAt, Num: int64(at)}
		f.row(row, at, tree)
	case Page:
		if groups, ok := read.(*plan.Groups); ok {
			f.groups(groups, cell, tree)
			return
		}
		f.page(rowOf(read), cell, tree)
	default:
		panic(tree)
	}
}

func (f *flattener) page(row *plan.Row, cell int, tree Page) {
	at := f.result.GrowPage(len(tree.Rows), len(row.Slots))
	f.result.Cells[cell] = plan.Cell{Kind: plan.CellAt, Num: int64(at)}
	f.result.Cells[at].Num, f.result.Cells[at].Next = tree.Total, tree.Next
	for i, inner := range tree.Rows {
		if inner != nil {
			f.row(row, plan.RowAt(at, i, len(row.Slots)), inner.(Row))
		}
	}
}

func (f *flattener) groups(g *plan.Groups, cell int, tree Page) {
	width := len(g.By) + 1 + len(g.Distinct)
	at := f.result.GrowPage(len(tree.Rows), width)
	f.result.Cells[cell] = plan.Cell{Kind: plan.CellAt, Num: int64(at)}
	f.result.Cells[at].Num, f.result.Cells[at].Next = tree.Total, tree.Next
	for i, inner := range tree.Rows {
		row := plan.RowAt(at, i, width)
		f.result.Cells[row] = plan.Cell{Kind: plan.CellRow}
		for j, slot := range inner.(Row).Slots {
			var key plan.Read = plan.Property{} // a scalar
			if j < len(g.By) && g.By[j].Link != nil {
				key = &plan.One{Link: g.By[j].Link, Row: g.By[j].Row}
			}
			f.slot(key, row+1+j, slot)
		}
	}
}

func (f *flattener) row(row *plan.Row, at int, tree Row) {
	t, _ := f.catalog.Type(tree.Type)
	f.result.Cells[at] = plan.Cell{Kind: plan.CellRow, Type: t.ID}
	f.slots(row, at, tree)
}

func rowOf(read plan.Read) *plan.Row {
	switch read := read.(type) {
	case *plan.One:
		return &read.Row
	case *plan.Many:
		return &read.Row
	case *plan.Find:
		return &read.Row
	case *plan.FindAll:
		return &read.Row
	default:
		panic(read)
	}
}
