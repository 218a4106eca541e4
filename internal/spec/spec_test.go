package spec_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/asktest"
	"nicgraph/internal/auth"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/exchange"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/proposal"
	"nicgraph/internal/spec"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/neo4jstore"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/withdraw"
	"nicgraph/seed"
)

var update = flag.Bool("update", false, "rewrite the golden plans and statements of the cases")

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// Every case is asked over HTTP, on both stores, whose answers must be the same bytes.
func TestCasesOnTheEmbeddedStore(t *testing.T) {
	inMemory(t, realCatalog(t)).runAll(t, func(*testing.T, *spec.Case, []byte) {})
}

// A case that writes has a store of its own.
func TestWritingCasesOnTheEmbeddedStore(t *testing.T) {
	cat := realCatalog(t)
	for _, c := range load(t) {
		if c.Writes() {
			t.Run(c.Name, func(t *testing.T) { inMemory(t, cat).runWriting(t, c) })
		}
	}
}

func TestWritingCasesOnNeo4j(t *testing.T) {
	server := neo4jtest.Start(t)
	cat := realCatalog(t)
	for _, c := range load(t) {
		if !c.Writes() {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			answers := onNeo4j(t, server, cat).runWriting(t, c)
			if diff := cmp.Diff(inMemory(t, cat).runWriting(t, c), answers); diff != "" {
				t.Errorf("the stores answer with different bytes (-embedded +neo4j):\n%s", diff)
			}
		})
	}
}

func inMemory(t *testing.T, cat *catalog.Catalog) *target {
	t.Helper()
	backend := embedded.OpenMemory(cat, nil)
	t.Cleanup(func() { backend.Close() })
	return newTarget(t, cat, backend)
}

// onNeo4j is a target on a genuine Neo4j, which is emptied.
func onNeo4j(t *testing.T, server *neo4jtest.Server, cat *catalog.Catalog) *target {
	t.Helper()
	neo4jtest.Clear(t, server)
	backend, err := neo4jstore.Open(t.Context(), neo4jstore.Config{URI: server.URI, User: server.User, Password: server.Password}, cat)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { backend.Close() })
	return newTarget(t, cat, backend)
}

// runWriting asks the questions of a case one after the other, and gives the answers back.
func (x *target) runWriting(t *testing.T, c *spec.Case) (answers []string) {
	t.Helper()
	x.hold(t, c)
	for i, q := range c.Questions() {
		if !q.Clock.IsZero() {
			x.clock = q.Clock
		}
		answer := x.postAs(t, q.As, map[string]any{"query": q.Query, "variables": q.Variables, "operationName": q.Operation})
		diff, err := spec.Compare(q.Result, answer)
		if err != nil {
			t.Fatalf("%v in %s", err, answer)
		}
		if diff != "" {
			t.Errorf("%s\nquestion %d (-want +got):\n%s", c.About, i+1, diff)
		}
		answers = append(answers, string(answer))
	}
	return answers
}

func TestCasesOnNeo4j(t *testing.T) {
	cat := realCatalog(t)
	twin := inMemory(t, cat)
	onNeo4j(t, neo4jtest.Start(t), cat).runAll(t, func(t *testing.T, c *spec.Case, answer []byte) {
		twin.hold(t, c)
		if diff := cmp.Diff(string(twin.ask(t, c)), string(answer)); diff != "" {
			t.Errorf("the stores answer with different bytes (-embedded +neo4j):\n%s", diff)
		}
	})
}

func TestGoldenPlansAndStatements(t *testing.T) {
	for _, c := range load(t) {
		t.Run(c.Name, func(t *testing.T) {
			if _, ok := c.Golden("plan.txt"); ok {
				plan, _ := explain(t, c)
				golden(t, c, "plan.txt", plan)
			}
			if _, ok := c.Golden("statement.cypher"); ok {
				_, statements := explain(t, c)
				golden(t, c, "statement.cypher", statements)
			}
		})
	}
}

func golden(t *testing.T, c *spec.Case, name, got string) {
	t.Helper()
	if *update {
		if err := c.Update(name, got); err != nil {
			t.Fatal(err)
		}
	}
	if want, _ := c.Golden(name); want != got {
		t.Errorf("%s differs; rewrite it with -update and read it (-want +got):\n%s", name, cmp.Diff(want, got))
	}
}

func explain(t *testing.T, c *spec.Case) (plan, statements string) {
	t.Helper()
	p, params, err := graph.Explain(c.Query, c.Operation, c.Variables)
	if err != nil {
		t.Fatal(err)
	}
	list, err := cypher.Query(p, params)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, statement := range list {
		given, err := json.Marshal(statement.Params)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n// %s\n", statement.Text, given)
	}
	return p.String(), b.String()
}

func load(t testing.TB) []*spec.Case {
	t.Helper()
	cases, err := spec.Load("cases")
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

func realCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	return domain.Catalog()
}

// target is a store that is served over HTTP.
type target struct {
	cat     *catalog.Catalog
	store   *store.Store
	persons withdraw.Keeper
	server  *httptest.Server
	clock   time.Time
	holds   string   // the name of the case whose graph is in the store, or "seed"
	ids     []string // of the nodes in the store
}

