package clients

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/asktest"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/exchange"
	"nicgraph/internal/explorer"
	"nicgraph/internal/spec"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
)

var (
	documents    = flag.Int("oracle.documents", 2000, "how many documents are made up for the oracle")
	documentSeed = flag.Uint64("oracle.seed", 1, "with which the documents are made up")
)

const (
	servedFile = "../../graph/schema.graphqls"
	seedTables = "../../seed"
)

// graphql-js over the tables is the oracle: it knows GraphQL better than we do, and reads
// the tables without any of our code.
func TestTheOracleGivesTheSameAnswersToAllExamples(t *testing.T) {
	o, url := newOracle(t), serverURL(t)+"/graphql"
	for _, e := range explorer.Examples() {
		if strings.Contains(e.Query, "\nmutation ") || strings.Contains(e.Query, "\nsubscription ") { // the oracle only reads, once
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			if diff := o.compare(t, url, request{Query: e.Query, Tables: seedTables}); diff != "" {
				t.Error(diff)
			}
			o.skipUnknown(t)
		})
	}
}

func TestTheOracleGivesTheSameAnswersToAllCases(t *testing.T) {
	cases, err := spec.Load("../spec/cases")
	if err != nil {
		t.Fatal(err)
	}
	o := newOracle(t)
	for _, c := range cases {
		if c.Writes() {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			backend, tables := caseTables(t, c)
			r := request{Query: c.Query, Variables: c.Variables, OperationName: c.Operation, Tables: tables}
			if diff := o.compare(t, serve(t, backend)+"/graphql", r); diff != "" {
				t.Error(diff)
			}
			o.skipUnknown(t)
		})
	}
}

// skipUnknown skips a question that the oracle could not judge.
func (o *oracle) skipUnknown(t *testing.T) {
	t.Helper()
	if o.unknown != "" {
		t.Skipf("the oracle has not been taught %s", o.unknown)
	}
}

// caseTables is a store with the graph of a case, and a folder with its tables.
func caseTables(t *testing.T, c *spec.Case) (*store.Store, string) {
	t.Helper()
	if c.Seed {
		return seeded(t), seedTables
	}
	cat := realCatalog(t)
	backend := store.New(embedded.OpenMemory(cat, nil), store.Limits{})
	t.Cleanup(func() { _ = backend.Close() })
	if _, err := backend.Apply(t.Context(), &change.Batch{Upserts: caseNodes(t, cat, c)}, nil); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := exchange.ExportDir(t.Context(), backend, cat, folder, exchange.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	return backend, folder
}

func caseNodes(t *testing.T, cat *catalog.Catalog, c *spec.Case) (nodes []change.Node) {
	t.Helper()
	for _, line := range c.Graph {
		n, err := storetest.NewNode(cat, line.Type, line.ID, line.Fields)
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, n)
	}
	return nodes
}

// domain is read once: a store, and what asks it, must have the same catalog.
var domain = sync.OnceValues(graph.Domain)

func realCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	domain, err := domain()
	if err != nil {
		t.Fatal(err)
	}
	return domain.Catalog()
}

func TestTheOracleGivesTheSameAnswersToMadeUpDocuments(t *testing.T) {
	o, url := newOracle(t), serverURL(t)+"/graphql"
	a := newAuthor(t, *documentSeed)
	answered, unknown := 0, 0
	for i := range *documents {
		r := a.request()
		diff := o.compare(t, url, r)
		if diff != "" {
			small := o.shrink(t, url, r)
			t.Fatalf("document %d of seed %d: %s\n%s\nvariables %s, operation %q", i, *documentSeed, o.compare(t, url, small), small.Query, jsonOf(t, small.Variables), small.OperationName)
		}
		switch {
		case o.unknown != "":
			unknown++
		case o.last.Errors == nil:
			answered++
			a.learn(o.last.Data)
		}
	}
	t.Logf("%d documents: %d answered, %d refused by both, %d not judged", *documents, answered, *documents-answered-unknown, unknown)
	if answered < *documents*3/4 {
		t.Errorf("only %d of %d made-up documents have an answer: the author is too careless", answered, *documents)
	}
}

func TestIntrospectionTellsTheSchemaThatIsServed(t *testing.T) {
	out := node(t, "oracle/introspection.mjs", servedFile, serverURL(t)+"/graphql")
	if !strings.HasSuffix(strings.TrimSpace(out), "types agree") {
		t.Error(out)
	}
	t.Log(out)
}

func TestTheSchemaKeepsTheRulesOfRelayAndOfNames(t *testing.T) {
	installed(t)
	cmd := exec.CommandContext(t.Context(), "node", "../internal/clients/node_modules/eslint/bin/eslint.js",
		"--config", "../internal/clients/oracle/eslint.config.mjs", "schema.graphqls")
	cmd.Dir = filepath.Dir(servedFile) // the linter looks at nothing outside its folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// request is a GraphQL request, with the folder of tables that the oracle is to read.
type request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName,omitempty"`
	Variables     map[string]any `json:"variables,omitempty"`
	Tables        string         `json:"tables,omitempty"`
}

