// Package cypher turns plans and change batches into Cypher statements: text and
// parameters together, names from the catalog only, values as parameters only. It
// runs nothing; package neo4jstore does.
package cypher

import (
	"fmt"
	"strconv"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

// Statement is a Cypher text with its parameters.
type Statement struct {
	Text   string
	Params map[string]any
	Slots  []int // of the root row: those that it brings, as a list where it brings several
	Dated  bool  // it brings the pair of that and the revision
}

// Query writes the statements that bring what the slots of the plan's root row ask for, but for
// computed and recorded fields, which no store brings. Each
// returns at most one record with one column, `answer`: lists of lists, because a
// record costs the driver far more than what it holds. Package neo4jstore reads them.
//
// A constant is the parameter $p0, $p1 and so on, a variable NAME is $v_NAME; a
// suffix says in which form. The text depends on the variables only where a cursor
// is given: its missing values change what "after" means.
//
// Where there are computed fields, the last statement brings the revision along, which
// those are going to ask for.
func Query(p *plan.Plan, params plan.Params) ([]Statement, error) {
	var statements []Statement
	all := together(p.Query.Slots)
	for i, slots := range all {
		w := writer{cat: p.Catalog, params: params, out: map[string]any{}, dated: i == len(all)-1 && len(plan.AllComputed(p)) > 0}
		text := w.roots(p.Query.Slots, slots)
		if w.err != nil {
			return nil, w.err
		}
		statements = append(statements, Statement{Text: text, Params: w.out, Slots: slots, Dated: w.dated})
	}
	return statements, nil
}

// Revision brings the number of the newest change.
var Revision = Statement{Text: matchRevision + " AS answer"}

const matchRevision = "MATCH (m:NicgraphMeta {id: 'nicgraph'})\nRETURN m.revision"

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
	dated  bool  // the revision comes along
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
	return w.returned(before, text)
}

// returned ends a statement with what it brings, and with the revision where that comes along. A later
// part reads that, so that it is never of an earlier moment than the rows: Neo4j lets others write
// meanwhile, and what an earlier revision says of such rows would not be checked.
func (w *writer) returned(before []string, answer string) string {
	if w.dated {
		before = append(before, "WITH "+answer+" AS found")
		answer = list([]string{"found", "head(" + block("COLLECT", []string{matchRevision}) + ")"})
	}
	return strings.Join(append(before, "RETURN "+answer+" AS answer"), "\n")
}

func (w *writer) findAll(read *plan.FindAll) string {
	ids := w.param(read.IDs, "")
	match := fmt.Sprintf("UNWIND range(0, size(%s) - 1) AS i\n%s", ids, matchOf(ids+"[i]", read.Exact))
	found := w.found(match, read.Types, read.Where)
	row, before, _ := w.prepared([]string{"i", "n"}, func() string { return w.row(&read.Row, scope{node: "n", types: read.Row.Types}) })
	before = append(before, "WITH i, "+row+" AS row")
	return found + w.returned(before, "collect([i, row])")
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

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}
