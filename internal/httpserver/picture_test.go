package httpserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nicgraph/internal/asktest"
	"nicgraph/internal/fault"
)

// drawing is a picture of the toy's greeting.
func drawing(c *Config) {
	c.Pictures = []Picture{
		{
			Path:    "/toy/hello.svg",
			Query:   `query($name: String = "you") { hello(name: $name) }`,
			Options: []Option{{Name: "frame", Values: []string{"THIN", "THICK"}}},
			Draw: func(data json.RawMessage, options map[string]string) ([]byte, error) {
				if strings.Contains(string(data), "nobody") {
					return nil, fault.New(fault.Invalid, "There is nobody to draw.")
				}
				return fmt.Appendf(nil, "<svg>%s %s</svg>", data, options["frame"]), nil
			},
		},
		{Path: "/toy/named.svg", Query: `query($name: String!) { hello(name: $name) }`},
		{Path: "/toy/slow.svg", Query: `{ slow }`},
		{Path: "/toy/away.svg", Query: `{ away }`},
	}
}

func picturesOf(t *testing.T, method, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(newServer(t, drawing), asktest.With(httptest.NewRequest(method, target, nil), headers...))
}

func TestAPictureIsDrawnFromTheAnswer(t *testing.T) {
	w := picturesOf(t, http.MethodGet, "/toy/hello.svg?name=Ana&frame=THICK")
	if w.Code != 200 || w.Body.String() != `<svg>{"hello":"hello \u003cAna\u003e"} THICK</svg>` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/svg+xml; charset=utf-8", "Content-Security-Policy": svgPolicy,
		"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	again := picturesOf(t, http.MethodGet, "/toy/hello.svg?name=Ana&frame=THICK", "If-None-Match", w.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("asked again by tag: %d with %d bytes", again.Code, again.Body.Len())
	}
}

func TestAPictureTakesDefaultsForWhatIsNotGiven(t *testing.T) {
	if w := picturesOf(t, http.MethodGet, "/toy/hello.svg"); w.Body.String() != `<svg>{"hello":"hello \u003cyou\u003e"} THIN</svg>` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestWhatCannotBeDrawnIsToldInJSON(t *testing.T) {
	for _, test := range []struct {
		name, method, target string
		status               int
		code, says           string
	}{
		{"a parameter that nobody reads", "GET", "/toy/hello.svg?first=Ana", 400, "BAD_USER_INPUT", "there are name, frame"},
		{"a parameter that is missing", "GET", "/toy/named.svg", 400, "BAD_USER_INPUT", `\"name\" is missing`},
		{"a parameter that stands twice", "GET", "/toy/hello.svg?name=a&name=b", 400, "BAD_USER_INPUT", "more than once"},
		{"an option with another value", "GET", "/toy/hello.svg?frame=NONE", 400, "BAD_USER_INPUT", "THIN or THICK"},
		{"an address that is wrongly encoded", "GET", "/toy/hello.svg?name=%zz", 400, "BAD_USER_INPUT", "encoded"},
		{"a POST", "POST", "/toy/hello.svg", 405, "BAD_USER_INPUT", "Use GET"},
		{"an answer with nothing to draw", "GET", "/toy/hello.svg?name=nobody", 400, "BAD_USER_INPUT", "nobody to draw"},
		{"an answer that takes too long", "GET", "/toy/slow.svg", 504, "TIMEOUT", "longer than this server allows"},
		{"a store that is away", "GET", "/toy/away.svg", 503, "UNAVAILABLE", "cannot be reached"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := picturesOf(t, test.method, test.target)
			if w.Code != test.status || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
				t.Errorf("%d %s, want %d and JSON", w.Code, w.Header().Get("Content-Type"), test.status)
			}
			if !strings.Contains(w.Body.String(), test.code) || !strings.Contains(w.Body.String(), test.says) {
				t.Errorf("%s does not say %s, %q", w.Body, test.code, test.says)
			}
			if w.Header().Get("ETag") != "" || strings.Contains(w.Header().Get("Content-Security-Policy"), "style-src") {
				t.Errorf("an error has headers of a picture: %v", w.Header())
			}
		})
	}
}

func TestAPictureOfAnotherQueryThanTheSchemaHasStopsTheServerFromStarting(t *testing.T) {
	_, err := New(Config{Schema: newToy(), Pictures: []Picture{{Path: "/x.svg", Query: "{ nope }"}}})
	if err == nil || !strings.Contains(err.Error(), "/x.svg") {
		t.Errorf("error %v, want one that names the address", err)
	}
}
