package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"nicgraph/bench/inside"
)

// asked is a question whose answer has the same size at every scale, or nearly.
// What stands in << >> is replaced by what was picked.
type asked struct{ name, text string }

// reads is a type of which a question reads nodes, so that a change of one may change the answer.
func (q asked) reads() string {
	for _, r := range []struct{ word, typ string }{
		{"earning", "Learning"}, {"adopters", "Learning"}, {"downstream", "Learning"}, {"members", "Membership"}, {"organization", "Organization"},
	} {
		if strings.Contains(q.text, r.word) {
			return r.typ
		}
	}
	return "Person"
}

var questions = []asked{
	{name: "trivial", text: `{ __typename }`},
	{name: "a person by id", text: `{ person(id: "<<person>>") { id name summary } }`},
	{name: "an organization, 3 levels", text: `{ organization(id: "<<organization>>") { id name memberships(first: 100) { nodes { network { id name kind } } }
		recent: learningsAsLearner(first: 10, where: { started: { after: "2014" } }, orderBy: [{ started: DESC }, { id: ASC }]) { nodes { ...learned } }
		earlier: learningsAsLearner(first: 10, where: { started: { before: "2015" } }, orderBy: [{ started: DESC }, { id: ASC }]) { nodes { ...learned } } } }
		fragment learned on Learning { id started practice { name } teacher { name learningsAsLearner(first: 10, orderBy: [{ id: ASC }]) { nodes { practice { name } } } } }`},
	{name: "first 100 people with ana in the name", text: `{ people(where: { name: { contains: "ana" } }, orderBy: [{ name: ASC }], first: 100) { nodes { id name aliases summary } } }`},
	{name: "1,000 people, 5 fields", text: `{ people(orderBy: [{ id: ASC }], first: 1000) { nodes { __typename id name aliases summary } } }`},
	{name: "50 organizations, nested", text: `{ organizations(orderBy: [{ id: ASC }], first: 50) { nodes { id name learningsAsLearner(orderBy: [{ id: ASC }], first: 5) { nodes { id started practice { id name } teacher { id name } } } } } }`},
	{name: "learnings, page 1", text: `{ learnings(orderBy: [{ id: ASC }], first: 100) { nodes { id started stage } pageInfo { hasNextPage endCursor } } }`},
	{name: "learnings, page 500, or the last", text: `{ learnings(orderBy: [{ id: ASC }], first: 100, after: "<<deep>>") { nodes { id started stage } pageInfo { hasNextPage endCursor } } }`},
	{name: "learnings by date, page 1", text: `{ learnings(orderBy: [{ started: DESC }], first: 100) { nodes { id started stage } } }`},
	{name: "totals", text: `{ people { totalCount } practices { totalCount } learnings { totalCount } }`},
	{name: "counts of 100 organizations", text: `{ organizations(orderBy: [{ id: ASC }], first: 100) { nodes { id learningsAsLearner { totalCount } learningsAsTeacher { totalCount } } } }`},
	{name: "20 organizations of most learnings", text: `{ organizations(orderBy: [{ learningsAsTeacher: { count: DESC } }], first: 20) { nodes { id name } } }`},
	{name: "20 practices of most adopters since 2015", text: `{ practices(orderBy: [{ adopters: { count: DESC, facts: { started: { after: "2014" } } } }, { name: ASC }], first: 20) { nodes { id name adopters(facts: { started: { after: "2014" } }) { totalCount } } } }`},
	{name: "20 practices by year", text: `{ learnings(where: { practice: { id: { in: ["<<practices>>"] } }, started: { isNull: false } }) { groups(by: [PRACTICE, STARTED_YEAR], first: 1000) { groups { keys { value } count } } } }`},
	{name: "facets of all learnings", text: `{ learnings { facets(by: [CHANNEL_KIND, STAGE], first: 100) { values { value count } } } }`},
	{name: "organizations by kind and region", text: `{ organizations { facets(by: [KIND, REGION], first: 100) { values { value count } } } }`},
	{name: "members of a network, by kind", text: `{ network(id: "<<network>>") { members(first: 20, orderBy: [{ name: ASC }]) { totalCount nodes { id name } } } }`},
	{name: "20 people taught by members of a kind of network", text: `{ people(where: { learningsAsLearner: { some: { practice: { name: { contains: "map" } }, teacher: { memberships: { some: { network: { kind: { eq: NETWORKED_IMPROVEMENT_COMMUNITY } } } } } } } }, orderBy: [{ name: ASC }], first: 20) { nodes { id name } } }`},
	{name: "the same, counted", text: `{ people(where: { learningsAsLearner: { some: { practice: { name: { contains: "map" } }, teacher: { memberships: { some: { network: { kind: { eq: NETWORKED_IMPROVEMENT_COMMUNITY } } } } } } } }) { totalCount } }`},
	{name: "20 organizations that learned one practice", text: `{ organizations(where: { learningsAsLearner: { some: { practice: { id: { eq: "<<practice>>" } } } } }, orderBy: [{ name: ASC }], first: 20) { nodes { id name } } }`},
	{name: "search", text: `{ search(text: "improvement comunity", first: 10) { edges { node { id } } } }`},
	{name: "whom a teacher reached in 4 steps", text: `{ party(id: "<<teacher>>") { downstream(practice: "<<practice>>", maxHops: 4, timeOrder: IGNORE) { totalCount reached(first: 20) { party { id name } hops } } } }`},
}

