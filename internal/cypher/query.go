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
}

// Query writes one statement per slot of the plan's root row, in their order. Each
// returns at most one record with one column, `answer`: lists of lists, because a
// record costs the driver far more than what it holds. Package neo4jstore reads them.
//
// A constant is the parameter $p0, $p1 and so on, a variable NAME is $v_NAME; a
// suffix says in which form. The text depends on the variables only where a cursor
// is given: its missing values change what "after" means.
func Query(p *plan.Plan, params plan.Params) ([]Statement, error) {
	statements := make([]Statement, len(p.Query.Slots))
	for i, slot := range p.Query.Slots {
		w := writer{cat: p.Catalog, params: params, out: map[string]any{}}
		text := w.root(slot.Read)
		if w.err != nil {
			return nil, w.err
		}
		statements[i] = Statement{Text: text, Params: w.out}
	}
	return statements, nil
}

// writer writes one statement; err is the first value that could not be written.
type writer struct {
	cat    *catalog.Catalog
	params plan.Params
	out    map[string]any
	consts int
	err    error
}

// scope is the node that an expression is about.
type scope struct {
	node  string          // its name in the statement
	depth int             // of subqueries around it
	types catalog.TypeSet // that it can have
	start string          // in the row of a shortcut's Many: the node where the shortcut starts
}

// below is the scope of a node one subquery further in.
func (s scope) below(types catalog.TypeSet) scope {
	return scope{node: "n" + strconv.Itoa(s.depth+1), depth: s.depth + 1, types: types}
}

func (w *writer) root(read plan.Read) string {
	top := scope{node: "n"}
	switch read := read.(type) {
	case *plan.Many:
		return "RETURN " + w.many(read, top) + " AS answer"
	case *plan.Find:
		top.types = read.Row.Types
		match := fmt.Sprintf("MATCH (n:Node {id: %s})\n", w.param(read.ID, "")) + w.among(read.Types)
		return match + "RETURN " + w.row(&read.Row, top) + " AS answer"
	case *plan.FindAll:
		top.types = read.Row.Types
		ids := w.param(read.IDs, "")
		match := fmt.Sprintf("UNWIND range(0, size(%s) - 1) AS i\nMATCH (n:Node {id: %s[i]})\n", ids, ids) + w.among(read.Types)
		return match + "WITH i, " + w.row(&read.Row, top) + " AS row\nRETURN collect([i, row]) AS answer"
	default:
		panic(fmt.Sprintf("cypher: %T at the root", read))
	}
}

// among writes that the node found by its id is of some types.
func (w *writer) among(types catalog.TypeSet) string {
	if types == w.cat.All() {
		return ""
	}
	return "WHERE n:" + labels(w.cat, types) + "\n"
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
	for _, slot := range r.Slots {
		cells = append(cells, w.slot(slot, r.Types, s))
	}
	return list(cells)
}

// slot writes what a slot brings. Links are not followed from nodes that the slot is
// not for; a scalar too many costs less than the question.
func (w *writer) slot(slot plan.Slot, types catalog.TypeSet, s scope) string {
	text := w.read(slot.Read, s)
	if _, scalar := slot.Read.(plan.Property); scalar || types&^slot.Types == 0 {
		return text
	}
	return fmt.Sprintf("CASE WHEN %s:%s THEN %s END", s.node, labels(w.cat, slot.Types&types), text)
}

