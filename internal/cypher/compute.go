package cypher

import (
	"fmt"
	"strings"

	"nicgraph/internal/plan"
)

// compute writes the keys that are no scalars of the node itself, so that each is
// worked out once per candidate; nothing when there are none.
func (w *writer) compute(ks []sortKey, s scope) []string {
	var ends, counts []string
	with := s.node
	for i := range ks {
		k := &ks[i]
		if k.Path != nil {
			ends = append(ends, w.path("OPTIONAL MATCH ", k.Key, s.node, k.node)...)
			with += ", " + k.node
		}
		if k.Count != nil {
			counts = append(counts, w.counting(k.Key, s, k.node)+" AS "+k.name)
		}
	}
	if ends == nil && counts == nil {
		return nil
	}
	return append(ends, "WITH "+strings.Join(append([]string{with}, counts...), ", "))
}

// carried lists what goes on from one clause to the next: the node and its keys.
func carried(ks []sortKey, s scope) []string {
	all := []string{s.node}
	for _, k := range ks {
		switch {
		case k.Count != nil:
			all = append(all, k.name)
		case k.Path != nil:
			all = append(all, k.node)
		}
	}
	return all
}

// path writes the links of a key from a node to the one at their end. Each is a match
// of its own: within one, Neo4j follows no relationship twice, and a thing may be its own
// parent.
func (w *writer) path(match string, k plan.Key, from, to string) []string {
	steps := make([]string, len(k.Path))
	for i, l := range k.Path {
		name := to
		if i < len(k.Path)-1 {
			name = fmt.Sprintf("%s_%d", to, i)
		}
		steps[i] = match + "(" + from + ")" + w.step(l, name)
		from = name
	}
	return steps
}

// counting writes the count of a key at a node. Past a path that breaks off it is missing.
func (w *writer) counting(k plan.Key, s scope, node string) string {
	at := scope{node: node, depth: s.depth, types: s.types}
	if k.Path != nil {
		at.types = k.Path[len(k.Path)-1].Targets
	}
	c := k.Count
	count := w.count(plan.Follow{Link: c.Link, Facts: c.Facts}, c.Where, at, at.below(c.Link.Targets))
	if k.Path != nil {
		return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN %s END", node, count)
	}
	return count
}

// keyOf writes the value of a key of a node.
func (w *writer) keyOf(k plan.Key, s scope) string {
	if k.Path == nil && k.Count == nil {
		return s.node + "." + quote(k.Property)
	}
	if k.Path == nil {
		return w.counting(k, s, s.node)
	}
	end := s.below(k.Path[len(k.Path)-1].Targets)
	value := end.node + "." + quote(k.Property)
	if k.Count != nil {
		value = w.counting(k, scope{depth: end.depth}, end.node)
	}
	return "head(" + block("COLLECT", append(w.path("MATCH ", k, s.node, end.node), "RETURN "+value)) + ")"
}

// known lists the slots of a page's row whose values its order has worked out.
func known(m *plan.Many, ks []sortKey) map[int]string {
	all := map[int]string{}
	for i, slot := range m.Keys {
		if ks[i].computed() {
			all[slot] = ks[i].column("")
		}
	}
	return all
}
