package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/answer"
	"nicgraph/internal/fault"
	"nicgraph/internal/wording"
)

// refusal is the error of an operation that is not run. The HTTP server's presenter
// gives it its code; a syntax error is the parser's own.
func refusal(err error) *gqlerror.Error {
	if e, ok := errors.AsType[*gqlerror.Error](err); ok {
		errcode.Set(e, errcode.ParseFailed)
		return e
	}
	shown := &gqlerror.Error{Err: err, Message: err.Error()}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		shown.Message = f.Message
		for _, key := range f.Path {
			shown.Path = append(shown.Path, ast.PathName(key))
		}
		if f.Input != nil {
			shown.Extensions = map[string]any{"inputPath": f.Input}
		}
	}
	return shown
}

// inOurWords tells why the variables of an operation do not fit.
func inOurWords(schema *ast.Schema, operation *ast.OperationDefinition, err error) string {
	if e, ok := errors.AsType[*gqlerror.Error](err); ok {
		return wording.Of(schema, operation, e).Message
	}
	return err.Error()
}

// refusals are the errors of a field that failed, at its place in the answer.
func refusals(err error, path []string) gqlerror.List {
	var list gqlerror.List
	for _, each := range fault.Each(err) {
		shown := refusal(fault.At(each, path))
		if shown.Path == nil { // no fault: the cause is told to nobody, the place may be
			for _, key := range path {
				shown.Path = append(shown.Path, ast.PathName(key))
			}
		}
		list = append(list, shown)
	}
	return list
}

// failure is the response to an operation that could not be carried out. It has no data,
// not even null, so that the HTTP status tells of it.
func failure(ctx context.Context, err error) *graphql.Response {
	graphql.AddError(ctx, refusal(err))
	return &graphql.Response{}
}

// errorsOf tells which required values are missing.
func errorsOf(missing []answer.Error) gqlerror.List {
	var list gqlerror.List
	for _, m := range missing {
		e := &gqlerror.Error{Message: m.Message, Extensions: map[string]any{"code": "INTERNAL"}}
		for _, step := range m.Path {
			switch step := step.(type) {
			case string:
				e.Path = append(e.Path, ast.PathName(step))
			case int:
				e.Path = append(e.Path, ast.PathIndex(step))
			}
		}
		list = append(list, e)
	}
	return list
}
