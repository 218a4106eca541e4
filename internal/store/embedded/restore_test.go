package embedded_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"nicgraph/internal/archive"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
)

// backedUp is the content of a backup of a store with one person.
func backedUp(t *testing.T) []byte {
	t.Helper()
	cat := storetest.Catalog()
	s, err := embedded.Open(t.TempDir(), cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Apply(t.Context(), &change.Batch{Upserts: []change.Node{person(t, cat, "zoe", nil)}}, nil); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := s.Backup(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	_, content, err := archive.Open(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// midway is a reader that does something once half of it is read.
type midway struct {
	first, rest io.Reader
	then        func()
}

func halfway(content []byte, then func()) io.Reader {
	half := len(content) / 2
	return &midway{bytes.NewReader(content[:half]), bytes.NewReader(content[half:]), then}
}

func (m *midway) Read(p []byte) (int, error) {
	n, err := m.first.Read(p)
	if err != io.EOF {
		return n, err
	}
	if m.then != nil {
		m.then()
		m.then = nil
	}
	return m.rest.Read(p)
}

// What a kill would leave is what is there while the backup is being read.
func TestAKilledRestoreLeavesNoStore(t *testing.T) {
	content, dir, cat := backedUp(t), t.TempDir(), storetest.Catalog()
	left := filepath.Join(t.TempDir(), "left")
	err := embedded.Restore(dir, halfway(content, func() {
		if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
			t.Error(err)
		}
	}), cat)
	if err != nil {
		t.Fatal(err)
	}
	if err := embedded.Restore(left, bytes.NewReader(content), cat); err != nil {
		t.Errorf("after a kill the same folder does not do: %v", err)
	}
	for _, dir := range []string{dir, left} {
		s, err := embedded.Open(dir, cat, nil)
		if err != nil {
			t.Fatal(err)
		}
		if revision, err := s.Revision(t.Context()); err != nil || revision != 1 {
			t.Errorf("%d changes, %v", revision, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestARestoreLeavesTheStoreThatCameMeanwhile(t *testing.T) {
	content, dir, cat := backedUp(t), t.TempDir(), storetest.Catalog()
	err := embedded.Restore(dir, halfway(content, func() {
		s, err := embedded.Open(dir, cat, nil)
		if err == nil {
			err = s.Close()
		}
		if err != nil {
			t.Error(err)
		}
	}), cat)
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v, want that there is a store", err)
	}
	s, err := embedded.Open(dir, cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if empty, err := s.Empty(t.Context()); err != nil || !empty {
		t.Errorf("the store that came meanwhile is another one now: %t, %v", empty, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "restore-*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
