package neo4jstore_test

import (
	"flag"
	"os"
	"testing"

	"nicgraph/graph"
	"nicgraph/internal/auth"
	"nicgraph/internal/catalog"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/store"
	"nicgraph/internal/store/neo4jstore"
	"nicgraph/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// open brings an empty store at a server that the test already has.
func open(t testing.TB, server *neo4jtest.Server, cat *catalog.Catalog) *neo4jstore.Store {
	t.Helper()
	neo4jtest.Clear(t, server)
	s, err := neo4jstore.Open(t.Context(), config(server), cat)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func config(server *neo4jtest.Server) neo4jstore.Config {
	return neo4jstore.Config{URI: server.URI, User: server.User, Password: server.Password}
}

// fewChecks is how many random graphs a usual run tries: Neo4j plans each question
// anew, which takes most of a second for a graph's questions. -rapid.checks asks for more.
const fewChecks = "25"

func TestSuite(t *testing.T) {
	checkFew(t)
	server := neo4jtest.Start(t)
	storetest.Run(t, func(t *testing.T, cat *catalog.Catalog) store.Backend { return open(t, server, cat) })
}

func TestSearch(t *testing.T) {
	checkFew(t)
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	server := neo4jtest.Start(t)
	storetest.Search(t, domain.Catalog(), func(t *testing.T, cat *catalog.Catalog) store.Backend { return open(t, server, cat) })
}

func TestProposals(t *testing.T) {
	s := open(t, neo4jtest.Start(t), storetest.Catalog())
	storetest.Proposals(t, s)
	if empty, err := s.Empty(t.Context()); err != nil || !empty {
		t.Errorf("proposals count as nodes of the graph: %v, %v", empty, err)
	}
}

func TestTokens(t *testing.T) {
	server := neo4jtest.Start(t)
	first := open(t, server, storetest.Catalog())
	storetest.Tokens(t, func(t *testing.T) auth.Keeper {
		s, err := neo4jstore.Open(t.Context(), config(server), storetest.Catalog())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	})
	if empty, err := first.Empty(t.Context()); err != nil || !empty {
		t.Errorf("tokens count as nodes of the graph: %v, %v", empty, err)
	}
}

func checkFew(t *testing.T) {
	t.Helper()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		if err := flag.Set("rapid.checks", fewChecks); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWithdrawals(t *testing.T) {
	checkFew(t)
	server := neo4jtest.Start(t)
	storetest.Withdrawals(t, func(t *testing.T, cat *catalog.Catalog) storetest.Vault { return open(t, server, cat) })
}
