package cypher

import (
	"maps"
	"slices"

	"nicgraph/internal/change"
)

// Aliases are nodes of their own beside the graph:
//
//	NicgraphAlias    an alias that stands: id, into (as it was merged), node (for which it stands in the
//	                 end, so that one step leads there), since (the change that made it)
//	NicgraphAliased  what a change did to one: change, id, into, since (the change itself: it made it;
//	                 an earlier one: it ended it)
var aliasSchema = []string{
	"CREATE CONSTRAINT nicgraph_alias IF NOT EXISTS FOR (a:NicgraphAlias) REQUIRE a.id IS UNIQUE",
	"CREATE INDEX nicgraph_alias_node IF NOT EXISTS FOR (a:NicgraphAlias) ON (a.node)",
	"CREATE CONSTRAINT nicgraph_aliased IF NOT EXISTS FOR (a:NicgraphAliased) REQUIRE (a.change, a.id) IS UNIQUE",
}

const aliasRow = "[a.id, a.into, a.since]"

// Aliases asks for all aliases that stand: triples of id, the id into which its node was merged, and the
// number of the change that did it.
var Aliases = Statement{Text: "MATCH (a:NicgraphAlias)\nRETURN collect(" + aliasRow + ") AS answer"}

// AliasesOf asks which of some ids stand for others: rows as Aliases has them, then the node for which it
// stands and whether that is there.
func AliasesOf(ids []string) Statement {
	return Statement{
		Text:   "MATCH (a:NicgraphAlias)\nWHERE a.id IN $ids\nRETURN collect([a.id, a.into, a.since, a.node, EXISTS { MATCH (:Node {id: a.node}) }]) AS answer",
		Params: map[string]any{"ids": ids},
	}
}

// AliasesTo asks which ids stand for some nodes: rows as Aliases has them.
func AliasesTo(nodes []string) Statement {
	return Statement{
		Text:   "MATCH (a:NicgraphAlias)\nWHERE a.node IN $nodes\nRETURN collect(" + aliasRow + ") AS answer",
		Params: map[string]any{"nodes": nodes},
	}
}

// AliasedBy asks what a change did to aliases: rows as Aliases has them, by id.
func AliasedBy(number int) Statement {
	return Statement{
		Text:   "MATCH (a:NicgraphAliased {change: $number})\nWITH a ORDER BY a.id\nRETURN collect(" + aliasRow + ") AS answer",
		Params: map[string]any{"number": number},
	}
}

// AliasedAfter asks for the first thing that the changes after one did to each alias: rows as Aliases
// has them, then the number of the change.
func AliasedAfter(number int) Statement {
	return Statement{
		Text: `MATCH (a:NicgraphAliased)
WHERE a.change > $number
WITH a ORDER BY a.change
WITH a.id AS id, head(collect(a)) AS a
RETURN collect([a.id, a.into, a.since, a.change]) AS answer`,
		Params: map[string]any{"number": number},
	}
}

// Alias writes what a change did to aliases. near are those that stand after it and may lead elsewhere than
// before.
func Alias(number int, aliased []change.Alias, near change.Aliases) []Statement {
	var ended []string
	said := make([]any, len(aliased))
	for i, a := range aliased {
		said[i] = map[string]any{"change": number, "id": a.ID, "into": a.Into, "since": a.Since}
		if a.Until > 0 {
			ended = append(ended, a.ID)
		}
	}
	all := chunks(putAliased, said)
	if len(ended) > 0 {
		all = append(all, Statement{Text: "MATCH (a:NicgraphAlias)\nWHERE a.id IN $ids\nDELETE a", Params: map[string]any{"ids": ended}})
	}
	return append(all, putAliases(near)...)
}

const putAliased = "UNWIND $rows AS row\nCREATE (a:NicgraphAliased)\nSET a = row"

// putAliases writes aliases that stand, all that lead to each other together.
func putAliases(all change.Aliases) []Statement {
	var rows []any
	for _, id := range slices.Sorted(maps.Keys(all)) {
		a := all[id]
		rows = append(rows, map[string]any{"id": a.ID, "into": a.Into, "since": a.Since, "node": all.Node(id)})
	}
	return chunks("UNWIND $rows AS row\nMERGE (a:NicgraphAlias {id: row.id})\nSET a = row", rows)
}

// MisledAliases asks for aliases of which the node is not that to which the steps lead: ten at most.
var MisledAliases = Statement{Text: `MATCH (a:NicgraphAlias)
OPTIONAL MATCH (next:NicgraphAlias {id: a.into})
WITH a, coalesce(next.node, a.into) AS node
WHERE a.node <> node
WITH a.id AS id ORDER BY id LIMIT 10
RETURN collect(id) AS answer`}
