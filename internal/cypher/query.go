// Package cypher turns plans and change batches into Cypher statements: text and
// parameters together, names from the catalog only, values as parameters only. It
// runs nothing; package neo4jstore does.
package cypher

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Statement is a Cypher text with its parameters.
type Statement struct {
	Text   string
	Params map[string]any
	Slots  []int // of the root row: those that it brings, as a list where it brings several
}

// Query writes the statements that bring what the slots of the plan's root row ask for, but for
// computed and recorded fields, which no store brings. Each
// returns at most one record with one column, `answer`: lists of lists, because a
// record costs the driver far more than what it holds. Package neo4jstore reads them.
//
// A constant is the parameter $p0, $p1 and so on, a variable NAME is $v_NAME; a
// suffix says in which form. The text depends on the variables only where a cursor
// is given: its missing values change what "after" means.
func Query(p *plan.Plan, params plan.Params) ([]Statement, error) {
	var statements []Statement
	for _, slots := range together(p.Query.Slots) {
		w := writer{cat: p.Catalog, params: params, out: map[string]any{}}
		text := w.roots(p.Query.Slots, slots)
		if w.err != nil {
			return nil, w.err
		}
		statements = append(statements, Statement{Text: text, Params: w.out, Slots: slots})
	}
	return statements, nil
}

// mostTogether bounds the pages that one statement brings. Neo4j plans a statement anew for
// every combination, and longer than its parts.
const mostTogether = 4

// together tells which slots one statement brings: a few pages or groups, since a round trip
// costs more than most of them, and each look-up by itself.
func together(slots []plan.Slot) (all [][]int) {
	pages := -1
	for i, slot := range slots {
		switch slot.Read.(type) {
		case *plan.Computed, *plan.Recorded:
		case *plan.Many, *plan.Groups:
			if pages < 0 || len(all[pages]) == mostTogether {
				pages = len(all)
				all = append(all, nil)
			}
			all[pages] = append(all[pages], i)
		default:
			all = append(all, []int{i})
		}
	}
	return all
}

// writer writes one statement; err is the first value that could not be written.
type writer struct {
	cat    *catalog.Catalog
	params plan.Params
	out    map[string]any
	consts int
	ends   int   // how many ends of links have names
	needs  needs // of the row being written
	err    error
}

// scope is the node that an expression is about.
type scope struct {
	node  string          // its name in the statement
	depth int             // of subqueries around it
	types catalog.TypeSet // that it can have
	start string          // in the row of a shortcut's Many: the node where the shortcut starts

	sorted map[int]string // in the row of a Many: the slots whose value its order has worked out
	keys   []sortKey      // in the row of a Many: its order
}

// below is the scope of a node one subquery further in.
func (s scope) below(types catalog.TypeSet) scope {
	return scope{node: "n" + strconv.Itoa(s.depth+1), depth: s.depth + 1, types: types}
}

// roots writes what brings some slots of the root: for several a list of their answers.
func (w *writer) roots(slots []plan.Slot, which []int) string {
	if len(which) == 1 {
		return w.root(slots[which[0]].Read)
	}
	return w.answer(nil, func() string {
		texts := make([]string, len(which))
		for i, slot := range which {
			texts[i] = w.read(slots[slot].Read, scope{node: "n"})
		}
		return list(texts)
	})
}

func (w *writer) root(read plan.Read) string {
	top := scope{node: "n"}
	switch read := read.(type) {
	case *plan.Many, *plan.Groups:
		return w.answer(nil, func() string { return w.read(read, top) })
	case *plan.Find:
		match := matchOf(w.param(read.ID, ""), false)
		found := w.found(match, read.Types, read.Where)
		top.types = read.Row.Types
		return found + w.answer([]string{"n"}, func() string { return w.row(&read.Row, top) })
	case *plan.FindAll:
		return w.findAll(read)
	default:
		panic(fmt.Sprintf("cypher: %T at the root", read))
	}
}

// answer returns what an expression brings.
func (w *writer) answer(carry []string, expression func() string) string {
	text, before, _ := w.prepared(carry, expression)
	return strings.Join(append(before, "RETURN "+text+" AS answer"), "\n")
}

