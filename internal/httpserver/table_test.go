package httpserver

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// shelf answers every question with the same data.
type shelf struct {
	toy
	data   string
	errors gqlerror.List
}

func (s shelf) Exec(context.Context) graphql.ResponseHandler {
	return graphql.OneShot(&graphql.Response{Data: json.RawMessage(s.data), Errors: s.errors})
}

func newShelf(data string, errors ...*gqlerror.Error) func(*Config) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `
		type Query { things(first: Int, after: String, last: Int, before: String): ThingConnection! thing: Thing all: [Thing!]! }
		type ThingConnection { nodes: [Node!]! edges: [ThingEdge!]! pageInfo: PageInfo! totalCount: Int! }
		type ThingEdge { node: Node! cursor: String! since: Int }
		type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
		interface Node { id: ID! }
		type Thing implements Node { id: ID! name: String size: Int good: Boolean tags: [String!]! maker: Maker parts: ThingConnection! }
		type Maker implements Node { id: ID! name: String age: Int }`})
	return func(c *Config) { c.Schema = shelf{toy{schema}, data, errors} }
}

const page = `"pageInfo":{"hasNextPage":false,"endCursor":null}`

func bodyOf(t *testing.T, h http.Handler, r *http.Request) (int, string, http.Header) {
	t.Helper()
	w := ask(h, r)
	return w.Code, w.Body.String(), w.Header()
}

func TestAConnectionIsATable(t *testing.T) {
	for _, test := range []struct{ name, question, data, want string }{
		{
			"scalars are columns, objects dotted ones, what is missing is empty",
			`{ things { nodes { id ...on Thing { name size good maker { name age } } } pageInfo { hasNextPage endCursor } } }`,
			`{"things":{"nodes":[{"id":"a","name":"A, \"b\"\nc","size":12345678,"good":true,"maker":{"name":"M","age":null}},{"id":"b","name":null,"size":null,"good":false,"maker":null}],` + page + `}}`,
			"id,name,size,good,maker.name,maker.age\r\na,\"A, \"\"b\"\"\r\nc\",12345678,true,M,\r\nb,,,false,,\r\n",
		},
		{
			"fragments of several types give all their columns, aliases their names",
			`query { all: things { nodes { __typename ...T ...on Maker { id n: name } } pageInfo { hasNextPage endCursor } } } fragment T on Thing { maker { id } ...on Thing { maker { age } } }`,
			`{"all":{"nodes":[{"__typename":"Thing","maker":{"id":"m","age":3}},{"__typename":"Maker","id":"m","n":"=1"}],` + page + `}}`,
			"__typename,maker.id,maker.age,id,n\r\nThing,m,3,,\r\nMaker,,,m,=1\r\n",
		},
		{
			"lists inside are joined and columns of one list keep step",
			`{ things { nodes { ...on Thing { tags parts { nodes { id ...on Thing { name } } totalCount } } } pageInfo { hasNextPage endCursor } } }`,
			`{"things":{"nodes":[{"tags":["x","y"],"parts":{"nodes":[{"id":"p","name":"P"},{"id":"q","name":null},{"id":"r","name":"R"}],"totalCount":9}},{"tags":[],"parts":{"nodes":[],"totalCount":0}}],` + page + `}}`,
			"tags,parts.nodes.id,parts.nodes.name,parts.totalCount\r\nx; y,p; q; r,P; ; R,9\r\n,,,0\r\n",
		},
		{
			"edges are rows too, and what is skipped is no column",
			`query($no: Boolean = false) { things { edges { since node { id } cursor @include(if: $no) } pageInfo { hasNextPage endCursor } totalCount } }`,
			`{"things":{"edges":[{"since":2013,"node":{"id":"a"}}],` + page + `,"totalCount":1}}`,
			"since,node.id\r\n2013,a\r\n",
		},
		{
			"a connection inside a thing, and without rows",
			`{ __typename thing { parts { nodes { id } pageInfo { hasNextPage endCursor } } } }`,
			`{"__typename":"Query","thing":null}`,
			"id\r\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newServer(t, newShelf(test.data))
			status, body, header := bodyOf(t, h, get(query(test.question), "Accept", "text/csv"))
			if diff := cmp.Diff(test.want, body); diff != "" || status != 200 {
				t.Errorf("status %d (-want +got):\n%s", status, diff)
			}
			if got := header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
				t.Errorf("Content-Type %q", got)
			}
			question, _ := json.Marshal(map[string]string{"query": test.question})
			if _, posted, _ := bodyOf(t, h, post(string(question), "Accept", "application/json;q=0.5, text/csv")); posted != body {
				t.Errorf("POST gives another table: %q", posted)
			}
		})
	}
}

