package abuse

import (
	"fmt"
	"slices"
	"strings"
)

// attack is a question that costs its asker little, with what becomes of it.
type attack struct {
	name      string
	query     string
	variables any
	raw       string // instead of both: the body as it is sent
	code      string // of the refusal; "" when it is answered
	kilobytes int    // that the server may allocate for it; twice of what it does, for the race detector
	long      bool   // it takes too long to be asked in every test run
}

func (a attack) body() string {
	if a.raw != "" {
		return a.raw
	}
	return asked(a.query, a.variables)
}

// attacks are the questions of the lists that others keep, and the dearest that we could
// think of for every limit: those that come right up to it are accepted.
func attacks() []attack {
	return append(refused(), accepted()...)
}

func refused() []attack {
	return []attack{
		{name: "3,000 duplicate fields", query: "{" + strings.Repeat(" __typename", 3000) + "}", code: limit, kilobytes: 680},
		{name: "600 duplicate fields", query: "{" + strings.Repeat(" __typename", 600) + "}", code: limit, kilobytes: 530},
		{name: "10,000 aliases", query: numbered("{", 10000, " a%d: __typename", "}"), code: limit, kilobytes: 2900},
		{name: "300 aliases", query: numbered("{", 300, " a%d: __typename", "}"), code: limit, kilobytes: 300},
		{name: "a question of 40 levels", query: "{ practices { nodes " + nested("{ narrower { nodes ", 19, "{ id }", " } }") + "} }", code: limit, kilobytes: 73},
		{name: "circular introspection", query: "{ __schema { types { " + nested("fields { type { ", 20, "name", " } }") + " } } }", code: limit, kilobytes: 73},
		{name: "circular introspection within the levels", query: "{ __schema { types { " + nested("fields { type { ", 10, "name", " } }") + " } } }", code: wrong, kilobytes: 140},
		{name: "1,000 directives on a field", query: "{ __typename " + strings.Repeat("@skip(if: false) ", 1000) + "}", code: limit, kilobytes: 1400},
		{name: "1,000 unknown directives", query: "{ __typename " + strings.Repeat("@aa ", 1000) + "}", code: limit, kilobytes: 510},
		{name: "fragments that double 60 times", query: doubling(60), code: limit, kilobytes: 200},
		{name: "300 fragments that spread all after them", query: staircase(300), code: limit, kilobytes: 780},
		{name: "fragments in a circle", query: "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", code: wrong, kilobytes: 88},
		{name: "2,500 inline fragments inside each other", query: nested("{ ... ", 2500, "{ __typename }", "}"), code: wrong, kilobytes: 770},
		{name: "a field name of 900 kB", query: "{ " + strings.Repeat("a", 900_000) + " }", code: limit, kilobytes: 13000},
		{name: "500 unknown fields of 60 letters", query: numbered("{", 500, " a%055d", "}"), code: wrong, kilobytes: 18000},
		{name: "1,000 unknown arguments", query: numbered("{ people(", 1000, " x%d: 1", ") { totalCount } }"), code: wrong, kilobytes: 6500},
		{name: "1,500 variables that nothing uses", query: numbered("query(", 1500, " $v%d: Int", ") { __typename }"), code: wrong, kilobytes: 8100},
		{name: "100,000 opening brackets", query: strings.Repeat("{", 100_000), code: limit, kilobytes: 1500},
		{name: "a body of 2 MiB", raw: `{"query":"` + strings.Repeat("a", 2<<20) + `"}`, code: limit, kilobytes: 9000},
		{name: "a body of 500,000 brackets", raw: `{"query":"{ __typename }","variables":{"a":` + strings.Repeat("[", 500_000), code: limit, kilobytes: 4800},
		{name: "400,000 values in variables", query: "{ __typename }", variables: map[string]any{"l": make([]int, 400_000)}, code: limit, kilobytes: 9000},
		{name: "a number of 900,000 digits", raw: `{"query":"query($n: Int) { people(first: $n) { totalCount } }","variables":{"n":` + strings.Repeat("9", 900_000) + `}}`, code: wrong, kilobytes: 15000},
		{name: "a value of an enum of 900 kB", query: "query($k: OrganizationKind) { organizations(where: {kind: {eq: $k}}) { totalCount } }", variables: map[string]any{"k": strings.Repeat("A", 900_000)}, code: wrong, kilobytes: 20000},
		{name: "25,000 alternatives in a filter", query: filtered, variables: map[string]any{"w": alternatives(25000)}, code: limit, kilobytes: 6600},
		{name: "1,000 alternatives in a filter", query: filtered, variables: map[string]any{"w": alternatives(1000)}, code: limit, kilobytes: 21000},
		{name: "a text of 900 kB that grows when folded", query: contained, variables: map[string]any{"t": strings.Repeat("\ufdfa", 300_000)}, code: limit, kilobytes: 13000},
		{name: "a forged cursor of 800 kB, 20 times", query: numbered("query($c: String) {", 20, " a%d: organizations(first: 1, after: $c) { nodes { id } }", "}"), variables: map[string]any{"c": strings.Repeat("A", 800_000)}, code: wrong, kilobytes: 18000},
		{name: "a search of 900 kB", query: "query($t: String!) { search(text: $t) { totalCount } }", variables: map[string]any{"t": strings.Repeat("\ufdfa ", 200_000)}, code: limit, kilobytes: 18000},
		{name: "30 introspections", query: numbered("{", 30, " a%d: __schema { types { description fields { name description args { name description } } inputFields { name description } } }", "}"), code: limit, kilobytes: 170000},
		{name: "pages of ten million", query: "{ organizations(first: 1000) { nodes { teachers(first: 100) { nodes { teachers(first: 100) { nodes { name } } } } } } }", code: limit, kilobytes: 130},
		{name: "counts in counts, 8 links deep", query: filtered, variables: map[string]any{"w": counts(4)}, code: limit, kilobytes: 600, long: true},
		{name: "everybody's exposure in 10,000 years", query: spreadOf(10_000, "members(first: 1000) { exposure { period value } degrees { period names } }"), code: limit, kilobytes: 2000000},
		{name: "an answer of 70 MB", query: numbered("{ learnings(first: 300) { nodes { practice { learnings(first: 30) { nodes {", 80, " a%d: practice { summary }", "} } } } } }"), code: limit, kilobytes: 450000},
	}
}