func (w *writer) findAll(read *plan.FindAll) string {
	ids := w.param(read.IDs, "")
	match := fmt.Sprintf("UNWIND range(0, size(%s) - 1) AS i\n%s", ids, matchOf(ids+"[i]", read.Exact))
	found := w.found(match, read.Types, read.Where)
	row, before, _ := w.prepared([]string{"i", "n"}, func() string { return w.row(&read.Row, scope{node: "n", types: read.Row.Types}) })
	return found + strings.Join(append(before, "WITH i, "+row+" AS row", "RETURN collect([i, row]) AS answer"), "\n")
}

// matchOf finds the node n for which an id stands, or to the letter that with the id.
func matchOf(id string, exact bool) string {
	if exact {
		return fmt.Sprintf("MATCH (n:Node {id: %s})", id)
	}
	return fmt.Sprintf("OPTIONAL MATCH (alias:NicgraphAlias {id: %s})\nMATCH (n:Node {id: coalesce(alias.node, %s)})", id, id)
}

// found writes that the node found by its id is of some types and meets a condition.
func (w *writer) found(match string, types catalog.TypeSet, where plan.Filter) string {
	var all []string
	if types != w.cat.All() {
		all = append(all, "n:"+labels(w.cat, types))
	}
	all = append(all, w.conditions(where, scope{node: "n", types: types})...)
	return strings.Join(clauses(match, all), "\n") + "\n"
}

// Typed tells whether a row's list begins with the name of the node's type: it does
// where the node can have several.
func Typed(r *plan.Row) bool { return r.Types.Len() > 1 }

// row writes a node as a list: the type's name where Typed, then each slot.
func (w *writer) row(r *plan.Row, s scope) string {
	var cells []string
	if Typed(r) {
		cells = append(cells, s.node+"."+typeProperty)
	}
	for i, slot := range r.Slots {
		if key, ok := s.sorted[i]; ok {
			cells = append(cells, key)
			continue
		}
		cells = append(cells, w.slot(slot, r.Types, s))
	}
	return list(cells)
}

// slot writes what a slot brings. Links are not followed from nodes that the slot is
// not for; a scalar too many costs less than the question.
func (w *writer) slot(slot plan.Slot, types catalog.TypeSet, s scope) string {
	var only []string
	if !bare(slot.Read) && types&^slot.Types != 0 {
		only = []string{s.node + ":" + labels(w.cat, slot.Types&types)}
	}
	if one, ok := slot.Read.(*plan.One); ok {
		return w.one(one, only, s)
	}
	text := w.read(slot.Read, s)
	if only == nil {
		return text
	}
	return fmt.Sprintf("CASE WHEN %s THEN %s END", only[0], text)
}

// one writes the node at the end of a to-one link, if the node meets some conditions.
func (w *writer) one(read *plan.One, conditions []string, s scope) string {
	far := s.below(read.Link.Targets)
	far.node = w.nameEnd(far.depth)
	found := w.match(plan.Follow{Link: read.Link}, s, far)
	match := found.clauses(append(conditions, w.conditions(read.Where, far)...))
	w.needs.ends = append(w.needs.ends, end{s.node, far.node, "OPTIONAL " + strings.Join(match, "\n")})
	far.types = read.Row.Types
	return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN %s END", far.node, w.row(&read.Row, far))
}

// nameEnd gives the end of a link a name.
func (w *writer) nameEnd(depth int) string {
	w.ends++
	return fmt.Sprintf("n%d_%d", depth, w.ends-1)
}

// bare tells whether a read follows no link.
func bare(read plan.Read) bool {
	switch read.(type) {
	case plan.Property, *plan.Computed:
		return true
	default:
		return false
	}
}

func (w *writer) read(read plan.Read, s scope) string {
	switch read := read.(type) {
	case plan.Property:
		return s.node + "." + quote(read.Name)
	case plan.Targets:
		return w.targets(read.Link, s)
	case plan.KeyOf:
		return w.keyOf(read.Key, s)
	case *plan.Computed:
		return "null"
	case *plan.Many:
		return w.many(read, s)
	case *plan.Groups:
		return w.groups(read, s)
	default:
		panic(fmt.Sprintf("cypher: %T in a row", read))
	}
}

