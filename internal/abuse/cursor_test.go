package abuse

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
)

// A cursor is not signed, so it can be forged to hold a text that takes long to fold. It
// counts with the texts that a question compares with.
func TestAForgedCursorIsNotFoldedAgainAndAgain(t *testing.T) {
	h := newServer(t)
	after := forged(t, send(h, ask(`{ organizations(first: 1, orderBy: [{name: ASC}]) { pageInfo { endCursor } } }`)))
	query := numbered("query($c: String) {", 20, " a%d: organizations(first: 1, after: $c, orderBy: [{name: ASC}]) { nodes { id } }", "}")
	got := send(h, post(asked(query, map[string]any{"c": after})))
	if got.code() != limit || !strings.Contains(got.body, "cursors") {
		t.Errorf("got %.300s", got.body)
	}
}

// forged is the cursor of an answer with a name of 600 kB.
func forged(t *testing.T, got answer) string {
	t.Helper()
	var reply struct {
		Data struct {
			Organizations struct{ PageInfo struct{ EndCursor string } }
		}
	}
	if err := json.Unmarshal([]byte(got.body), &reply); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(reply.Data.Organizations.PageInfo.EndCursor)
	if err != nil {
		t.Fatal(err)
	}
	raw = raw[:5] // version and order
	for _, text := range []string{strings.Repeat("\ufdfa", 200_000), "x"} {
		raw = binary.AppendUvarint(append(raw, 1), uint64(len(text)))
		raw = append(raw, text...)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}
