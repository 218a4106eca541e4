package httpserver

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// transport carries one operation over POST or GET as the GraphQL over HTTP specification says.
// It differs from gqlgen's own in passing every audit of graphql-http and in never re-encoding data.
type transport struct {
	timeout time.Duration
	maxBody int64
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
	operation *graphql.OperationContext // nil when none could be read
	download  string                    // the path of a download, which has no operation
	viewer    string                    // who asked, empty when that is not known
	broken    bool                      // the answer breaks off
	socket    bool                      // a WebSocket, whose operations are told one by one
	status    int
	code      string
	bytes     int
}

func (t *transport) serve(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) served {
	media, ok := negotiate(r.Header.Values("Accept"))
	if !ok {
		e := refuse(http.StatusNotAcceptable, codeBadInput, "This server answers in %s, %s or, for one connection, %s; the Accept header allows none of them.", mediaResponse, mediaJSON, mediaCSV)
		return send(w, r, replyToRefusal(e, mediaJSON), nil)
	}
	operation, response, err := t.answer(r, exec, question{
		read: func() (*graphql.RawParams, error) { return readParams(w, r, t.maxBody) },
		fits: func(operation *graphql.OperationContext) error { return t.fits(operation, media) },
	})
	if refused, ok := errors.AsType[*refusal](err); ok {
		return send(w, r, replyToRefusal(refused, errorMedia(media)), operation)
	}
	out, err := t.layOut(r, operation, response, media)
	if err != nil {
		media = errorMedia(media)
		out, _ = replyTo(t.failure(r.Context(), err), media)
	}
	return send(w, r, out, operation)
}

// fits tells whether the answer to an operation can be had in a media type.
func (t *transport) fits(operation *graphql.OperationContext, media string) error {
	if media != mediaCSV {
		return nil
	}
	_, err := newTable(operation, t.schema)
	return err
}

// layOut writes the answer as the media type has it.
func (t *transport) layOut(r *http.Request, operation *graphql.OperationContext, response *graphql.Response, media string) (reply, error) {
	if media != mediaCSV {
		return replyTo(response, media)
	}
	if len(response.Errors) > 0 || len(response.Data) == 0 {
		return errorInsteadOfTable(response)
	}
	table, err := newTable(operation, t.schema)
	if err != nil {
		return reply{}, err
	}
	return table.reply(r, response)
}

func send(w http.ResponseWriter, r *http.Request, out reply, operation *graphql.OperationContext) served {
	status, code := out.write(w, r), out.code
	if code == codeTimeout && r.Context().Err() != nil {
		status, code = statusGone, "gone"
	}
	return served{operation: operation, status: status, code: code, bytes: out.size()}
}

// statusGone stands in the log for whoever went away before the answer, as other servers write it.
const statusGone = 499

// question is how an address takes an operation. Its errors are *refusals.
type question struct {
	read func() (*graphql.RawParams, error)
	fits func(*graphql.OperationContext) error // asked before anything runs
}

// answer reads and runs the operation. Its only error is a *refusal.
func (t *transport) answer(r *http.Request, exec graphql.GraphExecutor, q question) (operation *graphql.OperationContext, response *graphql.Response, err error) {
	ctx, cancel := context.WithTimeout(graphql.StartOperationTrace(r.Context()), t.timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			response, err = t.failure(ctx, t.recover(ctx, p)), nil
		}
	}()
	if err := t.checkOrigin(r); err != nil {
		return nil, nil, err
	}
	params, err := q.read()
	if err != nil {
		return nil, nil, err
	}
	operation, errs := exec.CreateOperationContext(ctx, params)
	if chosen := whichOperation(operation); chosen != nil {
		errs = chosen
	}
	if len(errs) > 0 {
		return operation, exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs), nil
	}
	if err := allowed(r.Method, operation.Operation.Operation); err != nil {
		return operation, nil, err
	}
	if err := q.fits(operation); err != nil {
		return operation, nil, err
	}
	return operation, t.run(ctx, operation, exec), nil
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

func (t *transport) run(ctx context.Context, operation *graphql.OperationContext, exec graphql.GraphExecutor) *graphql.Response {
	next, ctx := exec.DispatchOperation(ctx, operation)
	response := next(ctx)
	if response == nil {
		return t.failure(ctx, context.Cause(ctx))
	}
	for i, err := range response.Errors {
		response.Errors[i] = t.present(ctx, err)
	}
	return response
}

func (t *transport) failure(ctx context.Context, err error) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{t.present(ctx, err)}}
}
