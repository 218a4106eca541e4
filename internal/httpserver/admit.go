package httpserver

import (
	"context"
	"net/http"

	"nicgraph/internal/auth"
	"nicgraph/internal/fault"
)

// Admit tells who sends a request, or why they may not: fault.Unauthenticated, or
// fault.Unavailable when it cannot be told.
type Admit func(*http.Request) (auth.Viewer, error)

// admitted answers whoever may ask, by the carrier, and turns the others away.
func (a *api) admitted(ctx context.Context, w http.ResponseWriter, r *http.Request) served {
	if a.admit == nil {
		return a.carrier.serve(w, r.WithContext(ctx), a.executor)
	}
	vary(w, r, "Authorization")
	viewer, err := a.admit(r)
	if err != nil {
		return a.turnAway(ctx, w, r, err)
	}
	done := a.carrier.serve(w, r.WithContext(auth.With(ctx, viewer)), a.executor)
	done.viewer = viewer.Subject
	return done
}

// turnAway tells who asks why they may not. What exactly is wrong with a token is for the log.
func (a *api) turnAway(ctx context.Context, w http.ResponseWriter, r *http.Request, err error) served {
	shown := a.present(ctx, err)
	if fault.KindOf(err) == fault.Unauthenticated {
		a.log.InfoContext(ctx, "turned away", "error", err, "request_id", RequestID(ctx))
	}
	media, ok := negotiate(r.Header.Values("Accept"))
	if !ok {
		media = mediaJSON
	}
	code := codeOf(shown)
	return send(w, r, replyToRefusal(refuse(statusOf(code), code, "%s", shown.Message), errorMedia(media)))
}

// challenge says what would let the request in (RFC 9110, section 11.6.1; RFC 6750, section 3).
func challenge(r *http.Request) string {
	if r.Header.Get("Authorization") == "" {
		return `Bearer realm="nicgraph"`
	}
	return `Bearer realm="nicgraph", error="invalid_token"`
}
