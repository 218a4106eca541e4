package cypher

import (
	"fmt"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

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

// bare tells whether a read follows no link.
func bare(read plan.Read) bool {
	switch read.(type) {
	case plan.Property, *plan.Computed:
		return true
	default:
		return false
	}
}

// one writes the node at the end of a to-one link, if the node meets some conditions.
func (w *writer) one(read *plan.One, conditions []string, s scope) string {
	far := s.below(read.Link.Targets)
	far.node = w.nameEnd(far.depth)
	found := w.match(plan.Follow{Link: read.Link}, s, far)
	match := found.clauses(append(conditions, w.conditions(read.Where, far)...))
	w.needs.ends = append(w.needs.ends, end{s.node, far.node, optional(match, s.node, far.node)})
	far.types = read.Row.Types
	return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN %s END", far.node, w.row(&read.Row, far))
}

// optional looks for the end of a link, which may be missing. Where a condition in an OPTIONAL MATCH compares
// a number, Neo4j before 5.26.31 counts in groups of what the match begins at: of nothing to count there is
// no group, and so no 0 that could meet the condition (neo4j/neo4j#13877). In an OPTIONAL CALL there is.
func optional(match []string, start, end string) string {
	if text := strings.Join(match, "\n"); !strings.Contains(text, "COUNT {") {
		return "OPTIONAL " + text
	}
	return block("OPTIONAL CALL ("+start+")", append(match, "RETURN "+end))
}

// nameEnd gives the end of a link a name.
func (w *writer) nameEnd(depth int) string {
	w.ends++
	return fmt.Sprintf("n%d_%d", depth, w.ends-1)
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
