package httpserver

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/fault"
)

// Live bounds what lasts: WebSockets, and answers that are streams of events. The zero value takes
// the defaults.
type Live struct {
	Ping        time.Duration // how often the other side is asked for a sign of life, and its token looked at again; 0: 20 s
	InitTimeout time.Duration // from the opening of a WebSocket to its connection_init; 0: 10 s
	Blocked     time.Duration // that a write may wait for a slow reader; 0: 30 s
	Sockets     int           // WebSockets at once; 0: 2,000
	Operations  int           // at once on one WebSocket; 0: 100
}

// WithDefaults is the same with what is not given.
func (l Live) WithDefaults() Live {
	setDefault(&l.Ping, 20*time.Second)
	setDefault(&l.InitTimeout, 10*time.Second)
	setDefault(&l.Blocked, 30*time.Second)
	setDefault(&l.Sockets, 2_000)
	setDefault(&l.Operations, 100)
	return l
}

// lively leads requests for what lasts to their carriers, past the compression, which would hold
// events back, and others on.
func lively(watched *api, endpoint *transport, c Config, others http.Handler) http.Handler {
	overEvents := watched.carriedBy(&events{endpoint, lasting{watched, endpoint, c.Live}})
	overSockets := watched.carriedBy(newSockets(lasting{watched, endpoint, c.Live}, c.MaxBody))
	overSockets.admit = nil // the token comes later, in connection_init
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch media, _ := negotiate(r.Header["Accept"]); {
		case r.Header["Upgrade"] != nil && strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
			overSockets.ServeHTTP(w, r)
		case media == mediaEvents:
			overEvents.ServeHTTP(w, r)
		default:
			others.ServeHTTP(w, r)
		}
	})
}

// lasting is what the carriers of what lasts have in common.
type lasting struct {
	api      *api
	endpoint *transport
	limits   Live
}

// until is a context that ends, with the reason as its cause, when ctx does, when the server shuts
// down, or when the token of a request is no longer valid.
func (l *lasting) until(ctx context.Context, r *http.Request) (context.Context, context.CancelFunc) {
	until, end := context.WithCancelCause(ctx)
	forget := func() {}
	if stopping := stoppingOf(r.Context()); stopping != nil {
		forget = endsWith(stopping.ctx, end)
	}
	if l.api.admit != nil && r.Header.Get("Authorization") != "" {
		go l.recheck(until, end, r)
	}
	return until, func() { forget(); end(context.Canceled) }
}

// endsWith has something end with ctx, for the same reason. It is to be forgotten when it has ended before:
// ctx, which may last as long as the server, would hold on to it.
func endsWith(ctx context.Context, end context.CancelCauseFunc) (forget func()) {
	stop := context.AfterFunc(ctx, func() { end(context.Cause(ctx)) })
	return func() { stop() }
}

// recheck asks now and then whether a token is still valid. What cannot be told now changes nothing.
func (l *lasting) recheck(until context.Context, end context.CancelCauseFunc, r *http.Request) {
	tick := time.NewTicker(l.limits.Ping)
	defer tick.Stop()
	for {
		select {
		case <-until.Done():
			return
		case <-tick.C:
		}
		if _, err := l.api.admit(r.WithContext(until)); fault.KindOf(err) == fault.Unauthenticated && until.Err() == nil {
			end(fault.New(fault.Unauthenticated, "the token is no longer valid; go on with a new one, behind the last change that came"))
		}
	}
}

// carried runs the operations of one connection: it bounds how many run at once, presents their
// errors, tells why one was ended, and has each logged.
type carried struct {
	graphql.GraphExecutor
	*lasting
	until  context.Context // ends all operations, with the reason as its cause
	viewer string
	most   int32
	count  atomic.Int32
	ended  func(served, time.Duration) // told of every operation that has ended
}

