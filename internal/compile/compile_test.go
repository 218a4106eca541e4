package compile_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"nicgraph/graph"
	"nicgraph/internal/compile"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

type subject struct {
	*compile.Compiler
	schema *ast.Schema
}

func newSubject(t *testing.T) subject {
	t.Helper()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL()})
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	return subject{compile.New(schema, domain.Catalog()), schema}
}

func (s subject) operation(t *testing.T, query string) *compile.Operation {
	t.Helper()
	doc, faults := gqlparser.LoadQueryWithRules(s.schema, query, rules.NewDefaultRules())
	if faults != nil {
		t.Fatal(faults)
	}
	return s.Operation(doc.Operations[0])
}

// plan compiles a query as the edge does: first the variables, then the structure.
func (s subject) plan(t *testing.T, query string, vars map[string]any) (*plan.Plan, error) {
	t.Helper()
	op := s.operation(t, query)
	if _, _, err := op.Specialize(vars); err != nil {
		return nil, err
	}
	return op.Plan(vars)
}

func TestASelectionBecomesAPlan(t *testing.T) {
	s := newSubject(t)
	for _, test := range []struct {
		name, query string
		vars        map[string]any
		want        string
	}{
		{"a lookup reads by id", `{ organization(id: "core-districts") { name } }`, nil, `
find Organization with id "core-districts"
  name
`},
		{"a scalar is read once, however often it is asked for", `{ organization(id: "a") { name again: name } }`, nil, `
find Organization with id "a"
  name
`},
		{"a field of one type is read for that type only", `{ parties { nodes { name ... on Organization { city } } } }`, nil, `
scan Organization|Network|Person, order id, first 25
  name
  city [only Organization]
`},
		{"selections of one key are merged into one read", `{ learning(id: "l") { teacher { name } teacher { ... on Network { kind } } } }`, nil, `
find Learning with id "l"
  one teacher -TEACHER-> Party
    name
    kind [only Network]
`},
		{"selections of one key that differ by type stay apart", `{ parties { nodes { ... on Organization { x: roles { totalCount } } ... on Network { x: roles { nodes { id } } } } } }`, nil, `
scan Organization|Network|Person, order id, first 25
  follow roles <-AT- Role, count all [only Organization]
  follow roles <-AT- Role, order id, first 25 [only Network]
    id
`},
		{"a total alone brings no rows", `{ people { totalCount } }`, nil, `
scan Person, count all
`},
		{"a cursor brings the keys of the order", `{ people(orderBy: [{name: DESC, nulls: FIRST}]) { pageInfo { endCursor } } }`, nil, `
scan Person, order name desc nulls first, id, first 25
  name
  id
`},
		{"the facts behind a shortcut hang on its edges", `{ person(id: "p") { teachers { edges { learnings { nodes { id } } } } } }`, nil, `
find Person with id "p"
  follow teachers (learningsAsLearner <-LEARNER- Learning, then teacher -TEACHER-> Party), order id, first 25
    facts of Party.teachers, order id, first 25
      id
`},
		{"values stay open", `query($id: ID!, $n: Int, $kind: OrganizationKind) { organization(id: $id) { id } organizations(first: $n, where: {kind: {eq: $kind}}) { nodes { id } } }`,
			map[string]any{"id": "a", "n": 3, "kind": "SCHOOL"}, `
find Organization with id $id
  id
scan Organization, where kind = $kind, order id, first $n
  id
`},
		{"a filter given as a variable becomes structure", `query($w: OrganizationWhere) { organizations(where: $w) { totalCount } }`,
			map[string]any{"w": map[string]any{"or": []any{map[string]any{"city": map[string]any{"eq": "Fresno"}}, map[string]any{"founded": map[string]any{"before": "1950", "certainty": "POSSIBLE"}}}}}, `
scan Organization, where city = "Fresno" or founded before 1950 (possibly), count all
`},
		{"a missing variable is a missing condition", `query($k: OrganizationKind) { organizations(where: {kind: {eq: $k}}) { totalCount } }`, map[string]any{}, `
scan Organization, count all
`},
		{"links are filtered by quantifiers and counts", `{ networks(where: {hub: {}, roster: {all: {role: {eq: MEMBER}}, count: {gte: 2, where: {started: {isNull: false}}}}}) { totalCount } }`, nil, `
scan Network, where some hub -HUB-> Organization and all roster <-IN_NETWORK- Membership (role = MEMBER) and count of roster <-IN_NETWORK- Membership (not (started is null)) >= 2, count all
`},
		{"what is skipped is not read", `query($yes: Boolean!) { people { nodes { id name @skip(if: $yes) summary @include(if: $yes) } } }`, map[string]any{"yes": true}, `
scan Person, order id, first 25
  id
  summary
`},
		{"an order by id needs no further key", `{ people(orderBy: [{id: DESC}, {name: ASC}]) { nodes { id } } }`, nil, `
scan Person, order id desc, first 25
  id
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := s.plan(t, test.query, test.vars)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), p.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestWrongArgumentsAreRefusedWithAPlaceAndAdvice(t *testing.T) {
	s := newSubject(t)
	for _, test := range []struct {
		name, query string
		vars        map[string]any
		want        string
	}{
		{"a null operand", `{ organizations(where: {name: {eq: null}}) { totalCount } }`, nil, "where.name.eq is null; leave it out for no condition, or ask isNull"},
		{"a null operand in a variable", `query($n: String) { organizations(where: {name: {eq: $n}}) { totalCount } }`, map[string]any{"n": nil}, "where.name.eq is null"},
		{"an enum in lower case", `query($k: OrganizationKind) { organizations(where: {kind: {eq: $k}}) { totalCount } }`, map[string]any{"k": "school"}, "$k is school, which is not a value of OrganizationKind"},
		{"a number as a string", `query($n: Int) { organizations(first: $n) { totalCount } }`, map[string]any{"n": "5"}, `$n is "5"; a whole number of 32 bits is wanted`},
		{"a number that is too large", `query($n: Int) { organizations(first: $n) { totalCount } }`, map[string]any{"n": 3e9}, "$n is 3000000000"},
		{"a date that is none", `{ organizations(where: {founded: {before: "soon"}}) { totalCount } }`, nil, `where.founded.before: "soon" is not a date`},
		{"an order of two fields in one entry", `{ people(orderBy: [{name: ASC, id: ASC}]) { totalCount } }`, nil, "an entry of orderBy names 2 fields (name, id)"},
		{"an order of no field", `{ people(orderBy: [{nulls: FIRST}]) { totalCount } }`, nil, "an entry of orderBy names 0 fields"},
		{"a count without a comparison", `{ networks(where: {roster: {count: {where: {}}}}) { totalCount } }`, nil, "where.roster.count compares with nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := s.plan(t, test.query, test.vars)
			if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestPlansAreSharedByValuesAndSplitByStructure(t *testing.T) {
	op := newSubject(t).operation(t, `query($id: ID!, $full: Boolean!, $w: PersonWhere) {
		organization(id: $id) { id name @include(if: $full) } people(where: $w) { totalCount } }`)
	key := func(vars map[string]any) string {
		key, _, err := op.Specialize(vars)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	base := key(map[string]any{"id": "a", "full": true})
	if other := key(map[string]any{"id": "b", "full": true}); other != base {
		t.Errorf("another id gives another plan: %q and %q", base, other)
	}
	if other := key(map[string]any{"id": "a", "full": false}); other == base {
		t.Error("another condition gives the same plan")
	}
	if other := key(map[string]any{"id": "a", "full": true, "w": map[string]any{}}); other == base {
		t.Error("a filter that is given gives the same plan as none")
	}
}

func TestIntrospectionIsAConstantOfThePlan(t *testing.T) {
	s := newSubject(t)
	p, err := s.plan(t, `{ __type(name: "Nulls") { kind name fields { name } enumValues { name } ofType { name } } none: __type(name: "Nothing") { name } }`, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`{"kind":"ENUM","name":"Nulls","fields":null,"enumValues":[{"name":"FIRST"},{"name":"LAST"}],"ofType":null}`, "null"}
	for i, f := range p.Shape.Fields {
		if got := f.Out.(plan.Const).JSON; got != want[i] {
			t.Errorf("%s: got %s, want %s", f.Key, got, want[i])
		}
	}
}

func TestPossibleTypesAreObjects(t *testing.T) {
	s := newSubject(t)
	p, err := s.plan(t, `{ __type(name: "Party") { possibleTypes { kind name } } }`, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := p.Shape.Fields[0].Out.(plan.Const).JSON
	want := `{"possibleTypes":[{"kind":"OBJECT","name":"Organization"},{"kind":"OBJECT","name":"Network"},{"kind":"OBJECT","name":"Person"}]}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
