package httpserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/prepared"
)

// reply is an answer that is ready to be written.
type reply struct {
	status int
	media  string
	allow  string
	code   string // outcome for log and metrics: "ok" or the first error's code
	header http.Header
	body   []byte
}

func replyToRefusal(e *refusal, media string) reply {
	a := prepared.Answer{Errors: gqlerror.List{{Message: e.message, Extensions: map[string]any{"code": e.code}}}}
	out, _ := replyTo(&a, media)
	out.status, out.allow = e.status, e.allow
	return out
}

// replyTo lays out an answer. Without errors and extensions the body is data in an envelope,
// written as it came from the executor. Without data it is a request error and has no such entry.
func replyTo(a *prepared.Answer, media string) (reply, error) {
	out := reply{status: http.StatusOK, media: media, code: "ok"}
	if len(a.Errors) == 0 && len(a.Extensions) == 0 && len(a.Data) > 0 {
		out.body = a.Body()
		return out, nil
	}
	open := "{"
	if len(a.Errors) > 0 {
		out.code = codeOf(a.Errors[0])
		text, err := encode(a.Errors)
		if err != nil {
			return reply{}, fmt.Errorf("encode errors: %w", err)
		}
		out.body = append(append(out.body, open+`"errors":`...), text...)
		open = ","
	}
	if len(a.Data) > 0 {
		out.body = append(append(out.body, open+`"data":`...), a.Data...)
		open = ","
	} else {
		out.status = statusWithoutData(out.code, media)
	}
	if len(a.Extensions) > 0 {
		text, err := encode(a.Extensions)
		if err != nil {
			return reply{}, fmt.Errorf("encode extensions: %w", err)
		}
		out.body = append(append(out.body, open+`"extensions":`...), text...)
	}
	out.body = append(out.body, '}')
	return out, nil
}

// statusWithoutData follows GraphQL over HTTP: under application/json a well-formed request gets
// 200 whatever is wrong with its document, and only a failure of the server shows in the status.
func statusWithoutData(code, media string) int {
	status := statusOf(code)
	if media == mediaJSON && status < http.StatusInternalServerError {
		return http.StatusOK
	}
	return status
}

func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), err
}

// write sends the reply. A complete answer to a GET may be kept, and is asked about again by its tag.
func (p reply) write(w http.ResponseWriter, r *http.Request) (status int) {
	h := w.Header()
	h["Content-Type"] = labelOf(p.media)
	vary(w, r, "Accept")
	maps.Copy(h, p.header)
	h["Cache-Control"] = noStore
	if p.allow != "" {
		h.Set("Allow", p.allow)
	}
	if p.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", challenge(r))
	}
	if p.status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1") // in seconds
	}
	if r.Method != http.MethodPost && p.status == http.StatusOK && p.code == "ok" {
		h.Set("Cache-Control", kept(r))
		tag := p.tag()
		if known, ok := matching(r.Header.Values("If-None-Match"), tag); ok {
			h.Set("ETag", known)
			w.WriteHeader(http.StatusNotModified)
			return http.StatusNotModified
		}
		h.Set("ETag", `"`+tag+`"`)
	}
	if size := len(p.body); size > countedByNetHTTP || r.Method == http.MethodHead {
		h.Set("Content-Length", strconv.Itoa(size))
	}
	w.WriteHeader(p.status)
	_, _ = w.Write(p.body) // a client that went away is no fault of ours
	return p.status
}

// countedByNetHTTP is the length up to which net/http tells it itself: 2,048 bytes are its buffer.
const countedByNetHTTP = 1024

var noStore = []string{"no-store"}

// vary tells caches which field of the request the answer hangs on. The answer to what was posted no
// cache keeps.
func vary(w http.ResponseWriter, r *http.Request, field string) {
	if r.Method != http.MethodPost {
		w.Header().Add("Vary", field)
	}
}

// kept says who may keep an answer and ask about it again: nobody on the way when it may be for
// the sender of a token only.
func kept(r *http.Request) string {
	if r.Header.Get("Authorization") != "" {
		return "private, no-cache"
	}
	return "no-cache"
}

// tag is a strong hash of the body and of how it is labelled.
func (p reply) tag() string {
	sum := sha256.New()
	sum.Write([]byte(p.media))
	sum.Write(p.body)
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:18])
}

// matching finds the tag among those the client knows; compression adds a suffix to the tags it sends out.
func matching(known []string, tag string) (string, bool) {
	for _, candidate := range strings.Split(strings.Join(known, ","), ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		switch candidate {
		case `"` + tag + `"`, `"` + tag + `-gzip"`, `"` + tag + `-zstd"`:
			return candidate, true
		case "*":
			return `"` + tag + `"`, true
		}
	}
	return "", false
}
