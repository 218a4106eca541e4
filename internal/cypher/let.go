package cypher

import (
	"fmt"
	"slices"
	"strings"
)

// Neo4j takes a subquery that counts groups, however deep inside, only where it stands
// alone behind a WITH. So such a subquery gets a name there, and the row has the name.

// let is a subquery with a name before a row.
type let struct {
	name, subquery string
	after          bool // it speaks of an earlier one, so that has to stand in a clause before
}

// let gives a subquery a name before the row that is being written.
func (w *writer) let(subquery string, depth int) string { return w.letBehind("", subquery, depth) }

// letBehind is let for a subquery that speaks of an earlier one by its name, empty for none.
func (w *writer) letBehind(earlier, subquery string, depth int) string {
	name := fmt.Sprintf("let%d_%d", depth, len(w.lets))
	w.lets = append(w.lets, let{name, subquery, earlier != ""})
	return name
}

// prepared writes an expression and the clauses that it needs before it, if any, which
// carry on what the expression speaks of.
func (w *writer) prepared(carry []string, expression func() string) (text string, before []string) {
	outer := w.lets
	w.lets = nil
	text = expression()
	before = clausesOf(carry, w.lets)
	w.lets = outer
	return text, before
}

// clausesOf works subqueries out, as many in a clause as can be.
func clausesOf(carry []string, lets []let) (clauses []string) {
	for len(lets) > 0 {
		n := 1 + slices.IndexFunc(lets[1:], func(l let) bool { return l.after })
		if n == 0 {
			n = len(lets)
		}
		clause, names := slices.Clone(carry), slices.Clone(carry)
		for _, l := range lets[:n] {
			clause, names = append(clause, l.subquery+" AS "+l.name), append(names, l.name)
		}
		clauses = append(clauses, "WITH "+strings.Join(clause, ", "))
		carry, lets = names, lets[n:]
	}
	return clauses
}

// collect writes a subquery that brings a list of rows. found names what it takes its rows from,
// where that was worked out before.
func (w *writer) collect(found string, parts, carry []string, depth int, row func() string) string {
	text, before := w.prepared(carry, row)
	subquery := block("COLLECT", append(append(parts, before...), "RETURN "+text))
	if before != nil {
		return w.letBehind(found, subquery, depth)
	}
	return subquery
}
