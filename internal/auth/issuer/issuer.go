// Package issuer knows whom the tokens of an OpenID Connect issuer stand for. Reading and
// checking signatures is left to go-oidc; what a viewer may do to package auth.
package issuer

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"nicgraph/internal/auth"
	"nicgraph/internal/fault"
)

// Config says whose tokens are taken, and whom they make of those who send them.
type Config struct {
	URL      string               // of the issuer, as its tokens have it
	Audience string               // for whom the tokens must be meant
	Claim    string               // the claim that names roles; empty: roles and groups
	Roles    map[string]auth.Role // by what the claim says; nil: the roles behind "nicgraph-"

	Client http.RoundTripper // how the issuer is asked; nil: http.DefaultTransport
	Now    func() time.Time  // nil: time.Now
}

// Issuer takes the tokens of one issuer. It may be used by many goroutines.
type Issuer struct {
	config Config
	client *http.Client

	mu     sync.Mutex
	keys   *oidc.RemoteKeySet
	opened time.Time // when the issuer was asked where its keys are
}

// keysLast is how long keys are taken without asking the issuer for all of them again, so that
// one which it has withdrawn is refused after this time. Keys that are new to us are asked for
// when they are met.
const keysLast = 15 * time.Minute

// leeway is by how much clocks may differ.
const leeway = time.Minute

// algorithms are those with which only the issuer can sign. Without the others, nobody can sign
// with a key that everybody may read (RFC 8725, section 3.1).
var algorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
}

// New makes an issuer of its configuration, without asking it anything.
func New(config Config) (*Issuer, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	if config.Roles == nil {
		config.Roles = defaultRoles()
	}
	if config.Client == nil {
		config.Client = http.DefaultTransport
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	asked := &patient{next: config.Client, now: config.Now, last: map[string]attempt{}}
	return &Issuer{config: config, client: &http.Client{
		Transport:     asked,
		Timeout:       5 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (c *Config) check() error {
	if err := checkURL(c.URL); err != nil {
		return fault.Wrap(fault.Invalid, err, "%q cannot be an issuer: %v", c.URL, err)
	}
	if c.Audience == "" {
		return fault.New(fault.Invalid, "say for which audience the tokens of %s must be meant; without, those for other programs would be taken, too", c.URL)
	}
	return nil
}

// checkURL refuses what others on the way could answer for.
func checkURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return errors.New("it is no address")
	case u.Host == "":
		return errors.New("it names no host; write https://login.example.org")
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	default:
		return errors.New("it must begin with https://")
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func defaultRoles() map[string]auth.Role {
	roles := map[string]auth.Role{}
	for _, name := range auth.Roles() {
		role, _ := auth.ParseRole(name) // the names are its own
		roles["nicgraph-"+name] = role
	}
	return roles
}

// Reach tells whether the issuer can be asked for its keys.
func (i *Issuer) Reach(ctx context.Context) error {
	_, err := i.keySet(ctx)
	return err
}

// keySet is the issuer's keys, found anew now and then.
func (i *Issuer) keySet(ctx context.Context) (*oidc.RemoteKeySet, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.config.Now()
	if i.keys != nil && now.Sub(i.opened) < keysLast {
		return i.keys, nil
	}
	// Who asks first may go away; the answer is for all.
	ctx = oidc.ClientContext(context.WithoutCancel(ctx), i.client)
	provider, err := oidc.NewProvider(ctx, i.config.URL)
	if err != nil {
		return nil, i.away(err)
	}
	var found struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&found); err != nil {
		return nil, i.away(err)
	}
	if err := checkURL(found.Keys); err != nil {
		return nil, i.away(fmt.Errorf("the address of its keys, %q: %w", found.Keys, err))
	}
	i.keys, i.opened = oidc.NewRemoteKeySet(ctx, found.Keys), now
	return i.keys, nil
}

func (i *Issuer) away(err error) error {
	return fault.Wrap(fault.Unavailable, err, "the issuer %s cannot be asked for its keys now, so its tokens cannot be checked; try again", i.config.URL)
}

// Viewer is whom a token stands for now.
func (i *Issuer) Viewer(ctx context.Context, token string) (auth.Viewer, error) {
	if err := plain(token); err != nil {
		return auth.Viewer{}, i.refuse(err, "it is no token that says who asks")
	}
	keys, err := i.keySet(ctx)
	if err != nil {
		return auth.Viewer{}, err
	}
	read, err := i.verify(ctx, keys, token)
	if err != nil {
		return auth.Viewer{}, err
	}
	var c claims
	if err := read.Claims(&c); err != nil {
		return auth.Viewer{}, i.refuse(err, "what it says cannot be read")
	}
	if err := i.checkClaims(&c); err != nil {
		return auth.Viewer{}, err
	}
	var all map[string]any
	if err := read.Claims(&all); err != nil {
		return auth.Viewer{}, i.refuse(err, "what it says cannot be read")
	}
	role := i.role(all)
	return auth.Viewer{
		Subject: "oidc:" + c.Subject, Name: c.name(), Role: role, Scopes: role.Scopes(), Expires: c.Expires.time(),
	}, nil
}

// kinds are the types of tokens that stand for who sends them (RFC 9068, section 2.1). Others
// that an issuer signs with the same keys do not: that somebody has logged out, for instance.
var kinds = []string{"", "jwt", "at+jwt", "application/at+jwt"}

// plain tells whether a token is a signed one in the short form, of a kind that is taken.
func plain(token string) error {
	header, rest, _ := strings.Cut(token, ".")
	if strings.Count(rest, ".") != 1 {
		return errors.New("it has not three parts")
	}
	raw, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil {
		return fmt.Errorf("read its header: %w", err)
	}
	var h struct {
		Type string `json:"typ"`
	}
	if err := json.Unmarshal(raw, &h); err != nil {
		return fmt.Errorf("read its header: %w", err)
	}
	if !slices.Contains(kinds, strings.ToLower(h.Type)) {
		return fmt.Errorf("it is of type %q", h.Type)
	}
	return nil
}

// verify checks who has signed a token and for whom. Times are checked elsewhere.
func (i *Issuer) verify(ctx context.Context, keys oidc.KeySet, token string) (*oidc.IDToken, error) {
	w := &watched{keys: keys}
	read, err := oidc.NewVerifier(i.config.URL, w, &oidc.Config{
		ClientID: i.config.Audience, SupportedSigningAlgs: algorithms, SkipExpiryCheck: true,
	}).Verify(ctx, token)
	switch {
	case err == nil:
		return read, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(w.err, new(*unreached)):
		return nil, i.away(w.err)
	default:
		return nil, i.refuse(err, "it is not signed by the issuer %s for the audience %s", i.config.URL, i.config.Audience)
	}
}

// watched keeps the error of keys, of which the library hands on no more than the text.
type watched struct {
	keys oidc.KeySet
	err  error
}

func (w *watched) VerifySignature(ctx context.Context, jwt string) (payload []byte, err error) {
	payload, w.err = w.keys.VerifySignature(ctx, jwt)
	return payload, w.err
}

func (i *Issuer) refuse(cause error, why string, args ...any) error {
	return fault.Wrap(fault.Unauthenticated, cause, "the token is not valid: %s; sign in again for a new one", fmt.Sprintf(why, args...))
}
