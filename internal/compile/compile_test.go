package compile_test

import (
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/graph"
	"nicgraph/internal/compile"
)

func TestX(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL()})
	d, err := graph.Domain()
	if err != nil { t.Fatal(err) }
	c := compile.New(schema, d.Catalog())
	q := `query($n: Int, $id: ID!, $k: [OrganizationKind!]) {
  organization(id: $id) { name kind learners(first: 3, orderBy: [{name: DESC}]) { totalCount edges { cursor node { id __typename ... on Person { summary } ...N } learnings(first: $n) { nodes { id practice { name } } } } } }
  organizations(first: $n, where: {kind: {in: $k}, or: [{name: {contains: "core"}}, {learningsAsLearner: {count: {gte: 2, where: {started: {after: "2015"}}}}}]}) { pageInfo { endCursor } nodes { id } }
  __typename
}
fragment N on Network { hub { name } }`
	doc, errs := gqlparser.LoadQuery(schema, q)
	if errs != nil { t.Fatal(errs) }
	op := c.Operation(doc.Operations[0])
	key, params, err := op.Specialize(map[string]any{"n": 5, "id": "x", "k": []any{"SCHOOL"}})
	if err != nil { t.Fatal(err) }
	p, err := op.Plan(map[string]any{"n": int64(5), "id": "x", "k": []any{"SCHOOL"}})
	if err != nil { t.Fatal(err) }
	t.Log(key, params)
	t.Log("\n" + p.String())
}
