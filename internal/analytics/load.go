package analytics

import (
	"context"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
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
	return e.scanned(ctx, scan(t, properties, links))
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
	prepared, err := e.store.Prepare(&plan.Plan{Catalog: e.catalog, Query: plan.Row{Slots: []plan.Slot{{Read: many}}}})
	if err != nil {
		return nil, err
	}
	var all []row
	for params := (plan.Params{}); ; params = behind(many, all) {
		result, err := prepared.Run(ctx, params)
		if err != nil {
			return nil, err
		}
		var more bool
		all, more = appendRows(all, many, result)
		result.Release()
		if !more {
			return all, nil
		}
	}
}

// scan is the plan of all nodes of a type in pages.
func scan(t *catalog.Type, properties, links []string) *plan.Many {
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
		From: plan.Scan{Types: types}, Order: byID,
		First: plan.Operand{Const: value.OfInt(plan.MaxPage)}, After: plan.Operand{Param: "after"},
		Rows: true, Keys: []int{0}, Row: r,
	}
}

// behind asks for the page behind the last row.
func behind(many *plan.Many, all []row) plan.Params {
	cursor := plan.AppendCursor(nil, many.Order, []value.Value{value.OfID(all[len(all)-1].id)})
	return plan.Params{"after": value.OfText(string(cursor))}
}

func appendRows(all []row, many *plan.Many, result *plan.Result) (rows []row, more bool) {
	page := int(result.Cells[1].Num)
	header := result.Cells[page]
	for i := range int(header.Len) {
		at := plan.RowAt(page, i, len(many.Row.Slots))
		all = append(all, readRow(many.Row.Slots, result, at))
	}
	return all, header.Next
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

// maxTries bounds how often the network is read again because somebody wrote meanwhile.
const maxTries = 3

// load reads the learning network as it is at one revision.
func (e *Engine) load(ctx context.Context) (*network, error) {
	for range maxTries {
		before, err := e.store.Revision(ctx)
		if err != nil {
			return nil, err
		}
		l := loader{engine: e, ctx: ctx}
		n := l.network()
		if l.err != nil {
			return nil, l.err
		}
		after, err := e.store.Revision(ctx)
		if err != nil {
			return nil, err
		}
		if before == after {
			n.revision = after
			return n, nil
		}
	}
	return nil, fault.New(fault.Unavailable, "the graph changes faster than the learning network can be read; ask again in a moment")
}
