package compile_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAMutationBecomesStepsAndAPlanOfTheAnswer(t *testing.T) {
	s := newSubject(t)
	for _, test := range []struct {
		name, query string
		vars        map[string]any
		want        string
	}{
		{"what is left out and what is null are told apart", `mutation($city: String, $name: String) {
			updateOrganizations(input: {id: 7, city: null, region: $city, name: $name, sources: "s"}) { updated } }`, map[string]any{"name": "N"}, `
update Organization [{"city":null,"id":"7","name":"N","sources":["s"]}]
compute updateOrganizations(first: 1)
  updated
`},
		{"inputs may come as variables, with dates that are checked later", `mutation($input: [NetworkCreate!]!) {
			createNetworks(input: $input, dryRun: true) { networks { name hub { id } } } }`,
			map[string]any{"input": []any{map[string]any{"name": "N", "kind": "COLLABORATIVE", "summary": "S", "sources": []any{"s"}, "started": "soon"}}}, `
create Network [{"kind":"COLLABORATIVE","name":"N","sources":["s"],"started":"soon","summary":"S"}] as a dry run
compute createNetworks(first: 1)
  networks: Network
    name
    one hub -HUB-> Organization
      id
`},
		{"fields come in order, those of one key once", `mutation {
			b: deleteRoles(input: [{id: "r", version: 3}], mode: WITH_FACTS) { deleted }
			a: deleteRoles(input: []) { deletedIds }
			b: deleteRoles(input: [{id: "r", version: 3}], mode: WITH_FACTS) { change { by } }
		}`, nil, `
delete Role [{"id":"r","version":3}] with facts
delete Role []
compute deleteRoles(first: 1)
  deleted
  change
    by
compute deleteRoles(first: 0)
  deletedIds
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			op := s.operation(t, test.query)
			if _, _, err := op.Specialize(test.vars); err != nil {
				t.Fatal(err)
			}
			m, err := op.Mutation(test.vars)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, "\n"+m.String()); diff != "" {
				t.Errorf("steps (-want +got)\n%s", diff)
			}
		})
	}
}
