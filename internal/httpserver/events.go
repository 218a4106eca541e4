package httpserver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// events carries an operation whose answers come as server-sent events: one named next for each,
// and one named complete behind the last (the distinct connections mode of GraphQL over SSE).
// It differs from gqlgen's own in reading requests by the rules of all others, in refusing as they
// do, and in not waiting for ever for a reader.
type events struct {
	*transport
	lasting
}

func (e *events) serve(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) served {
	params, err := e.read(w, r)
	if refused, ok := errors.AsType[*refusal](err); ok {
		return send(w, r, replyToRefusal(refused, mediaResponse))
	}
	until, end := e.until(r.Context(), r)
	defer end()
	ctx := graphql.StartOperationTrace(until)
	operation, errs := exec.CreateOperationContext(ctx, params)
	if chosen := whichOperation(operation); chosen != nil {
		errs = chosen
	}
	if len(errs) > 0 {
		refused := answerOf(exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs))
		out, _ := replyTo(&refused, mediaResponse)
		return send(w, r, out).of(operation)
	}
	return e.stream(ctx, until, w, exec, operation)
}

func (e *events) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, error) {
	if err := e.checkOrigin(r); err != nil {
		return nil, err
	}
	if r.Method != http.MethodPost {
		refused := refuse(http.StatusMethodNotAllowed, codeBadInput, "Events are asked for with POST: whoever begins again must say behind which change, and what a browser repeats of itself cannot.")
		refused.allow = http.MethodPost
		return nil, refused
	}
	var body bytes.Buffer
	if err := readBody(&body, w, r, e.maxBody); err != nil {
		return nil, err
	}
	return readParams(body.Bytes(), r.Header)
}

func (e *events) stream(ctx, until context.Context, w http.ResponseWriter, exec graphql.GraphExecutor, operation *graphql.OperationContext) (done served) {
	running := &carried{GraphExecutor: exec, lasting: &e.lasting, until: until}
	running.ended = func(d served, _ time.Duration) { done = d }
	s, ctx := running.start(ctx, operation)
	out := begin(w, e.limits.Blocked) // now whoever asked can rely on getting what comes from here on
	defer out.pings(e.limits.Ping)()
	for response := s.next(ctx); response != nil; response = s.next(ctx) {
		if out.next(response) != nil {
			break
		}
	}
	broken := out.failure()
	out.complete()
	s.close()
	if broken != nil {
		done.code = broken.Error()
	}
	return done
}

// eventStream writes events, from the goroutine of the answers and that of the pings.
type eventStream struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
	blocked time.Duration
	failed  error // of the first write that did
}

// Why nothing more can be written: the reader took too long to read, or left.
var (
	errSlow = errors.New("slow")
	errGone = errors.New("gone")
)

// begin answers that events will come. The server's bounds on the time of a request do not hold
// for it; each write has its own.
func begin(w http.ResponseWriter, blocked time.Duration) *eventStream {
	s := &eventStream{w: w, control: http.NewResponseController(w), blocked: blocked}
	_ = s.control.SetReadDeadline(time.Time{}) // where there is no connection there is no deadline
	h := w.Header()
	h.Set("Content-Type", mediaEvents+"; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // proxies must hand events on
	w.WriteHeader(http.StatusOK)
	_ = s.write(":\n\n")
	return s
}

func (s *eventStream) next(response *graphql.Response) error {
	a := answerOf(response)
	out, err := replyTo(&a, mediaResponse)
	if err != nil {
		return errGone
	}
	return s.write("event: next\ndata: ", string(out.body), "\n\n") // JSON of this server has no line breaks
}

func (s *eventStream) complete() { _ = s.write("event: complete\ndata:\n\n") }

// failure is why nothing more can be written, nil while it can.
func (s *eventStream) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

func (s *eventStream) write(texts ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = s.writeNow(texts)
	}
	return s.failed
}

func (s *eventStream) writeNow(texts []string) error {
	before := time.Now()
	_ = s.control.SetWriteDeadline(before.Add(s.blocked))
	for _, text := range texts {
		if _, err := io.WriteString(s.w, text); err != nil {
			return s.late(before)
		}
	}
	if s.control.Flush() != nil {
		return s.late(before)
	}
	return nil
}

func (s *eventStream) late(before time.Time) error {
	if time.Since(before) >= s.blocked {
		return errSlow
	}
	return errGone
}

// pings writes comments now and then, so that nothing between takes the connection for dead. The
// returned function ends them and returns when the last one is written.
func (s *eventStream) pings(every time.Duration) (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				_ = s.write(":\n\n") // the request's context tells when the reader has left
			}
		}
	}()
	return func() { close(quit); <-ended }
}
