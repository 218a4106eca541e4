package cypher

import (
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/search"
	"nicgraph/internal/value"
)

// searchProperty holds the terms by which a node is found, parted by spaces. They are
// ours, so the index that reads them parts them at spaces and does nothing else.
const searchProperty = "searchTerms"

const searchIndex = "CREATE FULLTEXT INDEX nicgraph_search IF NOT EXISTS FOR (n:Node) ON EACH [n." + searchProperty +
	"] OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}"

// searchTerms is what a node's searchProperty holds, nil when nothing finds it.
func searchTerms(n *change.Node) any {
	document := search.NewDocument(n.Type, n.ID, func(p *catalog.Property) value.Value { return n.Values[p.Index] })
	if terms := document.Terms(); len(terms) > 0 {
		return strings.Join(terms, " ")
	}
	return nil
}

// Candidates asks for the nodes of some types that have a term of a query: for each its
// type, its id, and the values of search.Fields. The query has terms.
func Candidates(c *catalog.Catalog, q search.Query, types catalog.TypeSet) Statement {
	cells := []string{"n." + typeProperty, "n.id"}
	for _, name := range search.Fields() {
		cells = append(cells, "n."+quote(name))
	}
	return Statement{
		Text: "CALL db.index.fulltext.queryNodes('nicgraph_search', $terms) YIELD node AS n\n" +
			"WHERE n:" + labels(c, types) + "\nRETURN collect(" + list(cells) + ") AS answer",
		Params: map[string]any{"terms": lucene(q)},
	}
}

// lucene writes the terms of a query in Lucene's language: some of them must be there.
// Terms hold nothing but letters, marks and digits in lower case, which mean themselves.
func lucene(q search.Query) string {
	whole, prefix := q.Terms()
	text := strings.Join(whole, " OR ")
	switch {
	case prefix == "":
		return text
	case text == "":
		return prefix + "*"
	default:
		return text + " OR " + prefix + "*"
	}
}
