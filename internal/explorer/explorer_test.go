package explorer

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func fetch(path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

func TestThePageNamesOnlyFilesThatAreServedAndMayBeKept(t *testing.T) {
	page := fetch("/").Body.String()
	refs := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(refs) < 7 {
		t.Fatalf("the page names %d files", len(refs))
	}
	for _, ref := range refs {
		w := fetch(ref[1], "Accept-Encoding", "gzip, br")
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", ref[1], w.Code, w.Header())
		}
		if w.Header().Get("Content-Type") == "" {
			t.Errorf("%s has no content type", ref[1])
		}
	}
}

func TestAFileIsTheSameWithAndWithoutGzip(t *testing.T) {
	zipped := fetch("/explorer/react.js", "Accept-Encoding", "gzip")
	plain := fetch("/explorer/react.js", "Accept-Encoding", "gzip;q=0")
	if zipped.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
		t.Fatalf("encodings %q and %q", zipped.Header().Get("Content-Encoding"), plain.Header().Get("Content-Encoding"))
	}
	if !bytes.Equal(unzip(zipped.Body.Bytes()), plain.Body.Bytes()) {
		t.Error("the contents differ")
	}
	if zipped.Header().Get("ETag") == plain.Header().Get("ETag") {
		t.Error("two encodings share a tag")
	}
	if w := fetch("/explorer/react.js", "If-None-Match", plain.Header().Get("ETag")); w.Code != http.StatusNotModified {
		t.Errorf("asked again by tag: %d", w.Code)
	}
}

func TestUnknownFilesAreNotFound(t *testing.T) {
	for _, path := range []string{"/explorer/", "/explorer/nope.js", "/explorer/../explorer.go"} {
		if w := fetch(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestEveryExampleAsksAQuestionUnderItsOwnName(t *testing.T) {
	operation := regexp.MustCompile(`(?m)^(?:query|mutation|subscription) (\w+)`)
	names := map[string]bool{}
	for _, e := range Examples() {
		if !strings.Contains(e.Title, "?") {
			t.Errorf("%s: the title %q is no question", e.Name, e.Title)
		}
		found := operation.FindStringSubmatch(e.Query)
		if found == nil || names[found[1]] {
			t.Errorf("%s: no operation name of its own", e.Name)
			continue
		}
		names[found[1]] = true
	}
	if len(names) < 12 {
		t.Errorf("%d examples, want a dozen at least", len(names))
	}
}
