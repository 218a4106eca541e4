package cypher

import (
	"fmt"

	"nicgraph/internal/catalog"
)

// kept is the condition on n to be part of a backup: tokens are not.
const kept = "(n:Node OR n:NicgraphMeta OR n:NicgraphChange OR n:NicgraphCreated OR n:NicgraphState OR n:NicgraphAlias OR n:NicgraphAliased OR n:NicgraphProposal OR n:NicgraphHidden)"

// AllNodes asks for everything that a backup holds, a record each: labels and properties.
var AllNodes = Statement{Text: "MATCH (n)\nWHERE " + kept + "\nRETURN [labels(n), properties(n)] AS answer"}

// AllLinks asks for the links of the graph, a record each: type, and the ids of both ends.
var AllLinks = Statement{Text: "MATCH (n:Node)-[r]->(m:Node)\nRETURN [type(r), n.id, m.id] AS answer"}

// Anything asks whether there is anything that a backup would bring.
var Anything = Statement{Text: "RETURN EXISTS { MATCH (n)\nWHERE " + kept + " AND NOT n:NicgraphMeta } AS answer"}

// PutNodes writes nodes with some labels as they were. What stands in the meta node is put
// over that which is there.
func PutNodes(labels []string, rows []any) []Statement {
	names := ""
	for _, label := range labels {
		names += ":" + quote(label)
	}
	text := "UNWIND $rows AS row\nCREATE (n" + names + ")\nSET n = row"
	if len(labels) == 1 && labels[0] == "NicgraphMeta" {
		text = "UNWIND $rows AS row\nMERGE (n:NicgraphMeta {id: row.id})\nSET n += row"
	}
	return chunks(text, rows)
}

// PutLinks writes links of one type: pairs of the ids of their ends.
func PutLinks(relationship string, rows []any) []Statement {
	return chunks("UNWIND $rows AS row\nMATCH (n:Node {id: row[0]}), (m:Node {id: row[1]})\nCREATE (n)-[:"+quote(relationship)+"]->(m)", rows)
}

// Unequal asks for nodes of which the list of a link's ends is not what the links lead to: ten
// ids at most.
func Unequal(t *catalog.Type, l *catalog.Link) Statement {
	ids := "n." + quote(l.Name+idsSuffix)
	return Statement{Text: fmt.Sprintf(`MATCH (n:%s)
WITH n, COLLECT { MATCH (n)%s(m:Node) RETURN m.id } AS ends
WHERE %s IS NULL OR size(ends) <> size(%s) OR any(id IN ends WHERE NOT id IN %s)
WITH n.id AS id ORDER BY id LIMIT 10
RETURN collect(id) AS answer`, quote(t.Name), arrow(l), ids, ids, ids)}
}
