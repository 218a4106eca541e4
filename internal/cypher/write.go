package cypher

import (
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/search"
	"nicgraph/internal/value"
)

// batchRows bounds the rows that one statement writes.
const batchRows = 1000

// Upsert is a node to write: its wanted state and its present one, nil when it is new.
type Upsert struct{ New, Old *change.Node }

// Types asks for the types of nodes: pairs of id and type name, of those that exist.
func Types(ids []string) Statement {
	return Statement{
		Text:   "MATCH (n:Node)\nWHERE n.id IN $ids\nRETURN collect([n.id, n." + typeProperty + "]) AS answer",
		Params: map[string]any{"ids": ids},
	}
}

// State asks for the whole state of nodes of a type: a row each of those that exist,
// with the values by Property.Index and then the ids of the links by Link.Index.
func State(t *catalog.Type, ids []string) Statement {
	return Statement{
		Text:   "UNWIND $ids AS id\nMATCH (n:Node {id: id})\nWHERE n:" + quote(t.Name) + "\nRETURN collect(" + stateOf(t) + ") AS answer",
		Params: map[string]any{"ids": ids},
	}
}

// StatesAfter asks for the whole states of the nodes of a type, rows as State has them, in the
// order of their ids from the one after an id on.
func StatesAfter(t *catalog.Type, id string) Statement {
	return Statement{
		Text:   "MATCH (n:" + quote(t.Name) + ")\nWHERE n.id > $id\nWITH n ORDER BY n.id LIMIT $first\nRETURN collect(" + stateOf(t) + ") AS answer",
		Params: map[string]any{"id": id, "first": batchRows},
	}
}

// stateOf is the whole state of n, of a type.
func stateOf(t *catalog.Type) string {
	w, s := writer{}, scope{node: "n"}
	var cells []string
	for _, p := range t.Properties {
		cells = append(cells, "n."+quote(p.Name))
	}
	for _, l := range t.Out {
		cells = append(cells, w.targets(l, s))
	}
	return list(cells)
}

// Write writes nodes: first the nodes with their properties, type by type, then the
// links that differ. Each statement takes a bounded number of rows.
func Write(nodes []Upsert) []Statement {
	var all []Statement
	for _, group := range byType(nodes) {
		all = append(all, chunks(mergeText(group[0].New.Type), properties(group))...)
	}
	old, wanted := links(nodes)
	for _, rel := range old {
		all = append(all, chunks("UNWIND $rows AS id\nMATCH (:Node {id: id})-[r:"+quote(rel.name)+"]->()\nDELETE r", rel.rows)...)
	}
	for _, rel := range wanted {
		all = append(all, chunks("UNWIND $rows AS row\nMATCH (n:Node {id: row[0]}), (m:Node {id: row[1]})\nCREATE (n)-[:"+quote(rel.name)+"]->(m)", rel.rows)...)
	}
	return all
}

// Unlink removes what nodes that are to be deleted point at.
func Unlink(ids []string) Statement {
	return Statement{
		Text:   "UNWIND $ids AS id\nMATCH (:Node {id: id})-[r]->()\nDELETE r",
		Params: map[string]any{"ids": ids},
	}
}

// LinkedTo asks which nodes still point at some: pairs of the id and the other's id.
func LinkedTo(c *catalog.Catalog, ids []string) Statement {
	return Statement{
		Text:   "UNWIND $ids AS id\nMATCH (:Node {id: id})<-[:" + relationships(c) + "]-(other:Node)\nWITH DISTINCT id, other.id AS other\nORDER BY id, other\nRETURN collect([id, other]) AS answer",
		Params: map[string]any{"ids": ids},
	}
}

// Delete deletes nodes.
func Delete(ids []string) Statement {
	return Statement{
		Text:   "UNWIND $ids AS id\nMATCH (n:Node {id: id})\nDETACH DELETE n",
		Params: map[string]any{"ids": ids},
	}
}

func relationships(c *catalog.Catalog) string {
	seen := map[string]bool{}
	var names []string
	for _, t := range c.Types {
		for _, l := range t.Out {
			if !seen[l.Relationship] {
				seen[l.Relationship] = true
				names = append(names, quote(l.Relationship))
			}
		}
	}
	return strings.Join(names, "|")
}

// chunks repeats a statement for each thousand rows.
func chunks(text string, rows []any) []Statement {
	var all []Statement
	for len(rows) > 0 {
		n := min(batchRows, len(rows))
		all = append(all, Statement{Text: text, Params: map[string]any{"rows": rows[:n]}})
		rows = rows[n:]
	}
	return all
}

