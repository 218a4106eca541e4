package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/bench/questions"
	"nicgraph/graph"
	"nicgraph/internal/exchange"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/store"
	"nicgraph/internal/store/neo4jstore"
)

const testdata = "../../compare/testdata/"

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// tiny is the handler over a Neo4j with the tiny network, as nicgraph keeps it.
func tiny(t *testing.T) http.Handler {
	t.Helper()
	server := neo4jtest.Start(t)
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	backend, err := neo4jstore.Open(t.Context(), neo4jstore.Config{URI: server.URI, User: server.User, Password: server.Password}, domain.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = backend.Close() }) // the test has had its say
	if _, err := exchange.Import(t.Context(), store.New(backend, store.Limits{}), os.DirFS(testdata+"tiny"), domain.Catalog(), exchange.Options{}); err != nil {
		t.Fatal(err)
	}
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = driver.Close(context.Background()) }) // as above
	return handler{driver}
}

func TestStatementsAnswerATinyNetworkAsWorkedOutByHand(t *testing.T) {
	server := tiny(t)
	picked, err := questions.Pick(testdata + "tiny")
	if err != nil {
		t.Fatal(err)
	}
	all, err := questions.All(picked)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(testdata + "answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for _, q := range all {
		if known, _ := q.In("cypher"); !known {
			continue
		}
		if q.Name == "page-500" {
			q = q.With(map[string]any{"first": 2, "after": "l-2"})
		}
		if d := cmp.Diff(want[q.Name], ask(t, server, q)); d != "" {
			t.Errorf("%s (-want +got)\n%s", q.Name, d)
		}
	}
}

func ask(t *testing.T, server http.Handler, q *questions.Question) any {
	t.Helper()
	body, err := q.Request("cypher")
	if err != nil {
		t.Fatal(err)
	}
	reply := httptest.NewRecorder()
	server.ServeHTTP(reply, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body)))
	answer, err := q.Read("cypher", reply.Body.Bytes())
	if err != nil {
		t.Fatalf("%s: %v", q.Name, err)
	}
	var same any
	if err := json.Unmarshal([]byte(answer.Same), &same); err != nil {
		t.Fatal(err)
	}
	return same
}
