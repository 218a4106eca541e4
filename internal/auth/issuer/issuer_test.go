package issuer_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/auth"
	"nicgraph/internal/auth/issuer"
	"nicgraph/internal/fault"
)

// fake is an OpenID Connect issuer in this process.
type fake struct {
	*httptest.Server
	mu     sync.Mutex
	keys   map[string]crypto.Signer // by their ids
	down   bool
	asked  int // for keys
	garble string
}

func newFake(t *testing.T, keys map[string]crypto.Signer) *fake {
	t.Helper()
	f := &fake{keys: keys}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer": %q, "jwks_uri": %q, "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}`, f.URL, f.URL+"/keys")
	})
	mux.HandleFunc("/keys", f.serveKeys)
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) serveKeys(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.down {
		http.Error(w, "down", http.StatusBadGateway)
		return
	}
	fmt.Fprint(w, f.garble)
	var set jose.JSONWebKeySet
	for id, key := range f.keys {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: key.Public(), KeyID: id, Use: "sig"})
	}
	_ = json.NewEncoder(w).Encode(set)
}

// set changes the issuer while it is asked.
func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func rsaKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign writes a token. kid and typ go into its header, left out when empty.
func sign(t *testing.T, alg jose.SignatureAlgorithm, key any, kid, typ string, claims map[string]any) string {
	t.Helper()
	options := &jose.SignerOptions{}
	if kid != "" {
		options = options.WithHeader("kid", kid)
	}
	if typ != "" {
		options = options.WithType(jose.ContentType(typ))
	}
	return signed(t, alg, key, options, claims)
}

// embedded writes a token that brings the key along with which to check it.
func embedded(t *testing.T, key *rsa.PrivateKey, claims map[string]any) string {
	t.Helper()
	return signed(t, jose.RS256, key, &jose.SignerOptions{EmbedJWK: true}, claims)
}

func signed(t *testing.T, alg jose.SignatureAlgorithm, key any, options *jose.SignerOptions, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := whole.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// clock stands until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// move lets time pass, and a moment of the world's too: the library notes a little after its
// answer that it asks the issuer no more, and gives who comes meanwhile the same answer.
func (c *clock) move(d time.Duration) {
	time.Sleep(50 * time.Millisecond)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is an issuer, the one who takes its tokens, and their clock.
type world struct {
	*fake
	*clock
	key    *rsa.PrivateKey
	issuer *issuer.Issuer
}

func newWorld(t *testing.T, change func(*issuer.Config)) *world {
	t.Helper()
	w := &world{key: rsaKey(t), clock: newClock()}
	w.fake = newFake(t, map[string]crypto.Signer{"one": w.key})
	config := issuer.Config{URL: w.URL, Audience: "nicgraph", Now: w.now}
	if change != nil {
		change(&config)
	}
	var err error
	if w.issuer, err = issuer.New(config); err != nil {
		t.Fatal(err)
	}
	return w
}

// claims are those of a good token, with changes; nil takes one out.
func (w *world) claims(changes map[string]any) map[string]any {
	all := map[string]any{
		"iss": w.URL, "aud": "nicgraph", "sub": "u-17", "name": "Ann Example",
		"iat": w.now().Unix(), "exp": w.now().Add(time.Hour).Unix(), "roles": []string{"nicgraph-reviewer"},
	}
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return all
}

func (w *world) viewer(t *testing.T, token string) (auth.Viewer, error) {
	t.Helper()
	return w.issuer.Viewer(t.Context(), token)
}

func (w *world) refuses(t *testing.T, token, says string) {
	t.Helper()
	v, err := w.viewer(t, token)
	if fault.KindOf(err) != fault.Unauthenticated || !strings.Contains(fmt.Sprint(err), says) || v != (auth.Viewer{}) {
		t.Errorf("got %+v, %v; want nobody, and %q", v, err, says)
	}
}

func TestATokenOfTheIssuerSaysWhoAsks(t *testing.T) {
	w := newWorld(t, nil)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	w.set(func(f *fake) { f.keys["ec"], f.keys["ed"] = ec, ed })
	want := auth.Viewer{
		Subject: "oidc:u-17", Name: "Ann Example", Role: auth.Reviewer, Scopes: auth.Reviewer.Scopes(), Expires: w.now().Add(time.Hour),
	}
	for name, token := range map[string]string{
		"RSA":                   sign(t, jose.RS256, w.key, "one", "", w.claims(nil)),
		"PSS":                   sign(t, jose.PS512, w.key, "one", "JWT", w.claims(nil)),
		"elliptic curve":        sign(t, jose.ES256, ec, "ec", "at+jwt", w.claims(nil)),
		"Ed25519":               sign(t, jose.EdDSA, ed, "ed", "application/at+JWT", w.claims(nil)),
		"without an id of key":  sign(t, jose.RS256, w.key, "", "", w.claims(nil)),
		"several audiences":     sign(t, jose.RS256, w.key, "one", "", w.claims(map[string]any{"aud": []string{"other", "nicgraph"}})),
		"a clock that is ahead": sign(t, jose.RS256, w.key, "one", "", w.claims(map[string]any{"iat": w.now().Add(50 * time.Second).Unix(), "nbf": w.now().Add(50 * time.Second).Unix()})),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := w.viewer(t, token)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("viewer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestATokenThatIsNotForHereOrNotNowIsRefused(t *testing.T) {
	w := newWorld(t, nil)
	for name, test := range map[string]struct {
		claims map[string]any
		says   string
	}{
		"another audience":            {map[string]any{"aud": "payroll"}, "not signed by the issuer"},
		"no audience":                 {map[string]any{"aud": nil}, "not signed by the issuer"},
		"a longer audience":           {map[string]any{"aud": "nicgraph.example"}, "not signed by the issuer"},
		"another issuer":              {map[string]any{"iss": "https://evil.example"}, "not signed by the issuer"},
		"an issuer with a slash more": {map[string]any{"iss": w.URL + "/"}, "not signed by the issuer"},
		"expired":                     {map[string]any{"exp": w.now().Add(-time.Minute).Unix()}, "expired at"},
		"without an end":              {map[string]any{"exp": nil}, "how long it holds"},
		"an end beyond all times":     {map[string]any{"exp": 1e300}, ""},
		"an end before 1970":          {map[string]any{"exp": -1}, "how long it holds"},
		"not yet valid":               {map[string]any{"nbf": w.now().Add(2 * time.Minute).Unix()}, "does not hold yet"},
		"made in the future":          {map[string]any{"iat": w.now().Add(2 * time.Minute).Unix()}, "does not hold yet"},
		"without a subject":           {map[string]any{"sub": nil}, "whose it is"},
		"a subject with a line break": {map[string]any{"sub": "u\nadmin"}, "whose it is"},
		"a long subject":              {map[string]any{"sub": strings.Repeat("u", 256)}, "whose it is"},
		"bound to a key":              {map[string]any{"cnf": map[string]any{"jkt": "x"}}, "bound to a key"},
		"told of an event":            {map[string]any{"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}}, "stands for nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			w.refuses(t, sign(t, jose.RS256, w.key, "one", "", w.claims(test.claims)), test.says)
		})
	}
}

func TestATokenExpiresAMinuteAfterItsEndAndNotLater(t *testing.T) {
	w := newWorld(t, nil)
	token := sign(t, jose.RS256, w.key, "one", "", w.claims(nil))
	w.move(time.Hour + 59*time.Second)
	if _, err := w.viewer(t, token); err != nil {
		t.Errorf("59 seconds after its end: %v", err)
	}
	w.move(time.Second)
	w.refuses(t, token, "expired at")
}

// public is the public key as people would take it for a secret to sign with.
func public(t *testing.T, key *rsa.PrivateKey) map[string][]byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	text, err := (&jose.JSONWebKey{Key: key.Public(), KeyID: "one"}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "DER": der, "JWK": text, "modulus": key.N.Bytes()}
}

func TestWhoHasNotTheIssuersKeyCannotSign(t *testing.T) {
	w := newWorld(t, nil)
	stranger := rsaKey(t)
	good := sign(t, jose.RS256, w.key, "one", "", w.claims(nil))
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	attacks := map[string]string{
		"alg none":                  encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"alg None":                  encode([]byte(`{"alg":"None"}`)) + "." + parts[1] + ".",
		"alg none, signature kept":  encode([]byte(`{"alg":"none","kid":"one"}`)) + "." + parts[1] + "." + parts[2],
		"no alg":                    encode([]byte(`{"kid":"one"}`)) + "." + parts[1] + "." + parts[2],
		"no signature":              parts[0] + "." + parts[1] + ".",
		"two headers":               parts[0] + "." + parts[0] + "." + parts[1] + "." + parts[2],
		"one part":                  parts[1],
		"nothing":                   "",
		"dots":                      "..",
		"as JSON":                   `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"another key":               sign(t, jose.RS256, stranger, "one", "", w.claims(nil)),
		"another key, no id":        sign(t, jose.RS256, stranger, "", "", w.claims(nil)),
		"a key's id as a path":      sign(t, jose.RS256, stranger, "../../dev/null", "", w.claims(nil)),
		"a key's id as a statement": sign(t, jose.RS256, stranger, "x' OR '1'='1", "", w.claims(nil)),
		"a key's id as an address":  sign(t, jose.RS256, stranger, "http://evil.example/keys", "", w.claims(nil)),
		"its own key in the header": embedded(t, stranger, w.claims(nil)),
		"a place of keys":           encode([]byte(`{"alg":"RS256","kid":"one","jku":"http://evil.example/keys"}`)) + "." + parts[1] + "." + parts[2],
		"what must be understood":   encode([]byte(`{"alg":"RS256","kid":"one","crit":["x"],"x":1}`)) + "." + parts[1] + "." + parts[2],
		"other claims":              parts[0] + "." + encode([]byte(`{"sub":"root"}`)) + "." + parts[2],
		"a token about logging out": sign(t, jose.RS256, w.key, "one", "logout+jwt", w.claims(nil)),
		"a proof of possession":     sign(t, jose.RS256, w.key, "one", "dpop+jwt", w.claims(nil)),
		"claims that are null":      sign(t, jose.RS256, w.key, "one", "", nil),
		"encrypted":                 encode([]byte(`{"alg":"RSA-OAEP","enc":"A256GCM"}`)) + ".a.b.c.d",
	}
	for form, secret := range public(t, w.key) {
		for _, alg := range []jose.SignatureAlgorithm{jose.HS256, jose.HS512} {
			if len(secret) < 64 {
				t.Fatal("too short a secret to sign with")
			}
			attacks[string(alg)+" with the public key as "+form] = sign(t, alg, secret, "one", "", w.claims(nil))
		}
	}
	for name, token := range attacks {
		t.Run(name, func(t *testing.T) { w.refuses(t, token, "not valid") })
	}
	if _, err := w.viewer(t, good); err != nil {
		t.Errorf("the good token is refused: %v", err)
	}
}

