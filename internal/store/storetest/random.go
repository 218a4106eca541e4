package storetest

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"pgregory.net/rapid"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Values on whose meaning stores tend to disagree: accents composed and not, case
// without a one-to-one partner, ligatures, what a query language might read as its
// own, and characters that UTF-16 and code points order differently (U+FFFC, U+1F600).
var (
	someTexts = []string{
		"", " ", "a", "A", "á", "Á", "a\u0301", "ab", "Ab", "abc", "abd", "zebra", "Zoë", "zoe", "ß", "SS", "Straße",
		"İ", "i", "ı", "ﬁ", "Ａ", "𝒜", "𐐀", "𐐨", "\uFFFC", "😀", "😀a", "日本", "%", "_", ".*", "\\", "'", "\"", "`", "$p0", "a\nb", "{}", "null",
	}
	someDates = []string{
		"2013", "2013-01-01/2013-12-31", "2013-09", "2013-09-14", "2013~", "2013-09~", "2013-09-14~", "2013/2014", "2013-08/2014-07",
		"2012~/2014", "2014~/2013", "2013-08~/2014-07", "2012-02-29", "2014", "2014-07-31", "0001", "9999-12-31", "1969-12-31", "1970-01-01",
	}
	someFloats  = []float64{-math.MaxFloat64, -2, -1.5, -math.SmallestNonzeroFloat64, 0, math.SmallestNonzeroFloat64, 0.1, 0.25, 0.30000000000000004, 1, 2, 1e21, math.MaxFloat64}
	someInts    = []int64{-2147483648, -2, -1, 0, 1, 2, 3, 10, 2015, 2147483647}
	someNumbers = []int64{0, 1, 2, 3}
)

// drawer draws graphs and plans over a catalog.
type drawer struct {
	*rapid.T
	cat    *catalog.Catalog
	params plan.Params
	graph           // that the plans are about
	merges bool     // whether some of what goes is merged into what stays
	points []string // what of the more demanding was drawn for the plan
	hubs   []hub    // what leads to a crowd
}

func pick[E any](d *drawer, what string, from []E) E {
	return rapid.SampledFrom(from).Draw(d.T, what)
}

func (d *drawer) chance(what string, percent int) bool {
	return rapid.IntRange(1, 100).Draw(d.T, what) > 100-percent
}

// point is chance for a demanding point of a plan; a failure names those that were drawn.
func (d *drawer) point(name string, percent int) bool {
	drawn := d.chance(name, percent)
	if drawn && !slices.Contains(d.points, name) {
		d.points = append(d.points, name)
	}
	return drawn
}

func (d *drawer) upTo(what string, most int) int { return rapid.IntRange(0, most).Draw(d.T, what) }

// draw draws a few nodes of some types; required links are kept by leaving out nodes
// that would lack one.
func (d *drawer) draw() []change.Node {
	var nodes []change.Node
	for _, t := range d.cat.Types {
		for i := range d.upTo("nodes of "+t.Name, max(2, 24/len(d.cat.Types))) {
			nodes = append(nodes, d.node(t, i))
		}
	}
	for again := true; again; {
		before := len(nodes)
		nodes = slices.DeleteFunc(nodes, func(n change.Node) bool { return lacksTarget(n, nodes) })
		again = len(nodes) < before
	}
	for i := range nodes {
		d.links(&nodes[i], nodes)
	}
	if d.chance("a crowd", 10) {
		return d.crowd(nodes)
	}
	return nodes
}

// lacksTarget tells whether a required link of the node has nowhere to go.
func lacksTarget(n change.Node, nodes []change.Node) bool {
	for _, l := range n.Type.Out {
		if l.Required && !l.Many && len(idsOf(nodes, l.Targets)) == 0 {
			return true
		}
	}
	return false
}

