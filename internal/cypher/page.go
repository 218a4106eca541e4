package cypher

import (
	"slices"
	"strings"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

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

// page writes the rows of a page. found names the list of the nodes that it is taken from, if
// they have been looked for.
func (w *writer) page(m *plan.Many, s, far scope, found string) string {
	p := w.paging(m)
	_, scan := m.From.(plan.Scan)
	ks := w.keys(p.order, scan && found == "", far)
	c := w.candidates(m, ks, s, far, found, m.All && p.start == nil)
	ways := stretches(ks, w.edge(ks, p.from, p.start), w.edge(ks, p.to, p.stop))
	limit := "LIMIT " + w.set(w.base(p.size)+"_rows", int64(p.rows)+1)
	far.sorted, far.keys = known(m, ks), ks
	text, named := w.collect(found, c.sorted(ways, limit, far.node), carried(ks, far), far.depth, func() string { return w.row(&m.Row, far) })
	if c.tallied && !named {
		return w.let(text, far.depth)
	}
	return text
}

// paging is a page in the direction in which it is counted off.
type paging struct {
	order       []plan.Key
	size        plan.Operand
	rows        int
	from, to    plan.Operand  // the cursors between which it lies
	start, stop []value.Value // what they say, nil for none
}

func (w *writer) paging(m *plan.Many) paging {
	page, err := m.Page(w.params)
	if err != nil {
		w.fail(err)
	}
	if page.Backward {
		return paging{plan.Reverse(m.Order), m.Last, page.First, m.Before, m.After, page.Before, page.After}
	}
	return paging{m.Order, m.First, page.First, m.After, m.Before, page.After, page.Before}
}

// candidates are the nodes that a page takes its rows from.
type candidates struct {
	ks      []sortKey
	match   []string
	brought bool     // by something else than a match, behind which conditions could stand
	tallied bool     // with their counts, by a subquery that counts groups
	label   string   // of nodes that meet no condition but those of their stretch
	compute []string // the keys that must be worked out
	carry   string   // what goes on from one clause to the next
}

func (w *writer) candidates(m *plan.Many, ks []sortKey, s, far scope, list string, begins bool) candidates {
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
	if ks[0].indexed && !begins {
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
	all, between := c.from(way.index, way.seek), c.compute
	if c.brought && between == nil && way.where != nil {
		between = []string{c.carry}
	}
	if between == nil {
		all = narrow(all, way.where)
	} else {
		all = append(append(all, between...), clauses("", way.where)[1:]...)
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