// accepted come right up to the limits.
func accepted() []attack {
	return []attack{
		{name: "500 duplicate fields", query: "{" + strings.Repeat(" __typename", 500) + "}", kilobytes: 8400},
		{name: "200 aliases", query: numbered("{", 200, " a%d: __typename", "}"), kilobytes: 770},
		{name: "125 times the same connection", query: "{" + strings.Repeat(" people { nodes { id name } }", 125) + "}", kilobytes: 3000},
		{name: "30 inline fragments of 16 fields", query: "{ people { nodes {" + strings.Repeat(" ... on Person { "+strings.Repeat("name id ", 8)+"}", 30) + "} } }", kilobytes: 4400},
		{name: "160 fragments side by side", query: spreads(160), kilobytes: 9500},
		{name: "20 fragments that spread all after them", query: staircase(22), kilobytes: 410},
		{name: "two copies on each of 6 levels", query: "{ practices(first: 1) { nodes " + twice(6, 1) + " } }", kilobytes: 1700},
		{name: "introspection, wide", query: "{ __schema { types { " + nested("fields(includeDeprecated: true) { args { type { ofType { ofType { name } } } } type { ofType { ofType { ofType { ", 2, "name description", " } } } } }") + " } } }", kilobytes: 32000},
		{name: "5 introspections", query: numbered("{", 5, " a%d: __schema { types { description fields { name description args { name description } } inputFields { name description } } }", "}"), kilobytes: 170000},
		{name: "120 facets of 5 keys", query: numbered("{ organizations(first: 1) {", 120, " a%d: facets(by: [KIND, CITY, REGION, COUNTRY, FOUNDED_YEAR], first: 1000) { values { count value } }", "} }"), kilobytes: 47000},
		{name: "120 groups by 4 keys", query: numbered("{ learnings(first: 1) {", 120, " a%d: groups(by: [TEACHER, LEARNER, PRACTICE, STAGE], first: 1000) { totalCount groups { count } }", "} }"), kilobytes: 170000},
		{name: "160 orders by counts", query: numbered("query($o: [OrganizationOrder!]) {", 160, " a%d: organizations(first: 1, orderBy: $o) { nodes { id } }", "}"), variables: map[string]any{"o": []any{byCount("learners"), byCount("teachers"), byCount("networks")}}, kilobytes: 6900},
		{name: "60 days of asOf", query: numbered("{", 60, ` a%d: asOf(date: "2015-01-01") { undated openEnded x%[1]d: learnings { totalCount } y%[1]d: parties { totalCount } }`, "}"), kilobytes: 5100},
		{name: "240 alternatives in a filter", query: filtered, variables: map[string]any{"w": alternatives(240)}, kilobytes: 6200},
		{name: "30 filters of 12 levels over links", query: numbered("{", 30, " a%d: organizations(where: "+nested("{learners: {some: {teachers: {some: ", 6, "{}", "}}}}")+") { totalCount }", "}"), kilobytes: 20000},
		{name: "counts in counts, 6 links deep", query: filtered, variables: map[string]any{"w": counts(3)}, kilobytes: 260},
		{name: "a text of 65 kB that grows when folded", query: contained, variables: map[string]any{"t": strings.Repeat("\ufdfa", 21_000)}, kilobytes: 9000},
		{name: "160 uses of a text of 400 bytes", query: numbered("query($t: String!) {", 160, " a%d: organizations(where: {summary: {contains: $t}}) { totalCount }", "}"), variables: map[string]any{"t": strings.Repeat("\ufdfa", 130)}, kilobytes: 24000},
		{name: "1,000 names in a list", query: "query($l: [String!]) { organizations(where: {name: {in: $l}}) { totalCount } }", variables: map[string]any{"l": long(1000, 60)}, kilobytes: 66000},
		{name: "9,000 values in variables", query: "{ __typename }", variables: map[string]any{"l": make([]int, 9_000)}, kilobytes: 2400},
		{name: "1,000 nodes by id, 100 times", query: numbered("query($l: [ID!]!) {", 100, " a%d: nodes(ids: $l) { id }", "}"), variables: map[string]any{"l": slices.Repeat([]string{"carnegie-foundation-for-the-advancement-of-teaching"}, 1000)}, kilobytes: 130000},
		{name: "110 searches", query: numbered("{", 110, " a%d: search(text: \"the of a school %[1]d\", first: 1000) { totalCount nodes { id } }", "}"), kilobytes: 150000},
		{name: "lineage of everybody, both ways", query: "{ parties(first: 1000) { nodes { downstream(maxHops: 12) { totalCount } upstream(maxHops: 12) { totalCount } } } }", kilobytes: 15000},
		{name: "150 longest chains", query: numbered("{", 150, " a%d: learningPaths(find: LONGEST_DATED) { totalCount }", "}"), kilobytes: 15000},
		{name: "60 flows between cohorts", query: numbered("{", 60, " a%d: cohortFlow(maxHops: 12, timeOrder: IGNORE) { cellCount }", "}"), kilobytes: 15000},
		{name: "60 curves of 1,000 years", query: spreadOf(1_000, numbered("", 60, " a%d: curve { period hazard meanExposure } b%[1]d: bass { p } c%[1]d: autocorrelation { moransI }", "")), kilobytes: 400000},
		{name: "pages of 990,000", query: "{ organizations(first: 1000) { nodes { teachers(first: 30) { nodes { teachers(first: 30) { nodes { name } } } } } } }", kilobytes: 510},
		{name: "a page of 1,000 with totals of six links", query: "{ parties(first: 1000) { nodes { " + totals + " } } }", kilobytes: 1500},
		{name: "150 names of 350 learnings", query: numbered("{ learnings(first: 1000) { nodes {", 150, " a%d: learner { name }", "} } }"), kilobytes: 51000},
	}
}