func idsOf(nodes []change.Node, types catalog.TypeSet) []string {
	var ids []string
	for _, n := range nodes {
		if types.Has(n.Type.ID) {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

func (d *drawer) node(t *catalog.Type, i int) change.Node {
	id := fmt.Sprintf("%s-%d", t.Singular, i*i*i) // 0, 1, 8, 27: "27" comes before "8"
	n := change.Node{Type: t, ID: id, Values: make([]value.Value, len(t.Properties)), Links: make([][]string, len(t.Out))}
	for _, p := range t.Properties[1:] {
		n.Values[p.Index] = d.property(p)
	}
	n.Values[0] = value.OfID(id)
	return n
}

func (d *drawer) property(p *catalog.Property) value.Value {
	if p.Managed {
		return value.Value{}
	}
	if p.Kind == value.Strings {
		return value.OfStrings(rapid.SliceOfN(rapid.SampledFrom(someTexts), 0, 3).Draw(d.T, p.Name))
	}
	if !p.Required && d.chance("no "+p.Name, 30) {
		return value.Value{}
	}
	return d.value(p.Kind, p.Enum)
}

func (d *drawer) value(kind value.Kind, enum *catalog.Enum) value.Value {
	switch kind {
	case value.ID:
		if len(d.merged) > 0 && d.point("an alias", 15) {
			return value.OfID(pick(d, "alias", slices.Sorted(maps.Keys(d.merged))))
		}
		if len(d.nodes) > 0 && d.chance("known id", 80) {
			return value.OfID(pick(d, "id", d.nodes).ID)
		}
		return value.OfID(pick(d, "id", []string{"", "nobody", "p", "person-1"}))
	case value.Text:
		return value.OfText(pick(d, "text", someTexts))
	case value.Enum:
		return value.OfEnum(pick(d, "enum", enum.Values).Name)
	case value.Int:
		return value.OfInt(pick(d, "int", someInts))
	case value.Float:
		return value.OfFloat(pick(d, "float", someFloats))
	case value.Bool:
		return value.OfBool(rapid.Bool().Draw(d.T, "bool"))
	case value.Date:
		return value.OfDate(pick(d, "date", someDates))
	default:
		panic(kind)
	}
}

// links draws the targets of a node's links, itself included, so that cycles are common.
func (d *drawer) links(n *change.Node, nodes []change.Node) {
	for _, l := range n.Type.Out {
		ids := idsOf(nodes, l.Targets)
		switch {
		case len(ids) == 0:
		case l.Many:
			n.Links[l.Index] = rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 0, min(3, len(ids)), rapid.ID[string]).Draw(d.T, l.Name)
		case l.Required || d.chance("has "+l.Name, 70):
			n.Links[l.Index] = []string{pick(d, l.Name, ids)}
		}
	}
}

// plan draws a query with one to three root fields.
func (d *drawer) plan() *plan.Plan {
	d.params, d.points = plan.Params{}, nil
	p := &plan.Plan{Catalog: d.cat}
	for range 1 + d.upTo("more root fields", 2) {
		p.Query.Slots = append(p.Query.Slots, plan.Slot{Read: d.root()})
	}
	return p
}

func (d *drawer) root() plan.Read {
	if len(d.hubs) > 0 && d.chance("of the crowd", 60) {
		return d.ofCrowd()
	}
	types := d.types()
	switch d.upTo("root", 5) {
	case 0:
		return &plan.Find{Types: types, ID: d.operand(d.value(value.ID, nil)), Where: d.meeting(types), Row: d.row(types, 2)}
	case 1:
		var ids []value.Value
		for range d.upTo("ids", 4) {
			ids = append(ids, d.value(value.ID, nil))
		}
		return &plan.FindAll{Types: types, IDs: d.operand(value.OfList(ids)), Exact: d.point("exact ids", 20), Where: d.meeting(types), Row: d.row(types, 2)}
	default:
		return d.some(plan.Scan{Types: types}, types, 2)
	}
}

// some draws a page of nodes, or groups of them.
func (d *drawer) some(from plan.From, types catalog.TypeSet, depth int) plan.Read {
	if d.point("groups", 20) {
		return d.groups(from, types, depth)
	}
	return d.many(from, types, depth)
}

// meeting draws a condition on one node, or none.
func (d *drawer) meeting(types catalog.TypeSet) plan.Filter {
	if !d.point("conditions on one node", 30) {
		return nil
	}
	return d.filter(types, 2)
}

// types draws what a field of a schema may be of: a type or an interface.
func (d *drawer) types() catalog.TypeSet {
	if len(d.cat.Interfaces) > 0 && d.chance("interface", 40) {
		return pick(d, "interface", d.cat.Interfaces).Types
	}
	return catalog.SetOf(pick(d, "type", d.cat.Types).ID)
}

// operand leaves a value open as a variable, now and then.
func (d *drawer) operand(v value.Value) plan.Operand {
	if !d.chance("variable", 30) {
		return plan.Operand{Const: v}
	}
	name := fmt.Sprintf("v%d", len(d.params))
	d.params[name] = v
	return plan.Operand{Param: name}
}

func (d *drawer) row(types catalog.TypeSet, depth int) plan.Row {
	row := plan.Row{Types: types}
	for range 1 + d.upTo("slots", 3) {
		row.Slots = append(row.Slots, d.slot(types, depth))
	}
	return row
}

func (d *drawer) slot(types catalog.TypeSet, depth int) plan.Slot {
	links := d.linksOf(types)
	if depth == 0 || len(links) == 0 || d.chance("scalar", 50) {
		return d.scalar(types)
	}
	l := pick(d, "link", links)
	slot := plan.Slot{Types: l.types}
	switch {
	case l.link.Many:
		slot.Read = d.follow(l.link, depth-1)
	default:
		slot.Read = &plan.One{Link: l.link, Where: d.meeting(l.link.Targets), Row: d.row(l.link.Targets, depth-1)}
	}
	if stored(l.link) && d.chance("ids only", 30) {
		slot.Read = plan.Targets{Link: l.link}
	}
	return slot
}

func stored(l *catalog.Link) bool { return l.Shortcut == nil && l.Direction == catalog.Out }

// scalar reads a property of some of the types that a row's node may have.
func (d *drawer) scalar(types catalog.TypeSet) plan.Slot {
	ids := slices.Collect(types.IDs())
	name := pick(d, "property", d.cat.Types[pick(d, "type", ids)].Properties).Name
	var having catalog.TypeSet
	for t := range d.cat.In(types) {
		if _, ok := t.Property(name); ok && d.chance("of "+t.Name, 90) {
			having |= catalog.SetOf(t.ID)
		}
	}
	return plan.Slot{Types: having, Read: plan.Property{Name: name}}
}

// linkOf is a link and the types at which it may be read.
type linkOf struct {
	link  *catalog.Link
	types catalog.TypeSet
}

// linksOf lists the links that a field or a fragment can read at nodes of some types.
func (d *drawer) linksOf(types catalog.TypeSet) []linkOf {
	var links []linkOf
	for t := range d.cat.In(types) {
		for _, l := range t.Links {
			links = append(links, linkOf{l, catalog.SetOf(t.ID)})
		}
	}
	for _, i := range d.cat.Interfaces {
		for _, l := range i.Links {
			if both := i.Types & types; both != 0 {
				links = append(links, linkOf{l, both})
			}
		}
	}
	return links
}

// sharedLinks are the links of a sort that all of the types have, as the field of one of
// them or of an interface.
func (d *drawer) sharedLinks(types catalog.TypeSet, ofSort func(*catalog.Link) bool) []*catalog.Link {
	var links []*catalog.Link
	for _, l := range d.linksOf(types) {
		if l.types == types && ofSort(l.link) {
			links = append(links, l.link)
		}
	}
	return links
}

func toOne(l *catalog.Link) bool  { return !l.Many }
func toMany(l *catalog.Link) bool { return l.Many }

func (d *drawer) follow(l *catalog.Link, depth int) plan.Read {
	read := d.some(plan.Follow{Link: l, Facts: d.facts(l, 2)}, l.Targets, depth)
	many, ok := read.(*plan.Many)
	if !ok || l.Shortcut == nil || !many.Rows || !d.chance("facts", 50) {
		return read
	}
	facts := d.some(plan.Between{Link: l}, l.Shortcut.Fact.Targets, 0)
	many.Row.Slots = append(many.Row.Slots, plan.Slot{Types: l.Targets, Read: facts})
	return many
}

// facts draws a condition on the facts that a shortcut leads past, or none.
func (d *drawer) facts(l *catalog.Link, depth int) plan.Filter {
	if l.Shortcut == nil || !d.point("conditions on facts", 40) {
		return nil
	}
	return d.filter(l.Shortcut.Fact.Targets, depth)
}

// shared are the properties that all of the types have, alike.
func (d *drawer) shared(types catalog.TypeSet) []*catalog.Property {
	var list []*catalog.Property
	for t := range d.cat.In(types) {
		if list == nil {
			list = slices.Clone(t.Properties)
		}
		list = slices.DeleteFunc(list, func(p *catalog.Property) bool {
			own, ok := t.Property(p.Name)
			return !ok || own.Kind != p.Kind || own.Enum != p.Enum
		})
	}
	return list
}

func (d *drawer) filter(types catalog.TypeSet, depth int) plan.Filter {
	if depth > 0 {
		switch d.upTo("filter", 9) {
		case 0:
			return plan.And(d.filters(types, depth-1))
		case 1:
			return plan.Or(d.filters(types, depth-1))
		case 2:
			return plan.Not{Filter: d.filter(types, depth-1)}
		case 3, 4:
			return d.linked(types, depth-1)
		case 5:
			return d.typed(types, depth-1)
		}
	}
	p := pick(d, "property", d.shared(types))
	switch {
	case d.chance("type", 10):
		return plan.TypeIs{Types: d.types()}
	case p.Kind == value.Strings:
		return plan.Elements{Property: p.Name, Quant: d.quant(), Where: d.element(2)}
	default:
		return d.compare(p.Name, p.Kind, p.Enum)
	}
}

// typed draws a condition by what only some of the types have.
func (d *drawer) typed(types catalog.TypeSet, depth int) plan.Filter {
	some := d.subset(types)
	return plan.And{plan.TypeIs{Types: some}, d.filter(some, depth)}
}

// subset draws a type among some, or an interface of which all types are among them.
func (d *drawer) subset(types catalog.TypeSet) catalog.TypeSet {
	var sets []catalog.TypeSet
	for t := range d.cat.In(types) {
		sets = append(sets, catalog.SetOf(t.ID))
	}
	for _, i := range d.cat.Interfaces {
		if i.Types&^types == 0 {
			sets = append(sets, i.Types)
		}
	}
	return pick(d, "of type", sets)
}

func (d *drawer) filters(types catalog.TypeSet, depth int) []plan.Filter {
	var list []plan.Filter
	for range d.upTo("parts", 3) {
		list = append(list, d.filter(types, depth))
	}
	return list
}

func (d *drawer) quant() plan.Quant {
	return pick(d, "quant", []plan.Quant{plan.Some, plan.All, plan.None})
}

// linked draws a condition on the far ends of a link that all of the types have.
func (d *drawer) linked(types catalog.TypeSet, depth int) plan.Filter {
	links := d.sharedLinks(types, func(*catalog.Link) bool { return true })
	if len(links) == 0 {
		return plan.And(nil)
	}
	l := pick(d, "link", links)
	where, facts := d.where(l.Targets, depth), d.facts(l, depth)
	switch {
	case !l.Many:
		return plan.Linked{Link: l, Quant: plan.Some, Where: where}
	case d.chance("count", 30):
		op := pick(d, "op", []plan.Op{plan.Eq, plan.Ne, plan.Lt, plan.Lte, plan.Gt, plan.Gte})
		return plan.Counted{Link: l, Where: where, Facts: facts, Op: op, Operand: d.operand(value.OfInt(pick(d, "count", someNumbers)))}
	default:
		return plan.Linked{Link: l, Quant: d.quant(), Where: where, Facts: facts}
	}
}

// where draws a condition, or none.
func (d *drawer) where(types catalog.TypeSet, depth int) plan.Filter {
	if !d.chance("where", 70) {
		return nil
	}
	return d.filter(types, depth)
}

func (d *drawer) element(depth int) plan.Filter {
	if depth == 0 {
		return d.compare("", value.Text, nil)
	}
	switch d.upTo("element", 5) {
	case 0:
		return plan.And{d.element(depth - 1), d.element(depth - 1)}
	case 1:
		return plan.Or{d.element(depth - 1), d.element(depth - 1)}
	case 2:
		return plan.Not{Filter: d.element(depth - 1)}
	default:
		return d.compare("", value.Text, nil)
	}
}

func (d *drawer) compare(property string, kind value.Kind, enum *catalog.Enum) plan.Filter {
	c := plan.Compare{Property: property, Kind: kind, Op: pick(d, "op", opsOf(kind))}
	c.CaseSensitive = kind == value.Text && d.chance("case", 30)
	c.Possible = kind == value.Date && d.chance("possible", 50)
	c.Written = kind == value.Date && d.chance("written", 30)
	switch c.Op {
	case plan.IsNull:
	case plan.In, plan.NotIn:
		var list []value.Value
		for range d.upTo("values", 3) {
			list = append(list, d.value(kind, enum))
		}
		c.Operand = d.operand(value.OfList(list))
	default:
		c.Operand = d.operand(d.value(kind, enum))
	}
	return c
}

// opsOf are the relations that the query language has for a kind.
func opsOf(kind value.Kind) []plan.Op {
	ops := []plan.Op{plan.Eq, plan.Ne, plan.In, plan.NotIn, plan.IsNull}
	switch kind {
	case value.ID, value.Text:
		return append(ops, plan.Lt, plan.Lte, plan.Gt, plan.Gte, plan.Contains, plan.StartsWith, plan.EndsWith)
	case value.Int, value.Float:
		return append(ops, plan.Lt, plan.Lte, plan.Gt, plan.Gte)
	case value.Date:
		return append(ops, plan.Before, plan.After, plan.During)
	default:
		return ops
	}
}
