package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"nicgraph/internal/fault"
)

// Token is a personal access token as it is kept: all of it but the secret.
type Token struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Role    Role      `json:"role"`
	Scopes  Scopes    `json:"scopes"`
	Hash    []byte    `json:"hash"` // SHA-256 of the secret
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Used    time.Time `json:"used,omitzero"`    // last, to some minutes
	Revoked time.Time `json:"revoked,omitzero"` // zero: it is not
}

// Keeper keeps tokens beside the graph. Its methods may be called at any time from any
// goroutine, also while another process keeps tokens in the same place.
type Keeper interface {
	// Tokens lists all tokens, in no order.
	Tokens(ctx context.Context) ([]Token, error)
	// AddToken keeps a token whose id is new. When it returns without an error, the token
	// survives a crash.
	AddToken(ctx context.Context, t Token) error
	// ChangeToken changes what is kept of a token; nobody else changes it meanwhile.
	// change may be called again when it could not be kept. fault.NotFound: there is none.
	ChangeToken(ctx context.Context, id string, change func(*Token)) error
}

// NoToken is the fault of an id that no token has.
func NoToken(id string) error { return fault.New(fault.NotFound, "there is no token %q", id) }

// Prefix is what all personal access tokens begin with, so that they are known where they leak.
const Prefix = "nicgraph_pat_"

const (
	idBytes     = 8
	secretBytes = 32

	// MaxLife is the longest that a token may be valid.
	MaxLife = 366 * 24 * time.Hour
)

var base = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewToken makes a token for somebody with a role from now on. No scopes means all that the
// role may; reading is always among them. The text is what is sent with requests; it is told
// this once and cannot be found out from what is kept.
func NewToken(name string, role Role, scopes Scopes, now time.Time, life time.Duration) (t Token, text string, err error) {
	if scopes == 0 {
		scopes = role.Scopes()
	}
	scopes |= Read
	switch {
	case name == "" || CleanName(name) != name:
		return t, "", fault.New(fault.Invalid, "%q is no name for a token: say whose it is or what for, in one line of at most %d characters", name, maxName)
	case role.Scopes()&scopes != scopes:
		return t, "", fault.New(fault.Invalid, "a %s may only %s, so no token of theirs may %s", role, role.Scopes(), scopes&^role.Scopes())
	case life <= 0 || life > MaxLife:
		return t, "", fault.New(fault.Invalid, "a token is valid for up to %d days and at least some time", int(MaxLife.Hours()/24))
	}
	id, secret := random(idBytes), random(secretBytes)
	now = now.UTC().Truncate(time.Second)
	t = Token{ID: id, Name: name, Role: role, Scopes: scopes, Hash: hash(secret), Created: now, Expires: now.Add(life)}
	return t, Prefix + id + "_" + secret, nil
}

func random(n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails: it ends the program instead
	return strings.ToLower(base.EncodeToString(raw))
}

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

var (
	idLength     = base.EncodedLen(idBytes)
	secretLength = base.EncodedLen(secretBytes)
)

// split takes the text of a token apart.
func split(text string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(text, Prefix)
	id, secret, parted := strings.Cut(rest, "_")
	return id, secret, ok && parted && len(id) == idLength && len(secret) == secretLength
}

// opens tells whether a secret is the token's. It takes as long for any secret.
func (t *Token) opens(secret string) bool {
	return subtle.ConstantTimeCompare(t.Hash, hash(secret)) == 1
}

// viewer is whom the token stands for.
func (t *Token) viewer() Viewer {
	return Viewer{Subject: "token:" + t.ID, Name: t.Name, Role: t.Role, Scopes: t.Scopes, Expires: t.Expires}
}
