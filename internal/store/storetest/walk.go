package storetest

import (
	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// walker reads a connection page by page, as Relay's cursor algorithm describes it, and
// knows from the whole list what each page must hold.
type walker struct {
	*drawer
	answer func(*plan.Plan) Tree // asks the store
	plan   *plan.Plan
	many   *plan.Many
	whole  []Tree // the rows of the whole list
	size   int
}

// walk draws a connection and walks through it in one of several ways.
func (d *drawer) walk(answer func(*plan.Plan) Tree) {
	d.params, d.points = plan.Params{}, nil
	types := d.types()
	m := &plan.Many{From: plan.Scan{Types: types}, Order: d.order(types), Where: d.where(types, 2), Rows: true, All: d.chance("all", 50), Row: ids(types)}
	variable := func(name string) plan.Operand { return plan.Operand{Param: name} }
	m.First, m.Last, m.After, m.Before = variable("first"), variable("last"), variable("after"), variable("before")
	d.addKeys(m)
	w := &walker{drawer: d, answer: answer, plan: ask(d.cat, m), many: m, size: 1 + d.upTo("page size", 3)}
	d.params["first"] = value.OfInt(plan.MaxPage)
	w.whole = answer(w.plan).(Row).Slots[0].(Page).Rows
	pick(d, "walk", []func(){w.fromFront, w.fromBack, w.fromBothEnds, w.toAndFro, w.anywhere})()
}

// fromFront goes on after the last row of each page.
func (w *walker) fromFront() {
	for to := 0; to < len(w.whole); {
		_, to = w.page(to-1, len(w.whole), false)
	}
}

// fromBack goes on before the first row of each page.
func (w *walker) fromBack() {
	for from := len(w.whole); from > 0; {
		from, _ = w.page(-1, from, true)
	}
}

// fromBothEnds reads pages from the front and from the back until they meet.
func (w *walker) fromBothEnds() {
	for from, to := 0, len(w.whole); from < to; {
		if w.chance("back", 50) {
			to, _ = w.page(from-1, to, true)
		} else {
			_, from = w.page(from-1, to, false)
		}
	}
}

// toAndFro turns the leaves of the list in both directions.
func (w *walker) toAndFro() {
	from, to := 0, 0
	for range w.upTo("leaves", 12) {
		if w.chance("back", 40) {
			from, to = w.page(-1, from, true)
		} else {
			from, to = w.page(to-1, len(w.whole), false)
		}
	}
}

// anywhere reads between bounds that may lie anywhere, crossed too.
func (w *walker) anywhere() {
	for range 4 {
		w.page(w.upTo("after", len(w.whole))-1, w.upTo("before", len(w.whole)), w.chance("back", 50))
	}
}

// page reads a page of the rows between two places of the whole list, both excluded,
// checks it, and tells which rows it should hold: those from a place up to another,
// excluded.
func (w *walker) page(after, before int, backward bool) (from, to int) {
	w.params["first"], w.params["last"] = value.OfInt(int64(w.size)), value.Value{}
	if backward {
		w.params["first"], w.params["last"] = w.params["last"], w.params["first"]
	}
	w.params["after"], w.params["before"] = w.cursorAt(after), w.cursorAt(before)
	from, to = after+1, max(after+1, before)
	more := to-from > w.size
	switch {
	case more && backward:
		from = to - w.size
	case more:
		to = from + w.size
	}
	want := Page{Next: more, Rows: append([]Tree{}, w.whole[from:to]...)}
	if diff := cmp.Diff(Tree(want), w.answer(w.plan).(Row).Slots[0]); diff != "" {
		w.Fatalf("between %d and %d of %d rows, backward: %t (-want +got):\n%s\n%s%s", after, before, len(w.whole), backward, diff, w.plan, w.named())
	}
	return from, to
}

// cursorAt is the cursor of a row of the whole list, null beyond its ends.
func (w *walker) cursorAt(place int) value.Value {
	if place < 0 || place >= len(w.whole) {
		return value.Value{}
	}
	keys := keysOf(w.many, w.whole[place].(Row))
	return value.OfText(string(plan.AppendCursor(nil, w.many.Order, keys)))
}

// keysOf are the values of a connection's order as a row of the answer shows them.
func keysOf(m *plan.Many, row Row) []value.Value {
	var values []value.Value
	for i, key := range m.Order {
		switch shown := row.Slots[m.Keys[i]].(type) {
		case string:
			values = append(values, value.Value{Kind: key.Kind, Str: shown})
		case int64:
			values = append(values, value.OfInt(shown))
		case float64:
			values = append(values, value.OfFloat(shown))
		case bool:
			values = append(values, value.OfBool(shown))
		default:
			values = append(values, value.Value{})
		}
	}
	return values
}
