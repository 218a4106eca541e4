package embedded_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/archive"
	"nicgraph/internal/change"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/withdraw"
)

// erasing is a store on disk from which the person quillfeather, called Zzyzx Quill, was erased.
// Enough was written for pages to be split and freed.
func erasing(t *testing.T, dir string) *embedded.Store {
	t.Helper()
	cat := storetest.Catalog()
	s, err := embedded.Open(dir, cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 30 {
		batch := &change.Batch{Note: change.Note{Why: fmt.Sprint("round of Zzyzx Quill ", round)}}
		add := func(id string, fields storetest.Fields) {
			n, err := storetest.NewNode(cat, "Person", id, fields)
			if err != nil {
				t.Fatal(err)
			}
			batch.Upserts = append(batch.Upserts, n)
		}
		add("quillfeather", storetest.Fields{"name": "Zzyzx Quill", "score": round, "nick": strings.Repeat("long ", 200)})
		for i := range 20 {
			add(fmt.Sprint("other-", i), storetest.Fields{"score": round, "likes": []string{"quillfeather"}})
		}
		if _, err := s.Apply(t.Context(), batch, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Withdraw(t.Context(), &withdraw.Request{Action: withdraw.Erase, ID: "quillfeather"}); err != nil {
		t.Fatal(err)
	}
	return s
}

// telling lists the files of a folder that hold something of the person.
func telling(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte("quillfeather")) || bytes.Contains(raw, []byte("Quill")) {
			files = append(files, entry.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWhatIsErasedIsInNoFileOnceTheStoreIsOpenedAgain(t *testing.T) {
	dir := t.TempDir()
	s := erasing(t, dir)
	before := dump(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if telling(t, dir) == nil {
		t.Fatal("the file holds nothing of it at once: this test cannot fail")
	}
	if err := os.WriteFile(filepath.Join(dir, "graph.db.compact"), []byte("left behind by a crash: Quill"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := embedded.Open(dir, storetest.Catalog(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if files := telling(t, dir); files != nil {
		t.Errorf("the person is still in %v", files)
	}
	if diff := cmp.Diff(before, dump(t, s)); diff != "" {
		t.Errorf("opened again (-before +after):\n%s", diff)
	}
	storetest.Audit(t, s, storetest.Catalog(), "")
}

// A backup of a store that is still open must not bring back what was erased.
func TestWhatIsErasedIsInNoBackup(t *testing.T) {
	dir := t.TempDir()
	s := erasing(t, dir)
	defer s.Close()
	var backup bytes.Buffer
	if err := s.Backup(t.Context(), &backup); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(backup.Bytes(), []byte("Quill")) || bytes.Contains(backup.Bytes(), []byte("quillfeather")) {
		t.Error("the backup holds what was erased")
	}
	_, content, err := archive.Open(bytes.NewReader(backup.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	restored := t.TempDir()
	if err := embedded.Restore(restored, content, storetest.Catalog()); err != nil {
		t.Fatal(err)
	}
	again, err := embedded.Open(restored, storetest.Catalog(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if diff := cmp.Diff(dump(t, s), dump(t, again)); diff != "" {
		t.Errorf("restored (-before +after):\n%s", diff)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 2 {
		t.Errorf("the backup left something behind: %v, %v", entries, err)
	}
}

// dump is the history as texts, up to the present.
func dump(t *testing.T, s *embedded.Store) (all []string) {
	t.Helper()
	changes, err := s.Changes(t.Context(), &change.Ask{First: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range changes {
		entries, err := s.Entries(t.Context(), r.Number, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%d %q %+v", r.Number, r.Note.Why, r.Summary))
		for _, e := range entries {
			if e.After == nil {
				all = append(all, e.ID+" is gone")
				continue
			}
			state, err := e.After.AppendState(nil)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, string(state))
		}
	}
	return all
}
