// Package prepared is how an executor hands over an operation that it has made ready, so that whoever
// serves can have it answered, and answered again, without reading the request anew. How an operation
// is made ready and what answers it is left to the executor.
package prepared

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/effort"
)

// Operation is a query that is ready: its document, its variables and its arguments have been checked.
// It may be answered by many goroutines at once, and for anybody: who asks is in the context.
type Operation interface {
	// Answer answers it from what the graph is now. The headers are those of the request.
	Answer(ctx context.Context, header http.Header) Answer

	// Lasting tells whether it is worth keeping for the next time it is asked for: it holds little memory.
	Lasting() bool
}

// Answer is what came of an operation.
type Answer struct {
	Data       []byte // JSON; nil when the operation could not be carried out
	Errors     gqlerror.List
	Extensions map[string]any
	Spent      effort.Spent

	room *Room
}

// key is the name under which an operation context keeps what is ready.
const key = "nicgraph.prepared"

// Leave leaves what an executor has made ready where it finds it again, and whoever serves, too, when it
// is an Operation.
func Leave(oc *graphql.OperationContext, ready any) { oc.Stats.SetExtension(key, ready) }

// Left is what was left, nil when there is nothing.
func Left(oc *graphql.OperationContext) any { return oc.Stats.GetExtension(key) }

// Of is the Operation that was left, nil when there is none.
func Of(oc *graphql.OperationContext) Operation {
	op, _ := Left(oc).(Operation)
	return op
}
