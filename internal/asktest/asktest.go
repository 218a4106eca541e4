// Package asktest asks questions over HTTP in tests: of a handler, or of a server at an
// address. What an answer must be it leaves to them.
package asktest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Question is a GraphQL request.
type Question struct {
	Query     string `json:"query"`
	Variables any    `json:"variables,omitempty"`
}

// String is the question as JSON.
func (q Question) String() string {
	text, err := json.Marshal(q)
	if err != nil {
		panic(err) // variables are what JSON knows
	}
	return string(text)
}

// JSON is a value as JSON.
func JSON(t testing.TB, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Post sends a question, any value as JSON, to an address. Headers are pairs of name and
// value.
func Post(t testing.TB, address string, question any, headers ...string) Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(JSON(t, question)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(With(r, headers...))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read to its end
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{resp.StatusCode, resp.Header, body}
}

// Request is a POST of a body, which need be no good question, to a handler.
func Request(body string, headers ...string) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return With(r, headers...)
}

// With is a request with headers, in pairs of name and value.
func With(r *http.Request, headers ...string) *http.Request {
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// Of has a handler answer a request.
func Of(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Sink counts what is written, so that figures measure no recorder.
type Sink struct {
	Bytes  int
	header http.Header
}

// Header is where a handler writes its headers.
func (s *Sink) Header() http.Header {
	if s.header == nil {
		s.header = http.Header{}
	}
	return s.header
}

// WriteHeader forgets the status.
func (s *Sink) WriteHeader(int) {}

// Write counts.
func (s *Sink) Write(b []byte) (int, error) { s.Bytes += len(b); return len(b), nil }
