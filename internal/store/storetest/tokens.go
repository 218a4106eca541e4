package storetest

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/auth"
	"nicgraph/internal/fault"
)

// Tokens checks what a keeper of tokens promises. open gives a keeper of the same tokens each
// time that it is called; there are none at first.
func Tokens(t *testing.T, open func(t *testing.T) auth.Keeper) {
	t.Run("a new place holds none", func(t *testing.T) { testNoTokens(t, open(t)) })
	t.Run("what is kept comes back", func(t *testing.T) { testKept(t, open(t), open(t)) })
	t.Run("changes at the same time do not lose each other", func(t *testing.T) { testTokenChanges(t, open(t)) })
}

func testNoTokens(t *testing.T, k auth.Keeper) {
	if got, err := k.Tokens(t.Context()); err != nil || len(got) > 0 {
		t.Errorf("got %v, %v; want none", got, err)
	}
	err := k.ChangeToken(t.Context(), "aaaaaaaaaaaaa", func(*auth.Token) { t.Error("a token that is not there was changed") })
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v, want that there is no such token", err)
	}
}

// newToken keeps a token.
func newToken(t *testing.T, k auth.Keeper, name string) auth.Token {
	t.Helper()
	token, _, err := auth.NewToken(name, auth.Reviewer, auth.Write, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.AddToken(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	return token
}

func testKept(t *testing.T, k, other auth.Keeper) {
	want := []auth.Token{newToken(t, k, `Ann "O'Neil" $id`), newToken(t, k, "überall")}
	if err := k.AddToken(t.Context(), want[0]); err == nil {
		t.Error("the same token was added again")
	}
	want[0].Revoked = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	if err := other.ChangeToken(t.Context(), want[0].ID, func(t *auth.Token) { t.Revoked = want[0].Revoked }); err != nil {
		t.Fatal(err)
	}
	for _, each := range []auth.Keeper{k, other} {
		got, err := each.Tokens(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		byID := func(a, b auth.Token) int { return strings.Compare(a.ID, b.ID) }
		slices.SortFunc(got, byID)
		slices.SortFunc(want, byID)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tokens (-want +got):\n%s", diff)
		}
	}
}

func testTokenChanges(t *testing.T, k auth.Keeper) {
	token := newToken(t, k, "many")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := k.ChangeToken(t.Context(), token.ID, func(t *auth.Token) { t.Used = t.Used.Add(time.Second) }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := k.Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(got, func(t auth.Token) bool { return t.ID == token.ID })
	if want := (time.Time{}).Add(8 * time.Second); i < 0 || !got[i].Used.Equal(want) {
		t.Errorf("got %v, want a token that was used at %s", got, want)
	}
}
