package httpserver

import (
	"context"

	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
)

// longestCached keeps documents written by programs to fill the memory out of the cache.
const longestCached = 32 << 10

// documentCache keeps parsed documents by their text, the recently used ones, and no very long ones.
type documentCache struct {
	*lru.LRU[*ast.QueryDocument]
}

func newDocumentCache(size int) documentCache {
	return documentCache{lru.New[*ast.QueryDocument](size)}
}

func (c documentCache) Add(ctx context.Context, text string, doc *ast.QueryDocument) {
	if len(text) <= longestCached {
		c.LRU.Add(ctx, text, doc)
	}
}
