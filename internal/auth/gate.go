package auth

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"nicgraph/internal/fault"
)

// Issuer knows whom the tokens of another party stand for.
type Issuer interface {
	// Viewer is whom a token stands for now: fault.Unauthenticated when for nobody,
	// fault.Unavailable when that cannot be told.
	Viewer(ctx context.Context, token string) (Viewer, error)
}

// Gate tells who sends a request.
type Gate struct {
	Tokens       *Tokens // nil: personal access tokens are not taken
	Issuer       Issuer  // nil: no other tokens are taken
	SingleUser   *Viewer // whoever asks from this machine without a token, see Local; nil: nobody special
	RequireToken bool    // reading needs a token, too
}

// Admit tells who sends a request. A token that is not valid is refused and never ignored.
func (g *Gate) Admit(r *http.Request) (Viewer, error) {
	sent := r.Header["Authorization"]
	switch {
	case len(sent) > 1:
		return Viewer{}, fault.New(fault.Unauthenticated, "the header Authorization stands more than once in the request")
	case len(sent) == 1:
		token, err := bearer(sent[0])
		if err != nil {
			return Viewer{}, err
		}
		return g.Bearer(r.Context(), token)
	case g.SingleUser != nil && madeHere(r):
		return *g.SingleUser, nil
	case g.SingleUser != nil && !localHost(r.Host):
		return Viewer{}, fault.New(fault.Unauthenticated, "this server is meant for this machine and was asked for under another name, which a page of another site can do; ask for it as localhost, or start it with --single-user=false")
	case g.RequireToken:
		return Viewer{}, fault.New(fault.Unauthenticated, `this server answers those only who send a token, in the header Authorization: in GraphiQL, open Headers and write {"Authorization": "Bearer …"}`)
	default:
		return Anonymous(), nil
	}
}

// maxToken bounds the bytes of a token.
const maxToken = 16 << 10

// bearer reads the header Authorization (RFC 6750, section 2.1).
func bearer(header string) (string, error) {
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.Trim(token, " ")
	switch {
	case !strings.EqualFold(scheme, "Bearer") || token == "":
		return "", fault.New(fault.Unauthenticated, "the header Authorization must be Bearer and a token, or be left out")
	case len(token) > maxToken:
		return "", fault.New(fault.Unauthenticated, "the token is longer than the %d bytes that this server reads", maxToken)
	case strings.ContainsFunc(token, notInToken):
		return "", fault.New(fault.Unauthenticated, "the token has characters that no token has")
	default:
		return token, nil
	}
}

func notInToken(r rune) bool {
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	return !letter && !strings.ContainsRune("-._~+/=", r)
}

// Bearer tells whom a token stands for. What begins like a personal access token is taken for
// nothing else.
func (g *Gate) Bearer(ctx context.Context, token string) (Viewer, error) {
	personal := strings.HasPrefix(token, Prefix)
	switch {
	case personal && g.Tokens != nil:
		return g.Tokens.Viewer(ctx, token)
	case !personal && g.Issuer != nil:
		return g.Issuer.Viewer(ctx, token)
	case personal:
		return Viewer{}, fault.New(fault.Unauthenticated, "this server takes no personal access tokens")
	default:
		return Viewer{}, fault.New(fault.Unauthenticated, "this server takes personal access tokens only, which begin with %s", Prefix)
	}
}

// forwarding are headers by which a proxy says that the request is not its own, written as net/http
// keeps them.
var forwarding = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"}

// madeHere tells whether a request was made on this machine and by no page of another site. The
// name that it was sent to counts, too: a page can have its own name lead to this machine.
func madeHere(r *http.Request) bool {
	for _, name := range forwarding {
		if len(r.Header[name]) > 0 { // who asks may have sent an empty one ahead of the proxy's own
			return false
		}
	}
	if !r.ProtoAtLeast(1, 1) { // nginx speaks HTTP/1.0 to what is behind it, and says nothing else
		return false
	}
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && remote.Addr().Unmap().IsLoopback() && localHost(r.Host) && ownPage(r)
}

// localHost tells whether a name, with or without a port, can mean this machine only.
func localHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	addr, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return strings.EqualFold(name, "localhost") || err == nil && addr.IsLoopback()
}

// ownPage tells whether a request came from no page, or from one of this server.
func ownPage(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	page, err := url.Parse(origin)
	return err == nil && page.Host != "" && page.Host == r.Host
}
