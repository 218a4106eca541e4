// Package explorer serves GraphiQL, a page in which people ask the server questions, from the binary itself.
// It talks GraphQL like any client, needs nothing from the network and knows nothing of the graph but its examples.
package explorer

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed assets/*.gz page/* examples/*.graphql
var files embed.FS

// Example is a question that the page opens in a tab of its own.
type Example struct {
	Name  string `json:"name"`  // of its file, without number and ending
	Title string `json:"title"` // the question in plain words
	Query string `json:"query"`
}

// Examples are the questions, in the order of their files. The first line of each is its title, as a comment.
func Examples() []Example {
	names, err := fs.Glob(files, "examples/*.graphql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	var list []Example
	for _, name := range names {
		list = append(list, example(name, string(read(name))))
	}
	return list
}

func example(name, text string) Example {
	first, _, _ := strings.Cut(text, "\n")
	_, base, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".graphql"), "-")
	return Example{Name: base, Title: strings.TrimSpace(strings.TrimPrefix(first, "#")), Query: text}
}

// Handler serves the page at / and what it consists of below /explorer/.
func Handler() http.Handler {
	assets := load()
	index := bytes.Clone(assets["index.html"].body)
	for name, a := range assets {
		index = bytes.ReplaceAll(index, []byte(`"/explorer/`+name+`"`), []byte(`"/explorer/`+name+`?v=`+a.hash+`"`))
	}
	page := newAsset("index.html", index)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			w.Header().Set("Content-Security-Policy", contentPolicy)
			page.serve(w, r)
			return
		}
		a, ok := assets[strings.TrimPrefix(r.URL.Path, "/explorer/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
}

// contentPolicy lets the page load from this server alone. CodeMirror sets styles inline, and the
// style sheet carries its fonts and marks as data.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// asset is one file; its body is gzip when zipped is true.
type asset struct {
	name   string
	body   []byte
	hash   string
	zipped bool
}

func load() map[string]asset {
	assets := map[string]asset{}
	for _, folder := range []string{"assets", "page"} {
		entries, err := files.ReadDir(folder)
		if err != nil {
			panic(err) // the folder is embedded
		}
		for _, e := range entries {
			a := newAsset(e.Name(), read(folder+"/"+e.Name()))
			assets[a.name] = a
		}
	}
	examples, err := json.Marshal(Examples())
	if err != nil {
		panic(err) // strings always encode
	}
	assets["examples.json"] = newAsset("examples.json", examples)
	return assets
}

func newAsset(name string, body []byte) asset {
	plain, zipped := strings.CutSuffix(name, ".gz")
	sum := sha256.Sum256(body)
	return asset{name: plain, body: body, hash: hex.EncodeToString(sum[:8]), zipped: zipped}
}

func read(name string) []byte {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Errorf("read embedded file: %w", err))
	}
	return body
}

// serve lets a browser keep for good what it asked for by its hash, and ask again about the rest.
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", mediaType(a.name))
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == a.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	tag, body := a.hash, a.body
	if a.zipped {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r) {
			h.Set("Content-Encoding", "gzip")
		} else {
			tag, body = tag+"-plain", unzip(body)
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(body))
}

func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		return mime.TypeByExtension(path.Ext(name))
	}
}

func takesGzip(r *http.Request) bool {
	for _, coding := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(strings.ReplaceAll(coding, " ", ""), ";")
		if name == "gzip" || name == "*" {
			return !strings.HasPrefix(params, "q=0") || strings.HasPrefix(params, "q=0.")
		}
	}
	return false
}

func unzip(body []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		panic(err) // embedded, and read by the tests
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	return plain
}