// targets writes the ids at the end of a stored link. Relationships have no order, so
// that of a link to many is kept with the node.
func (w *writer) targets(l *catalog.Link, s scope) string {
	if l.Many {
		return s.node + "." + quote(l.Name+idsSuffix)
	}
	return fmt.Sprintf("COLLECT { MATCH (%s)%s(target) RETURN target.id }", s.node, arrow(l))
}

// many writes a page of nodes: the rows and one more row when there is one; with
// Total the pair of the total and the rows; without Rows the total alone.
func (w *writer) many(m *plan.Many, s scope) string {
	far := s.far(m.From)
	if follow, ok := m.From.(plan.Follow); ok && follow.Link.Shortcut != nil {
		far.start = s.node
	}
	switch {
	case !m.Rows:
		return w.total(m, s, far)
	case m.Total && spansLinks(m):
		found := w.let(block("COLLECT", w.matching(m.From, m.Where, s, far, whole).each(far.node)), far.depth)
		return list([]string{"size(" + found + ")", w.page(m, s, far, found)})
	case m.Total:
		return list([]string{w.total(m, s, far), w.page(m, s, far, "")})
	default:
		return w.page(m, s, far, "")
	}
}

// far is the scope of the nodes from somewhere.
func (s scope) far(from plan.From) scope {
	if s.types == 0 { // the root is no node; its page's node is n
		return scope{node: "n", types: typesOf(from)}
	}
	return s.below(typesOf(from))
}

// typesOf is what the nodes from somewhere can be; a page of which only the total is
// asked has no row to tell.
func typesOf(from plan.From) catalog.TypeSet {
	switch from := from.(type) {
	case plan.Scan:
		return from.Types
	case plan.Follow:
		return from.Link.Targets
	case plan.Between:
		return from.Link.Shortcut.Fact.Targets
	default:
		panic(fmt.Sprintf("cypher: from %T", from))
	}
}

// page writes the rows of a page in the direction in which it is counted off. found names
// the list of the nodes it is taken from, if they have been looked for.
func (w *writer) page(m *plan.Many, s, far scope, found string) string {
	page, err := m.Page(w.params)
	if err != nil {
		w.fail(err)
	}
	order, size, from, to := m.Order, m.First, m.After, m.Before
	start, stop := page.After, page.Before
	if page.Backward {
		order, size, from, to = plan.Reverse(m.Order), m.Last, m.Before, m.After
		start, stop = page.Before, page.After
	}
	_, scan := m.From.(plan.Scan)
	ks := w.keys(order, scan && found == "", far)
	c := w.candidates(m, ks, s, far, found)
	if c.brought && c.compute == nil && (start != nil || stop != nil) {
		c.compute = []string{c.carry} // conditions stand behind no UNWIND and no CALL
	}
	ways := stretches(ks, w.edge(ks, from, start), w.edge(ks, to, stop))
	limit := "LIMIT " + w.set(w.base(size)+"_rows", int64(page.First)+1)
	far.sorted, far.keys = known(m, ks), ks
	text, named := w.collect(found, c.sorted(ways, limit, far.node), carried(ks, far), far.depth, func() string { return w.row(&m.Row, far) })
	if c.tallied && !named {
		return w.let(text, far.depth)
	}
	return text
}

// candidates are the nodes that a page takes its rows from.
type candidates struct {
	ks      []sortKey
	match   []string
	brought bool     // by something else than a match
	tallied bool     // with their counts, by a subquery that counts groups
	label   string   // of nodes that meet no condition but those of their stretch
	compute []string // the keys that must be worked out
	carry   string   // what goes on from one clause to the next
}

func (w *writer) candidates(m *plan.Many, ks []sortKey, s, far scope, list string) candidates {
	c := candidates{ks: ks, carry: "WITH " + strings.Join(carried(ks, far), ", ")}
	if list != "" {
		c.brought, c.match, c.compute = true, []string{"UNWIND " + list + " AS " + far.node}, w.compute(ks, far)
		return c
	}
	if tallies(m, ks) {
		c.brought, c.tallied, c.match = true, true, []string{w.tally(&ks[0], far)}
		return c
	}
	how := whole
	if ks[0].indexed {
		how = inOrder
	}
	found := w.matching(m.From, m.Where, s, far, how)
	c.match, c.compute = found.clauses(nil), w.compute(ks, far)
	if label := labels(w.cat, far.types); ks[0].indexed && len(found.where) == 0 && !strings.Contains(label, "|") {
		c.label = label
	}
	if found.distinct && len(c.compute) > 0 {
		c.match = append(c.match, "WITH DISTINCT "+far.node)
	} else if found.distinct {
		c.carry = "WITH DISTINCT " + far.node
	}
	return c
}

