package computed

import (
	"context"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Matching lists the ids of the nodes that meet a condition, ascending.
func (e *Engine) Matching(ctx context.Context, c plan.Condition) ([]string, error) {
	var ids []string
	err := e.lines(ctx, &plan.Many{
		From: plan.Scan{Types: c.Types}, Where: c.Filter, Order: byID,
		First: plan.Operand{Const: value.OfInt(plan.MaxPage)}, After: plan.Operand{Param: "after"}, Rows: true, All: true, Keys: []int{0},
		Row: plan.Row{Types: c.Types, Slots: []plan.Slot{{Types: c.Types, Read: plan.Property{Name: "id"}}}},
	}, func(l Line) error {
		ids = append(ids, l.Text(0))
		return nil
	})
	return ids, err
}

var byID = []plan.Key{{Property: "id", Kind: value.ID}}

// Line is a node as it is read, a cell for each slot of the scan: the id, then the
// properties, then the links. It lies in the store's answer and is gone with it; its texts
// are not.
type Line struct {
	result *plan.Result
	at     int
}

// TypeID is the place of the node's type in the catalog; ok is false for a node that is not
// there.
func (l Line) TypeID() (id int, ok bool) {
	header := l.result.Cells[l.at]
	return int(header.Type), header.Kind == plan.CellRow
}

func (l Line) cell(slot int) *plan.Cell { return &l.result.Cells[l.at+1+slot] }

// Text is a property's text, empty when it is missing.
func (l Line) Text(slot int) string { return l.cell(slot).Str }

// Whole is a whole number, or what stands for a missing one.
func (l Line) Whole(slot, missing int) int {
	if c := l.cell(slot); c.Kind == plan.CellNumber {
		return int(c.Num)
	}
	return missing
}

// Float is a number with a fraction, or what stands for a missing one.
func (l Line) Float(slot int, missing float64) float64 {
	if c := l.cell(slot); c.Kind == plan.CellFloat {
		return c.Float()
	}
	return missing
}

// Truth is a truth value, false when it is missing.
func (l Line) Truth(slot int) bool { return l.cell(slot).Num == 1 }

// Link is the first id behind a link, empty when there is none.
func (l Line) Link(slot int) string {
	if c := l.cell(slot); c.Len > 0 {
		return l.result.Cells[c.Num].Str
	}
	return ""
}

// AppendLinks appends all ids behind a link.
func (l Line) AppendLinks(ids []string, slot int) []string {
	c := l.cell(slot)
	for _, target := range l.result.Cells[c.Num : c.Num+int64(c.Len)] {
		ids = append(ids, target.Str)
	}
	return ids
}

// lines visits all nodes of a scan by id whose first slot is the id, page by page.
func (e *Engine) lines(ctx context.Context, many *plan.Many, visit func(Line) error) error {
	prepared, err := e.Store.Prepare(&plan.Plan{Catalog: e.Catalog, Query: plan.Row{Slots: []plan.Slot{{Read: many}}}})
	if err != nil {
		return err
	}
	for params, more := (plan.Params{}), true; more; {
		result, err := prepared.Run(ctx, params)
		if err != nil {
			return err
		}
		var last string
		last, more, err = page(result, len(many.Row.Slots), visit)
		result.Release()
		if err != nil {
			return err
		}
		params = behind(many, last)
	}
	return nil
}

// Each visits the nodes of a type that meet a condition, by id.
func (e *Engine) Each(ctx context.Context, typeName string, where plan.Filter, properties, links []string, visit func(Line) error) error {
	t, ok := e.Catalog.Type(typeName)
	if !ok {
		return nil
	}
	return e.lines(ctx, scan(t, where, properties, links), visit)
}

// Has tells whether there is a node of a type with an id.
func (e *Engine) Has(ctx context.Context, typeName, id string) (has bool, err error) {
	err = e.Each(ctx, typeName, plan.IDIn([]string{id}), nil, nil, func(Line) error {
		has = true
		return nil
	})
	return has, err
}

// LinkedTo is the condition that a link of a type leads to one of some nodes; nil, which all nodes
// meet, where the ids are nil.
func (e *Engine) LinkedTo(typeName, link string, ids []string) plan.Filter {
	t, known := e.Catalog.Type(typeName)
	if !known || ids == nil {
		return nil
	}
	l, _ := t.Link(link)
	return plan.Linked{Link: l, Quant: plan.Some, Where: plan.IDIn(ids)}
}

// Find visits nodes by their ids, in that order. What is not there has no type.
func (e *Engine) Find(ctx context.Context, row plan.Row, ids []string, visit func(Line)) error {
	find := &plan.FindAll{Types: row.Types, IDs: plan.Operand{Param: idsParam}, Exact: true, Row: row}
	prepared, err := e.Store.Prepare(&plan.Plan{Catalog: e.Catalog, Query: plan.Row{Slots: []plan.Slot{{Read: find}}}})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, plan.MaxPage) {
		result, err := prepared.Run(ctx, plan.Params{idsParam: value.OfIDs(some)})
		if err != nil {
			return err
		}
		at := int(result.Cells[1].Num)
		for i := range some {
			visit(Line{result, plan.RowAt(at, i, len(row.Slots))})
		}
		result.Release()
	}
	return nil
}

// page visits the rows of a page, and tells the last id and whether more rows follow.
func page(result *plan.Result, width int, visit func(Line) error) (last string, more bool, err error) {
	at := int(result.Cells[1].Num)
	header := result.Cells[at]
	for i := range int(header.Len) {
		l := Line{result, plan.RowAt(at, i, width)}
		if err := visit(l); err != nil {
			return "", false, err
		}
		last = l.Text(0)
	}
	return last, header.Next, nil
}

// scan is the plan of the nodes of a type that meet a condition (nil: all), in pages.
func scan(t *catalog.Type, where plan.Filter, properties, links []string) *plan.Many {
	types := catalog.SetOf(t.ID)
	r := plan.Row{Types: types, Slots: []plan.Slot{{Types: types, Read: plan.Property{Name: "id"}}}}
	for _, name := range properties {
		if _, ok := t.Property(name); ok {
			r.Slots = append(r.Slots, plan.Slot{Types: types, Read: plan.Property{Name: name}})
		}
	}
	for _, name := range links {
		if l, ok := t.Link(name); ok {
			r.Slots = append(r.Slots, plan.Slot{Types: types, Read: plan.Targets{Link: l}})
		}
	}
	return &plan.Many{
		From: plan.Scan{Types: types}, Where: where, Order: byID,
		First: plan.Operand{Const: value.OfInt(plan.MaxPage)}, After: plan.Operand{Param: "after"},
		Rows: true, All: true, Keys: []int{0}, Row: r,
	}
}

// behind asks for the page behind a row.
func behind(many *plan.Many, id string) plan.Params {
	cursor := plan.AppendCursor(nil, many.Order, []value.Value{value.OfID(id)})
	return plan.Params{"after": value.OfText(string(cursor))}
}
