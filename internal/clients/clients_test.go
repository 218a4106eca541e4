// Package clients proves that clients which people use work with the server: the audits of
// graphql-http, GraphiQL in a browser, and programs with Relay, Apollo Client, urql and genqlient.
// It has no code of its own beside these tests.
package clients

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"nicgraph/internal/asktest"
	"nicgraph/internal/explorer"
)

// missing skips a test for want of a program, but fails it where everything must be there.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing", what)
}

// node runs one of the programs of this folder with node.
func node(t *testing.T, args ...string) string {
	t.Helper()
	installed(t)
	return run(t, "node", args...)
}

// installed makes sure that what the lock file names is there.
func installed(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		missing(t, "npm (Node.js 20 or newer)")
	}
	if stale(t) {
		run(t, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
	}
}

// stale tells whether node_modules is missing or older than the lock file.
func stale(t *testing.T) bool {
	t.Helper()
	lock, err := os.Stat("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	there, err := os.Stat("node_modules/.package-lock.json")
	return err != nil || there.ModTime().Before(lock.ModTime())
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestEveryAuditOfGraphQLOverHTTPPasses(t *testing.T) {
	out := node(t, "audit.mjs", serverURL(t)+"/graphql")
	if !strings.HasSuffix(strings.TrimSpace(out), "61 passed, 0 failed") {
		t.Error(out)
	}
	t.Log(out)
}

func TestEveryExampleHasAnAnswer(t *testing.T) {
	url := serverURL(t) + "/graphql"
	for _, e := range explorer.Examples() {
		if strings.Contains(e.Query, "\nsubscription ") { // has no end; the browser runs it
			continue
		}
		text := asktest.Post(t, url, asktest.Question{Query: e.Query}).Body
		if bytes.Contains(text, []byte(`"errors":`)) || len(text) < 80 {
			t.Errorf("%s: %.400s", e.Name, text)
		}
		t.Logf("%s: %d bytes", e.Name, len(text))
	}
}
