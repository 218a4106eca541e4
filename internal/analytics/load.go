package analytics

import (
	"context"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// row is a node as a loader reads it: scalars as texts, missing ones empty, and the ids
// behind links.
type row struct {
	id     string
	scalar map[string]string
	number map[string]int
	links  map[string][]string
}

// link is the first id behind a link, empty when there is none.
func (r *row) link(name string) string {
	if ids := r.links[name]; len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// rows reads all nodes of a type, by id, with some of their scalars and stored links.
func (e *Engine) rows(ctx context.Context, typeName string, properties, links []string) ([]row, error) {
	t, ok := e.catalog.Type(typeName)
	if !ok {
		return nil, nil
	}
	return e.scanned(ctx, scan(t, nil, properties, links))
}

// matching lists the ids of the nodes that meet a condition, ascending.
func (e *Engine) matching(ctx context.Context, c plan.Condition) ([]string, error) {
	rows, err := e.scanned(ctx, &plan.Many{
		From: plan.Scan{Types: c.Types}, Where: c.Filter, Order: byID,
		First: plan.Operand{Const: value.OfInt(plan.MaxPage)}, After: plan.Operand{Param: "after"}, Rows: true, Keys: []int{0},
		Row: plan.Row{Types: c.Types, Slots: []plan.Slot{{Types: c.Types, Read: plan.Property{Name: "id"}}}},
	})
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	return ids, err
}

var byID = []plan.Key{{Property: "id", Kind: value.ID}}

// scanned reads all pages of a scan by id whose first slot is the id.
func (e *Engine) scanned(ctx context.Context, many *plan.Many) ([]row, error) {
	var all []row
	err := e.lines(ctx, many, func(l line) error {
		all = append(all, readRow(many.Row.Slots, l.result, l.at))
		return nil
	})
	return all, err
}

// line is a node as it is read, a cell for each slot of the scan: the id, then the
// properties, then the links. It lies in the store's answer and is gone with it; its texts
// are not.
type line struct {
	result *plan.Result
	at     int
}

func (l line) cell(slot int) *plan.Cell { return &l.result.Cells[l.at+1+slot] }

// text is a property's text, empty when it is missing.
func (l line) text(slot int) string { return l.cell(slot).Str }

// whole is a whole number, or what stands for a missing one.
func (l line) whole(slot, missing int) int {
	if c := l.cell(slot); c.Kind == plan.CellNumber {
		return int(c.Num)
	}
	return missing
}

// float is a number with a fraction, or what stands for a missing one.
func (l line) float(slot int, missing float64) float64 {
	if c := l.cell(slot); c.Kind == plan.CellFloat {
		return c.Float()
	}
	return missing
}

// truth is a truth value, false when it is missing.
func (l line) truth(slot int) bool { return l.cell(slot).Num == 1 }

// link is the first id behind a link, empty when there is none.
func (l line) link(slot int) string {
	if c := l.cell(slot); c.Len > 0 {
		return l.result.Cells[c.Num].Str
	}
	return ""
}

// lines visits all nodes of a scan by id whose first slot is the id, page by page.
func (e *Engine) lines(ctx context.Context, many *plan.Many, visit func(line) error) error {
	prepared, err := e.store.Prepare(&plan.Plan{Catalog: e.catalog, Query: plan.Row{Slots: []plan.Slot{{Read: many}}}})
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

// page visits the rows of a page, and tells the last id and whether more rows follow.
func page(result *plan.Result, width int, visit func(line) error) (last string, more bool, err error) {
	at := int(result.Cells[1].Num)
	header := result.Cells[at]
	for i := range int(header.Len) {
		l := line{result, plan.RowAt(at, i, width)}
		if err := visit(l); err != nil {
			return "", false, err
		}
		last = l.text(0)
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
		Rows: true, Keys: []int{0}, Row: r,
	}
}

// behind asks for the page behind a row.
func behind(many *plan.Many, id string) plan.Params {
	cursor := plan.AppendCursor(nil, many.Order, []value.Value{value.OfID(id)})
	return plan.Params{"after": value.OfText(string(cursor))}
}

func readRow(slots []plan.Slot, result *plan.Result, at int) row {
	r := row{id: result.Cells[at+1].Str, scalar: map[string]string{}, number: map[string]int{}, links: map[string][]string{}}
	for k, slot := range slots[1:] {
		c := result.Cells[at+2+k]
		switch read := slot.Read.(type) {
		case plan.Property:
			r.scalar[read.Name], r.number[read.Name] = c.Str, int(c.Num)
		case plan.Targets:
			for _, target := range result.Cells[c.Num : c.Num+int64(c.Len)] {
				r.links[read.Link.Name] = append(r.links[read.Link.Name], target.Str)
			}
		}
	}
	return r
}

// loader reads several types, one after the other, until one fails.
type loader struct {
	engine *Engine
	ctx    context.Context
	err    error
}

func (l *loader) rows(typeName string, properties, links []string) []row {
	if l.err != nil {
		return nil
	}
	all, err := l.engine.rows(l.ctx, typeName, properties, links)
	l.err = err
	return all
}

// load reads the learning network.
func (e *Engine) load(ctx context.Context) (*network, error) {
	l := loader{engine: e, ctx: ctx}
	n := l.network()
	return n, l.err
}
