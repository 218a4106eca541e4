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
	if err := generate(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(read(t, servedFile), read(t, filepath.Join(root, servedFile))); diff != "" {
		t.Errorf("%s is stale, run make generate (-want +got)\n%s", servedFile, diff)
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