func TestNewKeysAreTakenAndWithdrawnOnesAreNot(t *testing.T) {
	w, next := newWorld(t, nil), rsaKey(t)
	old := func() string { return sign(t, jose.RS256, w.key, "one", "", w.claims(nil)) }
	if _, err := w.viewer(t, old()); err != nil {
		t.Fatal(err)
	}
	w.set(func(f *fake) { f.keys = map[string]crypto.Signer{"two": next} })
	if _, err := w.viewer(t, old()); err != nil {
		t.Errorf("a key that was known a moment ago is refused: %v", err)
	}
	w.move(15 * time.Minute)
	w.refuses(t, old(), "not signed")
	if _, err := w.viewer(t, sign(t, jose.RS256, next, "two", "", w.claims(nil))); err != nil {
		t.Errorf("the new key is refused: %v", err)
	}
}

func TestANewKeyIsTakenWhenItIsMet(t *testing.T) {
	w, next := newWorld(t, nil), rsaKey(t)
	if _, err := w.viewer(t, sign(t, jose.RS256, w.key, "one", "", w.claims(nil))); err != nil {
		t.Fatal(err)
	}
	w.set(func(f *fake) { f.keys["two"] = next })
	w.move(10 * time.Second)
	if _, err := w.viewer(t, sign(t, jose.RS256, next, "two", "", w.claims(nil))); err != nil {
		t.Error(err)
	}
}

