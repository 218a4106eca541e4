package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// toy is a catalog of lessons and the persons in them.
func toy() *catalog.Catalog {
	properties := func() []*catalog.Property {
		return []*catalog.Property{{Name: "id", Kind: value.ID, Required: true}, {Name: "name", Kind: value.Text}, {Name: "note", Kind: value.Text}, {Name: "on", Kind: value.Date}}
	}
	return catalog.New([]*catalog.Type{{Name: "Person", Properties: properties()}, {Name: "Lesson", Properties: properties()}}, nil, nil)
}

func TestPlanPrintsWhatAStoreMustBring(t *testing.T) {
	cat := toy()
	person, lesson := cat.TypesOf("Person"), cat.TypesOf("Lesson")
	name := Property{Name: "name"}
	far := Key{Path: []*catalog.Link{learner, friend}, Property: "name", Kind: value.Text, NullsFirst: true}
	taught := Key{Count: &Count{Link: people, Where: noted, Facts: variant}, Kind: value.Int, Desc: true}
	row := func(types catalog.TypeSet, reads ...Read) Row {
		r := Row{Types: types}
		for _, read := range reads {
			r.Slots = append(r.Slots, Slot{Types: types, Read: read})
		}
		return r
	}
	for _, c := range []struct {
		name string
		read Read
		want string
	}{
		{"pages from the back", &Many{From: Scan{Types: person}, Order: []Key{id}, Last: number(2), Before: Operand{Param: "b"}, Rows: true}, "scan Person, order id, last 2, before $b"},
		{"orders by links", &Many{From: Scan{Types: lesson}, Order: []Key{far, id}, Rows: true, Row: row(lesson, KeyOf{Key: far})},
			"scan Lesson, order learner.friend.name nulls first, id, first 25\n  key learner.friend.name nulls first"},
		{"orders by counts", &Many{From: Scan{Types: person}, Order: []Key{taught, id}, First: number(1), Rows: true},
			`scan Person, order count of teachers (learned <-LEARNER- Lesson, then teacher -TEACHER-> Person) over facts (note = $note) (note = "one") desc, id, first 1`},
		{"conditions on facts", &Many{From: Follow{Link: people, Facts: noted}, Where: Counted{Link: people, Facts: noted, Op: Gt, Operand: number(1)}, Total: true},
			`follow teachers (learned <-LEARNER- Lesson, then teacher -TEACHER-> Person) over facts (note = "one"), where count of teachers (learned <-LEARNER- Lesson, then teacher -TEACHER-> Person) over facts (note = "one") > 1, count all`},
		{"conditions on one node", &Find{Types: person, ID: Operand{Param: "id"}, Where: noted, Row: row(person, &One{Link: friend, Where: noted})},
			"find Person with id $id (note = \"one\")\n  one friend -FRIEND-> Person (note = \"one\")"},
		{"groups", &Groups{From: Scan{Types: lesson}, Where: noted, By: []GroupKey{{Property: "on", Kind: value.Date, Year: true}, {Link: learner, Row: row(person, name)}}, First: number(3), Skip: number(6), Distinct: []*catalog.Link{teacher}, Total: true},
			"groups of scan Lesson, where note = \"one\", by year of on and learner, first 3, skip 6, distinct teacher, count all\n  name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &Plan{Catalog: cat, Query: Row{Slots: []Slot{{Read: c.read}}}}
			if diff := cmp.Diff(c.want, strings.TrimSpace(p.String())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWalkReachesWhatLiesInGroups(t *testing.T) {
	page, inner := &Many{}, &Groups{}
	outer := &Groups{By: []GroupKey{{Property: "name"}, {Link: learner, Row: Row{Slots: []Slot{{Read: page}, {Read: inner}}}}}}
	p := &Plan{Query: Row{Slots: []Slot{{Read: &One{Row: Row{Slots: []Slot{{Read: outer}}}}}}}}
	if got := Pages(p); len(got) != 1 || got[0] != page {
		t.Errorf("pages: %v", got)
	}
	if got := AllGroups(p); len(got) != 2 || got[0] != outer || got[1] != inner {
		t.Errorf("groups: %v", got)
	}
}

func TestSimplifyOpensConditionsOnFacts(t *testing.T) {
	needless := And{Or{noted}, And{}}
	for _, c := range []struct{ given, want Filter }{
		{Linked{Link: people, Facts: needless, Where: And{}}, Linked{Link: people, Facts: noted}},
		{Counted{Link: people, Facts: needless, Where: Not{Filter: Not{Filter: noted}}}, Counted{Link: people, Facts: noted, Where: noted}},
		{Linked{Link: people, Facts: And{And{}}}, Linked{Link: people}},
	} {
		if diff := cmp.Diff(c.want, Simplify(c.given)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
