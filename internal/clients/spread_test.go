package clients

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nicgraph/internal/asktest"
	"nicgraph/internal/store"
	"nicgraph/seed"
	"nicgraph/seed/studies"
)

const spreadGuide = "../../docs/spread.md"

// plotted is a command of the guide that fetches a drawing: the address, the parameters and
// the file. A parameter is one argument of curl.
var (
	plotted   = regexp.MustCompile(`curl -sG \S+(/spread/\w+\.svg)((?: \\\n)?(?:[^>]|\n)*?)> (\S+\.svg)`)
	parameter = regexp.MustCompile(`--data-urlencode '([^'=]+)=([^']*)'`)
)

// withStudies is a store with the curated data and the studies of the guide.
func withStudies(t *testing.T) *store.Store {
	t.Helper()
	folders := []fs.FS{seed.Tables}
	for _, name := range []string{"medinnovations", "kfamily"} {
		tables, _ := studies.Tables(name)
		folders = append(folders, tables)
	}
	return holding(t, folders...)
}

func TestTheGuideToSpreadIsTrue(t *testing.T) {
	guide, err := os.ReadFile(spreadGuide)
	if err != nil {
		t.Fatal(err)
	}
	questions := told.FindAllSubmatchIndex(guide, -1)
	if n := bytes.Count(guide, []byte("```graphql\n")); len(questions) != n || n < 8 {
		t.Fatalf("%d questions, %d of them with an answer; want at least 8, all answered", n, len(questions))
	}
	server := serve(t, withStudies(t))
	var rewritten bytes.Buffer
	end := 0
	for _, q := range questions {
		question, answer := guide[q[2]:q[3]], guide[q[4]:q[5]]
		got := dataOf(t, server, question)
		if *update {
			rewritten.Write(guide[end:q[4]])
			rewritten.WriteString(laidOut(t, got))
			end = q[5]
			continue
		}
		if diff := cmp.Diff(parsed(t, answer), parsed(t, got), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", question, diff)
		}
	}
	if *update {
		rewritten.Write(guide[end:])
		write(t, spreadGuide, rewritten.Bytes())
	}
}

func TestTheDrawingsOfTheGuideAreFresh(t *testing.T) {
	guide, err := os.ReadFile(spreadGuide)
	if err != nil {
		t.Fatal(err)
	}
	commands := plotted.FindAllStringSubmatch(string(guide), -1)
	if len(commands) < 3 || len(commands) != strings.Count(string(guide), ".svg \\\n") {
		t.Fatalf("%d commands of the guide draw something, want all, three at least", len(commands))
	}
	server := serve(t, withStudies(t))
	for _, c := range commands {
		parameters := url.Values{}
		for _, p := range parameter.FindAllStringSubmatch(c[2], -1) {
			parameters.Set(p[1], p[2])
		}
		drawing, file := drawn(t, server+c[1]+"?"+parameters.Encode()), filepath.Join("../../docs/spread", c[3])
		if *update {
			write(t, file, drawing)
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, drawing) {
			t.Errorf("%s is not what the server draws now; look at it and run make update", file)
		}
	}
}

func drawn(t *testing.T, address string) []byte {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "image/svg+xml; charset=utf-8" {
		t.Fatalf("%s: %d %s", address, resp.StatusCode, body)
	}
	return body
}

// dataOf is the data of the answer to a question that must have no errors.
func dataOf(t *testing.T, server string, question []byte) []byte {
	t.Helper()
	var answer struct{ Data, Errors json.RawMessage }
	text := asktest.Post(t, server+"/graphql", asktest.Question{Query: string(question)}).Body
	if err := json.Unmarshal(text, &answer); err != nil || answer.Errors != nil {
		t.Fatalf("%s\n%s", question, text)
	}
	return answer.Data
}

// laidOut writes JSON as the guide prints it: keys in their order, and what fits on a line
// on one.
func laidOut(t *testing.T, text []byte) string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return laid(t, d, next(t, d), "")
}

func next(t *testing.T, d *json.Decoder) json.Token {
	t.Helper()
	token, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func laid(t *testing.T, d *json.Decoder, token json.Token, indent string) string {
	t.Helper()
	open, nested := token.(json.Delim)
	if !nested {
		text, err := json.Marshal(token)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var parts []string
	for d.More() {
		part := laid(t, d, next(t, d), indent+"  ")
		if open == '{' {
			part += ": " + laid(t, d, next(t, d), indent+"  ")
		}
		parts = append(parts, part)
	}
	closing := next(t, d)
	if line := fmt.Sprintf("%v%s%v", open, strings.Join(parts, ", "), closing); len(line)+len(indent) <= 120 && !strings.Contains(line, "\n") {
		return line
	}
	return fmt.Sprintf("%v\n%s  %s\n%s%v", open, indent, strings.Join(parts, ",\n"+indent+"  "), indent, closing)
}
