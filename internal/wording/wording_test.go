package wording

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
)

var toy = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query { ask(like: Like, tones: [[Tone!]!]!, many: [Int]): String }
	input Like { like: [Like!] tone: Tone! }
	enum Tone { COLD WARM }`})

func TestWhatDoesNotFitInVariablesIsToldByPlaceAndType(t *testing.T) {
	const question = `query ($like: Like, $tones: [[Tone!]!]!, $many: [Int]) { ask(like: $like, tones: $tones, many: $many) }`
	operation := gqlparser.MustLoadQueryWithRules(toy, question, nil).Operations[0]
	fits := []any{}
	for name, c := range map[string]struct {
		variables map[string]any
		want      string
	}{
		"a field":               {map[string]any{"tones": fits, "like": map[string]any{"tnoe": "WARM"}}, "$like.tnoe: Like has no field tnoe; did you mean tone?"},
		"a field like no other": {map[string]any{"tones": fits, "like": map[string]any{"colour": "WARM"}}, "$like.colour: Like has no field colour"},
		"a word in lists":       {map[string]any{"tones": []any{[]any{"COLD", "WRAM"}}}, "$tones[0][1]: WRAM is not a value of Tone; did you mean WARM?"},
		"a truth for a word":    {map[string]any{"tones": []any{[]any{true}}}, "$tones[0][0]: what is given is not of the type Tone"},
		"a text for an object":  {map[string]any{"tones": fits, "like": map[string]any{"tone": "WARM", "like": []any{"x"}}}, "$like.like[0]: what is given is not of the type Like"},
		"a fraction":            {map[string]any{"tones": fits, "many": []any{1, 1.5}}, "$many[1]: what is given is not of the type Int"},
		"nothing":               {map[string]any{}, "$tones: must be defined"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := validator.VariableValues(toy, operation, c.variables)
			found, ok := errors.AsType[*gqlerror.Error](err)
			if !ok {
				t.Fatalf("the library says %v", err)
			}
			if diff := cmp.Diff(c.want, Of(toy, operation, found).Message); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestAnErrorOfOursStaysAsItIs(t *testing.T) {
	operation := gqlparser.MustLoadQueryWithRules(toy, `{ variable: ask(tones: []) }`, nil).Operations[0]
	ours := &gqlerror.Error{Err: errors.New("ours"), Message: "ours", Path: ast.Path{ast.PathName("variable"), ast.PathName("nodes")}}
	if got := Of(toy, operation, ours); got != ours {
		t.Errorf("got %v", got)
	}
}
