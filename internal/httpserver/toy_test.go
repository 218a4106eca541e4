package httpserver

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/effort"
	"nicgraph/internal/fault"
)

// toy answers a schema of one field per way in which an executor can behave.
type toy struct{ schema *ast.Schema }

func newToy() toy {
	return toy{gqlparser.MustLoadSchema(&ast.Source{Input: `
		type Query { hello(name: String, like: Like): String long: String partial: String slow: String boom: String
			inside: String away: String tooMuch: String }
		input Like { in: [Like!] tone: Tone! }
		enum Tone { COLD WARM }
		type Mutation { set: String }
		type Subscription { tick: String }`})}
}

func (t toy) Schema() *ast.Schema { return t.schema }

func (t toy) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (t toy) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	field := op.Operation.SelectionSet[0].(*ast.Field)
	effort.Note(op, effort.Spent{Cost: 7, Rows: 3})
	return graphql.OneShot(t.answer(ctx, field, op.Variables))
}

func (t toy) answer(ctx context.Context, field *ast.Field, variables map[string]any) *graphql.Response {
	path := ast.Path{ast.PathName(field.Alias)}
	switch field.Name {
	case "hello":
		name, _ := field.ArgumentMap(variables)["name"].(string)
		return toyData(field.Alias, "hello <"+name+">")
	case "long":
		return toyData(field.Alias, strings.Repeat("long ", 1000))
	case "partial":
		return &graphql.Response{
			Data:   json.RawMessage(`{"partial":null}`),
			Errors: gqlerror.List{gqlerror.WrapPath(path, fault.New(fault.Invalid, "That practice has no origin."))},
		}
	case "slow":
		<-ctx.Done()
		return toyFailure(path, ctx.Err())
	case "boom":
		panic("a secret thing broke")
	case "inside":
		return toyFailure(path, fault.New(fault.Internal, "secret table is corrupt"))
	case "away":
		return toyFailure(path, fault.Wrap(fault.Unavailable, context.Canceled, "The store cannot be reached now."))
	case "tooMuch":
		return toyFailure(path, fault.New(fault.Limit, "This costs 12 and 10 is the most."))
	default:
		return toyData(field.Alias, t.schema.Query.Name)
	}
}

func toyData(alias, value string) *graphql.Response {
	text, _ := json.Marshal(map[string]string{alias: value})
	return &graphql.Response{Data: text}
}

func toyFailure(path ast.Path, err error) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{gqlerror.WrapPath(path, err)}}
}
