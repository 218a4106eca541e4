package httpserver

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/effort"
	"nicgraph/internal/prepared"
)

// transport carries one operation over POST or GET as the GraphQL over HTTP specification says.
// It differs from gqlgen's own in passing every audit of graphql-http and in never re-encoding data.
type transport struct {
	timeout time.Duration
	maxBody int64
	known   *known
	origins *http.CrossOriginProtection // nil: any origin may send
	recover graphql.RecoverFunc
	schema  *ast.Schema
	present graphql.ErrorPresenterFunc // leaves an error that it has presented as it is
}

var _ graphql.Transport = (*transport)(nil)

// Supports says yes to everything: what cannot be served is refused in the transport's own words.
func (t *transport) Supports(*http.Request) bool { return true }

// Do answers one request.
func (t *transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	t.serve(w, r, exec)
}

const methodsOfGraphQL = "GET, HEAD, POST, OPTIONS"

func (t *transport) methods() string { return methodsOfGraphQL }

// served is what became of one request, for the log and the metrics.
type served struct {
	operation *ast.OperationDefinition // nil when none could be read
	spent     effort.Spent
	download  string // the path of a download, which has no operation
	viewer    string // who asked, empty when that is not known
	broken    bool   // the answer breaks off
	socket    bool   // a WebSocket, whose operations are told one by one
	status    int
	code      string
	bytes     int
}

// of is the same of an operation.
func (s served) of(operation *graphql.OperationContext) served {
	s.operation, s.spent = operation.Operation, effort.Of(operation)
	return s
}

func (t *transport) serve(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) served {
	media, ok := negotiate(r.Header["Accept"])
	if !ok {
		e := refuse(http.StatusNotAcceptable, codeBadInput, "This server answers in %s, %s or, for one connection, %s; the Accept header allows none of them.", mediaResponse, mediaJSON, mediaCSV)
		return send(w, r, replyToRefusal(e, mediaJSON))
	}
	asked := &asked{transport: t, w: w, r: r, media: media}
	defer asked.release()
	a, err := t.answer(r, exec, asked)
	defer a.Release()
	return t.tell(w, r, &a, media, err)
}

// tell writes the answer, or why there is none.
func (t *transport) tell(w http.ResponseWriter, r *http.Request, a *answered, media string, err error) served {
	var out reply
	if refused, ok := errors.AsType[*refusal](err); ok {
		out = replyToRefusal(refused, errorMedia(media))
	} else if out, err = t.layOut(r, a, media); err != nil {
		failed := t.failure(r.Context(), err)
		out, _ = replyTo(&failed, errorMedia(media))
	}
	done := send(w, r, out)
	done.operation, done.spent = a.operation, a.Spent
	return done
}

// layOut writes the answer as the media type has it.
func (t *transport) layOut(r *http.Request, a *answered, media string) (reply, error) {
	if media != mediaCSV {
		return replyTo(&a.Answer, media)
	}
	if len(a.Errors) > 0 || len(a.Data) == 0 {
		return errorInsteadOfTable(&a.Answer)
	}
	table, err := newTable(a.context, t.schema)
	if err != nil {
		return reply{}, err
	}
	return table.reply(r, a.Data)
}

func send(w http.ResponseWriter, r *http.Request, out reply) served {
	status, code := out.write(w, r), out.code
	if code == codeTimeout && r.Context().Err() != nil {
		status, code = statusGone, "gone"
	}
	return served{status: status, code: code, bytes: len(out.body)}
}

// statusGone stands in the log for whoever went away before the answer, as other servers write it.
const statusGone = 499

// question is how an address takes an operation. Its errors are *refusals.
type question interface {
	// read reads the request, or knows what was made of the same request before.
	read() (*graphql.RawParams, answerable, error)
	// fits tells whether the answer can be had; it is asked before anything runs.
	fits(*graphql.OperationContext) error
	// keep is told what was made of what was read.
	keep(answerable)
}

// asked is the question of a request to the endpoint.
type asked struct {
	*transport
	w     http.ResponseWriter
	r     *http.Request
	media string
	body  *bytes.Buffer // nil when nothing was posted, or not yet
}

func (a *asked) read() (params *graphql.RawParams, again answerable, err error) {
	switch a.r.Method {
	case http.MethodPost:
		return a.readPost()
	case http.MethodGet, http.MethodHead:
		params, err = readGet(a.r)
		return params, again, err
	default:
		return nil, again, wrongMethod(a.r.Method)
	}
}

func (a *asked) readPost() (params *graphql.RawParams, again answerable, err error) {
	a.body = bodies.Get().(*bytes.Buffer)
	if err := readBody(a.body, a.w, a.r, a.maxBody); err != nil {
		return nil, again, err
	}
	if a.media != mediaCSV { // which needs the operation's context
		again = a.known.find(a.body.Bytes())
	}
	if again.Operation == nil {
		params, err = readParams(a.body.Bytes(), a.r.Header)
	}
	return params, again, err
}

