package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"

	"nicgraph/internal/asktest"
	"nicgraph/internal/auth"
)

// who asks a server who asks, and is told the status and the whole answer.
func who(t *testing.T, address, token string) (status int, answer string) {
	t.Helper()
	var headers []string
	if token != "" {
		headers = []string{"Authorization", "Bearer " + token}
	}
	got := asktest.Post(t, address+"/graphql", asktest.Question{Query: "{ viewer { name role scopes expires } }"}, headers...)
	return got.Status, string(got.Body)
}

// says checks who a server takes the sender of a token for.
func says(t *testing.T, address, token string, status int, part string) {
	t.Helper()
	if got, answer := who(t, address, token); got != status || !strings.Contains(answer, part) {
		t.Errorf("status %d, %s; want %d and %s", got, answer, status, part)
	}
}

// create makes a token in a folder.
func create(t *testing.T, data string, args ...string) string {
	t.Helper()
	code, out, errOut := command(t, "", append([]string{"token", "create", "--data", data}, args...)...)
	if code != exitOK || !strings.Contains(errOut, "shown this once") {
		t.Fatalf("exit %d, %s", code, errOut)
	}
	return strings.TrimSpace(out)
}

func TestATokenIsMadeUsedListedAndRevokedWhileTheServerRuns(t *testing.T) {
	data := t.TempDir()
	address := start(t, func(c *Config) { c.Data, c.Empty = data, true })
	token := create(t, data, "Ann Example", "--role", "reviewer", "--scope", "read,write", "--days", "30")
	says(t, address, token, http.StatusOK, `{"viewer":{"name":"Ann Example","role":"REVIEWER","scopes":["READ","WRITE"],"expires":"20`)

	id, _, _ := strings.Cut(strings.TrimPrefix(token, auth.Prefix), "_")
	_, list, _ := command(t, "", "token", "list", "--data", data)
	if today := time.Now().UTC().Format(time.DateOnly); !strings.Contains(list, id+"  Ann Example  reviewer  read,write  "+today+"  "+today+"  until ") {
		t.Errorf("the list is\n%s", list)
	}
	if secret := token[len(token)-20:]; strings.Contains(list, secret) {
		t.Errorf("the list tells the secret:\n%s", list)
	}

	if code, out, errOut := command(t, "", "token", "revoke", id, "--data", data); code != exitOK || !strings.Contains(out, "is revoked") {
		t.Fatalf("exit %d, %s", code, errOut)
	}
	deadline := time.Now().Add(10 * time.Second)
	for status := 0; status != http.StatusUnauthorized; status, _ = who(t, address, token) {
		if time.Now().After(deadline) {
			t.Fatal("the token is valid still")
		}
		time.Sleep(100 * time.Millisecond)
	}
	if _, list, _ = command(t, "", "token", "list", "--data", data); !strings.Contains(list, "revoked 20") {
		t.Errorf("the list is\n%s", list)
	}
}

func TestWhoMayWhatIsSaidAtTheStartAndHolds(t *testing.T) {
	data := t.TempDir()
	token := create(t, data, "Bea", "--role", "contributor")
	for name, test := range map[string]struct {
		change    func(*Who)
		anonymous int
		part      string
		said      string
	}{
		"a single user":       {func(w *Who) { w.UserName = "Dora" }, http.StatusOK, `"name":"Dora","role":"ADMINISTRATOR"`, "as the administrator"},
		"open for reading":    {func(w *Who) { w.SingleUser = false }, http.StatusOK, `"name":null,"role":"READER","scopes":["READ"],"expires":null`, "Reading is open"},
		"closed":              {func(w *Who) { w.RequireToken = true }, http.StatusUnauthorized, "UNAUTHENTICATED", "Reading and writing need a token"},
		"closed for a reader": {func(w *Who) { w.RequireToken, w.SingleUser = true, true }, http.StatusUnauthorized, "in GraphiQL, open Headers", "Reading and writing need a token"},
	} {
		t.Run(name, func(t *testing.T) {
			app := startApp(t, func(c *Config) { c.Data, c.Empty = data, true; test.change(&c.Who) })
			address := app.Address()
			says(t, address, "", test.anonymous, test.part)
			says(t, address, token, http.StatusOK, `"role":"CONTRIBUTOR","scopes":["READ","PROPOSE"]`)
			says(t, address, token+"x", http.StatusUnauthorized, "UNAUTHENTICATED")
			var said bytes.Buffer
			tellWho(&said, app.gate, &app.config.Who)
			if !strings.Contains(said.String(), test.said) {
				t.Errorf("%q is not in %q", test.said, said.String())
			}
		})
	}
}

