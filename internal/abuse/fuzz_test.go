package abuse

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/graph"
)

// Any question that the schema allows is answered, or refused for a reason that its
// asker can act on. No answer holds more objects than its cost has said.
func FuzzQuestion(f *testing.F) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL()})
	h := newServer(f)
	for i := range 64 {
		seed := make([]byte, 96)
		for j := range seed {
			seed[j] = byte(i*31 + j*(2*i+7))
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		query := question(schema, bytes)
		body, _ := json.Marshal(map[string]string{"query": query}) // a map of texts
		r := post(string(body))
		r.Header.Set(graph.CostHeader, "1")
		got := send(h, r)
		checkAnswer(t, query, got)
		checkCost(t, query, got)
	})
}

// So is any filter that is sent as a variable.
func FuzzFilter(f *testing.F) {
	h := newServer(f)
	for _, seed := range []string{
		`{}`, `null`, `[]`, `0`, `{"name":{"contains":"a"}}`, `{"not":{"or":[]}}`, `{"and":[null]}`, `{"or":{"name":{"eq":null}}}`,
		`{"name":{"in":["a",null]}}`, `{"id":{"eq":1}}`, `{"aliases":{"some":{"eq":"a"},"all":{}}}`, `{"founded":{"before":"2015~","certainty":"POSSIBLE"}}`,
		`{"kind":{"in":["SCHOOL"]},"city":{"isNull":true}}`, `{"learners":{"count":{"gte":1,"where":{"type":{"eq":"NETWORK"}}}}}`,
		`{"learningsAsTeacher":{"some":{"started":{"during":"2015"},"stage":{"ne":"ADOPTED"}}}}`, `{"learners":{"facts":{"practice":{"id":{"eq":"a"}}},"some":{}}}`,
		`{"started":{"after":"2010"},"learner":{"name":{"startsWith":"F","caseSensitive":true}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, filter string) {
		for _, query := range []string{
			`query($w: OrganizationWhere) { organizations(first: 2, where: $w) { totalCount nodes { id } facets(by: [KIND]) { values { count } } } }`,
			`query($w: LearningWhere) { learnings(first: 2, where: $w, orderBy: [{started: DESC}]) { totalCount nodes { id } } }`,
		} {
			checkAnswer(t, filter, send(h, post(`{"query":"`+query+`","variables":{"w":`+filter+`}}`)))
		}
	})
}

// checkCost wants no more objects in an answer than its cost.
func checkCost(t *testing.T, asked string, got answer) {
	t.Helper()
	var reply struct {
		Data       json.RawMessage
		Extensions struct {
			Cost *struct{ Cost, Limit, Objects int }
		}
	}
	if json.Unmarshal([]byte(got.body), &reply) != nil || len(reply.Data) == 0 || string(reply.Data) == "null" {
		return // refused
	}
	switch cost := reply.Extensions.Cost; {
	case cost == nil:
		t.Errorf("%s\nis answered without its cost: %s", asked, got.body)
	case cost.Objects < 1 || cost.Objects > cost.Cost || cost.Cost > cost.Limit:
		t.Errorf("%s\nholds %d objects, costs %d, and %d are allowed", asked, cost.Objects, cost.Cost, cost.Limit)
	}
}

// checkAnswer wants JSON, and no error that is the server's own.
func checkAnswer(t *testing.T, asked string, got answer) {
	t.Helper()
	if !json.Valid([]byte(got.body)) {
		t.Errorf("%s\nis answered with what is no JSON: %s", asked, got.body)
	}
	switch code := got.code(); code {
	case "", "BAD_USER_INPUT", "LIMIT_EXCEEDED":
	default:
		t.Errorf("%s\nis answered with %s: %s", asked, code, got.body)
	}
	if got.status != http.StatusOK && got.status != http.StatusBadRequest {
		t.Errorf("%s\nis answered with status %d", asked, got.status)
	}
}