// picks are questions whose answers are the values of others: of what there is most.
var picks = map[string]string{
	"person":       `{ people(orderBy: [{ learningsAsLearner: { count: DESC } }], first: 1) { nodes { id } } }`,
	"organization": `{ organizations(orderBy: [{ learningsAsLearner: { count: DESC } }], first: 1) { nodes { id } } }`,
	"network":      `{ networks(orderBy: [{ members: { count: DESC } }], first: 1) { nodes { id } } }`,
	"teacher":      `{ parties(orderBy: [{ learningsAsTeacher: { count: DESC } }], first: 1) { nodes { id } } }`,
	"practice":     `{ practices(orderBy: [{ learnings: { count: DESC } }], first: 1) { nodes { id } } }`,
	"practices":    `{ practices(orderBy: [{ learnings: { count: DESC } }], first: 20) { nodes { id } } }`,
}

// filledIn are the questions with what was picked.
func filledIn(ctx context.Context, handler http.Handler) ([]asked, error) {
	deep, err := deepCursor(ctx, handler)
	if err != nil {
		return nil, err
	}
	picked := []string{"<<deep>>", deep}
	for name, text := range picks {
		reply, err := inside.Query(ctx, handler, text)
		if err != nil {
			return nil, fmt.Errorf("pick %s: %w", name, err)
		}
		var answer struct {
			Data map[string]struct{ Nodes []struct{ ID string } }
		}
		if err := json.Unmarshal(reply, &answer); err != nil {
			return nil, err
		}
		var ids []string
		for _, list := range answer.Data {
			for _, n := range list.Nodes {
				ids = append(ids, n.ID)
			}
		}
		picked = append(picked, "<<"+name+">>", strings.Join(ids, `", "`))
	}
	replacer := strings.NewReplacer(picked...)
	all := make([]asked, len(questions))
	for i, q := range questions {
		all[i] = q
		all[i].text = replacer.Replace(q.text)
	}
	return all, nil
}

// deepCursor is what stands before page 500 of the learnings, or before the last full one.
func deepCursor(ctx context.Context, handler http.Handler) (cursor string, err error) {
	after := "null"
	for range 50 {
		reply, err := inside.Query(ctx, handler, fmt.Sprintf(`{ learnings(orderBy: [{ id: ASC }], first: 1000, after: %s) { pageInfo { hasNextPage endCursor } } }`, after))
		if err != nil {
			return "", err
		}
		var answer struct {
			Data struct {
				Learnings struct {
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
		}
		if err := json.Unmarshal(reply, &answer); err != nil {
			return "", err
		}
		page := answer.Data.Learnings.PageInfo
		if !page.HasNextPage {
			break
		}
		cursor, after = page.EndCursor, fmt.Sprintf("%q", page.EndCursor)
	}
	return cursor, nil
}
