package schema

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
)

// tables are the headers of the commons tables; * marks a column that may not be empty.
var tables = []string{
	"sources: id* title* url publisher* published_on note",
	"organizations: id* name* aliases kind* city region country* website founded summary* source_ids*",
	"networks: id* name* aliases kind* aim hub_id started ended website summary* source_ids*",
	"people: id* name* aliases summary* source_ids*",
	"roles: id* person_id* body_id* title* started ended seen_in source_ids* note",
	"memberships: id* member_id* network_id* role* started ended source_ids* note",
	"programs: id* name* aliases kind* operator_id started ended website summary* criteria source_ids*",
	"cohorts: id* program_id* year* name* announced_on event_id theme source_ids*",
	"recognitions: id* cohort_id* honoree_id* joint_with category citation* results source_ids*",
	"events: id* name* kind* starts_on ends_on city region country organizer_id program_id source_ids* note",
	"participations: id* participant_id* event_id* role* source_ids* note",
	"practices: id* name* aliases kind* summary* broader_id origin_id source_ids*",
	"resources: id* title* kind* year url identifiers publisher_id summary* source_ids*",
	"frameworks: id* name* publisher_id resource_id* summary* source_ids*",
	"standards: id* framework_id* dimension* title* definition* source_ids*",
	"standard_levels: id* standard_id* level* name* definition source_ids*",
	"learnings: id* learner_id* teacher_id* practice_id* channel_kind* channel_id started date_precision* stage evidence* confidence* source_ids*",
	"studies: id* name* aliases summary* population* asked period_unit* first_period* last_period* starts_on licence source_ids*",
	"enrollments: id* study_id* participant_id* group asked* last_period",
	"ties: id* study_id* learner_id* source_id* kind weight first_period last_period",
	"adoptions: id* study_id* adopter_id* practice_id* first_period* last_period censoring*",
	"resource_authors: resource_id author_id",
	"resource_practices: resource_id practice_id",
}

func TestTypesStandAsTheTablesDo(t *testing.T) {
	if diff := cmp.Diff(tables, headers(commons(t).Catalog())); diff != "" {
		t.Errorf("headers (-want +got)\n%s", diff)
	}
}

func TestInterfacesHoldTheirTypes(t *testing.T) {
	c := commons(t).Catalog()
	got := map[string][]string{}
	for _, i := range c.Interfaces {
		for typ := range c.In(i.Types) {
			got[i.Name] = append(got[i.Name], typ.Name)
		}
	}
	all := got["Node"]
	delete(got, "Node")
	want := map[string][]string{
		"Party":   {"Organization", "Network", "Person"},
		"Body":    {"Organization", "Network"},
		"Channel": {"Network", "Program", "Event", "Resource"},
		"Fact":    {"Role", "Membership", "Recognition", "Participation", "Learning"},
		"Dated":   {"Network", "Role", "Membership", "Program"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("interfaces (-want +got)\n%s", diff)
	}
	if len(all) != 21 {
		t.Errorf("Node holds %d types, want 21", len(all))
	}
}

func TestEveryStoredLinkIsReadableFromBothEnds(t *testing.T) {
	c := commons(t).Catalog()
	for _, from := range c.Types {
		for _, out := range from.Out {
			for to := range c.In(out.Targets) {
				if !readBack(to, out.Relationship, from.ID) {
					t.Errorf("%s.%s leads to %s, but no field leads back", from.Name, out.Name, to.Name)
				}
			}
		}
	}
}

// readBack tells whether the type reads a relationship of the other type from its end.
func readBack(t *catalog.Type, relationship string, other catalog.TypeID) bool {
	for _, l := range t.Links {
		if l.Shortcut == nil && l.Direction == catalog.In && l.Relationship == relationship && l.Targets.Has(other) {
			return true
		}
	}
	return false
}

func TestEverythingServedIsDescribed(t *testing.T) {
	for _, def := range load(t, commons(t).Derive()).Types {
		if def.BuiltIn {
			continue
		}
		described(t, def.Name, def.Description)
		for _, v := range def.EnumValues {
			described(t, def.Name+"."+v.Name, v.Description)
		}
		for _, f := range def.Fields {
			if f.Name == "__schema" || f.Name == "__type" {
				continue
			}
			described(t, def.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				described(t, def.Name+"."+f.Name+"("+a.Name+":)", a.Description)
			}
		}
	}
}

func described(t *testing.T, what, description string) {
	t.Helper()
	if description == "" {
		t.Errorf("%s has no description", what)
	}
}

func TestWhatIsServedByHandIsCalledLikeNothingThatIsDerived(t *testing.T) {
	derived := load(t, commons(t).Derive())
	definitions, _ := served()
	for _, def := range definitions {
		if got := derived.Types[def.Name]; got != nil && got.Description != def.Description {
			t.Errorf("%s is also derived: %q", def.Name, got.Description)
		}
	}
}

func TestServedSchemaHasNoTraceOfStorage(t *testing.T) {
	for _, name := range []string{"node", "relationship", "shortcut", "column"} {
		if load(t, commons(t).Derive()).Directives[name] != nil {
			t.Errorf("@%s is served", name)
		}
	}
}

func BenchmarkReadDomain(b *testing.B) {
	for b.Loop() {
		if _, err := ReadDir(os.DirFS(commonsDir)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoadServed(b *testing.B) {
	source := &ast.Source{Name: "served.graphqls", Input: commons(b).Derive()}
	for b.Loop() {
		if _, err := gqlparser.LoadSchema(source); err != nil {
			b.Fatal(err)
		}
	}
}

const commonsDir = "../../graph/schema"

// commons is the domain that the program serves.
func commons(t testing.TB) *Domain {
	t.Helper()
	d, err := ReadDir(os.DirFS(commonsDir))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
