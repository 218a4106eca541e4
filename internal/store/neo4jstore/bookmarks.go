package neo4jstore

import (
	"context"
	"slices"
	"sync"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/internal/cypher"
)

// bookmarksFor is what makes a reader see all of what was written here, or read, before: a
// transaction with a bookmark begins when everything up to it has been applied.
func (s *Store) bookmarksFor(ctx context.Context) neo4j.BookmarkManager {
	if s.alone(ctx) {
		return new(waits)
	}
	return neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{})
}

// alone tells whether there can be no other server with the same data: the Community Edition knows
// no clusters. What does not tell its edition may be one of several.
func (s *Store) alone(ctx context.Context) bool {
	edition, err := s.readOnce(ctx, cypher.Statement{Text: "CALL dbms.components() YIELD edition\nRETURN edition AS answer"})
	return err == nil && edition == "community"
}

// waits are bookmarks for one server. What it has been waited for once stays applied, so that a
// bookmark with which something was run is not sent again: while nobody writes, none is. In a
// cluster the next server asked may not have come as far.
type waits struct {
	mu   sync.Mutex
	open neo4j.Bookmarks // not known to be applied
	done neo4j.Bookmarks // those last sent, and now applied
}

var _ neo4j.BookmarkManager = (*waits)(nil)

// GetBookmarks returns what the next transaction has to wait for.
func (w *waits) GetBookmarks(context.Context) (neo4j.Bookmarks, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.open), nil // nil as long as there are none
}

// UpdateBookmarks learns of a transaction that was sent bookmarks and returned others.
func (w *waits) UpdateBookmarks(_ context.Context, sent, returned neo4j.Bookmarks) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(sent) > 0 {
		w.open = slices.DeleteFunc(w.open, func(b string) bool { return slices.Contains(sent, b) })
		w.done = sent
	}
	for _, b := range returned {
		if !slices.Contains(w.done, b) && !slices.Contains(w.open, b) {
			w.open = append(w.open, b)
		}
	}
	return nil
}