// sorted writes the first nodes of some stretches, each read by itself.
func (c *candidates) sorted(ways []stretch, limit, node string) []string {
	if len(ways) == 1 {
		return c.stretch(ways[0], limit)
	}
	texts := make([]string, len(ways))
	for i, way := range ways {
		texts[i] = indent(strings.Join(append(c.stretch(way, limit), "RETURN "+node), "\n"))
	}
	union := "CALL () {\n" + strings.Join(texts, "\n  UNION ALL\n") + "\n}"
	return []string{union, c.carry, "ORDER BY " + orderBy(c.ks), limit}
}

func (c *candidates) stretch(way stretch, limit string) []string {
	all := c.from(way.index, way.seek)
	if len(c.compute) == 0 {
		all = narrow(all, way.where)
	} else {
		all = append(all, c.compute...)
		all = append(all, clauses("", way.where)[1:]...)
	}
	if way.runs != nil {
		all = append(all, c.runs(way.runs, way.index, limit)...)
	}
	return append(all, c.carry, "ORDER BY "+way.order, limit)
}

// from writes the match. Where nothing else is asked of the nodes, it names the index:
// Neo4j plans by what it last counted, which may be long ago.
func (c *candidates) from(index []string, seek bool) []string {
	all := slices.Clone(c.match)
	if c.label == "" || index == nil {
		return all
	}
	columns := make([]string, len(index))
	for i, column := range index {
		columns[i] = quote(column)
	}
	word := "\nUSING INDEX "
	if seek {
		word += "SEEK "
	}
	all[0] += word + c.ks[0].node + ":" + c.label + "(" + strings.Join(columns, ", ") + ")"
	return all
}

func (c *candidates) runs(r *runs, index []string, limit string) []string {
	run := append(narrow(c.from(index, true), r.where), c.carry, "ORDER BY "+r.order, limit, "RETURN "+c.ks[0].node)
	return []string{
		c.carry, "ORDER BY " + r.byValue, limit, "WITH DISTINCT " + strings.Join(r.values, ", "),
		"CALL (" + strings.Join(r.names, ", ") + ") {\n" + indent(strings.Join(run, "\n")) + "\n}",
	}
}

// total writes the number of all nodes of a page, which the order around it may have
// worked out.
func (w *writer) total(m *plan.Many, s, far scope) string {
	for _, k := range s.keys {
		if k.counts(m) {
			return k.name
		}
	}
	return w.count(m.From, m.Where, s, far)
}

// count writes the number of nodes that meet a condition.
func (w *writer) count(from plan.From, where plan.Filter, s, far scope) string {
	found := w.matching(from, where, s, far, whole)
	if found.distinct {
		return block("COUNT", found.each(far.node))
	}
	return block("COUNT", found.clauses(nil))
}

// source is where nodes come from: a pattern and its own conditions.
type source struct {
	match    string
	where    []string
	distinct bool // the pattern may meet a node more than once

	ends map[endOf]string // the nodes that a condition is about at the ends of to-one links
}

func (s source) clauses(where []string) []string {
	return clauses(s.match, append(slices.Clip(s.where), where...))
}

// match writes the pattern from the scope's node to the far nodes.
func (w *writer) match(from plan.From, s, far scope) source {
	switch from := from.(type) {
	case plan.Scan:
		return source{match: fmt.Sprintf("MATCH (%s:%s)", far.node, labels(w.cat, from.Types))}
	case plan.Follow:
		if from.Link.Shortcut != nil {
			return w.past(from, s, far)
		}
		return source{match: "MATCH (" + s.node + ")" + w.step(from.Link, far.node)}
	case plan.Between:
		cut := from.Link.Shortcut
		return source{match: "MATCH (" + s.start + ")" + w.step(cut.Fact, far.node) + arrow(cut.Far) + "(" + s.node + ")"}
	default:
		panic(fmt.Sprintf("cypher: from %T", from))
	}
}

