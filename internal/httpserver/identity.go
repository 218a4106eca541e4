package httpserver

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
)

const requestIDHeader = "X-Request-Id"

type requestIDKey struct{}

// identified is the context of a request with an id.
type identified struct {
	context.Context
	id string
}

// Value tells the id.
func (c *identified) Value(key any) any {
	if _, own := key.(requestIDKey); own {
		return c.id
	}
	return c.Context.Value(key)
}

// RequestID is the id of the HTTP request that ctx belongs to, empty outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

var saneID = regexp.MustCompile(`^[A-Za-z0-9._:/+=-]{1,128}$`)

// withRequestID gives every response the id of its request, the sender's own when it is harmless in a log.
func withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := field(r.Header, requestIDHeader)
		if id == "" || !saneID.MatchString(id) {
			id = newID()
		}
		w.Header()[requestIDHeader] = []string{id}
		next.ServeHTTP(w, r)
	})
}

// idOf is the id of the request that is answered.
func idOf(w http.ResponseWriter) string { return field(w.Header(), requestIDHeader) }

// identify is ctx with the id of the request that is answered.
func identify(ctx context.Context, w http.ResponseWriter) context.Context {
	return &identified{ctx, idOf(w)}
}

// field is the first value of a field that is named as net/http keeps it, empty without one.
func field(h http.Header, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// newID tells a request from all others. It guards nothing, so it may be guessed.
func newID() string {
	var room [32]byte
	id := strconv.AppendUint(room[:0], rand.Uint64(), 32)
	return string(strconv.AppendUint(id, rand.Uint64(), 32))
}

// safety keeps a browser from doing more with a response than is meant. All responses share the values.
var safety = []struct {
	name  string
	value []string
}{
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"Content-Security-Policy", []string{"default-src 'none'; frame-ancestors 'none'"}},
}

// withSafety sets the headers of safety and turns a panic into a plain answer. A page that
// needs a wider content policy sets its own.
func withSafety(log *slog.Logger, next http.Handler) http.Handler {
	recovered := recovered(log)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for _, s := range safety {
			h[s.name] = s.value
		}
		if len(r.TransferEncoding) > 0 {
			// There may have been a length beside the chunks, by which a proxy would have parted this request
			// from the next one elsewhere: there is no next one (RFC 9112, section 6.3).
			w.Header().Set("Connection", "close")
		}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			_ = recovered(identify(r.Context(), w), p)
			http.Error(w, "Something went wrong inside the server; its log has the cause under request id "+idOf(w)+".", http.StatusInternalServerError)
		}()
		next.ServeHTTP(w, r)
	})
}
