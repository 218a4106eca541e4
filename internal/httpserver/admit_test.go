package httpserver

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/asktest"
	"nicgraph/internal/auth"
	"nicgraph/internal/fault"
)

// admit lets in who sends "Bearer good", and who sends nothing.
func admit(r *http.Request) (auth.Viewer, error) {
	switch r.Header.Get("Authorization") {
	case "":
		return auth.Anonymous(), nil
	case "Bearer good":
		return auth.Viewer{Subject: "token:good", Role: auth.Reader, Scopes: auth.Read}, nil
	case "Bearer late":
		return auth.Viewer{}, fault.New(fault.Unavailable, "the issuer is away")
	default:
		return auth.Viewer{}, fault.New(fault.Unauthenticated, "the token is not valid")
	}
}

func gated(c *Config) { c.Admit = admit }

func TestABadTokenIsRefusedAtEachAddressAndByEachMethod(t *testing.T) {
	h := newServer(t, func(c *Config) {
		gated(c)
		c.Downloads = []Download{{Path: "/table.csv", Media: mediaCSV}}
	})
	bad := []string{"Authorization", "Bearer bad"}
	table, err := http.NewRequest(http.MethodGet, "/table.csv?input={}", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*http.Request{
		"a question":             post(hello, bad...),
		"as classic JSON":        post(hello, append(bad, "Accept", classic)...),
		"as a table":             post(hello, append(bad, "Accept", mediaCSV)...),
		"in what nobody accepts": post(hello, append(bad, "Accept", "image/png")...),
		"a GET":                  get(query("{ hello }"), bad...),
		"what is known already":  get(query("{ hello }"), append(bad, "If-None-Match", "*")...),
		"a mutation":             post(`{"query":"mutation { set }"}`, bad...),
		"nonsense":               post(`{`, bad...),
		"a download":             asktest.With(table, bad...),
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(h, r)
			if w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), `"code":"UNAUTHENTICATED"`) || strings.Contains(w.Body.String(), "hello") {
				t.Errorf("status %d, %s; want 401", w.Code, w.Body)
			}
			if got := w.Header().Get("WWW-Authenticate"); got != `Bearer realm="nicgraph", error="invalid_token"` {
				t.Errorf("the challenge is %q", got)
			}
			if got := w.Header().Get("Cache-Control"); got != "no-store" {
				t.Errorf("the refusal may be kept: %q", got)
			}
		})
	}
}

func TestWhereATokenIsNeededTheChallengeSaysSo(t *testing.T) {
	h := newServer(t, func(c *Config) {
		c.Admit = func(*http.Request) (auth.Viewer, error) {
			return auth.Viewer{}, fault.New(fault.Unauthenticated, "send a token")
		}
	})
	w := ask(h, post(hello))
	if w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") != `Bearer realm="nicgraph"` {
		t.Errorf("status %d, %v", w.Code, w.Header())
	}
	if w := ask(h, asktest.With(post(""), "Access-Control-Request-Method", "POST")); w.Code != http.StatusUnauthorized {
		t.Errorf("status %d", w.Code)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		r, err := http.NewRequest(http.MethodGet, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if w := ask(h, r); w.Code != http.StatusOK {
			t.Errorf("%s has status %d", path, w.Code)
		}
	}
}

func TestAnIssuerThatIsAwayIsNoFaultOfTheToken(t *testing.T) {
	w := ask(newServer(t, gated), post(hello, "Authorization", "Bearer late"))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("WWW-Authenticate") != "" {
		t.Errorf("status %d, %v", w.Code, w.Header())
	}
}

func TestAnAnswerToATokenIsKeptByItsSenderOnly(t *testing.T) {
	h := newServer(t, gated)
	for token, want := range map[string]string{"": "no-cache", "Bearer good": "private, no-cache"} {
		r := get(query("{ hello }"))
		if token != "" {
			r.Header.Set("Authorization", token)
		}
		w := ask(h, r)
		vary := strings.Join(w.Header().Values("Vary"), ", ")
		if got := w.Header().Get("Cache-Control"); w.Code != http.StatusOK || got != want || !strings.Contains(vary, "Authorization") {
			t.Errorf("%q: status %d, Cache-Control %q, Vary %q; want %q", token, w.Code, got, vary, want)
		}
	}
}

func TestTheLogTellsWhoAskedAndNeverTheToken(t *testing.T) {
	var log bytes.Buffer
	h := newServer(t, func(c *Config) {
		gated(c)
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	ask(h, post(hello, "Authorization", "Bearer good"))
	if !strings.Contains(log.String(), "viewer=token:good") {
		t.Errorf("nobody is named in %s", log.String())
	}
	ask(h, post(hello, "Authorization", "Bearer precious-secret"))
	if !strings.Contains(log.String(), "turned away") || strings.Contains(log.String(), "precious-secret") || strings.Contains(log.String(), "Bearer good") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestAPageOfAnAllowedOriginMaySendAToken(t *testing.T) {
	h := newServer(t, func(c *Config) { c.Origins = []string{"https://dashboard.example.org"} })
	r, err := http.NewRequest(http.MethodOptions, "/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	w := ask(h, asktest.With(r, "Origin", "https://dashboard.example.org", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type"))
	if got := w.Header().Get("Access-Control-Allow-Headers"); !strings.Contains(strings.ToLower(got), "authorization") {
		t.Errorf("allowed are %q", got)
	}
	if w.Header().Get("Access-Control-Allow-Credentials") != "" {
		t.Error("a page may send what the browser keeps, too")
	}
}

func TestCachesAreToldWhatAnAnswerHangsOnWhereTheyMayKeepIt(t *testing.T) {
	h := newServer(t, gated)
	got := map[string]string{}
	for _, r := range []*http.Request{get(query("{ hello }")), post(hello)} {
		got[r.Method] = strings.Join(ask(h, r).Header().Values("Vary"), ", ")
	}
	want := map[string]string{http.MethodGet: "Accept-Encoding, Authorization, Accept", http.MethodPost: ""}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Vary (-want +got)\n%s", d)
	}
}
