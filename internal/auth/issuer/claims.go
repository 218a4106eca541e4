package issuer

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"nicgraph/internal/auth"
)

// claims is what a token says, as far as it has a meaning here.
type claims struct {
	Subject   string          `json:"sub"`
	Name      string          `json:"name"`
	Preferred string          `json:"preferred_username"`
	Email     string          `json:"email"`
	Expires   seconds         `json:"exp"`
	NotBefore seconds         `json:"nbf"`
	Issued    seconds         `json:"iat"`
	Bound     json.RawMessage `json:"cnf"`
	Events    json.RawMessage `json:"events"`
}

// seconds is a time as tokens have it: seconds since 1970, perhaps with a fraction.
type seconds float64

func (s seconds) time() time.Time { return time.Unix(int64(s), 0).UTC() }

// far is beyond all times that a token can mean.
const far = 1 << 40

func (s seconds) valid() bool { return math.Abs(float64(s)) < far }

// checkClaims refuses a token that does not hold now, or not for everybody who sends it.
func (i *Issuer) checkClaims(c *claims) error {
	now := i.config.Now()
	switch {
	case c.Subject == "" || len(c.Subject) > longestSubject || strings.ContainsFunc(c.Subject, notInSubject):
		return i.refuse(errors.New("sub is missing or too long, or not made of ASCII"), "it does not say whose it is")
	case c.Expires <= 0 || !c.Expires.valid() || !c.NotBefore.valid() || !c.Issued.valid():
		return i.refuse(errors.New("exp is missing, or a time is none"), "it does not say how long it holds")
	case !now.Before(c.Expires.time().Add(leeway)):
		return i.refuse(errors.New("exp is over"), "it expired at %s", c.Expires.time().Format(time.RFC3339))
	case now.Add(leeway).Before(c.NotBefore.time()), now.Add(leeway).Before(c.Issued.time()):
		return i.refuse(errors.New("nbf or iat is to come"), "it does not hold yet; if it should, the clocks differ")
	case c.Bound != nil:
		return i.refuse(errors.New("cnf"), "it is bound to a key of who sends it, which this server cannot check")
	case c.Events != nil:
		return i.refuse(errors.New("events"), "it tells of an event and stands for nobody")
	default:
		return nil
	}
}

// longestSubject is the bytes of a subject (OpenID Connect Core 1.0, section 2).
const longestSubject = 255

func notInSubject(r rune) bool { return r < ' ' || r > '~' }

func (c *claims) name() string {
	for _, name := range []string{c.Name, c.Preferred, c.Email, c.Subject} {
		if clean := auth.CleanName(name); clean != "" {
			return clean
		}
	}
	return ""
}

// role is the highest of the roles that a token names. Whoever the issuer knows may read.
func (i *Issuer) role(all map[string]any) auth.Role {
	highest := auth.Reader
	for _, claim := range i.claims() {
		for _, word := range words(claim, lookUp(all, claim)) {
			highest = max(highest, i.config.Roles[word])
		}
	}
	return highest
}

func (i *Issuer) claims() []string {
	if i.config.Claim == "" {
		return []string{"roles", "groups"}
	}
	return []string{i.config.Claim}
}

// lookUp finds a claim by its name, or by the names on the way to it, as in realm_access.roles.
func lookUp(all map[string]any, name string) any {
	if v, ok := all[name]; ok {
		return v
	}
	outer, inner, ok := strings.Cut(name, ".")
	object, isObject := all[outer].(map[string]any)
	if !ok || !isObject {
		return nil
	}
	return lookUp(object, inner)
}

// words are the texts of a claim. Scopes are words in one text (RFC 8693, section 4.2).
func words(claim string, v any) (all []string) {
	switch v := v.(type) {
	case string:
		if claim == "scope" || claim == "scp" {
			return strings.Fields(v)
		}
		return []string{v}
	case []any:
		for _, each := range v {
			if text, ok := each.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}
