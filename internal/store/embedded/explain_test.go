package embedded_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/exchange"
	"nicgraph/internal/store"
	"nicgraph/seed"
)

func TestExplainTellsWhereAReadBeginsAndWhy(t *testing.T) {
	st := seeded(t)
	for _, row := range []struct{ name, query, want string }{
		{
			"a neighbour with an id", `{ networks(where: {hub: {id: {eq: "carnegie-foundation-for-the-advancement-of-teaching"}}}) { totalCount } }`,
			`networks: begins at 1 node with id = "carnegie-foundation-for-the-advancement-of-teaching", goes back over hub -HUB-> Organization to 8; looks at these instead of all 110 (up to 55 are worth it)`,
		},
		{
			"the fewer of two", `{ learnings(where: {teacher: {id: {eq: "carnegie-foundation-for-the-advancement-of-teaching"}}, practice: {id: {eq: "plan-do-study-act-cycle"}}}) { totalCount } }`,
			`learnings: begins at 1 node with id = "plan-do-study-act-cycle", goes back over practice -OF_PRACTICE-> Practice to 9; looks at these instead of all 289 (up to 144 are worth it); not at 1 node with id = "carnegie-foundation-for-the-advancement-of-teaching", goes back over teacher -TEACHER-> Party to 62`,
		},
		{
			"too many neighbours", `{ learnings(where: {teacher: {name: {contains: "school"}}}) { totalCount } }`,
			`learnings: looks at all 289 to count those that meet the condition; not over teacher -TEACHER-> Party, where 646 to look at first are more than 144`,
		},
		{
			"an order with an index", `{ learnings(first: 5, orderBy: [{started: DESC}]) { nodes { id } } }`,
			`learnings: walks the index of started descending until the page of 5 is full, among 289`,
		},
		{
			"the last of an order, with a condition", `{ people(last: 3, where: {name: {contains: "a"}}) { nodes { id } } }`,
			`people: walks the index of id descending until 3 meet the condition, among 204`,
		},
		{
			"an order by a count", `{ practices(orderBy: [{adopters: {count: DESC}}]) { nodes { name } } }`,
			`practices: walks the index of the number of adopters descending until the page of 25 is full, among 122`,
		},
		{
			"an order without an index", `{ learnings(orderBy: [{teacher: {name: ASC}}]) { nodes { id } } }`,
			`learnings: looks at all 289 and keeps a page of 25: an order by teacher.name has no index`,
		},
		{
			"a number", `{ people { totalCount } }`,
			`people: tells the number that is kept, 204, and looks at none`,
		},
		{
			"groups", `{ organizations { facets(by: [KIND]) { values { count } } } }`,
			`organizations.facets: looks at all 332 to group them`,
		},
		{
			"a look-up", `{ network(id: "better-math-teaching-network") { name } }`,
			`Network: looked up by id "better-math-teaching-network"`,
		},
		{
			"facts between two nodes", `{ organization(id: "fresno") { learners { edges { learnings { nodes { id } } } } } }`,
			"Organization: looked up by id \"fresno\"\norganization.learners.edges.learnings: at each row, looks at the facts of the end that has fewer",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, explained(t, st, row.query)); diff != "" {
				t.Errorf("explanation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExplainTellsWhatIsKnownFromBefore(t *testing.T) {
	st := seeded(t)
	for _, row := range []struct{ name, query, want string }{
		{"a number", `{ people(where: {name: {contains: "an"}}) { totalCount } }`, `people: knows the 62 that meet the condition`},
		{"a page of few", `{ people(where: {name: {contains: "ann"}}, orderBy: [{name: ASC}], first: 30) { totalCount nodes { id } } }`, `people: knows the 5 that meet the condition and keeps a page of 30 of them`},
		{"a page of many", `{ people(where: {name: {contains: "an"}}, orderBy: [{name: ASC}], first: 5) { nodes { id } } }`,
			`people: knows the 62 that meet the condition; walks the index of name until 5 meet the condition, among 204`},
	} {
		t.Run(row.name, func(t *testing.T) {
			ask(t, st, row.query)
			if diff := cmp.Diff(row.want, explained(t, st, row.query)); diff != "" {
				t.Errorf("explanation (-want +got):\n%s", diff)
			}
		})
	}
}

func ask(t *testing.T, st *store.Store, query string) {
	t.Helper()
	p, params, err := graph.Explain(query, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := st.Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prepared.Run(t.Context(), params); err != nil {
		t.Fatal(err)
	}
}

// seeded is a store with the curated data.
func seeded(t *testing.T) *store.Store {
	t.Helper()
	cat := realCatalog(t)
	st := store.New(inMemory(t, cat), store.Limits{})
	if _, err := exchange.Import(t.Context(), st, seed.Tables, cat, exchange.Options{}); err != nil {
		t.Fatal(err)
	}
	return st
}

func explained(t *testing.T, st *store.Store, query string) string {
	t.Helper()
	p, params, err := graph.Explain(query, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := st.Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := prepared.Check(params); err != nil {
		t.Fatal(err)
	}
	lines, err := prepared.Explain(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
