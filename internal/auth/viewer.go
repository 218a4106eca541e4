// Package auth says who asks and what they may do: viewers, roles, scopes and personal access
// tokens. Tokens that another party signs are left to package issuer, keeping tokens to the
// stores, and how a refusal looks to whoever serves.
package auth

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"nicgraph/internal/fault"
)

// Viewer is who asks. The zero Viewer is nobody, and may do nothing.
type Viewer struct {
	Subject string    // tells viewers apart: "local", "token:" and an id, "oidc:" and the issuer's subject; empty: unknown
	Name    string    // for people, may be shared by several
	Role    Role      //
	Scopes  Scopes    // what the viewer asks with allows, of what the role may
	Expires time.Time // from when on the viewer is nobody; zero: never
}

// Anonymous is who sends no token to a server that is open for reading.
func Anonymous() Viewer { return Viewer{Role: Reader, Scopes: Read} }

// local is the subject of the one user of a machine.
const local = "local"

// Local is the one user of a server that only this machine reaches, under a name of their choice.
func Local(name string) Viewer {
	return Viewer{Subject: local, Name: CleanName(name), Role: Administrator, Scopes: Administrator.Scopes()}
}

// Known tells whether it is known who the viewer is.
func (v Viewer) Known() bool { return v.Subject != "" }

// May tells whether both the role and what is asked with allow all of the scopes.
func (v Viewer) May(s Scopes) bool { return v.Role.Scopes()&v.Scopes&s == s }

// Signature is the viewer in the history: the name for people, and what nobody else can take.
// The one user of a machine needs the name only.
func (v Viewer) Signature() string {
	switch {
	case v.Name == "" || !v.Known():
		return v.Subject
	case v.Subject == local:
		return v.Name
	default:
		return v.Name + " (" + v.Subject + ")"
	}
}

type viewerKey struct{}

// asked is a context in which a viewer asks.
type asked struct {
	context.Context
	viewer Viewer
}

// Value tells the viewer.
func (c *asked) Value(key any) any {
	if _, own := key.(viewerKey); own {
		return &c.viewer
	}
	return c.Context.Value(key)
}

// With is ctx in which the viewer asks.
func With(ctx context.Context, v Viewer) context.Context { return &asked{ctx, v} }

// FromContext is the viewer who asks in ctx, nobody when none was put there.
func FromContext(ctx context.Context) Viewer {
	if v, ok := ctx.Value(viewerKey{}).(*Viewer); ok {
		return *v
	}
	return Viewer{}
}

// Allow is the viewer of ctx, or why they may not do what the scopes say, and how they could:
// fault.Unauthenticated when it is not known who asks, fault.Forbidden when it is.
func Allow(ctx context.Context, s Scopes) (Viewer, error) {
	v := FromContext(ctx)
	switch {
	case v.May(s):
		return v, nil
	case !v.Known():
		return v, fault.New(fault.Unauthenticated, "this needs a token that may %s, which whoever runs this server can give you; send it in the header Authorization as Bearer and the token", s)
	case v.Role.Scopes()&s == s:
		return v, fault.New(fault.Forbidden, "the token may only %s, and this needs one that may %s; your role %s allows that, and whoever runs this server can give you such a token", v.Scopes&v.Role.Scopes(), s, v.Role)
	default:
		return v, fault.New(fault.Forbidden, "you are a %s, who may only %s; to %s takes the role %s, which whoever runs this server can give you", v.Role, v.Role.Scopes(), s, listed(rolesFor(s), "or"))
	}
}

// Writer is the signature of the viewer of ctx, who may write, or why they may not.
func Writer(ctx context.Context) (string, error) {
	v, err := Allow(ctx, Write)
	return v.Signature(), err
}

// maxName bounds the characters of a name.
const maxName = 100

// CleanName is a name as it is shown: in one line, without what is not seen, and not too long.
func CleanName(name string) string {
	seen := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		default:
			return r
		}
	}, name)
	runes := []rune(strings.Join(strings.Fields(seen), " "))
	return string(runes[:min(len(runes), maxName)])
}

func unknown(what, word string, known []string) error {
	return fault.New(fault.Invalid, "there is no %s %q; there are %s", what, word, listed(known, "and"))
}

// listed is words as a person lists them, with one before the last.
func listed(words []string, before string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return fmt.Sprintf("%s %s %s", strings.Join(words[:last], ", "), before, words[last])
}
