package httpserver

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/effort"
	"nicgraph/internal/prepared"
)

// preparing is a toy that makes queries ready, and counts how often.
type preparing struct {
	toy
	made, answered *int
}

func (preparing) ExtensionName() string                   { return "preparing" }
func (preparing) Validate(graphql.ExecutableSchema) error { return nil }
func (r preparing) counted() (made, answered int)         { return *r.made, *r.answered }
func newPreparing() preparing                             { return preparing{newToy(), new(int), new(int)} }
func (r preparing) MutateOperationContext(_ context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	*r.made++
	if oc.Operation.Operation == ast.Query {
		prepared.Leave(oc, greeting{r, oc.Operation.SelectionSet[0].(*ast.Field), oc.Variables})
	}
	return nil
}

// greeting is an operation that is ready.
type greeting struct {
	preparing
	field     *ast.Field
	variables map[string]any
}

func (g greeting) Lasting() bool { return g.field.Name != "long" }

func (g greeting) Answer(ctx context.Context, header http.Header) prepared.Answer {
	*g.answered++
	response := g.answer(ctx, g.field, g.variables)
	a := prepared.Answer{Data: response.Data, Errors: response.Errors, Spent: effort.Spent{Cost: 7, Rows: 3}}
	if told := header.Get("X-Tell"); told != "" {
		a.Extensions = map[string]any{"told": told}
	}
	return a
}

func TestTheSameBytesAreReadOnceAndAnsweredEachTime(t *testing.T) {
	for _, test := range []struct {
		name, body  string
		made, asked int
	}{
		{"a query", hello, 1, 3},
		{"one that fails", `{"query":"{ tooMuch }"}`, 1, 3},
		{"one in which something breaks", `{"query":"{ boom }"}`, 1, 3},
		{"one that takes too long", `{"query":"{ slow }"}`, 1, 3},
		{"one that is too large to be kept", `{"query":"{ long }"}`, 3, 3},
		{"a long text", `{"query":"{ hello }` + strings.Repeat(" ", longestKnown) + `"}`, 3, 3},
		{"a mutation", `{"query":"mutation { set }"}`, 3, 0},
		{"what is not valid", `{"query":"{ nope }"}`, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			toy := newPreparing()
			h := newServer(t, func(c *Config) {
				c.Schema, c.Extensions, c.MaxBody = toy, []graphql.HandlerExtension{toy}, 1<<20
			})
			first := ask(h, post(test.body, "Accept", modern, "X-Request-Id", "same"))
			for range 2 {
				again := ask(h, post(test.body, "Accept", modern, "X-Request-Id", "same"))
				if again.Code != first.Code || again.Body.String() != first.Body.String() {
					t.Errorf("again %d %s, at first %d %s", again.Code, again.Body, first.Code, first.Body)
				}
			}
			if made, asked := toy.counted(); made != test.made || asked != test.asked {
				t.Errorf("made ready %d times and answered %d times, want %d and %d", made, asked, test.made, test.asked)
			}
		})
	}
}

// What is known of a request is what stands in its body: all else is looked at each time.
func TestWhatIsNotInTheBodyIsLookedAtEachTime(t *testing.T) {
	for _, test := range []struct {
		name   string
		again  *http.Request
		status int
		says   string
	}{
		{"headers for the executor", post(hello, "X-Tell", "it"), 200, `"extensions":{"told":"it"}`},
		{"other variables", post(`{"query":"query($n:String){ hello(name:$n) }","variables":{"n":"Bo"}}`), 200, "Bo"},
		{"a page of another origin", post(hello, "Sec-Fetch-Site", "cross-site"), 403, "--cors"},
		{"another content type", post(hello, "Content-Type", "text/plain"), 415, "application/json"},
		{"nobody", post(hello, "Authorization", "none"), 401, "not valid"},
		{"a table", post(hello, "Accept", "text/csv"), 400, "connection"},
		{"an Accept that allows no JSON", post(hello, "Accept", "image/png"), 406, "Accept"},
	} {
		t.Run(test.name, func(t *testing.T) {
			toy := newPreparing()
			h := newServer(t, func(c *Config) {
				c.Schema, c.Extensions = toy, []graphql.HandlerExtension{toy}
				gated(c)
			})
			for _, known := range []string{hello, `{"query":"query($n:String){ hello(name:$n) }","variables":{"n":"Ana"}}`} {
				if w := ask(h, post(known)); w.Code != http.StatusOK {
					t.Fatal(w.Body)
				}
			}
			if w := ask(h, test.again); w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
				t.Errorf("%d %s, want %d and %q", w.Code, w.Body, test.status, test.says)
			}
		})
	}
}

func TestOnlySoMuchIsKnown(t *testing.T) {
	k := newKnown()
	made := answerable{&ast.OperationDefinition{}, greeting{field: &ast.Field{Name: "hello"}}}
	most := 2 * (sizeOfKnown/(leastOfKnown+timesText*100) + 2)
	for i := range 3 * most {
		k.keep(fmt.Appendf(nil, "%0100d", i), made)
		if k.find(fmt.Appendf(nil, "%0100d", 0)).Operation == nil {
			t.Fatalf("what is asked for all the time is forgotten after %d others", i)
		}
	}
	if n := len(k.young) + len(k.old); n > most || n < most/3 {
		t.Errorf("%d are known, want some %d", n, most)
	}
	if k.find(fmt.Appendf(nil, "%0100d", 1)).Operation != nil {
		t.Error("what nobody asks for is not forgotten")
	}
}
