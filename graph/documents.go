package graph

import (
	"context"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// longestKept bounds the text of a document that is kept: programs that write a new
// long one for every request would push everybody else's out.
const longestKept = 32 << 10

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