// response is a GraphQL response as far as it can be compared.
type response struct {
	Unknown string `json:"unknown"` // the oracle's only
	Cost    int    `json:"cost"`    // the oracle's only: what the question may cost

	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message string `json:"message"`
		Path    []any  `json:"path"`

		Extensions struct {
			Code string `json:"code"`
		} `json:"extensions"`
	} `json:"errors"`
	Extensions struct {
		Cost struct{ Cost, Objects int }
	} `json:"extensions"`
}

// overLimit tells whether the server refuses a document for its size.
func (r response) overLimit() bool {
	return len(r.Errors) > 0 && r.Errors[0].Extensions.Code == "LIMIT_EXCEEDED"
}

// oracle is a running process of oracle/main.mjs.
type oracle struct {
	in   io.Writer
	out  *bufio.Reader
	last response // of the server, to the request compared last

	unknown string // what the oracle could not judge in it
}

func newOracle(t *testing.T) *oracle {
	t.Helper()
	installed(t)
	cmd := exec.CommandContext(t.Context(), "node", "oracle/main.mjs", servedFile)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return &oracle{in: in, out: bufio.NewReader(out)}
}

// compare asks the oracle and the server, and tells how their answers differ: "" when they
// agree. Data must be the same bytes. Of errors, whether there are some, and where.
func (o *oracle) compare(t *testing.T, url string, r request) string {
	t.Helper()
	wanted, got := o.ask(t, r), ask(t, url, r)
	o.last, o.unknown = got, wanted.Unknown
	if got.overLimit() && wanted.Errors == nil && o.unknown == "" {
		o.unknown = "a limit: " + got.Errors[0].Message
	}
	switch {
	case o.unknown != "":
		return ""
	case (wanted.Errors == nil) != (got.Errors == nil):
		return fmt.Sprintf("the oracle's errors are %v, the server's %v", wanted.Errors, got.Errors)
	case wanted.Errors != nil && !samePath(wanted, got):
		return fmt.Sprintf("the oracle's errors are at %v, the server's at %v", wanted.Errors, got.Errors)
	case bytes.Equal(null(wanted.Data), unhashed(wanted.Data, null(got.Data))):
		return wrongCost(wanted, got)
	default:
		return "(-oracle +server):\n" + cmp.Diff(lines(wanted.Data), lines(got.Data))
	}
}

// wrongCost tells what is wrong with the cost that the server states, "" when nothing is.
func wrongCost(wanted, got response) string {
	switch cost := got.Extensions.Cost; {
	case cost.Cost != wanted.Cost && wanted.Errors == nil:
		return fmt.Sprintf("the oracle's cost is %d, the server's %d", wanted.Cost, cost.Cost)
	case cost.Objects > cost.Cost:
		return fmt.Sprintf("%d objects at a cost of %d", cost.Objects, cost.Cost)
	default:
		return ""
	}
}

// unhashed is the server's data without the hashes of orders by counts in cursors, for which
// the oracle writes zeros.
func unhashed(wanted, got []byte) []byte {
	const start = `"AQAAAAA` // version 1 and a hash of zeros
	got = bytes.Clone(got)
	for at := 0; ; at += len(start) {
		next := bytes.Index(wanted[min(at, len(wanted)):], []byte(start))
		if next < 0 {
			return got
		}
		if at += next; len(got) >= at+len(start) && bytes.HasPrefix(got[at:], []byte(start[:2])) {
			copy(got[at:], start)
		}
	}
}

// samePath tells whether the server's error lies in a field that is wrong to the oracle too,
// where both speak of fields. Of several that are wrong the server names one.
func samePath(wanted, got response) bool {
	for _, e := range wanted.Errors {
		if len(e.Path) == 0 || len(got.Errors[0].Path) == 0 || cmp.Equal(e.Path, got.Errors[0].Path) {
			return true
		}
	}
	return false
}

// null is data, or null where there is none.
func null(data []byte) []byte {
	if data == nil {
		return []byte("null")
	}
	return data
}

func lines(data []byte) []string {
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", " "); err != nil {
		return []string{string(data)}
	}
	return strings.Split(b.String(), "\n")
}

func (o *oracle) ask(t *testing.T, r request) response {
	t.Helper()
	if _, err := fmt.Fprintf(o.in, "%s\n", jsonOf(t, r)); err != nil {
		t.Fatal(err)
	}
	line, err := o.out.ReadBytes('\n')
	if err != nil {
		t.Fatalf("the oracle: %v", err)
	}
	return parseResponse(t, line)
}

func ask(t *testing.T, url string, r request) response {
	t.Helper()
	r.Tables = ""
	return parseResponse(t, asktest.Post(t, url, r, "X-Nicgraph-Cost", "1").Body)
}

func parseResponse(t *testing.T, text []byte) (r response) {
	t.Helper()
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatalf("%v in %.400s", err, text)
	}
	return r
}

func jsonOf(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
