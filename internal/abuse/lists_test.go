package abuse

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"nicgraph/internal/asktest"
)

// check is one entry of a public list of things to try on a GraphQL server.
type check struct {
	name   string
	asks   *http.Request
	status int
	code   string   // of the first error
	says   []string // in the body
	never  []string // in the body
}

func run(t *testing.T, checks []check) {
	t.Helper()
	h := newServer(t)
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			got := send(h, c.asks)
			if got.status != c.status || got.code() != c.code {
				t.Errorf("status %d and code %q, want %d and %q: %.300s", got.status, got.code(), c.status, c.code, got.body)
			}
			for _, text := range c.says {
				if !strings.Contains(got.body, text) {
					t.Errorf("%.300s\ndoes not say %q", got.body, text)
				}
			}
			for _, text := range c.never {
				if strings.Contains(got.body, text) {
					t.Errorf("%.300s\nsays %q", got.body, text)
				}
			}
			if len(got.header.Values("Set-Cookie"))+len(got.header.Values("Access-Control-Allow-Origin")) > 0 {
				t.Errorf("the answer sets a cookie or lets other origins read it: %v", got.header)
			}
		})
	}
}

func ask(query string) *http.Request { return post(asked(query, nil)) }

// typed is a POST of another content type.
func typed(media, body string) *http.Request {
	return asktest.Request(body, "Content-Type", media)
}

func from(origin string, r *http.Request) *http.Request {
	r.Header.Set("Origin", origin)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return r
}

// inside are words that only the server's own code knows.
var inside = []string{"goroutine", ".go:", "panic", "runtime", "nicgraph/internal", "stack", "exception"}

// The checks of graphql-cop. Three are open by design: introspection, because the schema
// is published with the program; GraphiQL, because it is how people without a program of
// their own ask; GET, so that answers can be kept by caches and linked to. None gives
// away or changes anything, as everything served is public and nothing can be written.
func TestTheChecksOfGraphQLCop(t *testing.T) {
	run(t, []check{
		{name: "alias overloading", asks: ask(numbered("{", 1000, " a%d: __typename", "}")), status: 400, code: limit},
		{name: "array-based batching", asks: post("[" + strings.Repeat(`{"query":"{ __typename }"},`, 9) + `{"query":"{ __typename }"}]`), status: 400, code: wrong, says: []string{"does not take batches"}},
		{name: "directive overloading", asks: ask("{ __typename " + strings.Repeat("@aa", 200) + " }"), status: 400, code: limit},
		{name: "circular introspection", asks: ask("{ __schema { types { " + nested("fields { type { ", 8, "name", " } }") + " } } }"), status: 400, code: wrong, says: []string{"introspection depth"}},
		{name: "field duplication", asks: ask("{" + strings.Repeat(" __typename", 600) + "}"), status: 400, code: limit},
		{name: "introspection is open by design", asks: ask("{ __schema { queryType { name } } }"), status: 200, says: []string{`"Query"`}},
		{name: "GraphiQL is open by design", asks: get("/", "Accept", "text/html"), status: 200, says: []string{"<html"}, never: []string{"://cdn", "unpkg.com"}},
		{name: "field suggestions tell what introspection tells", asks: ask("{ organisations { totalCount } }"), status: 400, code: wrong, says: []string{"organizations"}},
		{name: "no trace mode", asks: tracing(ask("{ __typename }")), status: 200, never: []string{"tracing", "extensions", "duration"}},
		{name: "GET reads, by design", asks: get("/graphql?query=" + url.QueryEscape("{ __typename }")), status: 200, says: []string{`"Query"`}},
		{name: "GET changes nothing", asks: get("/graphql?query="+url.QueryEscape("mutation { __typename }"), "Accept", "application/graphql-response+json"), status: 405, code: wrong},
		{name: "GET creates nothing", asks: get("/graphql?query="+url.QueryEscape(`mutation { createSources(input: [{title: "T", publisher: "P"}]) { created } }`), "Accept", "application/graphql-response+json"), status: 405, code: wrong, never: []string{"created"}},
		{name: "POST of a form", asks: typed("application/x-www-form-urlencoded", "query=%7B__typename%7D"), status: 415, code: wrong},
		{name: "errors that nobody handled", asks: ask("{ people(first: \"x\") { totalCount } } fragment"), status: 400, code: wrong, never: inside},
	})
}

func tracing(r *http.Request) *http.Request {
	r.Header.Set("X-Apollo-Tracing", "1")
	return r
}

