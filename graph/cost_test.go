package graph_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"nicgraph/graph"
)

// What a question may cost is counted from its pages; objects are those that the answer
// held. Both count the root.
func TestTheCostIsToldOnRequest(t *testing.T) {
	handler := newHandler(t, 3)
	for _, test := range []struct{ name, query, want string }{
		{"a list", `{ people(first: 10) { nodes { name } } }`, `"cost":{"cost":12,"limit":1000000,"objects":4}`},
		{"a list inside a list", `{ people(first: 10) { nodes { learners(first: 5) { nodes { id } } } } }`, `"cost":{"cost":72,"limit":1000000,"objects":4}`},
		{"a total alone", `{ people { totalCount } }`, `"cost":{"cost":2,"limit":1000000,"objects":1}`},
		{"a day costs as any other", `{ asOf(date: "2015") { people(first: 10) { nodes { name } } } }`, `"cost":{"cost":12,"limit":1000000,"objects":4}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, told := request(test.query), httptest.NewRecorder()
			r.Header.Set(graph.CostHeader, "1")
			handler.ServeHTTP(told, r)
			if !strings.Contains(told.Body.String(), test.want) {
				t.Errorf("got %s, want %s", told.Body, test.want)
			}
			untold := httptest.NewRecorder()
			handler.ServeHTTP(untold, request(test.query))
			if strings.Contains(untold.Body.String(), "extensions") {
				t.Errorf("told unasked: %s", untold.Body)
			}
		})
	}
}

func TestAQuestionOverTheLimitIsRefusedWithItsCost(t *testing.T) {
	w := httptest.NewRecorder()
	newHandler(t, 1).ServeHTTP(w, request(`{ people(first: 1000) { nodes { learners(first: 1000) { nodes { id } } } } }`))
	for _, part := range []string{`"code":"LIMIT_EXCEEDED"`, "may cost 1002002", "allows 1000000"} {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("%s is not in %s", part, w.Body)
		}
	}
}
