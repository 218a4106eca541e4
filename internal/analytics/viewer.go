package analytics

import (
	"context"
	"strings"
	"time"

	"nicgraph/internal/auth"
	"nicgraph/internal/computed"
)

// viewer is who asks.
func viewer(ctx context.Context, _ computed.Call) (any, error) {
	v := auth.FromContext(ctx)
	if v.Role == auth.Nobody { // asked past any gate, and answered all the same
		v = auth.Anonymous()
	}
	scopes := v.Scopes.Names()
	for i, name := range scopes {
		scopes[i] = strings.ToUpper(name)
	}
	o := computed.Object{"name": computed.OrNull(v.Name), "role": strings.ToUpper(v.Role.String()), "scopes": scopes, "expires": nil}
	if !v.Expires.IsZero() {
		o["expires"] = v.Expires.Format(time.RFC3339)
	}
	return o, nil
}