func TestTokensOfAnIssuerAreTaken(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	fake := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "k", Algorithm: oidc.RS256}}}
	issuer := httptest.NewServer(fake)
	defer issuer.Close()
	fake.SetIssuer(issuer.URL)
	address := start(t, func(c *Config) {
		c.Empty = true
		c.Who.Issuer, c.Who.Audience, c.Who.Roles = issuer.URL, "nicgraph", map[string]string{"hub staff": "reviewer"}
	})
	claims := func(audience string) string {
		return fmt.Sprintf(`{"iss": %q, "aud": %q, "sub": "u", "name": "Cem", "groups": ["hub staff"], "exp": %d}`,
			issuer.URL, audience, time.Now().Add(time.Hour).Unix())
	}
	says(t, address, "", http.StatusOK, `"role":"READER"`)
	says(t, address, oidctest.SignIDToken(key, "k", oidc.RS256, claims("nicgraph")), http.StatusOK, `"name":"Cem","role":"REVIEWER"`)
	says(t, address, oidctest.SignIDToken(key, "k", oidc.RS256, claims("payroll")), http.StatusUnauthorized, "for the audience nicgraph")
}

func TestTokensThatMakeNoSenseAreRefusedInOneSentence(t *testing.T) {
	data := t.TempDir()
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no name":            {[]string{"token", "create"}, exitUsage, "see nicgraph token create --help"},
		"an unknown role":    {[]string{"token", "create", "x", "--role", "king"}, exitUsage, `there is no role "king"; there are reader, contributor, reviewer and administrator`},
		"an unknown scope":   {[]string{"token", "create", "x", "--scope", "fly"}, exitUsage, `there is no scope "fly"`},
		"more than the role": {[]string{"token", "create", "x", "--scope", "write"}, exitUsage, "a reader may only read"},
		"too long":           {[]string{"token", "create", "x", "--days", "999999999"}, exitUsage, "up to 366 days"},
		"less than a day":    {[]string{"token", "create", "x", "--days", "-3"}, exitUsage, "up to 366 days"},
		"one that is not":    {[]string{"token", "revoke", "nope"}, exitFailed, `there is no token "nope"`},
		"no audience":        {[]string{"serve", "--listen", "127.0.0.1:0", "--oidc-issuer", "https://login.example.org"}, exitUsage, "--oidc-audience"},
		"no issuer":          {[]string{"serve", "--listen", "127.0.0.1:0", "--oidc-audience", "nicgraph"}, exitUsage, "name it with --oidc-issuer"},
		"a plain issuer":     {[]string{"serve", "--listen", "127.0.0.1:0", "--oidc-issuer", "http://login.example.org", "--oidc-audience", "x"}, exitUsage, "must begin with https://"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := command(t, "", append(test.args, "--data", data)...)
			if code != test.code || !strings.Contains(errOut, test.want) || out != "" {
				t.Errorf("exit %d, %q, %q; want exit %d, %q", code, out, errOut, test.code, test.want)
			}
		})
	}
}

func TestAServerDoesNotOpenBecauseOfASlipInAVariable(t *testing.T) {
	for name, value := range map[string]string{"NICGRAPH_REQUIRE_TOKEN": "yes please", "NICGRAPH_SINGLE_USER": "off", "NICGRAPH_OIDC_ROLES": "editors"} {
		config := defaultConfig(func(asked string) (string, bool) { return value, asked == name })
		if err := config.check(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: got %v", name, value, err)
		}
	}
	set := map[string]string{
		"NICGRAPH_REQUIRE_TOKEN": "true", "NICGRAPH_OIDC_ISSUER": "https://login.example.org", "NICGRAPH_OIDC_AUDIENCE": "nicgraph",
		"NICGRAPH_OIDC_ROLE_CLAIM": "dept", "NICGRAPH_OIDC_ROLES": "editors=reviewer,staff=contributor",
	}
	config := defaultConfig(func(asked string) (string, bool) { v, ok := set[asked]; return v, ok })
	got, _ := json.Marshal(config.Who)
	want := `{"Issuer":"https://login.example.org","Audience":"nicgraph","RoleClaim":"dept","Roles":{"editors":"reviewer","staff":"contributor"},"RequireToken":true,"SingleUser":true,"UserName":""}`
	if err := config.check(); err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}