const (
	limit = "LIMIT_EXCEEDED"
	wrong = "BAD_USER_INPUT"

	filtered  = "query($w: OrganizationWhere) { organizations(where: $w) { totalCount } }"
	contained = "query($t: String) { organizations(where: {name: {contains: $t}}) { totalCount } }"
)

const totals = "teachers { totalCount } learners { totalCount } networks { totalCount } events { totalCount } practicesLearned { totalCount } practicesTaught { totalCount }"

// spreadOf asks about everybody in so many years.
func spreadOf(years int, what string) string {
	return fmt.Sprintf(`{ spread(input: {practice: "plan-do-study-act-cycle", firstPeriod: 1, lastPeriod: %d, population: {where: {}}}) { %s } }`, years, what)
}

// numbered repeats a pattern with the numbers from 0.
func numbered(before string, n int, pattern, after string) string {
	var b strings.Builder
	b.WriteString(before)
	for i := range n {
		fmt.Fprintf(&b, pattern, i)
	}
	return b.String() + after
}

// nested puts open and closed n times around inner.
func nested(open string, n int, inner, closed string) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(closed, n)
}

// doubling are n fragments of which each spreads the next twice.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("{ ...f0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on Query { ...f%d ...f%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment f%d on Query { __typename }", n)
	return b.String()
}

// staircase are n fragments of which each spreads the next, and a question that spreads all.
func staircase(n int) string {
	var b strings.Builder
	b.WriteString(numbered("{", n, " ...f%d", " }"))
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on Query { ...f%d }", i, i+1)
	}
	fmt.Fprintf(&b, " fragment f%d on Query { __typename }", n)
	return b.String()
}

// twice selects the same connection twice on each of n levels.
func twice(n, first int) string {
	if n == 0 {
		return "{ id }"
	}
	one := fmt.Sprintf(" narrower(first: %d) { nodes %s }", first, twice(n-1, first))
	return "{" + one + one + " }"
}

// spreads are n fragments on one object, each with the same three fields.
func spreads(n int) string {
	return numbered("{ people { nodes {", n, " ...f%d", "} } }") + numbered("", n, " fragment f%d on Person { id name summary }", "")
}

// alternatives is a filter with n parts.
func alternatives(n int) any {
	parts := make([]any, n)
	for i := range parts {
		parts[i] = map[string]any{"name": map[string]any{"contains": "a"}}
	}
	return map[string]any{"or": parts}
}

// counts is a filter that counts learners by the number of their teachers, n times over:
// every count looks at all that it counts.
func counts(n int) any {
	var inner any = map[string]any{}
	for range n {
		teachers := map[string]any{"count": map[string]any{"lt": 1000, "where": inner}}
		inner = map[string]any{"learners": map[string]any{"count": map[string]any{"gte": 1000, "where": map[string]any{"teachers": teachers}}}}
	}
	return inner
}

// byCount orders by the number of nodes at the end of a link.
func byCount(link string) any { return map[string]any{link: map[string]any{"count": "DESC"}} }

// long are n different texts of some bytes.
func long(n, size int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%d%s", i, strings.Repeat("é", size/2))
	}
	return list
}

func blanks(n int) string { return strings.Repeat(" ", n) }
