package abuse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/graph"
	"nicgraph/internal/auth"
)

// hostile are texts that mean something to whatever a write passes through.
var hostile = []string{
	"a`}) DETACH DELETE n //", "' OR 1=1 --", `" }) { id } }`, "\\", "\\u0027", "$ids", "${1+1}", "{{7*7}}", "%s%n", "__proto__",
	"<script>alert(1)</script>", `"><svg onload=alert(1)>`, "javascript:alert(1)", "=HYPERLINK(\"x\")", "../../etc/passwd", "a\r\nSet-Cookie: a=b",
	"a\nb", "a\x00b", "a\x1b[2Jb", "a\u202eb", "a\u2066b", "\ufeffa", "\ufffd", "n.id", "*", "|", "Node", "é", "-1e999",
	strings.Repeat("`", 400), strings.Repeat("\ufdfa", 400),
}

const (
	creation = `mutation($id: ID, $name: String!, $why: String, $key: String) {
		done: createSources(input: [{id: $id, title: $name, publisher: "P"}], why: $why, key: $key) { created sources { id title } } }`
	linking = `mutation($id: ID!) { done: updateOrganizations(input: [{id: "fresno-unified-school-district", sources: [$id]}]) { updated } }`
	removal = `mutation($id: ID!) { done: deleteSources(input: [{id: $id}], mode: WITH_FACTS) { deleted } }`
	size    = `{ sources { totalCount } organizations { totalCount } learnings { totalCount } }`
)

// tried sends a write, and wants an answer that tells nothing of the inside.
func tried(t *testing.T, h http.Handler, query string, variables map[string]any) answer {
	t.Helper()
	got := send(h, post(asked(query, variables)))
	for _, word := range append([]string{"bbolt", "INTERNAL"}, inside...) {
		if strings.Contains(got.body, word) {
			t.Errorf("%v: the answer says %q: %s", variables, word, got.body)
		}
	}
	return got
}

func sizeOf(h http.Handler) string { return send(h, post(asked(size, nil))).body }

func TestATextIsKeptAsItIsOrRefused(t *testing.T) {
	h := newServer(t)
	for i, text := range hostile {
		got := tried(t, h, creation, map[string]any{"name": text, "why": text, "key": text + strconv.Itoa(i)})
		var reply struct {
			Data struct {
				Done struct{ Sources []struct{ Title string } }
			}
		}
		err := json.Unmarshal([]byte(got.body), &reply)
		switch made := reply.Data.Done.Sources; {
		case err != nil:
			t.Errorf("%q: %v in %s", text, err, got.body)
		case got.code() == "" && (len(made) != 1 || made[0].Title != text):
			t.Errorf("%q is kept as %+v", text, made)
		case got.code() != "" && got.code() != wrong:
			t.Errorf("%q: %s", text, got.body)
		}
	}
}

func TestNoIdReachesWhatItDoesNotName(t *testing.T) {
	h := newServer(t)
	before := sizeOf(h)
	for _, text := range hostile {
		for _, query := range []string{linking, removal, strings.Replace(creation, "$name: String!", "", 1)} {
			query = strings.Replace(query, "title: $name", `title: "T"`, 1)
			if got := tried(t, h, query, map[string]any{"id": text}); got.code() == "" {
				t.Errorf("%q is taken for an id: %s", text, got.body)
			}
		}
	}
	if after := sizeOf(h); after != before {
		t.Errorf("there was %s and is %s", before, after)
	}
}

func TestWritesThatAreTooLargeAreRefused(t *testing.T) {
	h := newServer(t)
	before := sizeOf(h)
	source := func(title string) map[string]any { return map[string]any{"title": title, "publisher": "P"} }
	many := make([]any, 1001)
	for i := range many {
		many[i] = source("T")
	}
	huge := make([]any, 1000)
	for i := range huge {
		huge[i] = source(strings.Repeat("x", 1<<20/1000))
	}
	links := make([]string, 9_000)
	for name, test := range map[string]struct {
		input any
		more  map[string]any
		code  string
	}{
		"1,001 inputs":            {many, nil, limit},
		"1,000 inputs of a kB":    {huge, nil, limit},
		"a title of 501 letters":  {source(strings.Repeat("x", 501)), nil, wrong},
		"a title of a megabyte":   {source(strings.Repeat("x", 1<<20)), nil, limit},
		"a title that grows":      {source(strings.Repeat("\ufdfa", 501)), nil, wrong},
		"an id of 201 letters":    {map[string]any{"id": strings.Repeat("x", 201), "title": "T", "publisher": "P"}, nil, wrong},
		"a reason of 2,001":       {source("T"), map[string]any{"why": strings.Repeat("x", 2001)}, wrong},
		"a key of 201":            {source("T"), map[string]any{"key": strings.Repeat("x", 201)}, wrong},
		"no inputs but 9,000 ids": {links, nil, wrong},
	} {
		variables := map[string]any{"input": test.input}
		for k, v := range test.more {
			variables[k] = v
		}
		got := tried(t, h, `mutation($input: [SourceCreate!]!, $why: String, $key: String) { createSources(input: $input, why: $why, key: $key) { created } }`, variables)
		if got.code() != test.code || len(got.body) > 200_000 {
			t.Errorf("%s: %s, %d bytes", name, got.code(), len(got.body))
		}
	}
	if after := sizeOf(h); after != before {
		t.Errorf("there was %s and is %s", before, after)
	}
}

