package auth_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/auth"
	"nicgraph/internal/fault"
	"nicgraph/internal/store/embedded"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// place is where tokens are kept and checked, with a clock that stands until it is moved.
type place struct {
	embedded.Tokens
	tokens *auth.Tokens
	now    time.Time
	log    bytes.Buffer
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Tokens: embedded.TokensIn(t.TempDir()), now: noon}
	p.tokens = auth.NewTokens(p.Tokens, func() time.Time { return p.now }, slog.New(slog.NewTextHandler(&p.log, nil)))
	return p
}

func (p *place) token(t *testing.T, role auth.Role, scopes auth.Scopes) (auth.Token, string) {
	t.Helper()
	token, text, err := auth.NewToken("Ann Example", role, scopes, p.now, 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.AddToken(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	return token, text
}

func (p *place) refuses(t *testing.T, text, says string) {
	t.Helper()
	v, err := p.tokens.Viewer(t.Context(), text)
	if fault.KindOf(err) != fault.Unauthenticated || !strings.Contains(fmt.Sprint(err), says) || v != (auth.Viewer{}) {
		t.Errorf("got %+v, %v; want nobody, and %q", v, err, says)
	}
}

// wrong is a token with another last letter, one that no secret has.
func wrong(text string) string { return text[:len(text)-1] + "0" }

func TestATokenStandsForWhoItWasMadeFor(t *testing.T) {
	p := newPlace(t)
	token, text := p.token(t, auth.Reviewer, auth.Write)
	got, err := p.tokens.Viewer(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	want := auth.Viewer{
		Subject: "token:" + token.ID, Name: "Ann Example", Role: auth.Reviewer, Scopes: auth.Read | auth.Write, Expires: noon.Add(24 * time.Hour),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("viewer (-want +got):\n%s", diff)
	}
	if got.May(auth.Review) || !got.May(auth.Write) || got.Signature() != "Ann Example (token:"+token.ID+")" {
		t.Errorf("%s may %s", got.Signature(), got.Scopes)
	}
}

func TestWhatIsKeptOfATokenDoesNotOpenAnything(t *testing.T) {
	p := newPlace(t)
	token, text := p.token(t, auth.Reader, 0)
	if raw := fmt.Sprintf("%s %q %x", token.Hash, token.Hash, token.Hash); strings.Contains(raw, text[len(text)-52:]) || len(token.Hash) != 32 {
		t.Errorf("the secret is in %s", raw)
	}
	for name, other := range map[string]string{
		"another secret":      text[:len(text)-1] + string(text[len(text)-1]^1),
		"the hash":            text[:len(text)-52] + hex.EncodeToString(token.Hash)[:52],
		"another id":          auth.Prefix + strings.Repeat("a", 13) + text[len(text)-53:],
		"no secret":           text[:len(text)-52],
		"half a secret":       text[:len(text)-26],
		"more than a secret":  text + "a",
		"capital letters":     auth.Prefix + strings.ToUpper(strings.TrimPrefix(text, auth.Prefix)),
		"the prefix alone":    auth.Prefix,
		"an id and no secret": auth.Prefix + token.ID + "_" + strings.Repeat("a", 52),
	} {
		t.Run(name, func(t *testing.T) { p.refuses(t, other, "not valid") })
	}
}

func TestATokenEnds(t *testing.T) {
	p := newPlace(t)
	token, text := p.token(t, auth.Reader, 0)
	if _, err := p.tokens.Viewer(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	p.now = noon.Add(24*time.Hour - time.Second)
	if _, err := p.tokens.Viewer(t.Context(), text); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	p.now = noon.Add(24 * time.Hour)
	p.refuses(t, text, "expired on 2026-05-05")
	p.refuses(t, wrong(text), "there is no such token")
	if err := p.ChangeToken(t.Context(), token.ID, func(t *auth.Token) { t.Expires = noon.AddDate(1, 0, 0) }); err != nil {
		t.Fatal(err)
	}
}

func TestARevokedTokenIsRefusedWithinTwoSeconds(t *testing.T) {
	p := newPlace(t)
	token, text := p.token(t, auth.Reader, 0)
	if _, err := p.tokens.Viewer(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	if err := p.ChangeToken(t.Context(), token.ID, func(t *auth.Token) { t.Revoked = noon }); err != nil {
		t.Fatal(err)
	}
	p.now = noon.Add(2 * time.Second)
	p.refuses(t, text, "revoked")
	p.refuses(t, wrong(text), "there is no such token")
}

func TestAClockThatGoesBackReadsTokensAgain(t *testing.T) {
	p := newPlace(t)
	token, text := p.token(t, auth.Reader, 0)
	if _, err := p.tokens.Viewer(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	if err := p.ChangeToken(t.Context(), token.ID, func(t *auth.Token) { t.Revoked = noon }); err != nil {
		t.Fatal(err)
	}
	p.now = noon.Add(-time.Hour)
	p.refuses(t, text, "revoked")
}

func TestItIsKeptWhenATokenWasUsed(t *testing.T) {
	p := newPlace(t)
	_, text := p.token(t, auth.Reader, 0)
	for _, step := range []struct{ after, used time.Duration }{
		{time.Minute, time.Minute}, {9 * time.Minute, time.Minute}, {11 * time.Minute, 11 * time.Minute},
	} {
		p.now = noon.Add(step.after)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { _, _ = p.tokens.Viewer(t.Context(), text) })
		}
		all.Wait()
		kept, err := p.Tokens.Tokens(t.Context())
		if err != nil || !kept[0].Used.Equal(noon.Add(step.used)) {
			t.Errorf("used at %s after %s, %v; want %s", kept[0].Used, step.after, err, noon.Add(step.used))
		}
	}
}

// broken keeps nothing.
type broken struct{ auth.Keeper }

func (broken) Tokens(context.Context) ([]auth.Token, error) { return nil, errors.New("no disk") }

func TestTokensThatCannotBeReadOpenNothing(t *testing.T) {
	tokens := auth.NewTokens(broken{}, time.Now, slog.New(slog.DiscardHandler))
	_, text, _ := auth.NewToken("Ann", auth.Reader, 0, time.Now(), time.Hour)
	v, err := tokens.Viewer(t.Context(), text)
	if fault.KindOf(err) != fault.Unavailable || v.May(auth.Read) {
		t.Errorf("got %+v, %v", v, err)
	}
}

func TestOnlyTokensThatMakeSenseAreMade(t *testing.T) {
	for name, test := range map[string]struct {
		name   string
		role   auth.Role
		scopes auth.Scopes
		life   time.Duration
	}{
		"without a name":              {"", auth.Reader, 0, time.Hour},
		"a name of two lines":         {"Ann\nBea", auth.Reader, 0, time.Hour},
		"a long name":                 {strings.Repeat("a", 101), auth.Reader, 0, time.Hour},
		"for nobody":                  {"Ann", auth.Nobody, 0, time.Hour},
		"more than the role may":      {"Ann", auth.Contributor, auth.Write, time.Hour},
		"administering as a reviewer": {"Ann", auth.Reviewer, auth.Administer, time.Hour},
		"for no time":                 {"Ann", auth.Reader, 0, 0},
		"forever":                     {"Ann", auth.Reader, 0, 367 * 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			if _, text, err := auth.NewToken(test.name, test.role, test.scopes, noon, test.life); fault.KindOf(err) != fault.Invalid || text != "" {
				t.Errorf("got %q, %v", text, err)
			}
		})
	}
}

func TestEachRoleMayWhatTheOneBeforeMay(t *testing.T) {
	got := ""
	before := auth.Nobody
	for _, name := range auth.Roles() {
		role, err := auth.ParseRole(name)
		if err != nil || role.Scopes()&before.Scopes() != before.Scopes() {
			t.Errorf("a %s may only %s, %v", role, role.Scopes(), err)
		}
		got += fmt.Sprintf("%s: %s\n", role, role.Scopes())
		before = role
	}
	want := `reader: read
contributor: read and propose
reviewer: read, propose, write and review
administrator: read, propose, write, review and administer
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	if _, err := auth.ParseRole("nobody"); fault.KindOf(err) != fault.Invalid {
		t.Error("nobody is a role that somebody can have")
	}
}

func TestWhoMayNotIsToldWhy(t *testing.T) {
	reviewer := auth.Viewer{Subject: "token:a", Role: auth.Reviewer, Scopes: auth.Read}
	for name, test := range map[string]struct {
		viewer auth.Viewer
		kind   fault.Kind
		says   string
	}{
		"nobody":               {auth.Viewer{}, fault.Unauthenticated, "needs a token that may write, which whoever runs this server can give you"},
		"somebody unknown":     {auth.Anonymous(), fault.Unauthenticated, "needs a token that may write, which whoever runs this server can give you"},
		"a reader":             {auth.Viewer{Subject: "x", Role: auth.Reader, Scopes: auth.Read}, fault.Forbidden, "you are a reader, who may only read; to write takes the role reviewer or administrator, which whoever runs this server can give you"},
		"a token for less":     {reviewer, fault.Forbidden, "the token may only read, and this needs one that may write; your role reviewer allows that, and whoever runs this server can give you such a token"},
		"scopes over the role": {auth.Viewer{Subject: "x", Role: auth.Reader, Scopes: auth.Read | auth.Write}, fault.Forbidden, "you are a reader"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := auth.Allow(auth.With(t.Context(), test.viewer), auth.Write)
			if fault.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %q", err, test.says)
			}
		})
	}
	if by, err := auth.Writer(auth.With(t.Context(), auth.Local("Dora"))); err != nil || by != "Dora" {
		t.Errorf("got %q, %v", by, err)
	}
	if _, err := auth.Writer(t.Context()); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("who is not in the context may write: %v", err)
	}
}

// from is a request of this machine to a name, with headers.
func from(host string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://"+host+"/graphql", nil)
	r.RemoteAddr = "127.0.0.1:50000"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestOnlyThisMachinesUserIsTheSingleUser(t *testing.T) {
	gate := &auth.Gate{SingleUser: new(auth.Local("Dora"))}
	far := from("127.0.0.1:8080")
	far.RemoteAddr = "192.0.2.7:50000"
	old := from("127.0.0.1:8080")
	old.Proto, old.ProtoMajor, old.ProtoMinor = "HTTP/1.0", 1, 0
	v6 := from("[::1]:8080")
	v6.RemoteAddr = "[::1]:50000"
	for name, test := range map[string]struct {
		request *http.Request
		want    auth.Viewer
	}{
		"a program":                 {from("127.0.0.1:8080"), auth.Local("Dora")},
		"by name":                   {from("LocalHost:8080"), auth.Local("Dora")},
		"without a port":            {from("localhost"), auth.Local("Dora")},
		"over IPv6":                 {v6, auth.Local("Dora")},
		"the page of this server":   {from("127.0.0.1:8080", "Origin", "http://127.0.0.1:8080", "Sec-Fetch-Site", "same-origin"), auth.Local("Dora")},
		"another machine":           {far, auth.Anonymous()},
		"an old proxy":              {old, auth.Anonymous()},
		"a page of another site":    {from("127.0.0.1:8080", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"), auth.Anonymous()},
		"a page of another port":    {from("127.0.0.1:8080", "Origin", "http://127.0.0.1:3000"), auth.Anonymous()},
		"a page without an origin":  {from("127.0.0.1:8080", "Origin", "null"), auth.Anonymous()},
		"a link of another site":    {from("127.0.0.1:8080", "Sec-Fetch-Site", "cross-site"), auth.Anonymous()},
		"behind a proxy":            {from("127.0.0.1:8080", "X-Forwarded-For", "192.0.2.7"), auth.Anonymous()},
		"behind a modern proxy":     {from("127.0.0.1:8080", "Forwarded", "for=192.0.2.7"), auth.Anonymous()},
		"who hides that of a proxy": {from("127.0.0.1:8080", "X-Forwarded-For", "", "X-Forwarded-For", "192.0.2.7"), auth.Anonymous()},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := gate.Admit(test.request)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("viewer (-want +got):\n%s", diff)
			}
		})
	}
}

// A page can have its own name lead to this machine (DNS rebinding), and would then read what
// only the user of this machine is to read.
func TestUnderAnotherNameTheSingleUsersServerIsNotEvenRead(t *testing.T) {
	p := newPlace(t)
	_, text := p.token(t, auth.Reader, 0)
	gate := &auth.Gate{SingleUser: new(auth.Local("")), Tokens: p.tokens}
	for _, host := range []string{"evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.7:8080", "0.0.0.0:8080", "", "localhost@evil.example", "evil.example#localhost"} {
		rebound, known := from("localhost", "Origin", "http://"+host, "Sec-Fetch-Site", "same-origin"), from("localhost", "Authorization", "Bearer "+text)
		rebound.Host, known.Host = host, host
		if v, err := gate.Admit(rebound); fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("%q: got %+v, %v; want a refusal", host, v, err)
		}
		if v, err := gate.Admit(known); err != nil || v.Role != auth.Reader {
			t.Errorf("%q with a token: got %+v, %v", host, v, err)
		}
		if v, err := (&auth.Gate{}).Admit(rebound); err != nil || v != auth.Anonymous() {
			t.Errorf("%q on a server for all: got %+v, %v", host, v, err)
		}
	}
}

func TestABadTokenIsNeverIgnored(t *testing.T) {
	p := newPlace(t)
	_, text := p.token(t, auth.Reader, 0)
	open := &auth.Gate{Tokens: p.tokens, SingleUser: new(auth.Local(""))}
	for name, test := range map[string]struct {
		headers []string
		says    string
	}{
		"another scheme":      {[]string{"Authorization", "Basic YTpi"}, "must be Bearer and a token"},
		"no scheme":           {[]string{"Authorization", text}, "must be Bearer and a token"},
		"no token":            {[]string{"Authorization", "Bearer"}, "must be Bearer and a token"},
		"blanks":              {[]string{"Authorization", "Bearer    "}, "must be Bearer and a token"},
		"empty":               {[]string{"Authorization", ""}, "must be Bearer and a token"},
		"two tokens":          {[]string{"Authorization", "Bearer " + text + " " + text}, "characters that no token has"},
		"two headers":         {[]string{"Authorization", "Bearer " + text, "Authorization", "Bearer " + text}, "more than once"},
		"a list":              {[]string{"Authorization", "Bearer " + text + ",Bearer x"}, "characters that no token has"},
		"a line break":        {[]string{"Authorization", "Bearer a\nX-Role: administrator"}, "characters that no token has"},
		"a zero byte":         {[]string{"Authorization", "Bearer a\x00"}, "characters that no token has"},
		"a huge token":        {[]string{"Authorization", "Bearer " + strings.Repeat("a", 16<<10+1)}, "longer than"},
		"a token of others":   {[]string{"Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."}, "personal access tokens only"},
		"a token of nobody":   {[]string{"Authorization", "Bearer " + auth.Prefix + "x"}, "not valid"},
		"a token that is not": {[]string{"Authorization", "Bearer " + wrong(text)}, "there is no such token"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := open.Admit(from("127.0.0.1:8080", test.headers...))
			if fault.KindOf(err) != fault.Unauthenticated || !strings.Contains(err.Error(), test.says) || v != (auth.Viewer{}) {
				t.Errorf("got %+v, %v; want %q", v, err, test.says)
			}
		})
	}
	for _, scheme := range []string{"Bearer ", "bearer ", "BEARER   "} {
		if v, err := open.Admit(from("127.0.0.1:8080", "Authorization", scheme+text)); err != nil || v.Role != auth.Reader {
			t.Errorf("%q: got %+v, %v", scheme, v, err)
		}
	}
}

// taker takes whatever it is given, and notes it.
type taker struct{ got []string }

func (k *taker) Viewer(_ context.Context, token string) (auth.Viewer, error) {
	k.got = append(k.got, token)
	return auth.Viewer{Subject: "oidc:x", Role: auth.Administrator, Scopes: auth.Administrator.Scopes()}, nil
}

func TestOneKindOfTokenIsNeverTakenForTheOther(t *testing.T) {
	p, other := newPlace(t), new(taker)
	gate := &auth.Gate{Tokens: p.tokens, Issuer: other}
	for _, token := range []string{auth.Prefix + "a.b.c", auth.Prefix, auth.Prefix + strings.Repeat("a", 13) + "_" + strings.Repeat("a", 52)} {
		if v, err := gate.Bearer(t.Context(), token); err == nil {
			t.Errorf("%s stands for %+v", token, v)
		}
	}
	if len(other.got) > 0 {
		t.Errorf("the issuer was given %q", other.got)
	}
	if _, err := gate.Bearer(t.Context(), "a.b.c"); err != nil || len(other.got) != 1 {
		t.Errorf("the issuer was given %q, %v", other.got, err)
	}
}

func TestReadingIsOpenUnlessTokensAreRequired(t *testing.T) {
	if v, err := (&auth.Gate{}).Admit(from("127.0.0.1:8080")); err != nil || v != auth.Anonymous() {
		t.Errorf("got %+v, %v", v, err)
	}
	_, err := (&auth.Gate{RequireToken: true}).Admit(from("127.0.0.1:8080"))
	if fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("got %v", err)
	}
}

// What is compared must not depend on what is sent: a wrong secret takes the same steps, right
// up to its last letter or wrong from its first.
func TestAWrongSecretTakesTheSameMemoryWhereverItIsWrong(t *testing.T) {
	p := newPlace(t)
	token, text := p.token(t, auth.Reader, 0)
	prefix, ctx := auth.Prefix+token.ID+"_", t.Context()
	secret := strings.TrimPrefix(text, prefix)
	count := func(text string) float64 {
		least := math.Inf(1) // the race detector's pools now and then add one
		for range 5 {
			least = min(least, testing.AllocsPerRun(100, func() { _, _ = p.tokens.Viewer(ctx, text) }))
		}
		return least
	}
	first, last := count(prefix+"!"+secret[1:]), count(prefix+secret[:len(secret)-1]+"!")
	unknown := count(auth.Prefix + strings.Repeat("a", 13) + "_" + secret)
	if first != last || first != unknown {
		t.Errorf("%g allocations when the first letter is wrong, %g when the last is, %g for an unknown id", first, last, unknown)
	}
}

func BenchmarkToken(b *testing.B) {
	keeper := embedded.TokensIn(b.TempDir())
	token, text, err := auth.NewToken("Ann", auth.Reader, 0, time.Now(), time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	if err := keeper.AddToken(b.Context(), token); err != nil {
		b.Fatal(err)
	}
	tokens := auth.NewTokens(keeper, time.Now, slog.New(slog.DiscardHandler))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tokens.Viewer(b.Context(), text); err != nil {
			b.Fatal(err)
		}
	}
}
