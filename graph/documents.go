package graph

import (
	"context"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/plan"
)

// longestKept bounds the text of a document that is kept. What is kept takes some twenty
// times the text, so programs that write a new long one for every request would fill the
// memory and push everybody else's out.
const longestKept = 8 << 10

// longestStructure bounds what variables may add to a plan that is kept, and
// longestConstant the introspection that it holds.
const (
	longestStructure = 4 << 10
	longestConstant  = 64 << 10
)

// kept tells whether a plan is kept for the next time. One whose document is not kept
// would never be found again.
func kept(text, structure string, p *plan.Plan) bool {
	if len(text) > longestKept || len(structure) > longestStructure {
		return false
	}
	constant := 0
	for _, field := range p.Shape.Fields {
		if c, ok := field.Out.(plan.Const); ok {
			constant += len(c.JSON)
		}
	}
	return constant <= longestConstant
}

// Documents is a cache of validated documents, gqlgen's graphql.Cache.
type Documents struct {
	cache *lru.Cache[string, *ast.QueryDocument]
}

// Get finds the document of a text.
func (d Documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	return d.cache.Get(text)
}

// Add keeps a document that has passed the limits and validation.
func (d Documents) Add(_ context.Context, text string, doc *ast.QueryDocument) {
	if len(text) <= longestKept {
		d.cache.Add(text, doc)
	}
}
