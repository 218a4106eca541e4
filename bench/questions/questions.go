// Package questions holds what the benchmark asks: a folder for each question, and in it a file
// for each language in which it is asked, and one that brings the answer into a form that all
// have in common. Whom it asks, and how long that takes, is told by others.
package questions

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/itchyny/gojq"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

//go:embed */*.*
var files embed.FS

// Question is a question with its values.
type Question struct {
	Name string
	Asks string // in words

	values  map[string]any
	phrased map[string]phrasing // by language
}

// phrasing is a question in one language: either how it is asked and how its answer is read,
// or why it cannot be asked.
type phrasing struct {
	text     string
	declared []string // variables of a GraphQL document; all where there are none to declare
	read     *gojq.Code
	cannot   string
}

// All reads all questions, with the values that were picked for the data in place of their names.
func All(picked map[string]any) ([]*Question, error) {
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	var all []*Question
	for _, folder := range folders {
		asked, err := readFolder(folder.Name(), picked)
		if err != nil {
			return nil, fmt.Errorf("read question %s: %w", folder.Name(), err)
		}
		all = append(all, asked...)
	}
	return all, nil
}

// readFolder reads the questions of a folder, which differ in their values only.
func readFolder(dir string, picked map[string]any) ([]*Question, error) {
	asks, err := fs.ReadFile(files, path.Join(dir, "question.md"))
	if err != nil {
		return nil, err
	}
	phrased, err := readPhrasings(dir)
	if err != nil {
		return nil, err
	}
	asked, err := readAsked(dir)
	if err != nil {
		return nil, err
	}
	var all []*Question
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		values, err := fill(asked[name], picked)
		if err != nil {
			return nil, err
		}
		all = append(all, &Question{Name: name, Asks: strings.TrimSpace(string(asks)), values: values, phrased: phrased})
	}
	return all, nil
}

func readAsked(dir string) (map[string]map[string]any, error) {
	text, err := fs.ReadFile(files, path.Join(dir, "asked.json"))
	if err != nil {
		return nil, err
	}
	var asked map[string]map[string]any
	return asked, json.Unmarshal(text, &asked)
}

// fill puts what was picked in the place of $name.
func fill(values, picked map[string]any) (map[string]any, error) {
	filled := maps.Clone(values)
	for key, v := range filled {
		text, _ := v.(string)
		name, found := strings.CutPrefix(text, "$")
		if !found {
			continue
		}
		v, known := picked[name]
		if !known {
			return nil, fmt.Errorf("no value was picked for %s", text)
		}
		filled[key] = v
	}
	return filled, nil
}

func readPhrasings(dir string) (map[string]phrasing, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	all := map[string]phrasing{}
	for _, entry := range entries {
		name := entry.Name()
		language := strings.TrimSuffix(name, path.Ext(name))
		p := all[language]
		switch text, err := fs.ReadFile(files, path.Join(dir, name)); {
		case err != nil:
			return nil, err
		case name == "question.md" || name == "asked.json":
			continue
		default:
			if err := p.add(path.Ext(name), string(text)); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		all[language] = p
	}
	return all, nil
}

func (p *phrasing) add(extension, text string) (err error) {
	switch extension {
	case ".graphql":
		p.text = text
		p.declared, err = declared(text)
	case ".cypher":
		p.text = text
	case ".cannot":
		p.cannot = strings.TrimSpace(text)
	case ".jq":
		p.read, err = reader(text)
	default:
		err = errors.New("no file of a question has such a name")
	}
	return err
}

// declared are the variables that a document takes; a server may refuse others.
func declared(text string) ([]string, error) {
	document, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, v := range document.Operations[0].VariableDefinitions {
		names = append(names, v.Variable)
	}
	return names, nil
}

// reader is a program of jq that sees the values of the question as $asked.
func reader(text string) (*gojq.Code, error) {
	program, err := gojq.Parse(text)
	if err != nil {
		return nil, err
	}
	return gojq.Compile(program, gojq.WithVariables([]string{"$asked"}))
}

// In tells whether a language has words for the question, and if not, why.
func (q *Question) In(language string) (known bool, why string) {
	p := q.phrased[language]
	return p.text != "", p.cannot
}

// Text is the question as a language puts it.
func (q *Question) Text(language string) string { return q.phrased[language].text }

// With is the question with other values for some.
func (q *Question) With(values map[string]any) *Question {
	other := *q
	other.values = maps.Clone(q.values)
	maps.Copy(other.values, values)
	return &other
}

// Value is a value that the question is asked with.
func (q *Question) Value(name string) any { return q.values[name] }

// Takes tells whether the question in a language depends on a value.
func (q *Question) Takes(language, name string) bool {
	_, has := q.variables(language)[name]
	return has && strings.Contains(q.Text(language), "$"+name)
}

// Request is the body of an HTTP request that asks the question.
func (q *Question) Request(language string) ([]byte, error) {
	return json.Marshal(map[string]any{"query": q.Text(language), "variables": q.variables(language)})
}

func (q *Question) variables(language string) map[string]any {
	p := q.phrased[language]
	if p.declared == nil {
		return q.values
	}
	variables := map[string]any{}
	for _, name := range p.declared {
		if v, ok := q.values[name]; ok {
			variables[name] = v
		}
	}
	return variables
}

// Answer is an answer in the form that all have in common.
type Answer struct {
	Same string // JSON: what all must say alike
	End  any    // where the page ends, in words of the contestant's own
}

// Read brings the body of a response into the common form.
func (q *Question) Read(language string, body []byte) (Answer, error) {
	var response struct {
		Data   any
		Errors json.RawMessage
	}
	if err := json.Unmarshal(body, &response); err != nil {
		return Answer{}, fmt.Errorf("read %.200q: %w", body, err)
	}
	if len(response.Errors) > 0 {
		return Answer{}, &Refused{Why: string(bytes.TrimSpace(response.Errors))}
	}
	said, _ := q.phrased[language].read.Run(response.Data, gojqValue(q.values)).Next()
	switch said := said.(type) {
	case *gojq.HaltError:
		return Answer{}, &Refused{Why: fmt.Sprint(said.Value())}
	case error:
		return Answer{}, fmt.Errorf("bring %.200q into the common form: %w", body, said)
	default:
		return common(said)
	}
}

// Refused says that a contestant answered with errors, or with too little.
type Refused struct{ Why string }

func (r *Refused) Error() string { return "no answer: " + r.Why }

// common takes the end of a page out of an answer: it is no part of what must be alike.
func common(said any) (Answer, error) {
	var answer Answer
	if object, ok := said.(map[string]any); ok {
		answer.End = object["end"]
		delete(object, "end")
	}
	text, err := gojq.Marshal(said)
	answer.Same = string(text)
	return answer, err
}

// gojqValue are values as jq knows them: without lists of texts.
func gojqValue(values map[string]any) any {
	plain := make(map[string]any, len(values))
	for k, v := range values {
		if list, ok := v.([]string); ok {
			all := make([]any, len(list))
			for i, text := range list {
				all[i] = text
			}
			v = all
		}
		plain[k] = v
	}
	return plain
}