// CreateOperationContext reads and checks an operation.
func (c *carried) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	if c.count.Add(1) > c.most { // before it runs, for it begins at some later time
		c.count.Add(-1)
		err := fault.New(fault.Limit, "%d operations run on this connection, and it carries no more; end one first, or open another connection", c.most)
		return &graphql.OperationContext{}, gqlerror.List{c.endpoint.present(ctx, err)}
	}
	operation, errs := c.GraphExecutor.CreateOperationContext(ctx, params)
	if chosen := whichOperation(operation); chosen != nil {
		errs = chosen
	}
	for i, err := range errs {
		errs[i] = c.endpoint.present(ctx, err)
	}
	if len(errs) > 0 {
		c.count.Add(-1)
		c.ended(served{viewer: c.viewer, status: http.StatusBadRequest, code: codeOf(errs[0])}.of(operation), 0)
	}
	return operation, errs
}

// DispatchOperation runs an operation: what it hands out is called until it brings nil.
func (c *carried) DispatchOperation(ctx context.Context, operation *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	s, inner := c.start(ctx, operation)
	return s.next, inner
}

// start has an operation begin; it ends with ctx at the latest.
func (c *carried) start(ctx context.Context, operation *graphql.OperationContext) (*stream, context.Context) {
	running, end := context.WithCancelCause(ctx)
	forget := endsWith(c.until, end)
	s := &stream{carried: c, operation: operation, begun: time.Now(), code: "ok"}
	s.end = func() { forget(); end(context.Canceled) }
	if !s.subscribes() {
		timeout := time.AfterFunc(c.endpoint.timeout, func() { end(context.DeadlineExceeded) })
		context.AfterFunc(running, func() { timeout.Stop() })
	}
	if s.subscribes() {
		c.api.metrics.open.Inc()
	}
	context.AfterFunc(ctx, s.close)
	next, inner := c.GraphExecutor.DispatchOperation(running, operation)
	s.answers = next
	return s, inner
}

// stream is an operation that runs.
type stream struct {
	*carried
	operation *graphql.OperationContext
	answers   graphql.ResponseHandler
	end       func()
	begun     time.Time
	closed    sync.Once
	last      bool // there is nothing more to tell

	mu    sync.Mutex // close comes from another goroutine when whoever asked has left
	code  string
	bytes int
}

func (s *stream) subscribes() bool { return s.operation.Operation.Operation == ast.Subscription }

func (s *stream) close() {
	s.closed.Do(func() {
		s.end()
		s.count.Add(-1)
		if s.subscribes() {
			s.api.metrics.open.Dec()
		}
		s.mu.Lock()
		done := served{viewer: s.viewer, status: http.StatusOK, code: s.code, bytes: s.bytes}.of(s.operation)
		s.mu.Unlock()
		s.ended(done, time.Since(s.begun))
	})
}

// next is the next answer, nil behind the last.
func (s *stream) next(ctx context.Context) *graphql.Response {
	response := s.answer(ctx)
	if response == nil {
		s.close()
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes += len(response.Data)
	if len(response.Errors) > 0 {
		s.code = codeOf(response.Errors[0])
	}
	return response
}

// answer is the next answer, with its errors as a client may see them; the last one says why an
// operation was ended, when that is for the client to know.
func (s *stream) answer(ctx context.Context) (response *graphql.Response) {
	if s.last {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			s.last = true
			response = s.failure(ctx, s.endpoint.recover(ctx, p))
		}
	}()
	response = s.answers(ctx)
	s.last = response == nil || !s.subscribes()
	if response == nil {
		return s.reason(ctx)
	}
	for i, err := range response.Errors {
		response.Errors[i] = s.endpoint.present(ctx, err)
	}
	return response
}

// reason tells why an operation was ended before its time, nil when whoever asked wanted it so.
func (s *stream) reason(ctx context.Context) *graphql.Response {
	why, ok := errors.AsType[*fault.Error](context.Cause(ctx))
	if ctx.Err() == nil || !ok {
		return nil
	}
	return s.failure(ctx, why)
}

func (s *stream) failure(ctx context.Context, err error) *graphql.Response {
	return &graphql.Response{Errors: s.endpoint.failure(ctx, err).Errors}
}
