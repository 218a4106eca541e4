package embedded_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/auth"
	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
)

func TestSuiteInMemory(t *testing.T) { storetest.Run(t, inMemory) }

func TestSuiteOnDisk(t *testing.T) { storetest.Run(t, onDisk) }

func TestRandomQuestionsOfTheRealSchema(t *testing.T) {
	storetest.Random(t, realCatalog(t), inMemory)
}

func TestSearch(t *testing.T) { storetest.Search(t, realCatalog(t), inMemory) }

func TestProposalsInMemory(t *testing.T) {
	storetest.Proposals(t, embedded.OpenMemory(storetest.Catalog(), nil))
}

func TestProposalsOnDisk(t *testing.T) {
	dir := t.TempDir()
	s, err := embedded.Open(dir, storetest.Catalog(), nil)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Proposals(t, s)
	before, err := s.Proposals(t.Context(), proposal.Ask{First: 100})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err = embedded.Open(dir, storetest.Catalog(), nil); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	after, err := s.Proposals(t.Context(), proposal.Ask{First: 100})
	if diff := cmp.Diff(before, after); diff != "" || err != nil || len(after) == 0 {
		t.Errorf("%v; opened again (-before +after):\n%s", err, diff)
	}
}

func TestTokens(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	storetest.Tokens(t, func(*testing.T) auth.Keeper { return embedded.TokensIn(dir) })
}

func TestTokensAreKeptWhileTheStoreIsOpen(t *testing.T) {
	dir := t.TempDir()
	s, err := embedded.Open(dir, realCatalog(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	token, _, err := auth.NewToken("while open", auth.Reader, 0, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := embedded.TokensIn(dir).AddToken(t.Context(), token); err != nil {
		t.Error(err)
	}
}

// A token whose record has changed on disk must not be taken for another one.
func TestADamagedFileOfTokensIsToldAndNeverRead(t *testing.T) {
	dir := t.TempDir()
	token, _, err := auth.NewToken("precious", auth.Reader, 0, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := embedded.TokensIn(dir).AddToken(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "tokens.db")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(raw, []byte(`"role":"reader"`))
	raw[at+len(`"role":"`)] ^= 1
	for name, damaged := range map[string][]byte{"a bit that turned": raw, "a file that was cut": raw[:len(raw)/2], "another file": []byte("hello")} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(file, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := embedded.TokensIn(dir).Tokens(t.Context())
			if fault.KindOf(err) != fault.Unavailable {
				t.Errorf("got %v, %v; want that the file cannot be read", got, err)
			}
		})
	}
}

func realCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	return domain.Catalog()
}

func inMemory(t *testing.T, cat *catalog.Catalog) store.Backend {
	s := embedded.OpenMemory(cat, nil)
	t.Cleanup(func() { s.Close() })
	return s
}

func onDisk(t *testing.T, cat *catalog.Catalog) store.Backend {
	s, err := embedded.Open(t.TempDir(), cat, &embedded.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestWithdrawalsInMemory(t *testing.T) {
	storetest.Withdrawals(t, func(t *testing.T, cat *catalog.Catalog) storetest.Vault { return inMemory(t, cat).(*embedded.Store) })
}

func TestWithdrawalsOnDisk(t *testing.T) {
	storetest.Withdrawals(t, func(t *testing.T, cat *catalog.Catalog) storetest.Vault { return onDisk(t, cat).(*embedded.Store) })
}