func (w *writer) read(read plan.Read, s scope) string {
	switch read := read.(type) {
	case plan.Property:
		return s.node + "." + quote(read.Name)
	case plan.Targets:
		return w.targets(read.Link, s)
	case *plan.One:
		far := s.below(read.Row.Types)
		match, _ := w.match(plan.Follow{Link: read.Link}, s, far)
		return "head(" + block("COLLECT", []string{match, "RETURN " + w.row(&read.Row, far)}) + ")"
	case *plan.Many:
		return w.many(read, s)
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
	far := s.below(typesOf(m.From))
	if s.types == 0 { // the root is no node; its page's node is n
		far = scope{node: "n", types: far.types}
	}
	if follow, ok := m.From.(plan.Follow); ok && follow.Link.Shortcut != nil {
		far.start = s.node
	}
	switch {
	case !m.Rows:
		return w.count(m.From, m.Where, s, far)
	case m.Total:
		return list([]string{w.count(m.From, m.Where, s, far), w.page(m, s, far)})
	default:
		return w.page(m, s, far)
	}
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

func (w *writer) page(m *plan.Many, s, far scope) string {
	match, distinct := w.match(m.From, s, far)
	page, err := m.Page(w.params)
	if err != nil {
		w.fail(err)
	}
	keys := w.keys(m, far)
	ways := w.ways(keys, page.After, m.After)
	where := w.conditions(m.Where, far)
	carry := "WITH " + far.node
	if distinct {
		carry = "WITH DISTINCT " + far.node
	}
	sorted := []string{carry, "ORDER BY " + keys.orderBy(), "LIMIT " + w.set(w.base(m.First)+"_rows", int64(page.First)+1)}
	parts := make([][]string, len(ways))
	for i, way := range ways {
		parts[i] = append(clauses(match, append(slices.Clip(where), way...)), sorted...)
	}
	body := parts[0]
	if len(parts) > 1 {
		body = append([]string{union(parts, far.node)}, sorted...)
	}
	return block("COLLECT", append(body, "RETURN "+w.row(&m.Row, far)))
}

// union writes parts that each bring nodes as one.
func union(parts [][]string, node string) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = indent(strings.Join(append(part, "RETURN "+node), "\n"))
	}
	return "CALL () {\n" + strings.Join(texts, "\n  UNION ALL\n") + "\n}"
}

// count writes the number of nodes that meet a condition.
func (w *writer) count(from plan.From, where plan.Filter, s, far scope) string {
	match, distinct := w.match(from, s, far)
	parts := clauses(match, w.conditions(where, far))
	if distinct {
		parts = append(parts, "RETURN DISTINCT "+far.node)
	}
	return block("COUNT", parts)
}

// match writes the pattern from the scope's node to the far nodes and tells whether
// it may meet one more than once.
func (w *writer) match(from plan.From, s, far scope) (text string, distinct bool) {
	switch from := from.(type) {
	case plan.Scan:
		return fmt.Sprintf("MATCH (%s:%s)", far.node, labels(w.cat, from.Types)), false
	case plan.Follow:
		if cut := from.Link.Shortcut; cut != nil {
			return "MATCH (" + s.node + ")" + arrow(cut.Fact) + "(:" + labels(w.cat, cut.Fact.Targets) + ")" + arrow(cut.Far) + "(" + far.node + ")", true
		}
		return "MATCH (" + s.node + ")" + arrow(from.Link) + "(" + far.node + w.label(from.Link) + ")", false
	case plan.Between:
		cut := from.Link.Shortcut
		return "MATCH (" + s.start + ")" + arrow(cut.Fact) + "(" + far.node + ":" + labels(w.cat, cut.Fact.Targets) + ")" + arrow(cut.Far) + "(" + s.node + ")", false
	default:
		panic(fmt.Sprintf("cypher: from %T", from))
	}
}

// label tells apart the links that share a relationship type when it is read from its
// end; from its start the type of the start does so.
func (w *writer) label(l *catalog.Link) string {
	if l.Direction == catalog.Out {
		return ""
	}
	return ":" + labels(w.cat, l.Targets)
}

// clauses puts conditions behind a match, one on a line.
func clauses(match string, where []string) []string {
	all := []string{match}
	for i, condition := range where {
		word := "  AND "
		if i == 0 {
			word = "WHERE "
		}
		all = append(all, word+condition)
	}
	return all
}

// base is the name that an operand's parameters begin with. Each constant gets a
// number of its own.
func (w *writer) base(o plan.Operand) string {
	if o.Param != "" {
		return "v_" + o.Param
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
	case value.Bool:
		return v.Num != 0
	case value.Strings:
		return v.Strs
	case value.List:
		all := make([]any, 0, len(v.List))
		for _, item := range v.List {
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
