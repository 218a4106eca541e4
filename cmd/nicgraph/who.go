package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"nicgraph/internal/auth"
	"nicgraph/internal/auth/issuer"
)

// Who is what flags and environment say about who may ask.
type Who struct {
	Issuer       string
	Audience     string
	RoleClaim    string
	Roles        map[string]string // what the claim says → role
	RequireToken bool
	SingleUser   bool
	UserName     string // of the single user, which the history keeps

	unread error // a variable that could not be read
}

func defaultWho(or func(name, otherwise string) string) Who {
	w := Who{
		Issuer:    or("NICGRAPH_OIDC_ISSUER", ""),
		Audience:  or("NICGRAPH_OIDC_AUDIENCE", ""),
		RoleClaim: or("NICGRAPH_OIDC_ROLE_CLAIM", ""),
		UserName:  or("NICGRAPH_WRITER", or("USER", "")),
	}
	w.Roles = w.pairs("NICGRAPH_OIDC_ROLES", or("NICGRAPH_OIDC_ROLES", ""))
	w.RequireToken = w.yes("NICGRAPH_REQUIRE_TOKEN", or("NICGRAPH_REQUIRE_TOKEN", "false"))
	w.SingleUser = w.yes("NICGRAPH_SINGLE_USER", or("NICGRAPH_SINGLE_USER", "true"))
	return w
}

// yes reads a variable that is true or false. What is neither is told by check: a server must
// not open because of a slip.
func (w *Who) yes(name, text string) bool {
	v, err := strconv.ParseBool(text)
	if err != nil {
		w.unread = fmt.Errorf("%s is %q; it takes true or false", name, text)
	}
	return v
}

func (w *Who) pairs(name, text string) map[string]string {
	all := map[string]string{}
	for _, pair := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' }) {
		value, role, ok := strings.Cut(pair, "=")
		if !ok {
			w.unread = fmt.Errorf("%s has %q; it takes NAME=ROLE, several parted by commas", name, pair)
		}
		all[value] = role
	}
	return all
}

func (w *Who) flags(flags *pflag.FlagSet) {
	flags.StringVar(&w.Issuer, "oidc-issuer", w.Issuer, "address of an OpenID Connect issuer whose tokens are taken, such as https://login.example.org")
	flags.StringVar(&w.Audience, "oidc-audience", w.Audience, "the audience for which its tokens must be meant; needed with --oidc-issuer")
	flags.StringVar(&w.RoleClaim, "oidc-role-claim", w.RoleClaim, "the claim that names roles, such as realm_access.roles; empty: roles and groups")
	flags.StringToStringVar(&w.Roles, "oidc-role", w.Roles, "what the claim says for a role: NAME=ROLE, may be given several times; without, nicgraph-reader, nicgraph-contributor, nicgraph-reviewer, nicgraph-administrator")
	flags.BoolVar(&w.RequireToken, "require-token", w.RequireToken, "reading needs a token, too")
	flags.BoolVar(&w.SingleUser, "single-user", w.SingleUser, "on an address of this machine only, whoever asks without a token is the administrator; not with --oidc-issuer or --require-token")
}

// check refuses what cannot be meant, before anything is opened.
func (w *Who) check() error {
	switch {
	case w.unread != nil:
		return usageError{w.unread}
	case w.Issuer == "" && (w.Audience != "" || w.RoleClaim != "" || len(w.Roles) > 0):
		return usageError{fmt.Errorf("--oidc-audience, --oidc-role-claim and --oidc-role are about the tokens of an issuer; name it with --oidc-issuer")}
	case w.Issuer == "":
		return nil
	case w.Audience == "":
		return usageError{fmt.Errorf("--oidc-issuer needs --oidc-audience; without, tokens that were meant for other programs would be taken, too")}
	}
	if _, err := w.issuer(); err != nil {
		return usageError{err}
	}
	return nil
}

func (w *Who) issuer() (*issuer.Issuer, error) {
	config := issuer.Config{URL: w.Issuer, Audience: w.Audience, Claim: w.RoleClaim}
	if len(w.Roles) > 0 {
		config.Roles = map[string]auth.Role{}
	}
	for value, name := range w.Roles {
		role, err := auth.ParseRole(name)
		if err != nil {
			return nil, err
		}
		config.Roles[value] = role
	}
	return issuer.New(config)
}

// gate tells who asks on an address. When the issuer is away, its tokens have to wait, but
// nothing else does.
func (w *Who) gate(ctx context.Context, keeper auth.Keeper, here bool, logger *slog.Logger) (*auth.Gate, error) {
	g := &auth.Gate{Tokens: auth.NewTokens(keeper, time.Now, logger), RequireToken: w.RequireToken}
	if w.SingleUser && here && w.Issuer == "" && !w.RequireToken {
		g.SingleUser = new(auth.Local(w.UserName))
	}
	if w.Issuer == "" {
		return g, nil
	}
	found, err := w.issuer()
	if err != nil {
		return nil, err
	}
	if err := found.Reach(ctx); err != nil {
		logger.WarnContext(ctx, "the issuer cannot be asked yet", "error", err)
	}
	g.Issuer = found
	return g, nil
}

// tellWho says who may read and write, for a person who starts the server.
func tellWho(out io.Writer, g *auth.Gate, w *Who) {
	tokens := "a token of nicgraph token create"
	if w.Issuer != "" {
		tokens += " or of " + w.Issuer
	}
	switch {
	case g.SingleUser != nil:
		fmt.Fprintln(out, "\nWhoever uses this machine reads and writes without a token, as the administrator. Behind a proxy, or where others use the machine too, add --single-user=false.")
	case g.RequireToken:
		fmt.Fprintf(out, "\nReading and writing need %s.\n", tokens)
	default:
		fmt.Fprintf(out, "\nReading is open: whoever reaches this address can read everything; --require-token closes it. Writing is closed without %s.\n", tokens)
	}
}
