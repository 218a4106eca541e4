package storetest

import (
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// many draws a page of nodes.
func (d *drawer) many(from plan.From, types catalog.TypeSet, depth int) *plan.Many {
	m := &plan.Many{From: from, Order: d.order(types), Where: d.where(types, 3), Total: d.chance("total", 40), All: d.chance("all", 20)}
	m.From, m.Where = d.narrowed(m.From, m.Where)
	if m.Rows = !m.Total || d.chance("rows", 80); !m.Rows {
		return m
	}
	d.page(m, types)
	m.Row = d.row(types, depth)
	d.addKeys(m)
	return m
}

// narrowed has only those types looked at that can meet a condition, as a compiler may.
func (d *drawer) narrowed(from plan.From, where plan.Filter) (plan.From, plan.Filter) {
	scan, ok := from.(plan.Scan)
	if !ok || !d.point("types narrowed by conditions", 50) {
		return from, where
	}
	scan.Types, where = plan.Narrow(scan.Types, where)
	return scan, where
}

// page draws the paging arguments: from one end, within up to two bounds.
func (d *drawer) page(m *plan.Many, types catalog.TypeSet) {
	if d.point("pages from the back", 30) {
		m.Last = d.number("last")
		if d.chance("first is null", 20) {
			m.First = d.operand(value.Value{})
		}
	} else if d.chance("first", 70) {
		m.First = d.number("first")
	}
	if d.chance("after", 25) {
		m.After = d.operand(value.OfText(d.cursor(m.Order, types)))
	}
	if d.point("pages before a cursor", 25) {
		m.Before = d.operand(value.OfText(d.cursor(m.Order, types)))
	}
}

func (d *drawer) number(what string) plan.Operand {
	return d.operand(value.OfInt(pick(d, what, someNumbers)))
}

// addKeys reads the order's keys too, as a plan does when cursors are asked for.
func (d *drawer) addKeys(m *plan.Many) {
	for _, key := range m.Order {
		var read plan.Read = plan.KeyOf{Key: key}
		if key.Path == nil && key.Count == nil {
			read = plan.Property{Name: key.Property}
		}
		m.Keys = append(m.Keys, len(m.Row.Slots))
		m.Row.Slots = append(m.Row.Slots, plan.Slot{Types: m.Row.Types, Read: read})
	}
}

func (d *drawer) order(types catalog.TypeSet) []plan.Key {
	var order []plan.Key
	used := map[string]bool{"id": true}
	for range d.upTo("keys", 2) {
		key, name, ok := d.key(types)
		if !ok || used[name] {
			continue
		}
		used[name] = true
		order = append(order, d.turned(key))
	}
	return append(order, d.turned(plan.Key{Property: "id", Kind: value.ID}))
}

func (d *drawer) turned(key plan.Key) plan.Key {
	key.Desc, key.NullsFirst = d.chance("desc", 50), d.chance("nulls first", 50)
	return key
}

// key draws a key of nodes that may be of some types, and a name for it; there is none
// when the draw leads nowhere.
func (d *drawer) key(types catalog.TypeSet) (key plan.Key, name string, ok bool) {
	many, one := d.sharedLinks(types, toMany), d.sharedLinks(types, toOne)
	switch {
	case len(many) > 0 && d.point("orders by counts", 25):
		l := pick(d, "counted", many)
		count := &plan.Count{Link: l, Where: d.where(l.Targets, 1), Facts: d.facts(l, 1)}
		return plan.Key{Count: count, Kind: value.Int}, l.Name, true
	case len(one) > 0 && d.point("orders by links", 40):
		l := pick(d, "path", one)
		key, name, ok = d.farKey(l.Targets)
		key.Path = append([]*catalog.Link{l}, key.Path...)
		return key, l.Name + "." + name, ok
	default:
		p := pick(d, "key", d.shared(types))
		return plan.Key{Property: p.Name, Kind: p.Kind}, p.Name, p.Kind != value.Strings
	}
}

// farKey draws a key of the node at the end of a link: a scalar that one of the types
// has and no other has otherwise, or one a link further.
func (d *drawer) farKey(types catalog.TypeSet) (key plan.Key, name string, ok bool) {
	if one := d.sharedLinks(types, toOne); len(one) > 0 && d.chance("further", 30) {
		l := pick(d, "path", one)
		key, name, ok = d.farKey(l.Targets)
		key.Path = append([]*catalog.Link{l}, key.Path...)
		return key, l.Name + "." + name, ok
	}
	t := d.cat.Types[pick(d, "type", slices.Collect(types.IDs()))]
	p := pick(d, "key", t.Properties)
	for other := range d.cat.In(types) {
		if same, has := other.Property(p.Name); has && same.Kind != p.Kind {
			return plan.Key{}, "", false
		}
	}
	return plan.Key{Property: p.Name, Kind: p.Kind}, p.Name, p.Kind != value.Strings
}

// groups draws counts by one to three keys.
func (d *drawer) groups(from plan.From, types catalog.TypeSet, depth int) *plan.Groups {
	g := &plan.Groups{From: from, Where: d.where(types, 2), Total: d.chance("total", 50)}
	g.From, g.Where = d.narrowed(g.From, g.Where)
	used := map[string]bool{}
	for range 1 + d.upTo("more keys", 2) {
		if key := d.groupKey(types, depth); !used[key.String()] {
			used[key.String()] = true
			g.By = append(g.By, key)
		}
	}
	if d.chance("first", 70) {
		g.First = d.number("first")
	}
	if d.chance("skip", 30) {
		g.Skip = d.number("skip")
	}
	if one := d.sharedLinks(types, toOne); len(one) > 0 {
		for range d.upTo("distinct", 2) {
			g.Distinct = append(g.Distinct, pick(d, "distinct", one))
		}
	}
	return g
}

func (d *drawer) groupKey(types catalog.TypeSet, depth int) plan.GroupKey {
	if one := d.sharedLinks(types, toOne); len(one) > 0 && d.chance("by link", 50) {
		l := pick(d, "by", one)
		return plan.GroupKey{Link: l, Row: d.row(l.Targets, max(depth-1, 0))}
	}
	scalars := slices.DeleteFunc(d.shared(types), func(p *catalog.Property) bool { return p.Kind == value.Strings })
	p := pick(d, "by", scalars)
	return plan.GroupKey{Property: p.Name, Kind: p.Kind, Year: p.Kind == value.Date && d.chance("year", 50)}
}

// cursor is that of a node of the graph, or of a node that is long gone.
func (d *drawer) cursor(order []plan.Key, types catalog.TypeSet) string {
	var values []value.Value
	ids := idsOf(d.nodes, types)
	if len(ids) > 0 && d.chance("known", 80) {
		e := evaluator{graph: d.graph, params: d.params}
		values = e.keys(order, e.find(types, pick(d, "id", ids)))
	} else {
		values = d.strangeKeys(order)
	}
	return string(plan.AppendCursor(nil, order, values))
}

func (d *drawer) strangeKeys(order []plan.Key) []value.Value {
	var values []value.Value
	for _, key := range order[:len(order)-1] {
		values = append(values, d.strangeKey(key))
	}
	return append(values, value.OfID("nobody"))
}

func (d *drawer) strangeKey(key plan.Key) value.Value {
	switch {
	case key.Count != nil:
		return value.OfInt(pick(d, "count", someNumbers))
	case key.Kind == value.Enum || d.chance("null", 20):
		return value.Value{}
	default:
		return d.value(key.Kind, nil)
	}
}
