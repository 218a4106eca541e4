package httpserver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// Download is a table at an address of its own, worked out from one JSON object: the
// parameter input of a GET, or the body of a POST.
type Download struct {
	Path    string   // such as /spread/person-period.csv
	Media   string   // its content type
	Options []string // the names of the further parameters in the address
	// Make checks everything and works out what it takes, within the server's timeout. Its
	// errors are told as those of a question are.
	Make func(ctx context.Context, input map[string]any, options url.Values) (*Content, error)
}

// Content is what a download holds.
type Content struct {
	Header http.Header                                  // further headers
	Write  func(ctx context.Context, w io.Writer) error // writes the whole of it, piece by piece
}

// The headers in which a table tells of itself.
const (
	RowsHeader         = "X-Nicgraph-Rows"
	LeftCensoredHeader = "X-Nicgraph-Left-Censored"
)

// download carries no operation: it serves a Download by the rules of questions.
type download struct {
	Download
	endpoint *transport
}

func (d *download) methods() string { return methodsOfGraphQL }

func (d *download) serve(w http.ResponseWriter, r *http.Request, _ graphql.GraphExecutor) (done served) {
	content, err := d.make(w, r)
	if err != nil {
		done = d.refuse(w, r, err)
	} else {
		done = d.stream(w, r, content)
	}
	done.download = d.Path
	return done
}

// make reads the request and has the content made. A panic of the maker is an error.
func (d *download) make(w http.ResponseWriter, r *http.Request) (content *Content, err error) {
	if err := d.endpoint.checkOrigin(r); err != nil {
		return nil, err
	}
	input, options, err := d.read(w, r)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), d.endpoint.timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = d.endpoint.recover(ctx, p)
		}
	}()
	return d.Make(ctx, input, options)
}

// read takes the input and the options from a request.
func (d *download) read(w http.ResponseWriter, r *http.Request) (map[string]any, url.Values, error) {
	options, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, nil, badInput("The address has a query part that is not correctly encoded.")
	}
	input, err := d.input(w, r, options)
	if err == nil && input == nil {
		err = badInput(`The input is missing. Send it as JSON: in the parameter "input" of a GET, or as the body of a POST.`)
	}
	if err != nil {
		return nil, nil, err
	}
	return input, options, d.check(options)
}

// input takes the input from the body or out of the options.
func (d *download) input(w http.ResponseWriter, r *http.Request, options url.Values) (map[string]any, error) {
	switch r.Method {
	case http.MethodPost:
		return readObject(w, r, d.endpoint.maxBody)
	case http.MethodGet, http.MethodHead:
		defer options.Del("input")
		return object(options, "input")
	default:
		return nil, wrongMethod(r.Method)
	}
}

// readObject reads a body that is one JSON object, nil when it is empty.
func readObject(w http.ResponseWriter, r *http.Request, maxBody int64) (m map[string]any, err error) {
	var read bytes.Buffer
	if err := readBody(&read, w, r, maxBody); err != nil {
		return nil, err
	}
	body := bytes.TrimPrefix(read.Bytes(), []byte("\ufeff"))
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	if !utf8.Valid(body) {
		return nil, badInput("The request body is not valid UTF-8.")
	}
	return m, decodeJSON(body, &m, "The request body")
}

// check refuses options that do not exist, so that no misspelt one goes unheeded.
func (d *download) check(options url.Values) error {
	for _, name := range slices.Sorted(maps.Keys(options)) {
		if !slices.Contains(d.Options, name) {
			return badInput("There is no parameter %q here; there are %s.", name, strings.Join(append([]string{"input"}, d.Options...), ", "))
		}
		if _, err := single(options, name); err != nil {
			return err
		}
	}
	return nil
}

// refuse tells an error as JSON, with a status that says so too.
func (d *download) refuse(w http.ResponseWriter, r *http.Request, err error) served {
	refused, ok := errors.AsType[*refusal](err)
	if !ok {
		shown := d.endpoint.present(r.Context(), err)
		refused = &refusal{status: statusOf(codeOf(shown)), code: codeOf(shown), message: shown.Message}
	}
	return send(w, r, replyToRefusal(refused, mediaResponse))
}

func (d *download) stream(w http.ResponseWriter, r *http.Request, content *Content) served {
	out := &lateWriter{ResponseWriter: w, begin: func() { d.begin(w.Header(), content) }}
	if r.Method == http.MethodHead {
		out.begin()
		return served{status: http.StatusOK, code: "ok"}
	}
	err := content.Write(r.Context(), out)
	switch {
	case err == nil:
		return served{status: http.StatusOK, code: "ok", bytes: out.bytes}
	case r.Context().Err() != nil: // the client went away, which is no fault
		return served{status: http.StatusOK, code: "gone", bytes: out.bytes, broken: true}
	case out.bytes == 0:
		return d.refuse(w, r, err)
	default:
		code := codeOf(d.endpoint.present(r.Context(), err))
		return served{status: http.StatusOK, code: code, bytes: out.bytes, broken: true}
	}
}

func (d *download) begin(h http.Header, content *Content) {
	maps.Copy(h, content.Header)
	h.Set("Content-Type", d.Media)
	if strings.HasPrefix(d.Media, "text/") {
		h.Set("Content-Type", d.Media+"; charset=utf-8")
	}
	h.Set("Cache-Control", "no-store")
}

// lateWriter begins an answer when its first byte comes, and counts what is written.
type lateWriter struct {
	http.ResponseWriter
	begin func()
	bytes int
}

func (w *lateWriter) Write(b []byte) (int, error) {
	if w.bytes == 0 {
		w.begin()
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}
