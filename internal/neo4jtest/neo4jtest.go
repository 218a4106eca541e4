// Package neo4jtest gives tests a genuine Neo4j, empty and for one test at a time.
// What is stored there is left to the tests.
//
// A test that asks for one gets the server that NEO4J_URI (with NEO4J_USER and
// NEO4J_PASSWORD) names. Without it the package starts a server of its own; so that a
// run over many packages starts only one, use
//
//	go run ./internal/neo4jtest/run -- go test ./...
//
// The Community edition has one database, so tests take turns, across packages and
// processes too: each holds the write lock of one node for as long as it runs.
package neo4jtest

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// own is the server that this process has started, if any.
type own struct {
	once   sync.Once
	server *Server
	err    error
}

var started own

// Main runs a package's tests and stops the server that they have started. Call it
// from TestMain: os.Exit(neo4jtest.Main(m)).
func Main(m *testing.M) int {
	code := m.Run()
	if started.server != nil {
		_ = started.server.Stop() // the tests have had their say
	}
	return code
}

// Start brings a Neo4j without nodes and keeps it for this test until it ends. A test
// must not start a second one. Without a Neo4j the test is skipped, or, with CI=true,
// fails.
func Start(t testing.TB) *Server {
	t.Helper()
	server := find(t)
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	take(t, driver)
	Clear(t, server)
	return server
}

func find(t testing.TB) *Server {
	t.Helper()
	if uri := os.Getenv("NEO4J_URI"); uri != "" {
		return &Server{URI: uri, User: os.Getenv("NEO4J_USER"), Password: os.Getenv("NEO4J_PASSWORD")}
	}
	started.once.Do(func() { started.server, started.err = Launch(context.Background(), "") })
	must(t, started.err)
	return started.server
}

// Own starts a Neo4j for this test alone, which may halt it and run it again. Where none can be
// started the test is skipped, or, with CI=true, fails.
func Own(t testing.TB) *Server {
	t.Helper()
	server, err := Launch(context.Background(), "")
	must(t, err)
	t.Cleanup(func() { _ = server.Stop() }) // the test has had its say
	return server
}

func must(t testing.TB, err error) {
	t.Helper()
	switch {
	case errors.Is(err, ErrMissing) && os.Getenv("CI") != "true":
		t.Skipf("no Neo4j to test with: %v; or name a running one in NEO4J_URI", err)
	case err != nil:
		t.Fatal(err)
	}
}

// take waits for its turn, which ends with the test, however that ends.
func take(t testing.TB, driver neo4j.DriverWithContext) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("take the turn at Neo4j: %v", err)
		}
	}
	must(do(ctx, driver, "CREATE CONSTRAINT nicgraph_turn IF NOT EXISTS FOR (t:NicgraphTestTurn) REQUIRE t.id IS UNIQUE"))
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	tx, err := session.BeginTransaction(ctx)
	must(err)
	_, err = tx.Run(ctx, "MERGE (t:NicgraphTestTurn {id: 'turn'}) SET t.taken = true", nil)
	must(err)
	t.Cleanup(func() {
		_ = tx.Rollback(ctx) // closing the driver ends the turn too
		_ = driver.Close(ctx)
	})
}

// Clear deletes all nodes that nicgraph has written; constraints and indexes stay.
func Clear(t testing.TB, server *Server) {
	t.Helper()
	ctx := context.Background()
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = driver.Close(ctx) }()
	for _, text := range emptying {
		if err := do(ctx, driver, text); err != nil {
			t.Fatalf("clear Neo4j: %v", err)
		}
	}
}

// do carries a statement out, again where Neo4j could not plan it because the test before has just changed
// the schema.
func do(ctx context.Context, driver neo4j.DriverWithContext, text string) error {
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer func() { _ = session.Close(ctx) }()
	_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		result, err := tx.Run(ctx, text, nil)
		if err == nil {
			_, err = result.Consume(ctx)
		}
		if server, ok := errors.AsType[*neo4j.Neo4jError](err); ok && strings.Contains(server.Msg, "frequent schema changes") {
			server.MarkRetriable()
		}
		return nil, err
	})
	return err
}

// emptying takes away the graph, its history, the tokens, the proposals and what is hidden.
var emptying = []string{
	"MATCH (n:Node) DETACH DELETE n",
	"MATCH (n:NicgraphChange|NicgraphCreated|NicgraphState|NicgraphAlias|NicgraphAliased|NicgraphToken|NicgraphProposal|NicgraphHidden) DELETE n",
	"MATCH (m:NicgraphMeta) SET m.revision = 0, m.at = 0 REMOVE m.withdrawn, m.proposals",
}