// past writes a shortcut. The fact has a name where a condition speaks of it.
func (w *writer) past(from plan.Follow, s, far scope) source {
	cut := from.Link.Shortcut
	fact := scope{depth: far.depth, types: cut.Fact.Targets}
	if from.Facts != nil {
		fact.node = factOf(far)
	}
	match := "MATCH (" + s.node + ")" + w.step(cut.Fact, fact.node) + arrow(cut.Far) + "(" + far.node + ")"
	return source{match: match, where: w.conditions(from.Facts, fact), distinct: true}
}

// factOf names the fact that is passed over on the way to a node.
func factOf(far scope) string { return "f" + strings.TrimPrefix(far.node, "n") }

// step writes a link and the node at its end.
func (w *writer) step(l *catalog.Link, node string) string {
	return arrow(l) + "(" + node + w.label(l) + ")"
}

// label tells apart the links that share a relationship type when it is read from its
// end; from its start the type of the start does so. Where only one link has the type there
// is none: Neo4j then need not look at the nodes, and knows their number.
func (w *writer) label(l *catalog.Link) string {
	if l.Direction == catalog.Out || startsOf(w.cat, l.Relationship)&^l.Targets == 0 {
		return ""
	}
	return ":" + labels(w.cat, l.Targets)
}

// clauses puts conditions behind a match, one on a line.
func clauses(match string, where []string) []string { return narrow([]string{match}, where) }

// narrow puts more conditions behind a match and its conditions.
func narrow(clauses, where []string) []string {
	for _, condition := range where {
		word := "  AND "
		if len(clauses) == 1 {
			word = "WHERE "
		}
		clauses = append(clauses, word+condition)
	}
	return clauses
}

// base is the name that an operand's parameters begin with. Each constant gets a
// number of its own.
func (w *writer) base(o plan.Operand) string {
	if o.Param != "" {
		// $a as days is v_a_from; doubled underscores keep it apart from a variable $a_from.
		return "v_" + strings.ReplaceAll(o.Param, "_", "__")
	}
	w.consts++
	return "p" + strconv.Itoa(w.consts-1)
}

// param makes an operand a parameter, in a form: "" as it is, "_fold" folded.
func (w *writer) param(o plan.Operand, form string) string {
	v := o.Value(w.params)
	return w.set(w.base(o)+form, native(v, form))
}

// set gives a parameter its value and returns how it is written.
func (w *writer) set(name string, v any) string {
	w.out[name] = v
	return "$" + quote(name)
}

// comparable gives a value that is compared by < or >. Neo4j 5.26 compares a stored
// text with a parameter by UTF-16 units, with a literal and with other stored texts by
// code points. The two differ only from U+E000 on, so a text that reaches there, and
// no other, is written as a literal.
func (w *writer) comparable(name string, v any) string {
	if text, ok := v.(string); ok && strings.ContainsFunc(text, func(r rune) bool { return r >= 0xE000 }) {
		return literal(text)
	}
	return w.set(name, v)
}

// literal writes a text so that nothing in it can end it: letters, digits and spaces of
// ASCII stand for themselves, a quote and a backslash behind a backslash, all else as
// its code.
func literal(text string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		switch {
		case unit == ' ' || unit >= '0' && unit <= '9' || unit >= 'A' && unit <= 'Z' || unit >= 'a' && unit <= 'z':
			b.WriteByte(byte(unit))
		case unit == '\'' || unit == '\\':
			b.WriteByte('\\')
			b.WriteByte(byte(unit))
		default:
			fmt.Fprintf(&b, "\\u%04X", unit)
		}
	}
	return "'" + b.String() + "'"
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// native is a value as the driver takes it.
func native(v value.Value, form string) any {
	switch v.Kind {
	case value.Null:
		return nil
	case value.Int:
		return v.Num
	case value.Float:
		return value.NumFloat(v.Num)
	case value.Bool:
		return v.Num != 0
	case value.Strings:
		return v.Strs()
	case value.List:
		all := make([]any, 0, len(v.List()))
		for _, item := range v.List() {
			if form == "" || !item.IsNull() {
				all = append(all, native(item, form))
			}
		}
		return all
	}
	switch form {
	case foldSuffix:
		return value.Fold(v.Str)
	case keySuffix:
		return key(value.Fold(v.Str))
	default:
		return v.Str
	}
}
