package cypher

import (
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

// What nodes must meet at the end of a link can be written as a subquery, which Neo4j asks
// of one node after the other, or as a pattern beside theirs, of which it may begin at
// either end. A page in the order of an index stops early, and wants the subquery: from
// the other end all nodes would have to be found and sorted for each page, and Neo4j, which
// knows averages only, takes that way even where one thing has most of the links. Who must
// see all nodes wants the pattern. So does who begins to read all pages: mostly there is one.

// reading is how the nodes of a type are read.
type reading bool

const (
	inOrder reading = false // as an index brings them, until there are enough
	whole   reading = true  // all, in any order
)

// matching writes the nodes from somewhere that meet a condition.
func (w *writer) matching(from plan.From, where plan.Filter, s, far scope, how reading) source {
	found := w.match(from, s, far)
	found.where = slices.Clip(found.where)
	if _, scan := from.(plan.Scan); scan && how == whole {
		w.patterns(&found, where, far)
	} else {
		found.where = append(found.where, w.conditions(where, far)...)
	}
	return found
}

// patterns adds a condition: patterns, and what else must hold. Each is a match of its own:
// within one, Neo4j follows no relationship twice. Only one of them goes to many nodes,
// since those of two would meet in all ways.
func (w *writer) patterns(found *source, where plan.Filter, s scope) {
	for _, part := range conjuncts(where) {
		linked, _ := part.(plan.Linked)
		if !isPattern(part) || linked.Link.Many && found.distinct {
			found.where = append(found.where, w.conditions(part, s)...)
			continue
		}
		end, known := found.ends[endOf{s.node, linked.Link}]
		rest := linked.Where
		if !known {
			end = w.nameEnd(s.depth)
			rest = w.reach(found, linked, s, end)
		}
		w.patterns(found, rest, scope{node: end, depth: s.depth, types: linked.Link.Targets})
	}
}

// endOf is the end of a link from a node.
type endOf struct {
	node string
	link *catalog.Link
}

// reach adds the pattern to the end of a link, and returns what it leaves to ask of the end.
// The pattern has the label of those that can meet it, without which no index would lead there.
func (w *writer) reach(found *source, linked plan.Linked, s scope, end string) (rest plan.Filter) {
	l := linked.Link
	types, rest := plan.Narrow(l.Targets, linked.Where)
	next := w.match(plan.Follow{Link: l, Facts: linked.Facts}, s, scope{node: end, depth: s.depth, types: l.Targets})
	found.match += "\n" + next.match
	found.where = append(found.where, next.where...)
	if l.Shortcut != nil || w.label(l) == "" || types != l.Targets { // the others have it in the match
		found.where = append(found.where, end+":"+labels(w.cat, types))
	}
	switch {
	case l.Many:
		found.distinct = true
	case found.ends == nil:
		found.ends = map[endOf]string{{s.node, l}: end}
	default:
		found.ends[endOf{s.node, l}] = end
	}
	return rest
}

// conjuncts are the conditions that must all hold.
func conjuncts(f plan.Filter) []plan.Filter {
	switch f := f.(type) {
	case nil:
		return nil
	case plan.And:
		var all []plan.Filter
		for _, part := range f {
			all = append(all, conjuncts(part)...)
		}
		return all
	default:
		return []plan.Filter{f}
	}
}

// isPattern tells whether a condition can be written as a pattern: there is something at the
// end of a link. That there is anything at all, one look tells.
func isPattern(f plan.Filter) bool {
	linked, ok := f.(plan.Linked)
	return ok && linked.Quant == plan.Some && (linked.Where != nil || linked.Facts != nil)
}

// spansLinks tells whether a page is of all nodes that meet a condition on linked ones.
// These are looked for once where their number is asked for too.
func spansLinks(m *plan.Many) bool {
	_, scan := m.From.(plan.Scan)
	return scan && slices.ContainsFunc(conjuncts(m.Where), isPattern)
}