// fits tells whether the answer to an operation can be had in the media type.
func (a *asked) fits(operation *graphql.OperationContext) error {
	if a.media != mediaCSV {
		return nil
	}
	_, err := newTable(operation, a.schema)
	return err
}

func (a *asked) keep(made answerable) {
	if a.body != nil {
		a.known.keep(a.body.Bytes(), made)
	}
}

// bodies are buffers for what is posted.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largestBody is the size up to which a buffer is used again.
const largestBody = 64 << 10

func (a *asked) release() {
	if a.body != nil && a.body.Cap() <= largestBody {
		a.body.Reset()
		bodies.Put(a.body)
	}
}

// answered is what came of a request for an operation.
type answered struct {
	prepared.Answer
	operation *ast.OperationDefinition  // nil when none could be read
	context   *graphql.OperationContext // nil when the same request was known
}

// answer reads and runs the operation. Its only error is a *refusal.
func (t *transport) answer(r *http.Request, exec graphql.GraphExecutor, q question) (a answered, err error) {
	ctx := newWithin(r.Context(), t.timeout)
	defer ctx.release()
	defer func() {
		if p := recover(); p != nil {
			a.Answer, err = t.failure(ctx, t.recover(ctx, p)), nil
		}
	}()
	if err := t.checkOrigin(r); err != nil {
		return a, err
	}
	params, again, err := q.read()
	if err != nil {
		return a, err
	}
	if again.Operation == nil {
		err := t.operate(ctx, r, params, exec, q, &a)
		return a, err
	}
	a.operation = again.operation
	a.Answer = t.run(ctx, again, r.Header)
	return a, nil
}

// operate has the executor make the operation answerable, and answers it.
func (t *transport) operate(ctx context.Context, r *http.Request, params *graphql.RawParams, exec graphql.GraphExecutor, q question, a *answered) error {
	operation, errs := exec.CreateOperationContext(graphql.StartOperationTrace(ctx), params)
	a.context, a.operation = operation, operation.Operation
	if chosen := whichOperation(operation); chosen != nil {
		errs = chosen
	}
	if len(errs) > 0 {
		a.Answer = answerOf(exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs))
		return nil
	}
	if err := allowed(r.Method, operation.Operation.Operation); err != nil {
		return err
	}
	if err := q.fits(operation); err != nil {
		return err
	}
	if op := prepared.Of(operation); op != nil {
		q.keep(answerable{operation.Operation, op})
		a.Answer = t.run(ctx, op, r.Header)
		return nil
	}
	a.Answer = t.dispatch(ctx, operation, exec)
	return nil
}

// checkOrigin refuses what a page of an unlisted origin makes a browser send.
func (t *transport) checkOrigin(r *http.Request) error {
	if t.origins == nil || t.origins.Check(r) == nil {
		return nil
	}
	return refuse(http.StatusForbidden, codeForbidden, "A page of another origin sent this request. Whoever runs the server can allow its origin with --cors.")
}

// allowed keeps GET to reading, so that no link and no prefetch can change anything.
func allowed(method string, operation ast.Operation) error {
	if operation == ast.Subscription {
		return badInput("Subscriptions have many answers. Ask for one with the header Accept: %s, or over a WebSocket.", mediaEvents)
	}
	if operation == ast.Query || method == http.MethodPost {
		return nil
	}
	e := refuse(http.StatusMethodNotAllowed, codeBadInput, "A GET can only read. Send a mutation with POST.")
	e.allow = http.MethodPost
	return e
}

// run answers what is ready. All queries over HTTP come here, whether they were known or not.
func (t *transport) run(ctx context.Context, op prepared.Operation, header http.Header) prepared.Answer {
	return t.presented(ctx, op.Answer(ctx, header))
}

// dispatch has the executor answer: mutations, and all that its schema leaves to it.
func (t *transport) dispatch(ctx context.Context, operation *graphql.OperationContext, exec graphql.GraphExecutor) prepared.Answer {
	next, ctx := exec.DispatchOperation(ctx, operation)
	response := next(ctx)
	if response == nil {
		return t.failure(ctx, context.Cause(ctx))
	}
	a := t.presented(ctx, answerOf(response))
	a.Spent = effort.Of(operation)
	return a
}

func (t *transport) presented(ctx context.Context, a prepared.Answer) prepared.Answer {
	for i, err := range a.Errors {
		a.Errors[i] = t.present(ctx, err)
	}
	return a
}

func (t *transport) failure(ctx context.Context, err error) prepared.Answer {
	return prepared.Answer{Errors: gqlerror.List{t.present(ctx, err)}}
}

// answerOf is the answer that an executor gave as a response.
func answerOf(response *graphql.Response) prepared.Answer {
	return prepared.Answer{Data: response.Data, Errors: response.Errors, Extensions: response.Extensions}
}
