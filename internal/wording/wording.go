// Package wording tells in plain words what the GraphQL library finds wrong with a question: what is
// at fault by its name, and what was probably meant. Finding it is left to the library.
package wording

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"nicgraph/internal/suggest"
	"nicgraph/internal/value"
)

// Of is an error of the library in our words. operation is what its variables are of, nil when there
// is none yet. An error with a cause is ours, and stays as it is.
func Of(schema *ast.Schema, operation *ast.OperationDefinition, err *gqlerror.Error) *gqlerror.Error {
	if err.Err != nil {
		return err
	}
	told := *err
	if operation != nil && len(err.Path) > 1 && err.Path[0] == ast.PathName("variable") {
		place := err.Path[1:] // in our errors, a path is a place in the answer
		told.Path, told.Message = nil, fmt.Sprintf("$%s: %s", place, ofVariable(schema, operation, place, err.Message))
		return &told
	}
	told.Message = ofDocument(schema, err.Message)
	return &told
}

// ofVariable leaves out what the library took a value for: to it 5.5 is 0, and each number is a string.
func ofVariable(schema *ast.Schema, operation *ast.OperationDefinition, place ast.Path, message string) string {
	if message == "unknown field" {
		name := fmt.Sprint(place[len(place)-1])
		def := typeAt(schema, operation, place[:len(place)-1])
		return fmt.Sprintf("%s has no field %s%s", def.Name, value.Clip(name), suggest.DidYouMean(name, fieldNames(def)))
	}
	def := typeAt(schema, operation, place)
	if given, ok := strings.CutSuffix(message, " is not a valid "+def.Name); ok && def.Kind == ast.Enum {
		return notAValue(def, given)
	}
	for _, wrongType := range []string{"cannot use ", "must be a ", "enums must be "} {
		if strings.HasPrefix(message, wrongType) {
			return "what is given is not of the type " + def.Name
		}
	}
	return message
}

// typeAt is the type of what stands at a place in the variables, or of each in a list that stands there.
func typeAt(schema *ast.Schema, operation *ast.OperationDefinition, place ast.Path) *ast.Definition {
	variable := fmt.Sprint(place[0])
	def := schema.Types[operation.VariableDefinitions.ForName(variable).Type.Name()]
	for _, step := range place[1:] {
		if name, ok := step.(ast.PathName); ok {
			def = schema.Types[def.Fields.ForName(string(name)).Type.Name()]
		}
	}
	return def
}

// What the library says of a document that we say in another way.
const emptyBraces = "expected at least one definition, found "

var (
	unknownWord = regexp.MustCompile(`(?s)^Value "(?P<given>.+)" does not exist in "(?P<type>[\w\[\]!]+)" enum\.`)
	noWord      = regexp.MustCompile(`(?s)^Enum "(?P<type>[\w\[\]!]+)" cannot represent non-enum value: (?P<given>.+?)\.( Did you mean the enum value .+\?)?$`)
)

// ofDocument looks at how a message begins first: a document can have a thousand faults, and expressions take memory
// for each that they are matched with.
func ofDocument(schema *ast.Schema, message string) string {
	switch {
	case message == emptyBraces+"}":
		return "a selection must not be empty; name what is wanted between { and }"
	case message == emptyBraces+")":
		return "nothing stands between ( and ); leave them out"
	case strings.HasPrefix(message, `Value "`):
		return ofWord(schema, unknownWord, message)
	case strings.HasPrefix(message, `Enum "`):
		return ofWord(schema, noWord, message)
	default:
		return message
	}
}

// ofWord is said of what is not a value of an enum.
func ofWord(schema *ast.Schema, said *regexp.Regexp, message string) string {
	found := said.FindStringSubmatch(message)
	if found == nil {
		return message
	}
	def := schema.Types[strings.Trim(found[said.SubexpIndex("type")], "[]!")]
	if def == nil {
		return message
	}
	return notAValue(def, found[said.SubexpIndex("given")])
}

// notAValue names the enum and what was probably meant, or else what there is.
func notAValue(def *ast.Definition, given string) string {
	meant := suggest.DidYouMean(strings.Trim(given, `"`), valueNames(def))
	if meant == "" {
		meant = "; take one of " + strings.Join(slices.Collect(valueNames(def)), ", ")
	}
	return fmt.Sprintf("%s is not a value of %s%s", value.Clip(given), def.Name, meant)
}

func valueNames(def *ast.Definition) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, v := range def.EnumValues {
			if !yield(v.Name) {
				return
			}
		}
	}
}

func fieldNames(def *ast.Definition) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range def.Fields {
			if !yield(f.Name) {
				return
			}
		}
	}
}
