// Package stored brings whole nodes from a store, as a batch has them: what is there before
// a write. What is to become of them is left to others.
package stored

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

// Reader brings whole nodes from a store. A nil Reader is one of an empty store.
type Reader struct {
	store *store.Store
	cat   *catalog.Catalog
}

// New makes a reader of a store whose catalog is cat.
func New(st *store.Store, cat *catalog.Catalog) *Reader { return &Reader{store: st, cat: cat} }

// PageSize is how many nodes are brought at a time.
const PageSize = 1000

var byID = []plan.Key{{Property: "id", Kind: value.ID}}

// Known is a node for which an id stands.
type Known struct {
	ID   string // another one where the id is an alias
	Type *catalog.Type
}

// Known tells for which nodes ids stand, by those ids that stand for one.
func (r *Reader) Known(ctx context.Context, ids []string) (map[string]Known, error) {
	found := make(map[string]Known)
	if r == nil {
		return found, nil
	}
	read := &plan.FindAll{Row: r.bare()}
	err := r.find(ctx, read, ids, func(id string, result *plan.Result, at int) {
		found[id] = Known{result.Cells[at+1].Str, r.cat.Types[result.Cells[at].Type]}
	})
	return found, err
}

// bare is the row that brings the type and the id of a node.
func (r *Reader) bare() plan.Row {
	return plan.Row{Types: r.cat.All(), Slots: []plan.Slot{{Types: r.cat.All(), Read: plan.Property{Name: "id"}}}}
}

// Types tells the types of those ids that are stored.
func (r *Reader) Types(ctx context.Context, ids []string) (map[string]*catalog.Type, error) {
	found := make(map[string]*catalog.Type)
	if r == nil {
		return found, nil
	}
	err := r.find(ctx, &plan.FindAll{Exact: true, Row: r.bare()}, ids, func(id string, result *plan.Result, at int) {
		found[id] = r.cat.Types[result.Cells[at].Type]
	})
	return found, err
}

// ByID brings those nodes of a type that are stored, by id.
func (r *Reader) ByID(ctx context.Context, t *catalog.Type, ids []string) (map[string]*change.Node, error) {
	found := make(map[string]*change.Node)
	if r == nil || len(ids) == 0 {
		return found, nil
	}
	err := r.find(ctx, &plan.FindAll{Exact: true, Row: wholeNode(t)}, ids, func(id string, result *plan.Result, at int) {
		n := decode(result, at, t)
		found[id] = &n
	})
	return found, err
}

// find brings a row for each id that finds something, in parts, and calls visit with the id and
// the place where the row begins.
func (r *Reader) find(ctx context.Context, read *plan.FindAll, ids []string, visit func(id string, result *plan.Result, at int)) error {
	read.Types, read.IDs = read.Row.Types, plan.Operand{Param: "ids"}
	prepared, err := r.prepare(read)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, PageSize) {
		result, err := prepared.Run(ctx, plan.Params{"ids": value.OfIDs(part)})
		if err != nil {
			return fmt.Errorf("look up %d ids: %w", len(part), err)
		}
		for i, at := range pageRows(result, &read.Row) {
			visit(part[i], result, at)
		}
	}
	return nil
}

// Led tells by relationship of what types the nodes are, at least, that lead to one of the
// nodes of a type that have some ids.
func (r *Reader) Led(ctx context.Context, t *catalog.Type, ids []string) (map[string]catalog.TypeSet, error) {
	row := plan.Row{Types: catalog.SetOf(t.ID)}
	var links []*catalog.Link
	for _, l := range t.Links {
		if l.Shortcut == nil && l.Direction == catalog.In {
			links = append(links, l)
			row.Slots = append(row.Slots, plan.Slot{Types: row.Types, Read: &plan.Many{
				From: plan.Follow{Link: l}, Order: byID, Rows: true, First: plan.Operand{Const: value.OfInt(PageSize)}, Row: plan.Row{Types: l.Targets},
			}})
		}
	}
	led := make(map[string]catalog.TypeSet)
	err := r.find(ctx, &plan.FindAll{Exact: true, Row: row}, ids, func(_ string, result *plan.Result, at int) {
		for i, l := range links {
			led[l.Relationship] |= typesOf(result, int(result.Cells[at+1+i].Num), l.Targets)
		}
	})
	return led, err
}

// typesOf are the types on a page of rows without slots, or all that there can be when more
// rows follow.
func typesOf(result *plan.Result, page int, all catalog.TypeSet) (types catalog.TypeSet) {
	if result.Cells[page].Next {
		return all
	}
	for i := range int(result.Cells[page].Len) {
		types |= catalog.SetOf(result.Cells[plan.RowAt(page, i, 0)].Type)
	}
	return types
}

// IDs lists the ids of the nodes of some types, in ascending order. After an error nothing
// follows.
func (r *Reader) IDs(ctx context.Context, types catalog.TypeSet) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		row := plan.Row{Types: types, Slots: []plan.Slot{{Types: types, Read: plan.Property{Name: "id"}}}}
		err := r.pages(ctx, row, nil, func(result *plan.Result, at int) string {
			id := result.Cells[at+1].Str
			if !yield(id, nil) {
				return ""
			}
			return id
		})
		if err != nil {
			yield("", fmt.Errorf("list ids: %w", err))
		}
	}
}