func TestTokensWithUnknownKeysDoNotMakeUsAskTheIssuerAllTheTime(t *testing.T) {
	w, stranger := newWorld(t, nil), rsaKey(t)
	for range 2 {
		for i := range 200 { // one that comes close behind another may be given the other's answer
			w.refuses(t, sign(t, jose.RS256, stranger, fmt.Sprint("k", i), "", w.claims(nil)), "not valid")
		}
		w.move(5 * time.Second)
	}
	w.set(func(f *fake) {
		if f.asked != 2 {
			t.Errorf("the issuer was asked for its keys %d times in 10 seconds, want once in each 5", f.asked)
		}
	})
}

func TestAnIssuerThatIsAwayIsToldAsThat(t *testing.T) {
	w := newWorld(t, nil)
	token := sign(t, jose.RS256, w.key, "one", "", w.claims(nil))
	w.set(func(f *fake) { f.down = true })
	for range 2 { // also for who comes right behind
		if _, err := w.viewer(t, token); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("got %v, want that the issuer is away", err)
		}
	}
	w.set(func(f *fake) { f.down = false })
	w.move(5 * time.Second)
	if _, err := w.viewer(t, token); err != nil {
		t.Errorf("the issuer is back: %v", err)
	}
	w.Close()
	w.move(15 * time.Minute)
	if err := w.issuer.Reach(t.Context()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v, want that the issuer is away", err)
	}
}

