package cypher

import (
	"fmt"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

// All nodes of a type in the order of how many facts of some kind each has: to look at the facts
// of one node after the other is to jump about in the store, and takes twice as long as to read
// all facts as they lie and to see where they lead. Neo4j begins with the facts where these have
// a label and the nodes have none; those without any fact are added.

// tallies tells whether an order counts facts for all nodes of a type, by no other key that must
// be worked out.
func tallies(m *plan.Many, ks []sortKey) bool {
	_, scan := m.From.(plan.Scan)
	if !scan || len(conjuncts(m.Where)) > 0 || ks[0].Count == nil || ks[0].Path != nil {
		return false
	}
	for _, k := range ks[1:] {
		if k.computed() {
			return false
		}
	}
	fact, where := facts(ks[0].Count)
	return fact.Direction == catalog.In && len(conjuncts(where)) > 0
}

// facts are the link to what is counted, or passed over, and what that must meet.
func facts(c *plan.Count) (link *catalog.Link, where plan.Filter) {
	if c.Link.Shortcut != nil {
		return c.Link.Shortcut.Fact, c.Facts
	}
	return c.Link, c.Where
}

// tally writes the nodes with their counts.
func (w *writer) tally(k *sortKey, s scope) string {
	link, _ := facts(k.Count)
	far := s.below(k.Count.Link.Targets)
	fact, number := far.node, "count(*)"
	if k.Count.Link.Shortcut != nil {
		fact, number = factOf(far), "count(DISTINCT "+far.node+")"
	}
	are := []string{fact + ":" + labels(w.cat, link.Targets)}
	if endsOf(w.cat, link.Relationship)&^s.types != 0 {
		are = append(are, s.node+":"+labels(w.cat, s.types))
	}
	some := narrow(w.factsOf(k.Count, s, far), are) // a condition that always holds is not written
	some = append(some, fmt.Sprintf("RETURN %s, %s AS %s", s.node, number, k.name))
	none := []string{
		"MATCH (" + s.node + ":" + labels(w.cat, s.types) + ")",
		"WHERE NOT " + block("EXISTS", w.factsOf(k.Count, s, far)),
		fmt.Sprintf("RETURN %s, 0 AS %s", s.node, k.name),
	}
	return "CALL () {\n" + indent(strings.Join(some, "\n")) + "\n  UNION ALL\n" + indent(strings.Join(none, "\n")) + "\n}"
}

// factsOf writes what is counted at a node.
func (w *writer) factsOf(c *plan.Count, s, far scope) []string {
	return w.match(plan.Follow{Link: c.Link, Facts: c.Facts}, s, far).clauses(w.conditions(c.Where, far))
}
