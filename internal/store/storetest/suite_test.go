package storetest

import (
	"context"
	"errors"
	"slices"
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

type slowStore struct {
	mu       sync.Mutex
	nodes    []change.Node
	revision uint64
}

func (s *slowStore) Prepare(p *plan.Plan) (store.Query, error) { return slowQuery{s, p}, nil }
func (s *slowStore) Ready(context.Context) error               { return nil }
func (s *slowStore) Empty(context.Context) (bool, error)       { return len(s.nodes) == 0, nil }
func (s *slowStore) Revision(context.Context) (uint64, error)  { return s.revision, nil }
func (s *slowStore) Close() error                              { return nil }

func (s *slowStore) Apply(_ context.Context, batch *change.Batch, progress func(done, total int)) (change.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := batch.Check(func(id string) (*catalog.Type, bool) {
		if n := find(s.nodes, id); n != nil {
			return n.Type, true
		}
		return nil, false
	})
	if err != nil {
		return change.Outcome{}, err
	}
	done := change.Outcome{Summary: summary(s.nodes, batch)}
	if done.Changed() {
		done.Change = int(s.revision) + 1
	}
	after := applied(s.nodes, batch, done.Change)
	if err := whole(after); err != nil {
		return change.Outcome{}, err
	}
	s.nodes, s.revision = after, s.revision+uint64(min(done.Change, 1))
	if progress != nil {
		progress(len(batch.Upserts), len(batch.Upserts))
	}
	return done, nil
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

func (s *slowStore) Candidates(_ context.Context, _ search.Query, types catalog.TypeSet) ([]*search.Document, error) {
	return documents(s.nodes, types), nil
}

// Changes is not asked of the slow store.
func (s *slowStore) Changes(context.Context, *change.Ask) ([]change.Recorded, error) {
	return nil, errors.ErrUnsupported
}

type slowQuery struct {
	store *slowStore
	plan  *plan.Plan
}

func (q slowQuery) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tree, err := Evaluate(q.store.nodes, q.plan, params)
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
