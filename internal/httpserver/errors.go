package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/fault"
)

// The error codes that a client meets in extensions.code.
const (
	codeBadInput        = "BAD_USER_INPUT"
	codeNotFound        = "NOT_FOUND"
	codeConflict        = "CONFLICT"
	codeLimit           = "LIMIT_EXCEEDED"
	codeTimeout         = "TIMEOUT"
	codeUnavailable     = "UNAVAILABLE"
	codeOverloaded      = "OVERLOADED"
	codeUnauthenticated = "UNAUTHENTICATED"
	codeForbidden       = "FORBIDDEN"
	codeInternal        = "INTERNAL"
)

// codeNotPersisted answers a client that sends the hash of a query without its text. The code and
// its message are Apollo's: by them Apollo Client and urql know to send the text instead.
const codeNotPersisted = "PERSISTED_QUERY_NOT_SUPPORTED"

// refusal is a request that is turned away before any operation exists.
type refusal struct {
	status  int
	code    string
	message string
	allow   string // the methods that would do, when the method is the fault
}

func (r *refusal) Error() string { return r.message }

func refuse(status int, code, format string, args ...any) *refusal {
	return &refusal{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

func badInput(format string, args ...any) *refusal {
	return refuse(http.StatusBadRequest, codeBadInput, format, args...)
}

// PresentError turns an error into what a client may see: a sentence and a code.
// What the cause was is logged with the request's id, and never sent.
func PresentError(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		cause := errors.Unwrap(shown)
		if cause == nil {
			return withCode(shown, codeOf(shown))
		}
		code := codeOfFault(cause)
		if code == codeInternal || code == codeUnavailable {
			log.ErrorContext(ctx, "request failed", "code", code, "error", cause, "path", shown.Path.String(), "request_id", RequestID(ctx))
		}
		// A copy: the same error value may be presented for several requests.
		return withCode(&gqlerror.Error{
			Message: sentence(ctx, code, cause), Path: shown.Path, Locations: shown.Locations, Extensions: shown.Extensions,
		}, code)
	}
}

// whichOperation says why none of a document's operations could be chosen, and is nil when that is
// not what went wrong.
func whichOperation(operation *graphql.OperationContext) gqlerror.List {
	if operation.Doc == nil || len(operation.Doc.Operations) == 0 || operation.Operation != nil {
		return nil
	}
	message := `The document holds several operations; say which one to run in "operationName".`
	if operation.OperationName != "" {
		message = fmt.Sprintf("In the document no operation is named %q.", operation.OperationName)
	}
	return gqlerror.List{{Message: message, Extensions: map[string]any{"code": codeBadInput}}}
}

// codeOf reads the code of an error that the GraphQL layer made. Without a code, one that names a
// field arose while answering and is ours; the others blame the request.
func codeOf(err *gqlerror.Error) string {
	code, _ := err.Extensions["code"].(string)
	switch {
	case code == errcode.ParseFailed, code == errcode.ValidationFailed:
		return codeBadInput
	case code != "":
		return code
	case len(err.Path) > 0:
		return codeInternal
	default:
		return codeBadInput
	}
}

func withCode(err *gqlerror.Error, code string) *gqlerror.Error {
	if err.Extensions["code"] == code {
		return err
	}
	extensions := map[string]any{}
	for k, v := range err.Extensions {
		extensions[k] = v
	}
	extensions["code"] = code
	copied := *err
	copied.Extensions = extensions
	return &copied
}

// codeOfFault is the code of an error. That whoever asked has gone is no fault of the server: their
// time ran out.
func codeOfFault(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return codeTimeout
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return codeBadInput
	case fault.NotFound:
		return codeNotFound
	case fault.Conflict:
		return codeConflict
	case fault.Limit:
		return codeLimit
	case fault.Timeout:
		return codeTimeout
	case fault.Unavailable:
		return codeUnavailable
	case fault.Overloaded:
		return codeOverloaded
	case fault.Unauthenticated:
		return codeUnauthenticated
	case fault.Forbidden:
		return codeForbidden
	default:
		if errors.Is(err, context.Canceled) {
			return codeTimeout
		}
		return codeInternal
	}
}

// sentence is the message of the outermost fault; an error without one says nothing about the inside.
func sentence(ctx context.Context, code string, err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
		return f.Message
	}
	if code == codeTimeout {
		return timeoutSentence
	}
	return fmt.Sprintf("Something went wrong inside the server. Whoever runs it finds the cause in its log under request id %s.", RequestID(ctx))
}

const timeoutSentence = "The request took longer than this server allows. Ask for less at once: fewer fields, shallower nesting or smaller pages."

// statusOf is the HTTP status of an answer that has errors and no data, for clients that take statuses seriously.
func statusOf(code string) int {
	switch code {
	case codeUnauthenticated:
		return http.StatusUnauthorized
	case codeForbidden:
		return http.StatusForbidden
	case codeTimeout:
		return http.StatusGatewayTimeout
	case codeUnavailable, codeOverloaded:
		return http.StatusServiceUnavailable
	case codeInternal:
		return http.StatusInternalServerError
	default:
		return http.StatusBadRequest
	}
}

// recovered logs a panic with its stack and hands on an error that gives nothing away.
func recovered(log *slog.Logger) graphql.RecoverFunc {
	return func(ctx context.Context, p any) error {
		log.ErrorContext(ctx, "panic", "panic", fmt.Sprint(p), "stack", string(debug.Stack()), "request_id", RequestID(ctx))
		return fault.New(fault.Internal, "panic: %v", p)
	}
}