// byType groups nodes by their type, in the order in which the types first occur.
func byType(nodes []Upsert) [][]Upsert {
	at := map[*catalog.Type]int{}
	var groups [][]Upsert
	for _, n := range nodes {
		i, ok := at[n.New.Type]
		if !ok {
			i = len(groups)
			at[n.New.Type] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], n)
	}
	return groups
}

// mergeText gives a node its labels and sets our properties; a null removes one, and
// what other tools have added stays.
func mergeText(t *catalog.Type) string {
	names := "Node:" + quote(t.Name)
	for _, i := range t.Interfaces {
		if i.Name != "Node" {
			names += ":" + quote(i.Name)
		}
	}
	return "UNWIND $rows AS row\nMERGE (n:Node {id: row.id})\nSET n:" + names + ", n += row"
}

func properties(nodes []Upsert) []any {
	rows := make([]any, len(nodes))
	for i, n := range nodes {
		rows[i] = stored(n.New)
	}
	return rows
}

// stored is a node's properties as they are kept: the values and what lets Neo4j
// compare them as we do.
func stored(n *change.Node) map[string]any {
	all := map[string]any{typeProperty: n.Type.Name}
	if len(search.Properties(n.Type)) > 0 {
		all[searchProperty] = searchTerms(n)
	}
	for _, p := range n.Type.Properties {
		v := n.Values[p.Index]
		all[p.Name] = native(v, "")
		for suffix, key := range derived(p.Kind, v) {
			all[p.Name+suffix] = key
		}
		if canMiss(p) {
			all[p.Name+noneSuffix] = mark(v, n.ID)
		}
	}
	for _, l := range n.Type.Out {
		if l.Many {
			all[l.Name+idsSuffix] = append([]string{}, n.Links[l.Index]...)
		}
	}
	return all
}

// derived is what stands beside a value of a kind, all null when it is missing.
func derived(kind value.Kind, v value.Value) map[string]any {
	switch {
	case kind == value.Text:
		return map[string]any{foldSuffix: native(v, foldSuffix), keySuffix: native(v, keySuffix)}
	case kind == value.Strings:
		return map[string]any{foldSuffix: foldAll(v.Strs())}
	case kind == value.Date && v.IsNull():
		return map[string]any{fromSuffix: nil, toSuffix: nil, writtenSuffix + fromSuffix: nil, writtenSuffix + toSuffix: nil}
	case kind == value.Date:
		return days(v.Str)
	default:
		return nil
	}
}

// days are the days of a stored date, and those that are written where they are others.
func days(date string) map[string]any {
	span, _ := value.ParseDate(date) // stored dates have been read before
	written, _ := value.ParseWritten(date)
	all := map[string]any{fromSuffix: span.From, toSuffix: span.To, writtenSuffix + fromSuffix: nil, writtenSuffix + toSuffix: nil}
	if written != span {
		all[writtenSuffix+fromSuffix], all[writtenSuffix+toSuffix] = written.From, written.To
	}
	return all
}

// mark is a node's id where a value is missing.
func mark(v value.Value, id string) any {
	if v.IsNull() {
		return id
	}
	return nil
}

func foldAll(texts []string) []string {
	folded := make([]string, len(texts))
	for i, t := range texts {
		folded[i] = value.Fold(t)
	}
	return folded
}

// relationship is the rows to write for one relationship type.
type relationship struct {
	name string
	rows []any
}

// links lists, per relationship type, the nodes whose old links go and the pairs that come.
func links(nodes []Upsert) (old, wanted []*relationship) {
	for _, n := range nodes {
		for _, l := range n.New.Type.Out {
			targets := n.New.Links[l.Index]
			if n.Old != nil {
				if slices.Equal(n.Old.Links[l.Index], targets) {
					continue
				}
				if len(n.Old.Links[l.Index]) > 0 {
					old = add(old, l.Relationship, n.New.ID)
				}
			}
			for _, id := range targets {
				wanted = add(wanted, l.Relationship, []any{n.New.ID, id})
			}
		}
	}
	return old, wanted
}

func add(all []*relationship, name string, row any) []*relationship {
	for _, r := range all {
		if r.name == name {
			r.rows = append(r.rows, row)
			return all
		}
	}
	return append(all, &relationship{name: name, rows: []any{row}})
}