func TestWhoGoesAwayHoldsUpNobodyElse(t *testing.T) {
	w := newWorld(t, nil)
	token := sign(t, jose.RS256, w.key, "one", "", w.claims(nil))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = w.issuer.Viewer(gone, token)
	w.move(5 * time.Second)
	if _, err := w.viewer(t, token); err != nil {
		t.Error(err)
	}
}

func TestAnAnswerWithoutEndIsNotReadToItsEnd(t *testing.T) {
	w := newWorld(t, nil)
	w.set(func(f *fake) { f.garble = strings.Repeat(" ", 2<<20) })
	w.refuses(t, sign(t, jose.RS256, w.key, "one", "", w.claims(nil)), "not valid")
}

func TestRolesComeFromTheClaimThatIsNamed(t *testing.T) {
	mapped := map[string]auth.Role{"editors": auth.Reviewer, "Staff of the hub": auth.Contributor}
	for name, test := range map[string]struct {
		claim  string
		roles  map[string]auth.Role
		claims map[string]any
		want   auth.Role
	}{
		"the highest counts":             {"", nil, map[string]any{"roles": []string{"nicgraph-contributor"}, "groups": []string{"nicgraph-administrator", "x"}}, auth.Administrator},
		"none is a reader":               {"", nil, map[string]any{"roles": nil}, auth.Reader},
		"a role's bare name is none":     {"", nil, map[string]any{"roles": []string{"administrator"}}, auth.Reader},
		"nor is one in other letters":    {"", nil, map[string]any{"roles": []string{"Nicgraph-Administrator"}}, auth.Reader},
		"one text":                       {"", nil, map[string]any{"roles": "nicgraph-contributor"}, auth.Contributor},
		"another claim":                  {"dept", mapped, map[string]any{"dept": "editors", "roles": []string{"nicgraph-administrator"}}, auth.Reviewer},
		"defaults are replaced":          {"", mapped, map[string]any{"roles": []string{"nicgraph-administrator", "Staff of the hub"}}, auth.Contributor},
		"inside an object":               {"realm_access.roles", mapped, map[string]any{"realm_access": map[string]any{"roles": []any{1, nil, "editors"}}}, auth.Reviewer},
		"a name with dots":               {"https://example.org/roles", mapped, map[string]any{"https://example.org/roles": []string{"editors"}}, auth.Reviewer},
		"scopes are words":               {"scope", mapped, map[string]any{"scope": "openid editors"}, auth.Reviewer},
		"a text of a group is not words": {"dept", mapped, map[string]any{"dept": "no editors"}, auth.Reader},
		"something else":                 {"", nil, map[string]any{"roles": map[string]any{"nicgraph-administrator": true}}, auth.Reader},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *issuer.Config) { c.Claim, c.Roles = test.claim, test.roles })
			got, err := w.viewer(t, sign(t, jose.RS256, w.key, "one", "", w.claims(test.claims)))
			if err != nil || got.Role != test.want || got.Scopes != test.want.Scopes() {
				t.Errorf("got a %s who may %s, %v; want a %s", got.Role, got.Scopes, err, test.want)
			}
		})
	}
}

func TestANameIsShownInOneLine(t *testing.T) {
	w := newWorld(t, nil)
	got, err := w.viewer(t, sign(t, jose.RS256, w.key, "one", "", w.claims(map[string]any{"name": "Ann\u202e\n  Example\x00"})))
	if err != nil || got.Name != "Ann Example" {
		t.Errorf("got %q, %v", got.Name, err)
	}
}

func TestAnIssuerIsRefusedThatOthersCouldAnswerFor(t *testing.T) {
	for name, config := range map[string]issuer.Config{
		"not encrypted":    {URL: "http://login.example.org", Audience: "nicgraph"},
		"no address":       {URL: "login.example.org", Audience: "nicgraph"},
		"a file":           {URL: "file:///etc/passwd", Audience: "nicgraph"},
		"for any audience": {URL: "https://login.example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := issuer.New(config); fault.KindOf(err) != fault.Invalid {
				t.Errorf("got %v, want a refusal", err)
			}
		})
	}
}
