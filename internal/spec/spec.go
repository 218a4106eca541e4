// Package spec reads the behaviour corpus: each case is a file with a sentence, a graph,
// a question and the answer, which a person who knows the field can read. How a question
// is asked is left to whoever runs the cases.
package spec

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

// Case is one behaviour. Its file holds, besides the sentence at the top:
//
//	graph.jsonl       the graph, one node per line; or
//	seed              an empty file: the curated data
//	earlier.graphql   a question asked before, optional; the endCursor in its answer is
//	                  the variable after of the question
//	query.graphql     the question
//	variables.json    its variables, when it has some
//	operation         the name of the operation to run, when there are several
//	clock             the moment at which it is asked, when it is not that of the question before
//	as                who asks: a role and a name, such as contributor ann; without, somebody
//	                  called tester who may write
//	result.json       the answer, written by hand
//	plan.txt          golden: the plan, optional
//	statement.cypher  golden: the statements that Neo4j gets, optional
//
// Where query.graphql stands again, it is another question, asked after those ahead of it.
type Case struct {
	Name    string
	About   string
	Graph   []Node
	Seed    bool
	Earlier string
	Question
	Later []Question // asked one after the other behind the first

	path    string
	archive *txtar.Archive
}

// Question is what is asked, and the answer.
type Question struct {
	Query     string
	Variables map[string]any
	Operation string
	Clock     time.Time // zero: as before
	As        string    // a role and a name; empty: tester
	Result    []byte
}

// Questions are all that the case asks.
func (c *Case) Questions() []Question { return append([]Question{c.Question}, c.Later...) }

// Writes tells whether the case changes the graph, and so needs one of its own.
func (c *Case) Writes() bool {
	return slices.ContainsFunc(c.Questions(), func(q Question) bool { return strings.HasPrefix(strings.TrimSpace(q.Query), "mutation") })
}

// Node is a line of graph.jsonl: type, id, and fields as the domain SDL names them.
type Node struct {
	Type, ID string
	Fields   map[string]any
}

// Load reads the cases of a folder, by name.
func Load(dir string) ([]*Case, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	var cases []*Case
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		c, err := Parse(path, text)
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// Parse reads a case from the text of its file.
func Parse(path string, text []byte) (*Case, error) {
	archive := txtar.Parse(text)
	c := &Case{
		Name: strings.TrimSuffix(filepath.Base(path), ".txtar"), About: strings.TrimSpace(string(archive.Comment)),
		path: path, archive: archive,
	}
	for _, file := range archive.Files {
		if err := c.file(file.Name, file.Data); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, file.Name, err)
		}
	}
	incomplete := func(q Question) bool { return q.Query == "" || q.Result == nil }
	if c.About == "" || slices.ContainsFunc(c.Questions(), incomplete) {
		return nil, fmt.Errorf("%s: a case needs a sentence, and each query.graphql a result.json", path)
	}
	return c, nil
}

func (c *Case) file(name string, data []byte) (err error) {
	q := &c.Question
	if name == "query.graphql" && q.Query != "" {
		c.Later = append(c.Later, Question{})
	}
	if len(c.Later) > 0 {
		q = &c.Later[len(c.Later)-1]
	}
	switch name {
	case "graph.jsonl":
		c.Graph, err = parseGraph(data)
	case "seed":
		c.Seed = true
	case "as":
		q.As = strings.TrimSpace(string(data))
	case "earlier.graphql":
		c.Earlier = string(data)
	case "query.graphql":
		q.Query = string(data)
	case "variables.json":
		err = json.Unmarshal(data, &q.Variables)
	case "operation":
		q.Operation = strings.TrimSpace(string(data))
	case "clock":
		q.Clock, err = time.Parse(time.RFC3339, strings.TrimSpace(string(data)))
	case "result.json":
		q.Result = data
	case "plan.txt", "statement.cypher":
	default:
		err = fmt.Errorf("a case has no such file")
	}
	return err
}

func parseGraph(data []byte) ([]Node, error) {
	var nodes []Node
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		n, err := parseNode(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", lines.Bytes(), err)
		}
		nodes = append(nodes, n)
	}
	return nodes, lines.Err()
}

func parseNode(line []byte) (Node, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	n := Node{Fields: map[string]any{}}
	if err := decoder.Decode(&n.Fields); err != nil {
		return n, err
	}
	var typed, named bool
	n.Type, typed = n.Fields["type"].(string)
	n.ID, named = n.Fields["id"].(string)
	if !typed || !named {
		return n, fmt.Errorf("a node needs a type and an id")
	}
	delete(n.Fields, "type")
	delete(n.Fields, "id")
	return n, nil
}

// Golden is the text of a golden file of the case, false when the case has none.
func (c *Case) Golden(name string) (string, bool) {
	for _, file := range c.archive.Files {
		if file.Name == name {
			return string(file.Data), true
		}
	}
	return "", false
}

// Update writes a golden file of the case anew.
func (c *Case) Update(name, text string) error {
	for i := range c.archive.Files {
		if c.archive.Files[i].Name == name {
			c.archive.Files[i].Data = []byte(text)
		}
	}
	return os.WriteFile(c.path, txtar.Format(c.archive), 0o644)
}
