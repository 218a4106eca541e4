package httpserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/prepared"
)

// Picture is an answer that is drawn, at an address of its own: a GET, whose parameters are
// the variables of a fixed query, texts as they are and everything else as JSON.
type Picture struct {
	Path    string
	Query   string   // of one operation
	Options []Option // parameters that only say how to draw
	// Draw makes SVG of the data of an answer. The options are all there.
	Draw func(data json.RawMessage, options map[string]string) ([]byte, error)
}

// Option is a parameter of a picture that the query does not take.
type Option struct {
	Name   string
	Values []string // the first is taken when none is given
}

const mediaSVG = "image/svg+xml"

// svgPolicy lets a picture that is opened as a page have its styles, and nothing else.
const svgPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

// picture carries the query of a Picture: with the limits, the errors, the tags and the
// cancellation of any other question.
type picture struct {
	Picture
	endpoint  *transport
	variables ast.VariableDefinitionList
}

func newPicture(p Picture, endpoint *transport) (*picture, error) {
	doc, errs := gqlparser.LoadQueryWithRules(endpoint.schema, p.Query, nil)
	if len(errs) > 0 {
		return nil, errs
	}
	return &picture{Picture: p, endpoint: endpoint, variables: doc.Operations[0].VariableDefinitions}, nil
}

func (p *picture) methods() string { return "GET, HEAD, OPTIONS" }

func (p *picture) serve(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) served {
	q := &askedPicture{picture: p, r: r}
	a, err := p.endpoint.answer(r, exec, q)
	defer a.Release()
	return p.tell(w, r, &a, q.options, err)
}

// tell draws the answer, or tells why there is none.
func (p *picture) tell(w http.ResponseWriter, r *http.Request, a *answered, options map[string]string, err error) served {
	var out reply
	if refused, ok := errors.AsType[*refusal](err); ok {
		out = replyToRefusal(refused, mediaJSON)
	} else {
		out = p.drawn(r, a, options)
	}
	done := send(w, r, out)
	done.operation, done.spent = a.operation, a.Spent
	return done
}

// askedPicture is the question of a request for a picture.
type askedPicture struct {
	*picture
	r       *http.Request
	options map[string]string
}

func (d *askedPicture) read() (params *graphql.RawParams, _ answerable, err error) {
	params, d.options, err = d.picture.read(d.r)
	return params, answerable{}, err
}

func (d *askedPicture) fits(*graphql.OperationContext) error { return nil }

func (d *askedPicture) keep(answerable) {}

// read makes the variables and options of the parameters in the address.
func (p *picture) read(r *http.Request) (*graphql.RawParams, map[string]string, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		e := refuse(http.StatusMethodNotAllowed, codeBadInput, "The method %s does not work here. Use GET.", r.Method)
		e.allow = p.methods()
		return nil, nil, e
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, nil, badInput("The address has a query part that is not correctly encoded.")
	}
	if err := p.checkNames(values); err != nil {
		return nil, nil, err
	}
	options, err := p.options(values)
	if err != nil {
		return nil, nil, err
	}
	params := &graphql.RawParams{Query: p.Query, Variables: map[string]any{}, Headers: r.Header}
	for _, v := range p.variables {
		if err := p.variable(params.Variables, values, v); err != nil {
			return nil, nil, err
		}
	}
	return params, options, nil
}

// checkNames refuses parameters that nobody reads, so that none is misspelt in silence.
func (p *picture) checkNames(values url.Values) error {
	var known []string
	for _, v := range p.variables {
		known = append(known, v.Variable)
	}
	for _, o := range p.Options {
		known = append(known, o.Name)
	}
	for name := range values {
		if !slices.Contains(known, name) {
			return badInput("There is no parameter %q here; there are %s.", name, strings.Join(known, ", "))
		}
	}
	return nil
}

func (p *picture) options(values url.Values) (map[string]string, error) {
	options := map[string]string{}
	for _, o := range p.Options {
		given, err := single(values, o.Name)
		if err != nil {
			return nil, err
		}
		options[o.Name] = o.Values[0]
		if given == nil {
			continue
		}
		if !slices.Contains(o.Values, *given) {
			return nil, badInput("The parameter %q takes %s.", o.Name, strings.Join(o.Values, " or "))
		}
		options[o.Name] = *given
	}
	return options, nil
}

// variable reads the parameter of a variable: texts and words of the schema as they are,
// everything else as JSON.
func (p *picture) variable(into map[string]any, values url.Values, v *ast.VariableDefinition) error {
	text, err := single(values, v.Variable)
	if err != nil {
		return err
	}
	if text == nil && v.Type.NonNull && v.DefaultValue == nil {
		return badInput("The parameter %q is missing.", v.Variable)
	}
	if text == nil {
		return nil
	}
	definition := p.endpoint.schema.Types[v.Type.Name()]
	if v.Type.Elem == nil && (definition.Kind == ast.Enum || definition.Name == "ID" || definition.Name == "String") {
		into[v.Variable] = *text
		return nil
	}
	var value any
	if err := decodeJSON([]byte(*text), &value, fmt.Sprintf("The parameter %q", v.Variable)); err != nil {
		return err
	}
	into[v.Variable] = value
	return nil
}

// drawn is a picture, or the errors instead of one, told by the status too.
func (p *picture) drawn(r *http.Request, a *answered, options map[string]string) reply {
	errs := a.Errors
	if len(errs) == 0 {
		image, err := p.Draw(a.Data, options)
		if err == nil {
			return reply{
				status: http.StatusOK, media: mediaSVG, code: "ok", body: image,
				header: http.Header{"Content-Security-Policy": {svgPolicy}},
			}
		}
		errs = p.endpoint.failure(r.Context(), fmt.Errorf("draw %s: %w", p.Path, err)).Errors
	}
	out, _ := replyTo(&prepared.Answer{Errors: errs}, mediaJSON) // presented errors always encode
	out.status = statusOf(out.code)
	return out
}
