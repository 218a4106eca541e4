package auth

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"nicgraph/internal/fault"
)

// fresh is how long the tokens that were read are taken for the ones there are: a token that is
// revoked elsewhere is refused after this time.
const fresh = 2 * time.Second

// usedStep is how exactly it is kept when a token was used.
const usedStep = 10 * time.Minute

// Tokens knows whom personal access tokens stand for. It may be used by many goroutines.
type Tokens struct {
	keeper Keeper
	now    func() time.Time
	log    *slog.Logger

	mu   sync.Mutex
	read time.Time
	byID map[string]Token
}

// NewTokens makes it of what a keeper keeps; now is time.Now but in tests.
func NewTokens(keeper Keeper, now func() time.Time, log *slog.Logger) *Tokens {
	return &Tokens{keeper: keeper, now: now, log: log}
}

// Viewer is whom a token stands for now: fault.Unauthenticated when for nobody. Why is told to
// those only who have the secret.
func (k *Tokens) Viewer(ctx context.Context, text string) (Viewer, error) {
	id, secret, ok := split(text)
	if !ok {
		return Viewer{}, notValid("it is not written as this server writes tokens")
	}
	t, err := k.find(ctx, id) // the zero token has no hash and is opened by nothing
	if err != nil {
		return Viewer{}, err
	}
	now := k.now()
	switch {
	case !t.opens(secret):
		return Viewer{}, notValid("there is no such token")
	case !t.Revoked.IsZero():
		return Viewer{}, notValid("it was revoked")
	case !now.Before(t.Expires):
		return Viewer{}, notValid("it expired on %s", t.Expires.Format(time.DateOnly))
	}
	k.use(ctx, &t, now)
	return t.viewer(), nil
}

func notValid(why string, args ...any) error {
	return fault.New(fault.Unauthenticated, "the token is not valid: %s; whoever runs the server makes tokens with nicgraph token create", fmt.Sprintf(why, args...))
}

// find is the token with an id, zero when there is none.
func (k *Tokens) find(ctx context.Context, id string) (Token, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.now(); k.byID == nil || now.Before(k.read) || now.Sub(k.read) >= fresh {
		all, err := k.keeper.Tokens(ctx)
		if err != nil {
			return Token{}, fault.Wrap(fault.Unavailable, err, "tokens cannot be checked now; try again")
		}
		k.read, k.byID = now, make(map[string]Token, len(all))
		for _, t := range all {
			k.byID[t.ID] = t
		}
	}
	return k.byID[id], nil
}

// use notes that a token is used, unless that is known already. That it could not be kept is no
// reason to refuse it.
func (k *Tokens) use(ctx context.Context, t *Token, now time.Time) {
	if now.Sub(t.Used) < usedStep || !k.first(t.ID, now) {
		return
	}
	err := k.keeper.ChangeToken(context.WithoutCancel(ctx), t.ID, func(t *Token) { t.Used = now.UTC().Truncate(time.Second) })
	if err != nil {
		k.log.WarnContext(ctx, "the use of a token could not be kept", "token", t.ID, "error", err)
	}
}

// first tells whether nobody else notes the use of a token at the same time.
func (k *Tokens) first(id string, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, ok := k.byID[id]
	if !ok || now.Sub(t.Used) < usedStep {
		return false
	}
	t.Used = now
	k.byID[id] = t
	return true
}
