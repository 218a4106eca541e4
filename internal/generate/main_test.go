package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inputs is all that generate reads, the module it loads included.
var inputs = []string{"go.mod", "go.sum", configFile, domainDir, "graph/model/scalars.go", "internal/value"}

func TestCommittedFilesAreFresh(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	for _, name := range inputs {
		copyTo(t, filepath.Join(work, name), filepath.Join(root, name))
	}
	t.Chdir(work)
	if err := generate(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{servedFile, "graph/model/models_gen.go"} {
		if diff := cmp.Diff(read(t, filepath.Join(work, name)), read(t, filepath.Join(root, name))); diff != "" {
			t.Errorf("%s is stale, run make generate (-want +got)\n%s", name, diff)
		}
	}
}

func copyTo(t *testing.T, to, from string) {
	t.Helper()
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	if info.IsDir() {
		err = os.CopyFS(to, os.DirFS(from))
	} else {
		write(t, to, read(t, from))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
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
