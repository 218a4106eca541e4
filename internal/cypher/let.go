package cypher

import (
	"fmt"
	"slices"
	"strings"
)

// Neo4j takes a subquery that counts groups, however deep inside, only where it stands
// alone behind a WITH. So such a subquery gets a name there, and the row has the name.

// let gives a subquery a name before the row that is being written.
func (w *writer) let(subquery string, depth int) string {
	name := fmt.Sprintf("let%d_%d", depth, len(w.lets))
	w.lets = append(w.lets, subquery+" AS "+name)
	return name
}

// prepared writes an expression and the clause that it needs before it, if any, which
// carries on what the expression speaks of.
func (w *writer) prepared(carry []string, expression func() string) (text string, before []string) {
	outer := w.lets
	w.lets = nil
	text = expression()
	if len(w.lets) > 0 {
		before = []string{"WITH " + strings.Join(slices.Concat(carry, w.lets), ", ")}
	}
	w.lets = outer
	return text, before
}

// collect writes a subquery that brings a list of rows.
func (w *writer) collect(parts, carry []string, depth int, row func() string) string {
	text, before := w.prepared(carry, row)
	subquery := block("COLLECT", append(append(parts, before...), "RETURN "+text))
	if before != nil {
		return w.let(subquery, depth)
	}
	return subquery
}
