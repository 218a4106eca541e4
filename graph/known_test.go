package graph_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"nicgraph/graph"
	"nicgraph/internal/asktest"
	"nicgraph/internal/store/embedded"
)

// What is known of a question is shared by all who ask it at once.
func TestAKnownQuestionIsAnsweredToManyAtOnce(t *testing.T) {
	handler := newHandler(t, 50)
	var all sync.WaitGroup
	for _, body := range []string{
		`{"query":"{ __typename }"}`,
		`{"query":"query($id: ID!) { person(id: $id) { name learnings: learningsAsLearner { totalCount } } }","variables":{"id":"p-0007"}}`,
		`{"query":"query($w: PersonWhere, $o: [PersonOrder!], $n: Int) { people(where: $w, orderBy: $o, first: $n) { totalCount pageInfo { endCursor } nodes { name } } }","variables":{"w":{"name":{"contains":"number 1"},"id":{"in":["p-0001","p-0010","p-0011"]}},"o":[{"name":"DESC"}],"n":2}}`,
		`{"query":"query($t: String!) { search(text: $t) { totalCount edges { node { id } } } }","variables":{"t":"number"}}`,
		`{"query":"query($d: Date!) { asOf(date: $d) { people(first: 3) { nodes { id } } } }","variables":{"d":"2015"}}`,
		`{"query":"{ people(first: 5000) { nodes { id } } }"}`,
	} {
		first := posted(handler, body)
		if strings.Contains(body, "first: 5000") == strings.HasPrefix(first.Body.String(), `{"data"`) {
			t.Errorf("%s\n%s", body, first.Body)
		}
		for range 8 {
			all.Go(func() {
				for range 20 {
					if got := posted(handler, body); got.Body.String() != first.Body.String() {
						t.Errorf("%s\n%s\nat first %s", body, got.Body, first.Body)
					}
				}
			})
		}
	}
	all.Wait()
}

func TestAKnownQuestionIsAnsweredFromThePresent(t *testing.T) {
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	handler := newServer(t, domain.Catalog(), embedded.OpenMemory(domain.Catalog(), nil))
	const question = `{"query":"{ sources { totalCount nodes { title } } }"}`
	for _, step := range []struct{ write, want string }{
		{`mutation { createSources(input: [{id: \"s\", title: \"A\", publisher: \"P\"}]) { created } }`, `{"totalCount":1,"nodes":[{"title":"A"}]}`},
		{`mutation { updateSources(input: [{id: \"s\", title: \"B\"}]) { updated } }`, `{"totalCount":1,"nodes":[{"title":"B"}]}`},
		{`mutation { deleteSources(input: [{id: \"s\"}]) { deleted } }`, `{"totalCount":0,"nodes":[]}`},
	} {
		posted(handler, `{"query":"`+step.write+`"}`)
		if got, want := posted(handler, question).Body.String(), `{"data":{"sources":`+step.want+`}}`; got != want {
			t.Errorf("after %s: %s, want %s", step.write, got, want)
		}
	}
}

func posted(handler http.Handler, body string) *httptest.ResponseRecorder {
	return asktest.Of(handler, asktest.Request(body))
}
