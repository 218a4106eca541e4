package httpserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// deepestJSON is how many objects and lists may stand inside one another in parameters.
const deepestJSON = 64

// mostJSON is how many values parameters may hold: a value costs some hundred times the
// two bytes in which it can be sent.
const mostJSON = 10_000

// parameters are what a request may carry; pointers and maps tell null and absent from empty.
type parameters struct {
	Query         *string        `json:"query"`
	OperationName *string        `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
}

func (p parameters) raw(header http.Header) (*graphql.RawParams, error) {
	if p.Query == nil || strings.TrimSpace(*p.Query) == "" {
		if p.Extensions["persistedQuery"] != nil {
			return nil, refuse(http.StatusBadRequest, codeNotPersisted, "PersistedQueryNotSupported")
		}
		return nil, badInput(`The parameter "query" is missing. Send the text of a GraphQL document in it.`)
	}
	raw := &graphql.RawParams{Query: *p.Query, Variables: p.Variables, Extensions: p.Extensions, Headers: header}
	if p.OperationName != nil {
		raw.OperationName = *p.OperationName
	}
	return raw, nil
}

func wrongMethod(method string) error {
	e := refuse(http.StatusMethodNotAllowed, codeBadInput, "The method %s does not work here. Use POST, or GET for queries.", method)
	e.allow = methodsOfGraphQL
	return e
}

// readParams reads the parameters of a body.
func readParams(body []byte, header http.Header) (*graphql.RawParams, error) {
	p, err := decodeBody(bytes.TrimPrefix(body, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	return p.raw(header)
}

// readBody reads a body that says it is JSON.
func readBody(into *bytes.Buffer, w http.ResponseWriter, r *http.Request, maxBody int64) error {
	if err := checkContentType(r.Header); err != nil {
		return err
	}
	body := r.Body
	if r.ContentLength < 0 || r.ContentLength > maxBody { // net/http reads no more than the length
		body = http.MaxBytesReader(w, body, maxBody)
	}
	_, err := into.ReadFrom(body)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return refuse(http.StatusRequestEntityTooLarge, codeLimit, "The request body is larger than the %d bytes that this server reads.", tooLarge.Limit)
	}
	if err != nil {
		return badInput("The request body could not be read to its end.")
	}
	return nil
}

// checkContentType also guards against forged requests: no form and no plain fetch of another
// origin can send application/json without asking this server first.
func checkContentType(h http.Header) error {
	given := field(h, "Content-Type")
	if given == mediaJSON && h["Content-Encoding"] == nil { // as nearly all say it
		return nil
	}
	media, params, err := mime.ParseMediaType(given)
	if err != nil || media != mediaJSON {
		return refuse(http.StatusUnsupportedMediaType, codeBadInput, "A POST needs the header Content-Type: application/json.")
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return refuse(http.StatusUnsupportedMediaType, codeBadInput, "The request body must be UTF-8.")
	}
	if encoding := h.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return refuse(http.StatusUnsupportedMediaType, codeBadInput, "The request body must not be compressed.")
	}
	return nil
}

func decodeBody(body []byte) (p parameters, err error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return p, badInput("The request body is empty. Send a JSON object with the parameter \"query\".")
	}
	if !utf8.Valid(body) {
		return p, badInput("The request body is not valid UTF-8.")
	}
	if bytes.TrimSpace(body)[0] == '[' {
		return p, badInput("This server does not take batches. Send one operation per request; one operation may ask for several root fields.")
	}
	return p, decodeJSON(body, &p, "The request body")
}

// decodeJSON reads one JSON value and nothing after it; what names the value in a refusal.
func decodeJSON(text []byte, into any, what string) error {
	if deep, values := measure(text); deep > deepestJSON {
		return refuse(http.StatusBadRequest, codeLimit, "%s nests objects and lists more than %d deep.", what, deepestJSON)
	} else if values > mostJSON {
		return refuse(http.StatusBadRequest, codeLimit, "%s holds more than %d values.", what, mostJSON)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err := d.Decode(into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return badInput("%s", wrongType(wrong, what))
	}
	if err != nil {
		return badInput("%s is not valid JSON.", what)
	}
	if rest := text[d.InputOffset():]; len(bytes.Trim(rest, " \t\r\n")) > 0 {
		return badInput("%s has something after the JSON value.", what)
	}
	return nil
}

func wrongType(err *json.UnmarshalTypeError, what string) string {
	wanted := "an object"
	if err.Type.Kind().String() == "string" {
		wanted = "a string"
	}
	if err.Field == "" {
		return fmt.Sprintf("%s must be %s.", what, wanted)
	}
	return fmt.Sprintf("The parameter %q must be %s.", err.Field, wanted)
}

// measure is the deepest nesting of objects and lists in a JSON text, valid or not, and
// an upper bound of the number of values in it: each but the first follows an opening
// bracket or a comma.
func measure(text []byte) (deepest, values int) {
	open, quoted := 0, false
	values = 1
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			open++
			values++
			deepest = max(deepest, open)
		case c == ',':
			values++
		case c == '}' || c == ']':
			open--
		}
	}
	return deepest, values
}

func readGet(r *http.Request) (*graphql.RawParams, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badInput("The address has a query part that is not correctly encoded.")
	}
	var p parameters
	if p.Query, err = single(values, "query"); err != nil {
		return nil, err
	}
	if p.OperationName, err = single(values, "operationName"); err != nil {
		return nil, err
	}
	if p.Variables, err = object(values, "variables"); err != nil {
		return nil, err
	}
	if p.Extensions, err = object(values, "extensions"); err != nil {
		return nil, err
	}
	return p.raw(r.Header)
}

func single(values url.Values, name string) (*string, error) {
	given := values[name]
	if len(given) == 0 {
		return nil, nil
	}
	if len(given) > 1 {
		return nil, badInput("The parameter %q stands more than once in the address.", name)
	}
	if !utf8.ValidString(given[0]) {
		return nil, badInput("The parameter %q is not valid UTF-8.", name)
	}
	return &given[0], nil
}

func object(values url.Values, name string) (m map[string]any, err error) {
	text, err := single(values, name)
	if err != nil || text == nil || *text == "" {
		return nil, err
	}
	return m, decodeJSON([]byte(*text), &m, fmt.Sprintf("The parameter %q", name))
}
