package cypher

import (
	"fmt"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

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

// each returns the nodes of a source, each once.
func (s source) each(node string) []string {
	word := "RETURN "
	if s.distinct {
		word = "RETURN DISTINCT "
	}
	return append(s.clauses(nil), word+node)
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

// match writes the pattern from the scope's node to the far nodes.
func (w *writer) match(from plan.From, s, far scope) source {
	switch from := from.(type) {
	case plan.Scan:
		return source{match: fmt.Sprintf("MATCH (%s:%s)", far.node, labels(w.cat, from.Types))}
	case plan.Follow:
		if from.Link.Shortcut != nil {
			return w.shortcut(from, s, far)
		}
		return source{match: "MATCH (" + s.node + ")" + w.step(from.Link, far.node)}
	case plan.Between:
		cut := from.Link.Shortcut
		return source{match: "MATCH (" + s.start + ")" + w.step(cut.Fact, far.node) + arrow(cut.Far) + "(" + s.node + ")"}
	default:
		panic(fmt.Sprintf("cypher: from %T", from))
	}
}

// shortcut writes the pattern past the facts. The fact has a name where a condition speaks of it.
func (w *writer) shortcut(from plan.Follow, s, far scope) source {
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
