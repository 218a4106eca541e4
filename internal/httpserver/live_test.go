package httpserver

import (
	"context"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// mute is an executor that has no answers.
type mute struct{ graphql.GraphExecutor }

func (mute) DispatchOperation(ctx context.Context, _ *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	return func(context.Context) *graphql.Response { return nil }, ctx
}

// held is a context that leads to some memory, and the memory, for as long as something holds on to it.
func held(parent context.Context) (context.Context, weak.Pointer[[1024]byte]) {
	memory := new([1024]byte)
	return context.WithValue(parent, name{}, memory), weak.Make(memory)
}

// The server and a connection outlast what comes and goes on them, and would grow by each.
func TestWhatHasEndedIsHeldByNobody(t *testing.T) {
	server := newDrain()
	connection, end := context.WithCancel(server.base(nil))
	defer end()
	l := &lasting{api: &api{}, endpoint: &transport{timeout: time.Minute}}
	for what, runs := range map[string]func() weak.Pointer[[1024]byte]{
		"a connection of a server": func() weak.Pointer[[1024]byte] {
			ctx, memory := held(server.base(nil))
			_, end := l.until(ctx, httptest.NewRequestWithContext(ctx, "GET", "/", nil))
			end()
			return memory
		},
		"an operation of a connection": func() weak.Pointer[[1024]byte] {
			c := &carried{GraphExecutor: mute{}, lasting: l, until: connection, ended: func(served, time.Duration) {}}
			own, leave := context.WithCancel(connection)
			defer leave()
			ctx, memory := held(own)
			s, ctx := c.start(ctx, &graphql.OperationContext{Operation: &ast.OperationDefinition{Operation: ast.Query}})
			s.next(ctx)
			return memory
		},
	} {
		memory := runs()
		for wait := time.Now().Add(5 * time.Second); memory.Value() != nil; runtime.GC() {
			if time.Now().After(wait) {
				t.Errorf("%s is held on to when it has ended", what)
				break
			}
		}
	}
	runtime.KeepAlive(server)
	runtime.KeepAlive(connection)
}