// The limits of graphql-armor. Suggestions stay, see above; ours are wider than its
// defaults because questions about people who learned from one another nest.
func TestTheLimitsOfGraphQLArmor(t *testing.T) {
	run(t, []check{
		{name: "character limit", asks: ask("{ __typename " + blanks(33_000) + "}"), status: 400, code: limit, says: []string{"32768"}},
		{name: "max tokens", asks: ask("{ people(first: 1, where: {and: [" + strings.Repeat("{},", 8000) + "]}) { totalCount } }"), status: 400, code: limit, says: []string{"8000"}},
		{name: "max depth", asks: ask("{ practices { nodes " + nested("{ narrower { nodes ", 12, "{ id }", " } }") + "} }"), status: 400, code: limit, says: []string{"levels"}},
		{name: "max aliases", asks: ask(numbered("{", 201, " a%d: __typename", "}")), status: 400, code: limit, says: []string{"aliases"}},
		{name: "max directives", asks: ask("{ __typename " + strings.Repeat("@skip(if: false) ", 101) + "}"), status: 400, code: limit, says: []string{"directives"}},
		{name: "cost limit", asks: ask("{ people(first: 1000) { nodes { learners(first: 1000) { nodes { name } } } } }"), status: 400, code: limit, says: []string{"may cost", "1000000"}},
	})
}

// The GraphQL cheat sheet of OWASP, as far as it is about a server that anybody may read
// from: it has no users, no sessions and no writing, so nothing about those.
func TestTheListOfOWASP(t *testing.T) {
	run(t, []check{
		{name: "pages are bounded", asks: ask("{ people(first: 1001) { totalCount nodes { id } } }"), status: 400, code: limit, says: []string{"1000"}},
		{name: "pages cannot be negative", asks: ask("{ people(first: -1) { nodes { id } } }"), status: 400, code: wrong},
		{name: "lists are bounded", asks: post(asked("query($l: [ID!]!) { nodes(ids: $l) { id } }", map[string]any{"l": long(1001, 2)})), status: 400, code: limit},
		{name: "a variable of the wrong type", asks: post(asked("query($n: Int) { people(first: $n) { totalCount } }", map[string]any{"n": map[string]any{"$gt": 0}})), status: 400, code: wrong, never: inside},
		{name: "an unknown variable field", asks: post(asked(filtered, map[string]any{"w": map[string]any{"__proto__": map[string]any{}}})), status: 400, code: wrong, never: inside},
		{name: "Cypher in a text stays a text", asks: ask(`{ organizations(where: {name: {contains: "') DETACH DELETE n //"}}) { totalCount } }`), status: 200, says: []string{`"totalCount":0`}},
		{name: "Cypher in an id stays an id", asks: ask("{ organization(id: \"x'}) MATCH (n) RETURN n //\") { name } }"), status: 200, says: []string{`"organization":null`}},
		{name: "an id that leaves the folder", asks: ask(`{ node(id: "../../etc/passwd") { id } }`), status: 200, says: []string{`"node":null`}},
		{name: "a text is not markup", asks: ask("{ organisation(id: \"<script>alert(1)</script>\") { name } }"), status: 400, code: wrong},
		{name: "a forged cursor", asks: ask(`{ people(after: "eyJrIjpbMV19") { nodes { id } } }`), status: 400, code: wrong, never: inside},
		{name: "a subscription", asks: ask("subscription { __typename }"), status: 400, code: wrong},
		{name: "a mutation", asks: ask("mutation { deleteEverything }"), status: 400, code: wrong},
		{name: "a page of another origin", asks: from("https://example.org", ask("{ __typename }")), status: 403, code: "FORBIDDEN"},
		{name: "a plain text of another origin", asks: typed("text/plain", `{"query":"{ __typename }"}`), status: 415, code: wrong},
		{name: "an upload", asks: typed("multipart/form-data; boundary=x", "--x--"), status: 415, code: wrong},
		{name: "a compressed body", asks: zipped(ask("{ __typename }")), status: 415, code: wrong},
		{name: "deep JSON", asks: post(`{"query":"{ __typename }","variables":{"a":` + nested("[", 100, "1", "]") + `}}`), status: 400, code: limit},
		{name: "a method that is none of ours", asks: httptest.NewRequest(http.MethodDelete, "/graphql", http.NoBody), status: 405, code: wrong},
		{name: "no debugging pages", asks: get("/debug/pprof/"), status: 404},
	})
}

func zipped(r *http.Request) *http.Request {
	r.Header.Set("Content-Encoding", "gzip")
	return r
}
