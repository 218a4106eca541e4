package clients

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"nicgraph/internal/asktest"

	"github.com/google/go-cmp/cmp"
)

// told is a question of the README and the answer that it tells.
var told = regexp.MustCompile("(?s)```graphql\n(.*?)\n```\n\n```json\n(.*?)\n```")

func TestTheTourOfTheReadmeIsTrue(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	questions := told.FindAllSubmatch(readme, -1)
	if n := bytes.Count(readme, []byte("```graphql\n")); len(questions) != n || n < 12 {
		t.Fatalf("%d questions, %d of them with an answer; want at least 12, all answered", n, len(questions))
	}
	server := serverURL(t)
	for _, q := range questions {
		want := parsed(t, []byte(`{"data": `+string(q[2])+`}`))
		if diff := cmp.Diff(want, parsed(t, asktest.Post(t, server+"/graphql", asktest.Question{Query: string(q[1])}).Body)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", q[1], diff)
		}
	}
}

func parsed(t *testing.T, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}