// Every mutation that the schema has, with no selection that would need one to be known.
func TestWhoMayOnlyReadChangesNothing(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL()})
	for code, viewer := range map[string]auth.Viewer{
		"UNAUTHENTICATED": auth.Anonymous(),
		"FORBIDDEN":       {Subject: "oidc:x", Name: "X", Role: auth.Reader, Scopes: auth.Reader.Scopes()},
	} {
		h := serverFor(t, nil, slog.New(slog.DiscardHandler), viewer)
		before := sizeOf(h)
		for _, f := range schema.Mutation.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			query := "mutation { " + f.Name + minimal(f) + " { __typename } }"
			if got := tried(t, h, query, nil); got.code() != code {
				t.Errorf("%s: %s %s", code, query, got.body)
			}
		}
		if after := sizeOf(h); after != before {
			t.Errorf("there was %s and is %s", before, after)
		}
	}
}

// minimal are the arguments that a field needs.
func minimal(f *ast.FieldDefinition) string {
	var all []string
	for _, a := range f.Arguments {
		switch {
		case !a.Type.NonNull || a.DefaultValue != nil:
		case a.Type.Elem != nil:
			all = append(all, a.Name+": []")
		case a.Type.Name() == "Int":
			all = append(all, a.Name+": 1")
		default:
			all = append(all, a.Name+`: "x"`)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "(" + strings.Join(all, ", ") + ")"
}

func TestNothingThatIsSentBeginsALineOfTheLog(t *testing.T) {
	var log bytes.Buffer
	viewer := auth.Viewer{Subject: "oidc:a\nlevel=ERROR msg=forged", Role: auth.Administrator, Scopes: auth.Administrator.Scopes()}
	h := serverFor(t, nil, slog.New(slog.NewTextHandler(&log, nil)), viewer)
	for _, text := range hostile {
		r := post(asked(creation, map[string]any{"name": text, "why": text, "key": text}))
		r.Header["X-Request-Id"] = []string{text + "\nlevel=ERROR msg=forged"}
		got := send(h, r)
		if id := got.header.Get("X-Request-Id"); strings.ContainsAny(id, "\r\n") {
			t.Errorf("the request id is %q", id)
		}
	}
	if lines := strings.Count(log.String(), "\n"); lines != len(hostile) {
		t.Errorf("%d lines for %d requests:\n%s", lines, len(hostile), log.String())
	}
	for line := range strings.Lines(log.String()) {
		if !strings.HasPrefix(line, "time=") || strings.Contains(line, "DETACH") {
			t.Errorf("the log says %s", line)
		}
	}
}

// Each moment of the past takes work of its own, and what is kept of it must not add up.
func TestThePastIsBounded(t *testing.T) {
	h := newServer(t)
	const moments = 60
	for i := range moments {
		tried(t, h, creation, map[string]any{"name": fmt.Sprint("T", i)})
	}
	var history struct {
		Data struct {
			Changes struct{ Nodes []struct{ At string } }
		}
	}
	if err := json.Unmarshal([]byte(send(h, post(asked("{ changes(first: 100) { nodes { at } } }", nil))).body), &history); err != nil {
		t.Fatal(err)
	}
	var query strings.Builder
	for i, c := range history.Data.Changes.Nodes {
		fmt.Fprintf(&query, " a%d: asRecordedAt(time: %q) { sources { totalCount } }", i, c.At)
	}
	if len(history.Data.Changes.Nodes) <= moments {
		t.Fatalf("%d changes", len(history.Data.Changes.Nodes))
	}
	allocations := testing.AllocsPerRun(2, func() { tried(t, h, "{"+query.String()+"}", nil) })
	if allocations > 300_000 {
		t.Errorf("%d moments cost %.0f allocations", moments, allocations)
	}
}