func (r *Reader) prepare(read plan.Read) (*store.Prepared, error) {
	query := plan.Row{Slots: []plan.Slot{{Types: r.cat.All(), Read: read}}}
	prepared, err := r.store.Prepare(&plan.Plan{Catalog: r.cat, Query: query})
	if err != nil {
		return nil, fmt.Errorf("prepare the reading of nodes: %w", err)
	}
	return prepared, nil
}

// pageRows lists where the nodes of the root's only page begin, each with its place on the page.
func pageRows(result *plan.Result, row *plan.Row) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		page := int(result.Cells[1].Num)
		for i := range int(result.Cells[page].Len) {
			at := plan.RowAt(page, i, len(row.Slots))
			if result.Cells[at].Kind == plan.CellRow && !yield(i, at) {
				return
			}
		}
	}
}

// Count is the number of stored nodes.
func (r *Reader) Count(ctx context.Context) (int, error) {
	prepared, err := r.prepare(&plan.Many{From: plan.Scan{Types: r.cat.All()}, Order: byID, Total: true, Row: plan.Row{Types: r.cat.All()}})
	if err != nil {
		return 0, err
	}
	result, err := prepared.Run(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("count the nodes: %w", err)
	}
	return int(result.Cells[result.Cells[1].Num].Num), nil
}

// Nodes brings the nodes of a type that meet a condition, all when it is nil, in the order
// of their ids, page by page. Each page is read from the state of its moment. After an error
// nothing follows.
func (r *Reader) Nodes(ctx context.Context, t *catalog.Type, where plan.Filter) iter.Seq2[change.Node, error] {
	return func(yield func(change.Node, error) bool) {
		if r == nil {
			return
		}
		err := r.pages(ctx, wholeNode(t), where, func(result *plan.Result, at int) string {
			n := decode(result, at, t)
			if !yield(n, nil) {
				return ""
			}
			return n.ID
		})
		if err != nil {
			yield(change.Node{}, fmt.Errorf("read the nodes of type %s: %w", t.Name, err))
		}
	}
}

// pages brings rows in the order of their ids. visit is told where a row begins and gives its
// id back, empty when it wants no more.
func (r *Reader) pages(ctx context.Context, row plan.Row, where plan.Filter, visit func(result *plan.Result, at int) (id string)) error {
	prepared, err := r.prepare(&plan.Many{
		From: plan.Scan{Types: row.Types}, Where: where, Order: byID, Keys: []int{0}, Rows: true, Row: row,
		First: plan.Operand{Const: value.OfInt(PageSize)}, After: plan.Operand{Param: "after"},
	})
	if err != nil {
		return err
	}
	for params := (plan.Params{}); ; {
		result, err := prepared.Run(ctx, params)
		if err != nil {
			return err
		}
		last := ""
		for _, at := range pageRows(result, &row) {
			if last = visit(result, at); last == "" {
				return nil
			}
		}
		if !result.Cells[result.Cells[1].Num].Next {
			return nil
		}
		params = plan.Params{"after": value.OfText(string(plan.AppendCursor(nil, byID, []value.Value{value.OfID(last)})))}
	}
}

// wholeNode is the row that brings everything of a node: its properties, then the ids
// at the ends of its stored links.
func wholeNode(t *catalog.Type) plan.Row {
	row := plan.Row{Types: catalog.SetOf(t.ID)}
	for _, p := range t.Properties {
		row.Slots = append(row.Slots, plan.Slot{Types: row.Types, Read: plan.Property{Name: p.Name}})
	}
	for _, l := range t.Out {
		row.Slots = append(row.Slots, plan.Slot{Types: row.Types, Read: plan.Targets{Link: l}})
	}
	return row
}

// decode reads the row block of a whole node.
func decode(result *plan.Result, at int, t *catalog.Type) change.Node {
	n := change.Node{Type: t, Values: make([]value.Value, len(t.Properties)), Links: make([][]string, len(t.Out))}
	cells := result.Cells[at+1:]
	for i, p := range t.Properties {
		n.Values[i] = scalar(result, cells[i], p.Kind)
	}
	for i := range t.Out {
		n.Links[i] = texts(result, cells[len(t.Properties)+i])
	}
	n.ID = n.Values[0].Str
	return n
}

func scalar(result *plan.Result, cell plan.Cell, kind value.Kind) value.Value {
	switch {
	case kind == value.Strings:
		return value.OfStrings(texts(result, cell))
	case cell.Kind == plan.CellNull:
		return value.Value{}
	case kind == value.Float:
		return value.OfFloat(cell.Float())
	default:
		return value.Value{Kind: kind, Str: cell.Str, Num: cell.Num}
	}
}

func texts(result *plan.Result, cell plan.Cell) []string {
	if cell.Kind != plan.CellTexts || cell.Len == 0 {
		return nil
	}
	all := make([]string, cell.Len)
	for i := range all {
		all[i] = result.Cells[int(cell.Num)+i].Str
	}
	return all
}