func newTarget(t testing.TB, cat *catalog.Catalog, backend store.Backend) *target {
	t.Helper()
	x := &target{cat: cat, store: store.New(backend, store.Limits{}), clock: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)}
	proposals, _ := backend.(proposal.Keeper)
	x.persons, _ = backend.(withdraw.Keeper)
	edge, err := graph.New(x.store, cat, graph.Config{
		Allow:     tester,
		Proposals: proposals,
		Persons:   x.persons,
		Clock:     func() time.Time { return x.clock },
	})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := httpserver.New(httpserver.Config{
		Schema: edge, Extensions: edge.Extensions(), Documents: edge.Documents(), Logger: slog.New(slog.DiscardHandler),
		Admit:   admit,
		Timeout: time.Minute, // a first question under asOf takes Neo4j seconds to plan
	})
	if err != nil {
		t.Fatal(err)
	}
	x.server = httptest.NewServer(handler)
	t.Cleanup(x.server.Close)
	return x
}

// asHeader says who asks: a role and a name.
const asHeader = "X-As"

// admit takes everybody for who they say they are.
func admit(r *http.Request) (auth.Viewer, error) {
	role, name, known := strings.Cut(r.Header.Get(asHeader), " ")
	if !known {
		return auth.Viewer{}, nil
	}
	is, err := auth.ParseRole(role)
	return auth.Viewer{Subject: "test:" + name, Name: name, Role: is, Scopes: is.Scopes()}, err
}

// tester writes where nobody says who asks.
func tester(ctx context.Context) (string, error) {
	if auth.FromContext(ctx).Known() {
		return auth.Writer(ctx)
	}
	return "tester", nil
}

// inTurn leaves out the cases that write, and puts those on the curated data last, so that it
// is loaded once.
func inTurn(cases []*spec.Case) []*spec.Case {
	cases = slices.DeleteFunc(cases, (*spec.Case).Writes)
	own := slices.DeleteFunc(slices.Clone(cases), func(c *spec.Case) bool { return c.Seed })
	curated := slices.DeleteFunc(cases, func(c *spec.Case) bool { return !c.Seed })
	return slices.Concat(own, curated)
}

// runAll runs the cases with a graph of their own, then those on the curated data.
func (x *target) runAll(t *testing.T, also func(*testing.T, *spec.Case, []byte)) {
	for _, c := range inTurn(load(t)) {
		t.Run(c.Name, func(t *testing.T) {
			x.hold(t, c)
			answer := x.ask(t, c)
			diff, err := spec.Compare(c.Result, answer)
			if err != nil {
				t.Fatalf("%v in %s", err, answer)
			}
			if diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", c.About, diff)
			}
			also(t, c, answer)
		})
	}
}

// hold fills the store with the case's graph and nothing else.
func (x *target) hold(t testing.TB, c *spec.Case) {
	t.Helper()
	wanted := c.Name
	if c.Seed {
		wanted = "seed"
	}
	if x.holds == wanted {
		return
	}
	x.apply(t, &change.Batch{Deletes: x.ids})
	x.holds, x.ids = wanted, nil
	if c.Seed {
		if _, err := exchange.Import(t.Context(), x.store, seed.Tables, x.cat, exchange.Options{}); err != nil {
			t.Fatal(err)
		}
		return
	}
	batch := &change.Batch{Note: change.Note{At: x.clock.Add(-30 * time.Minute)}}
	for _, node := range c.Graph {
		n, err := storetest.NewNode(x.cat, node.Type, node.ID, node.Fields)
		if err != nil {
			t.Fatal(err)
		}
		batch.Upserts = append(batch.Upserts, n)
		x.ids = append(x.ids, n.ID)
	}
	x.apply(t, batch)
}

func (x *target) apply(t testing.TB, batch *change.Batch) {
	t.Helper()
	if _, err := x.store.Apply(t.Context(), batch, nil); err != nil {
		t.Fatal(err)
	}
}

// ask sends the case's question as any client does, after the earlier one.
func (x *target) ask(t testing.TB, c *spec.Case) []byte {
	t.Helper()
	variables := maps.Clone(c.Variables)
	if c.Earlier != "" {
		answer := x.post(t, map[string]any{"query": c.Earlier})
		cursor := endCursor.FindSubmatch(answer)
		if cursor == nil {
			t.Fatalf("the earlier question has no endCursor in its answer %s", answer)
		}
		variables = map[string]any{"after": string(cursor[1])}
	}
	return x.post(t, map[string]any{"query": c.Query, "variables": variables, "operationName": c.Operation})
}

var endCursor = regexp.MustCompile(`"endCursor":"([^"]*)"`)

func (x *target) post(t testing.TB, body map[string]any) []byte {
	t.Helper()
	return x.postAs(t, "", body)
}

func (x *target) postAs(t testing.TB, who string, body map[string]any) []byte {
	t.Helper()
	return asktest.Post(t, x.server.URL+"/graphql", body, asHeader, who).Body
}
