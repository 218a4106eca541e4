package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nicgraph/internal/asktest"

	"github.com/google/go-cmp/cmp"
)

const aSource = `mutation { createSources(why: "w", input: [{title: "T", publisher: "P"}]) { sources { id version } change { number by why } } }`

func TestOnThisMachineTheUserWrites(t *testing.T) {
	address := start(t, func(c *Config) { c.Who.UserName = "ann" })
	want := map[string]any{"createSources": map[string]any{ // change 1 is the import of the curated data
		"sources": []any{map[string]any{"id": "t", "version": 2.0}},
		"change":  map[string]any{"number": 2.0, "by": "ann", "why": "w"},
	}}
	if diff := cmp.Diff(want, ask(t, address, aSource)); diff != "" {
		t.Errorf("answer (-want +got)\n%s", diff)
	}
}

// write sends a question with headers, in pairs of name and value, and brings the answer.
func write(t *testing.T, address, query string, headers ...string) string {
	t.Helper()
	return string(asktest.Post(t, address+"/graphql", asktest.Question{Query: query}, headers...).Body)
}

func TestNobodyWritesWithoutATokenWhereOthersReach(t *testing.T) {
	data := t.TempDir()
	token := func(args ...string) string { return "Bearer " + create(t, data, args...) }
	reader, writer := token("Bea"), token("Ann", "--role", "reviewer")
	limited := token("Cem", "--role", "reviewer", "--scope", "read")
	for name, test := range map[string]struct {
		change  func(*Config)
		headers []string
		says    []string
	}{
		"any address":           {func(c *Config) { c.Listen = "0.0.0.0:0" }, nil, []string{`"code":"UNAUTHENTICATED"`, "needs a token that may write"}},
		"not for one user":      {func(c *Config) { c.Who.SingleUser = false }, nil, []string{`"code":"UNAUTHENTICATED"`}},
		"pages of all origins":  {func(c *Config) { c.Origins = []string{"*"} }, []string{"Origin", "https://evil.example"}, []string{`"code":"UNAUTHENTICATED"`}},
		"pages of other sites":  {func(*Config) {}, []string{"Origin", "https://evil.example"}, []string{`"code":"FORBIDDEN"`}},
		"behind a proxy":        {func(*Config) {}, []string{"X-Forwarded-For", "192.0.2.1"}, []string{`"code":"UNAUTHENTICATED"`}},
		"a reader":              {func(*Config) {}, []string{"Authorization", reader}, []string{`"code":"FORBIDDEN"`, "you are a reader"}},
		"a token for reading":   {func(*Config) {}, []string{"Authorization", limited}, []string{`"code":"FORBIDDEN"`, "the token may only read"}},
		"a reviewer, elsewhere": {func(c *Config) { c.Listen = "0.0.0.0:0" }, []string{"Authorization", writer}, []string{`"by":"Ann (token:`, `"id":"t"`}},
	} {
		t.Run(name, func(t *testing.T) {
			app := startApp(t, func(c *Config) {
				c.Data, c.Empty = t.TempDir(), true
				copyTokens(t, data, c.Data)
				test.change(c)
			})
			answer := write(t, strings.Replace(app.Address(), "[::]", "127.0.0.1", 1), aSource, test.headers...)
			for _, part := range test.says {
				if !strings.Contains(answer, part) {
					t.Errorf("%s is not in %s", part, answer)
				}
			}
		})
	}
}

func TestAContributorProposesAndAReviewerApproves(t *testing.T) {
	data := t.TempDir()
	ann := "Bearer " + create(t, data, "Ann", "--role", "contributor")
	rob := "Bearer " + create(t, data, "Rob", "--role", "reviewer")
	address := start(t, func(c *Config) { c.Data, c.Empty = data, true })
	for _, step := range []struct{ token, query, says string }{
		{ann, strings.Replace(aSource, "change {", "proposal { id status } change {", 1), `"proposal":{"id":"1","status":"OPEN"},"change":null`},
		{ann, `{ sources { totalCount } proposals { by effect { created } } }`, `"totalCount":0},"proposals":[{"by":"Ann (token:`},
		{ann, `mutation { approveProposal(id: "1") { status } }`, `"code":"FORBIDDEN"`},
		{rob, `mutation { approveProposal(id: "1") { status change { by why } } }`, `"status":"APPROVED","change":{"by":"Ann (token:`},
		{rob, `{ source(id: "t") { version } changes { nodes { why } } }`, `"version":1},"changes":{"nodes":[{"why":"Proposal 1, approved by Rob (token:`},
	} {
		if answer := write(t, address, step.query, "Authorization", step.token); !strings.Contains(answer, step.says) {
			t.Fatalf("%s: %s is not in %s", step.query, step.says, answer)
		}
	}
}

// copyTokens brings the tokens of one folder into another.
func copyTokens(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(from, "tokens.db"))
	if err == nil {
		err = os.WriteFile(filepath.Join(to, "tokens.db"), raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