func TestASpreadsheetRunsNoCell(t *testing.T) {
	data := `{"things":{"nodes":[{"name":"=SUM(A1)","size":-3,"tags":["@x","y"]},{"name":"a=b","size":1,"tags":["+1"]}],` + page + `}}`
	question := `{ things { nodes { ...on Thing { name size tags } } pageInfo { hasNextPage endCursor } } }`
	for params, want := range map[string]string{
		"":                   "name,size,tags\r\n=SUM(A1),-3,@x; y\r\na=b,1,+1\r\n",
		"&spreadsheet=0":     "name,size,tags\r\n=SUM(A1),-3,@x; y\r\na=b,1,+1\r\n",
		"&spreadsheet=1":     "name,size,tags\r\n'=SUM(A1),-3,'@x; y\r\na=b,1,'+1\r\n",
		"&spreadsheet=true":  "name,size,tags\r\n'=SUM(A1),-3,'@x; y\r\na=b,1,'+1\r\n",
		"&spreadsheet=excel": "name,size,tags\r\n'=SUM(A1),-3,'@x; y\r\na=b,1,'+1\r\n",
	} {
		_, got, _ := bodyOf(t, newServer(t, newShelf(data)), get(query(question)+params, "Accept", "text/csv"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", params, diff)
		}
	}
}

func TestATableTellsHowItGoesOn(t *testing.T) {
	data := `{"things":{"nodes":[{"id":"a"}],"p":{"more":true,"end":"c-1","hasPreviousPage":true,"startCursor":"c-0"}}}`
	question := func(variables, args string) string {
		return `query` + variables + ` { things(` + args + `) { nodes { id } p: pageInfo { more: hasNextPage end: endCursor hasPreviousPage startCursor } } }`
	}
	h := newServer(t, newShelf(data))
	forward := query(question("($n: Int = 1, $to: String)", "first: $n, after: $to")) + "&variables=" + url.QueryEscape(`{"n":1,"to":"c-0"}`) + "&spreadsheet=1"
	_, _, header := bodyOf(t, h, get(forward, "Accept", "text/csv"))
	address, err := url.Parse(strings.TrimSuffix(strings.TrimPrefix(header.Get("Link"), "<"), `>; rel="next"`))
	if err != nil || address.Path != "/graphql" {
		t.Fatalf("Link %q: %v", header.Get("Link"), err)
	}
	if got := address.Query().Get("variables"); got != `{"n":1,"to":"c-1"}` || address.Query().Get("spreadsheet") != "1" {
		t.Errorf("variables %s in %s", got, address)
	}
	if got := header.Get("X-Nicgraph-Next-Cursor"); got != "c-1" {
		t.Errorf("next cursor %q", got)
	}
	_, _, header = bodyOf(t, h, get(query(question("($to: String)", "last: 1, before: $to")), "Accept", "text/csv"))
	if link, _ := url.QueryUnescape(header.Get("Link")); !strings.Contains(link, `{"to":"c-0"}`) || header.Get("X-Nicgraph-Next-Cursor") != "c-0" {
		t.Errorf("from the back: %v", header)
	}
	_, _, header = bodyOf(t, h, get(query(question("", "first: 1")), "Accept", "text/csv"))
	if header.Get("Link") != "" || header.Get("X-Nicgraph-Next-Cursor") != "c-1" {
		t.Errorf("without a variable: %v", header)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	for question, says := range map[string]string{
		`{ things { nodes { id } pageInfo { hasNextPage endCursor } } b: things { totalCount } }`: "one connection",
		`{ thing { name } }`: "one connection",
		`{ thing { id parts { nodes { id } pageInfo { hasNextPage endCursor } } } }`: "one connection",
		`{ all { id } }`: "no connection",
		`{ __typename }`: "one connection",
		`{ things { totalCount pageInfo { hasNextPage endCursor } } }`:                                           "nodes or edges",
		`{ things { nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } } }`:                        "nodes or edges",
		`{ things { nodes { id } } }`:                                                                            "pageInfo { hasNextPage endCursor }",
		`{ things(last: 2) { nodes { id } pageInfo { hasNextPage endCursor } } }`:                                "pageInfo { hasPreviousPage startCursor }",
		`query($n: Boolean = true) { things { nodes { id @skip(if: $n) } pageInfo { hasNextPage endCursor } } }`: "no columns",
		`{ things { nope } }`: "nope",
	} {
		status, body, header := bodyOf(t, newServer(t, newShelf(`{}`)), get(query(question), "Accept", "text/csv"))
		if status != 400 || !strings.Contains(body, says) || !strings.HasPrefix(header.Get("Content-Type"), modern) {
			t.Errorf("%s: %d %s %s", question, status, header.Get("Content-Type"), body)
		}
	}
}

func TestAnErrorIsNoTable(t *testing.T) {
	data := `{"things":{"nodes":[],` + page + `}}`
	partial := newServer(t, newShelf(data, &gqlerror.Error{Message: "A part is missing.", Extensions: map[string]any{"code": "TIMEOUT"}}))
	status, body, header := bodyOf(t, partial, get(query(`{ things { nodes { id } pageInfo { hasNextPage endCursor } } }`), "Accept", "text/csv"))
	if status != 504 || !strings.Contains(body, "A part is missing.") || !strings.HasPrefix(header.Get("Content-Type"), modern) {
		t.Errorf("%d %v %s", status, header, body)
	}
}
