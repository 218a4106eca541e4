package spec

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// response is a GraphQL response as far as a case speaks of it.
type response struct {
	Errors []map[string]any `json:"errors,omitempty"`
	Data   json.RawMessage  `json:"data,omitempty"`
}

// Compare tells how a response differs from the wanted one, "" when it does not. Data
// must be equal, with its keys in the same order, and absent where it is absent. Of an
// error only what the wanted one mentions counts; a wanted message may be a part of it.
func Compare(want, got []byte) (string, error) {
	w, err := parseResponse(want)
	if err != nil {
		return "", fmt.Errorf("the wanted answer: %w", err)
	}
	g, err := parseResponse(got)
	if err != nil {
		return "", fmt.Errorf("the answer: %w", err)
	}
	for i := range min(len(w.Errors), len(g.Errors)) {
		reduce(g.Errors[i], w.Errors[i])
	}
	shownWant, err := w.text()
	if err != nil {
		return "", err
	}
	shownGot, err := g.text()
	if err != nil {
		return "", err
	}
	return cmp.Diff(strings.Split(shownWant, "\n"), strings.Split(shownGot, "\n")), nil
}

func parseResponse(text []byte) (*response, error) {
	r := new(response)
	return r, json.Unmarshal(text, r)
}

// reduce keeps of an error what the wanted one mentions.
func reduce(got, want map[string]any) {
	for key, value := range got {
		wanted, mentioned := want[key]
		if !mentioned {
			delete(got, key)
			continue
		}
		part, isText := wanted.(string)
		if whole, ok := value.(string); ok && isText && part != "" && strings.Contains(whole, part) {
			got[key] = part
		}
		inner, isMap := wanted.(map[string]any)
		if m, ok := value.(map[string]any); ok && isMap {
			reduce(m, inner)
		}
	}
}

// text lays a response out over lines; keys of data keep their order.
func (r *response) text() (string, error) {
	if r.Data != nil {
		data := jsontext.Value(r.Data)
		if err := data.Format(jsontext.Multiline(true)); err != nil {
			return "", err
		}
		r.Data = json.RawMessage(data)
	}
	errors, err := json.MarshalIndent(r.Errors, "", "\t")
	return fmt.Sprintf("errors %s\ndata %s", errors, r.Data), err
}
