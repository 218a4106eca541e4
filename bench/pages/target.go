package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/bench/inside"
	"nicgraph/graph"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/store"
	"nicgraph/internal/store/neo4jstore"
)

// target is a store behind the server's handler.
type target struct {
	name    string
	store   *store.Store
	handler http.Handler
	driver  neo4j.DriverWithContext // nil: not a Neo4j
}

func newTarget(name string, backend store.Backend, cat *catalog.Catalog) (*target, error) {
	st := store.New(backend, store.Limits{})
	handler, err := inside.Handler(st, cat)
	return &target{name: name, store: st, handler: handler}, err
}

func driver(config neo4jstore.Config) (neo4j.DriverWithContext, error) {
	if config.User == "" {
		return neo4j.NewDriverWithContext(config.URI, neo4j.NoAuth())
	}
	return neo4j.NewDriverWithContext(config.URI, neo4j.BasicAuth(config.User, config.Password, ""))
}

func (t *target) fill(ctx context.Context, nodes []change.Node) error {
	for len(nodes) > 0 {
		size := min(batchSize, len(nodes))
		if _, err := t.store.Apply(ctx, &change.Batch{Upserts: nodes[:size]}, nil); err != nil {
			return err
		}
		nodes = nodes[size:]
	}
	return nil
}

// ask sends a question and returns the data of its answer.
func (t *target) ask(ctx context.Context, query string) (json.RawMessage, error) {
	text, err := inside.Query(ctx, t.handler, query)
	if err != nil {
		return nil, err
	}
	var answer struct{ Data json.RawMessage }
	err = json.Unmarshal(text, &answer)
	return answer.Data, err
}

// cursors are those of all rows of an order.
func (t *target) cursors(ctx context.Context, o order) ([]string, error) {
	var cursors []string
	for after := "null"; ; {
		data, err := t.ask(ctx, fmt.Sprintf("{ %s(orderBy: %s, first: %d, after: %s) { edges { cursor } pageInfo { hasNextPage } } }", o.field, o.by, longest, after))
		if err != nil {
			return nil, err
		}
		var answer map[string]struct {
			Edges    []struct{ Cursor string }
			PageInfo struct{ HasNextPage bool }
		}
		if err := json.Unmarshal(data, &answer); err != nil {
			return nil, err
		}
		found := answer[o.field]
		for _, edge := range found.Edges {
			cursors = append(cursors, edge.Cursor)
		}
		if !found.PageInfo.HasNextPage {
			return cursors, nil
		}
		after = fmt.Sprintf("%q", cursors[len(cursors)-1])
	}
}

// hits counts what the statement for a question touches in Neo4j.
func (t *target) hits(ctx context.Context, query string) (int64, error) {
	p, params, err := graph.Explain(query, "", nil)
	if err != nil {
		return 0, err
	}
	statements, err := cypher.Query(p, params)
	if err != nil {
		return 0, err
	}
	result, err := neo4j.ExecuteQuery(ctx, t.driver, "PROFILE "+statements[0].Text, statements[0].Params, neo4j.EagerResultTransformer)
	if err != nil {
		return 0, err
	}
	return total(result.Summary.Profile()), nil
}

func total(of neo4j.ProfiledPlan) int64 {
	hits := of.DbHits()
	for _, child := range of.Children() {
		hits += total(child)
	}
	return hits
}
