package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheCommittedSchemaIsFresh(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS(domainDir, os.DirFS(filepath.Join(root, domainDir))); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{configFile: read(t, filepath.Join(root, configFile)), "graph/schema.graphqls": "stale"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := generate(); err != nil {
		t.Fatal(err)
	}
	served, err := servedFile()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(read(t, served), read(t, filepath.Join(root, served))); diff != "" {
		t.Errorf("%s is stale, run make generate (-want +got)\n%s", served, diff)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
