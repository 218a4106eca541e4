package questions_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/bench/questions"
)

const tiny = "../compare/testdata/tiny"

func all(t *testing.T) map[string]*questions.Question {
	t.Helper()
	picked, err := questions.Pick(tiny)
	if err != nil {
		t.Fatal(err)
	}
	list, err := questions.All(picked)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*questions.Question{}
	for _, q := range list {
		byName[q.Name] = q
	}
	return byName
}

func TestEveryQuestionIsAskedInEveryLanguageOrSaysWhyNot(t *testing.T) {
	for name, q := range all(t) {
		for _, language := range []string{"nicgraph", "cypher", "neo4j-graphql", "postgraphile", "dgraph"} {
			if known, why := q.In(language); known == (why != "") {
				t.Errorf("%s in %s: asked %t, and why not: %q", name, language, known, why)
			}
		}
	}
}

func TestValuesArePickedByRule(t *testing.T) {
	got, err := questions.Pick(tiny)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"person": "bob", "organization": "bay", "practices": []string{"entry", "exit"}, "teacher": "lake", "practice": "entry",
		"word": "Entry", "wordPattern": "/Entry/", "networkKind": "COLLABORATIVE", "behind": 0, "after": nil,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestARequestHasOnlyTheVariablesThatItsDocumentTakes(t *testing.T) {
	got, err := all(t)["person"].Request("nicgraph")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"query":"query Person($id: ID!) { person(id: $id) { id name summary } }\n","variables":{"id":"bob"}}`
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestAnswersOfDifferentShapesComeIntoOneForm(t *testing.T) {
	for question, bodies := range map[string]map[string]string{
		`["bob","Bob Łuk","Leads."]`: {
			"nicgraph":      `{"data":{"person":{"id":"bob","name":"Bob Łuk","summary":"Leads."}}}`,
			"cypher":        `{"data":{"rows":[{"id":"bob","name":"Bob Łuk","summary":"Leads."}]}}`,
			"neo4j-graphql": `{"data":{"people":[{"summary":"Leads.","id":"bob","name":"Bob Łuk"}]}}`,
			"postgraphile":  `{"data":{"partyByRowId":{"rowId":"bob","name":"Bob Łuk","summary":"Leads."}}}`,
			"dgraph":        `{"data":{"getParty":{"id":"bob","name":"Bob Łuk","summary":"Leads."}},"extensions":{"tracing":{"duration":7}}}`,
		},
	} {
		for language, body := range bodies {
			got, err := all(t)["person"].Read(language, []byte(body))
			if err != nil || got.Same != question {
				t.Errorf("%s: %s and error %v, want %s", language, got.Same, err, question)
			}
		}
	}
}

func TestWalksAreReducedToTheFewestHops(t *testing.T) {
	const body = `{"data":{"parties":[{"id":"lake","learningsAsTeacher":[
		{"learner":[{"id":"bay","learningsAsTeacher":[{"learner":[{"id":"ann","learningsAsTeacher":[{"learner":[{"id":"lake","learningsAsTeacher":[]}]}]}]}]}]},
		{"learner":[{"id":"ann","learningsAsTeacher":[{"learner":[{"id":"bob"}]}]}]}]}]}}`
	got, err := all(t)["lineage"].Read("neo4j-graphql", []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(`[[1,"ann"],[1,"bay"],[2,"bob"]]`, got.Same); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestTheEndOfAPageIsNoPartOfTheAnswer(t *testing.T) {
	got, err := all(t)["page-1"].Read("nicgraph", []byte(`{"data":{"learnings":{"nodes":[{"id":"l-1","started":null,"stage":"TRIED"}],"pageInfo":{"hasNextPage":true,"endCursor":"c"}}}}`))
	want := questions.Answer{Same: `{"more":true,"rows":[["l-1",null,"TRIED"]]}`, End: "c"}
	if err != nil || got != want {
		t.Errorf("%v and error %v, want %v", got, err, want)
	}
}
