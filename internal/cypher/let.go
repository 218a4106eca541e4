package cypher

import (
	"fmt"
	"slices"
	"strings"
)

// A row is an expression, and some of what it has is worked out in clauses before it.
//
// Neo4j takes a subquery that counts groups, however deep inside, only where it stands
// alone behind a WITH. So such a subquery gets a name there, and the row has the name.
//
// The ends of to-one links have names too: a subquery inside the row would take a fifth longer
// for each, since Neo4j works it out as an expression.

// needs is what a row needs worked out before it.
type needs struct {
	ends []end
	lets []let
}

// end is the node at the end of a to-one link.
type end struct{ start, name, match string }

// let is a subquery with a name before a row.
type let struct {
	name, subquery string
	after          bool // it speaks of an earlier one, so that has to stand in a clause before
}

// let gives a subquery a name before the row that is being written.
func (w *writer) let(subquery string, depth int) string { return w.letBehind("", subquery, depth) }

// letBehind is let for a subquery that speaks of an earlier one by its name, empty for none.
func (w *writer) letBehind(earlier, subquery string, depth int) string {
	name := fmt.Sprintf("let%d_%d", depth, len(w.needs.lets))
	w.needs.lets = append(w.needs.lets, let{name, subquery, earlier != ""})
	return name
}

// prepared writes an expression and the clauses that it needs before it, if any, which
// carry on what the expression speaks of. named tells whether subqueries have names there.
func (w *writer) prepared(carry []string, expression func() string) (text string, before []string, named bool) {
	outer := w.needs
	w.needs = needs{}
	text = expression()
	own := w.needs
	w.needs = outer
	if own.ends != nil {
		before = append(before, endsBefore(own.ends))
	}
	carry = slices.Clone(carry)
	for _, e := range own.ends {
		carry = append(carry, e.name)
	}
	return text, append(before, clausesOf(carry, own.lets)...), own.lets != nil
}

// endsBefore looks for the ends of links from a row's nodes. In a CALL of their own they cannot
// change the number of rows or their order, whatever way Neo4j takes.
func endsBefore(ends []end) string {
	var matches, starts, names []string
	for _, e := range ends {
		if !slices.Contains(names, e.start) && !slices.Contains(starts, e.start) {
			starts = append(starts, e.start)
		}
		matches, names = append(matches, e.match), append(names, e.name)
	}
	matches = append(matches, "RETURN "+strings.Join(names, ", "), "LIMIT 1")
	return "CALL (" + strings.Join(starts, ", ") + ") {\n" + indent(strings.Join(matches, "\n")) + "\n}"
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

// collect writes a subquery that brings a list of rows, or where it holds named ones, its own
// name. found names what it takes its rows from, where that was worked out before.
func (w *writer) collect(found string, parts, carry []string, depth int, row func() string) (text string, named bool) {
	text, before, named := w.prepared(carry, row)
	subquery := block("COLLECT", append(append(parts, before...), "RETURN "+text))
	if named {
		return w.letBehind(found, subquery, depth), true
	}
	return subquery, false
}
