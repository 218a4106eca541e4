package cypher

import (
	"fmt"
	"strings"

	"nicgraph/internal/plan"
)

// groups writes a page of groups: a list for each group and one more when there is one;
// with Total the pair of the number of groups and the lists.
func (w *writer) groups(g *plan.Groups, s scope) string {
	far := s.far(g.From)
	page := w.groupPage(g, s, far)
	if !g.Total {
		return page
	}
	members, keys := w.members(g, s, far)
	return list([]string{block("COUNT", append(members, "RETURN DISTINCT "+definitions(keys))), page})
}

func (w *writer) groupPage(g *plan.Groups, s, far scope) string {
	first, skip, err := g.Range(w.params)
	if err != nil {
		w.fail(err)
	}
	parts, keys := w.members(g, s, far)
	numbers := []string{fmt.Sprintf("size%d", far.depth)}
	with := definitions(keys) + ", count(*) AS " + numbers[0]
	for i, l := range g.Distinct {
		end, name := fmt.Sprintf("d%d_%d", far.depth, i), fmt.Sprintf("distinct%d_%d", far.depth, i)
		parts = append(parts, "OPTIONAL MATCH ("+far.node+")"+w.step(l, end))
		with += ", count(DISTINCT " + end + ") AS " + name
		numbers = append(numbers, name)
	}
	parts = append(parts, "WITH "+with,
		"ORDER BY "+numbers[0]+" DESC, "+groupOrder(keys),
		"SKIP "+w.set(w.base(g.Skip)+"_skip", int64(skip)),
		"LIMIT "+w.set(w.base(g.First)+"_rows", int64(first)+1))
	cells := func() string { return list(append(w.groupCells(g, keys, far), numbers...)) }
	text, before, _ := w.prepared(append(names(keys), numbers...), cells)
	return w.let(block("COLLECT", append(append(parts, before...), "RETURN "+text)), far.depth)
}

// groupKey is a key as the statement has it: the columns to group by, of which the
// first is the value or the node, and what groups of equal size are ordered by.
type groupKey struct {
	name    string
	link    string   // of a link: the pattern to the node
	columns []string // otherwise: what each is
	names   []string
	order   []string
}

// groupKeys prepares the keys of the members of groups. ends are the nodes at the ends of
// links that their condition has reached.
func (w *writer) groupKeys(g *plan.Groups, s scope, ends map[endOf]string) []groupKey {
	keys := make([]groupKey, len(g.By))
	for i, by := range g.By {
		k := groupKey{name: fmt.Sprintf("g%d_%d", s.depth, i)}
		switch of := s.node + "." + quote(by.Property); {
		case by.Link != nil && ends[endOf{s.node, by.Link}] != "":
			k.add(k.name, ends[endOf{s.node, by.Link}])
			k.order = []string{k.name + ".id"}
		case by.Link != nil:
			k.link = "(" + s.node + ")" + w.step(by.Link, k.name)
			k.order = []string{k.name + ".id"}
		case by.Year:
			k.add(k.name, "toInteger(left("+of+", 4))")
		default:
			k.scalar(by, s)
		}
		keys[i] = k
	}
	return keys
}

// scalar groups by a scalar, and by what it is ordered by, which is the same for the
// same value.
func (k *groupKey) scalar(by plan.GroupKey, s scope) {
	for _, c := range columns(by.Kind) {
		k.add(k.name+c, s.node+"."+quote(by.Property+c))
	}
}

func (k *groupKey) add(name, column string) {
	k.columns, k.names, k.order = append(k.columns, column), append(k.names, name), append(k.order, name)
}

// members writes the nodes that are grouped, with the nodes that are keys.
func (w *writer) members(g *plan.Groups, s, far scope) (parts []string, keys []groupKey) {
	found := w.matching(g.From, g.Where, s, far, whole)
	parts = found.clauses(nil)
	if found.distinct {
		parts = append(parts, "WITH DISTINCT "+far.node)
		found.ends = nil
	}
	keys = w.groupKeys(g, far, found.ends)
	for _, k := range keys {
		if k.link != "" {
			parts = append(parts, "OPTIONAL MATCH "+k.link)
		}
	}
	return parts, keys
}

// names lists what the keys are called.
func names(keys []groupKey) []string {
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = k.name
	}
	return all
}

// definitions writes the keys with their names.
func definitions(keys []groupKey) string {
	var all []string
	for _, k := range keys {
		if k.link != "" {
			all = append(all, k.name)
		}
		for i, c := range k.columns {
			all = append(all, c+" AS "+k.names[i])
		}
	}
	return strings.Join(all, ", ")
}

// groupOrder writes the order of groups of equal size. Neo4j puts missing values last.
func groupOrder(keys []groupKey) string {
	var all []string
	for _, k := range keys {
		all = append(all, k.order...)
	}
	return strings.Join(all, ", ")
}

// groupCells writes the keys as cells: scalars, and nodes as rows.
func (w *writer) groupCells(g *plan.Groups, keys []groupKey, s scope) []string {
	cells := make([]string, len(keys))
	for i, k := range keys {
		cells[i] = k.name
		if by := &g.By[i]; by.Link != nil {
			row := w.row(&by.Row, scope{node: k.name, depth: s.depth, types: by.Row.Types})
			cells[i] = fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN %s END", k.name, row)
		}
	}
	return cells
}
