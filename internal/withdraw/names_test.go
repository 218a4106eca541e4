package withdraw

import (
	"encoding/json"
	"testing"

	"nicgraph/internal/proposal"
)

func TestANameIsFoundAsWordsOfItsOwn(t *testing.T) {
	traces := &Traces{IDs: []string{"ann-lee", "al"}, Names: []string{"ann lee", "zoe"}, gone: map[string]bool{"role-7": true}}
	for text, want := range map[string]bool{
		"":                          false,
		"Ann Lee":                   true,
		"thanks to ÀNN LEE.":        true,
		"Ann Leeds":                 false,
		"Joann Lee":                 false,
		"joann lee and Ann Lee too": true,
		"https://x.org/ann-lee/":    true,
		"ann-lee-2":                 false,
		"not-ann-lee":               false,
		"Zoë!":                      true,
		"zoë’s":                     true,
		"also al":                   true,
		"also":                      false,
		"role-7":                    false, // an id that goes along stands in no text of people
		"anna-lee, ann  lee":        false,
	} {
		if got := traces.In(text); got != want {
			t.Errorf("%q: got %t", text, got)
		}
	}
}

func TestAProposalTellsByWhatItNames(t *testing.T) {
	traces := &Traces{IDs: []string{"ann-lee"}, Names: []string{"ann lee"}, gone: map[string]bool{"role-7": true, "ann-lee": true}}
	for request, want := range map[string]bool{
		`{"input":[{"id":"role-7"}]}`:                true,
		`{"input":[{"id":"role-77","n":7}]}`:         false,
		`{"expect":{"role-7":3}}`:                    true,
		`{"input":[{"friends":["bo","ann-lee"]}]}`:   true,
		`{"why":"for \u0041nn Lee"}`:                 true,
		`{"change":7,"withFacts":true,"input":null}`: false,
		`{"torn": "Ann Lee`:                          true,
	} {
		if got := traces.InProposal(&proposal.Proposal{Request: json.RawMessage(request)}); got != want {
			t.Errorf("%s: got %t", request, got)
		}
	}
	for _, p := range []proposal.Proposal{{Key: "ann lee"}, {Events: []proposal.Event{{Text: "who?"}, {Text: "Ann Lee"}}}} {
		p.Request = json.RawMessage(`{}`)
		if !traces.InProposal(&p) {
			t.Errorf("%+v tells nothing", p)
		}
	}
}
