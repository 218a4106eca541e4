package cypher_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/cypher"
	"nicgraph/internal/plan"
	"nicgraph/internal/schema"
	"nicgraph/internal/value"
)

var update = flag.Bool("update", false, "rewrite the golden statements")

// domain is the real catalog, with short ways to its parts.
type domain struct {
	testing.TB
	*catalog.Catalog
}

func newDomain(t testing.TB) domain {
	t.Helper()
	d, err := schema.ReadDir(os.DirFS("../../graph/schema"))
	if err != nil {
		t.Fatal(err)
	}
	return domain{t, d.Catalog()}
}

func (d domain) link(typeName, name string) *catalog.Link {
	d.Helper()
	t, ok := d.Type(typeName)
	if !ok {
		d.Fatalf("there is no type %s", typeName)
	}
	l, ok := t.Link(name)
	if !ok {
		d.Fatalf("%s has no link %s", typeName, name)
	}
	return l
}

// row reads scalars and then other things of nodes of a type or interface.
func (d domain) row(types string, scalars string, more ...plan.Read) plan.Row {
	set := d.TypesOf(types)
	row := plan.Row{Types: set}
	for _, name := range strings.Fields(scalars) {
		row.Slots = append(row.Slots, plan.Slot{Types: set, Read: plan.Property{Name: name}})
	}
	for _, read := range more {
		row.Slots = append(row.Slots, plan.Slot{Types: set, Read: read})
	}
	return row
}

// all reads the first page of a type's nodes that meet a condition.
func (d domain) all(types string, where plan.Filter, order ...plan.Key) *plan.Many {
	return &plan.Many{
		From: plan.Scan{Types: d.TypesOf(types)}, Where: where, Order: append(order, byID), Rows: true, Row: d.row(types, "id"),
	}
}

// far reads the first page at the end of a link.
func (d domain) far(l *catalog.Link, scalars string, more ...plan.Read) *plan.Many {
	return &plan.Many{From: plan.Follow{Link: l}, Order: []plan.Key{byID}, Rows: true, Row: d.row(l.Target, scalars, more...)}
}

var (
	byID   = plan.Key{Property: "id", Kind: value.ID}
	byName = plan.Key{Property: "name", Kind: value.Text}
)

func text(s string) plan.Operand { return plan.Operand{Const: value.OfText(s)} }
func day(s string) plan.Operand  { return plan.Operand{Const: value.OfDate(s)} }

func texts(all ...string) plan.Operand {
	var list []value.Value
	for _, s := range all {
		list = append(list, value.OfText(s))
	}
	return plan.Operand{Const: value.OfList(list)}
}

func cursor(order []plan.Key, values ...value.Value) plan.Operand {
	return text(string(plan.AppendCursor(nil, order, values)))
}

func TestQuery(t *testing.T) {
	d := newDomain(t)
	for name, test := range map[string]struct {
		read   plan.Read
		params plan.Params
	}{
		"a node by its id, of any type": {read: &plan.Find{Types: d.All(), ID: plan.Operand{Param: "id"}, Row: d.row("Node", "id")},
			params: plan.Params{"id": value.OfID("w-edwards-deming")}},
		"nodes by ids in their order": {read: &plan.FindAll{Types: d.TypesOf("Party"), IDs: texts("b", "a"), Row: d.row("Party", "id name")}},
		"everything taught, with learner, channel and sources": {read: &plan.Find{
			Types: d.TypesOf("Organization"), ID: text("carnegie"), Row: d.row("Organization", "name", taught(d))}},
		"each learner once with the facts behind it": {read: &plan.Find{
			Types: d.TypesOf("Organization"), ID: text("carnegie"), Row: d.row("Organization", "name", learners(d))}},
		"a page in the order of names":          {read: d.all("Organization", nil, byName)},
		"the page after a name":                 {read: after(d.all("Organization", nil, byName), value.OfText("École"), value.OfID("ecole"))},
		"downwards, missing dates last":         {read: d.all("Learning", nil, plan.Key{Property: "started", Kind: value.Date, Desc: true})},
		"after a missing date":                  {read: after(d.all("Learning", nil, plan.Key{Property: "started", Kind: value.Date}), value.Value{}, value.OfID("l-1"))},
		"after a date, missing ones first":      {read: after(d.all("Learning", nil, plan.Key{Property: "started", Kind: value.Date, NullsFirst: true}), value.OfDate("2015-03"), value.OfID("l-1"))},
		"the page after a word of a vocabulary": {read: after(d.all("Learning", nil, plan.Key{Property: "confidence", Kind: value.Enum}), value.OfEnum("STATED"), value.OfID("l-1"))},
		"total and page":                        {read: &plan.Many{From: plan.Scan{Types: d.TypesOf("Practice")}, Order: []plan.Key{byID}, Total: true, Rows: true, Row: d.row("Practice", "id")}},
		"the total alone":                       {read: &plan.Many{From: plan.Scan{Types: d.TypesOf("Body")}, Order: []plan.Key{byID}, Total: true}},
		"fields of some types only": {read: &plan.Many{From: plan.Scan{Types: d.TypesOf("Party")}, Order: []plan.Key{byID}, Rows: true,
			Row: plan.Row{Types: d.TypesOf("Party"), Slots: []plan.Slot{
				{Types: d.TypesOf("Party"), Read: plan.Property{Name: "name"}},
				{Types: d.TypesOf("Network"), Read: &plan.One{Link: d.link("Network", "hub"), Row: d.row("Organization", "name")}}}}}},
		"a neighbour of which there are none of something": {read: &plan.Find{Types: d.TypesOf("Network"), ID: text("core"), Row: d.row("Network", "id",
			&plan.One{Link: d.link("Network", "hub"), Row: d.row("Organization", "name"),
				Where: plan.Counted{Link: d.link("Organization", "teachers"), Op: plan.Lt, Operand: plan.Operand{Const: value.OfInt(1)}}})}},
		"ids of links in their stored order": {read: &plan.Many{From: plan.Scan{Types: d.TypesOf("Learning")}, Order: []plan.Key{byID}, Rows: true,
			Row: d.row("Learning", "id", plan.Targets{Link: d.link("Learning", "learner")}, plan.Targets{Link: d.link("Learning", "sources")})}},
		"text without regard to case and accents": {read: d.all("Person", plan.And{
			plan.Compare{Property: "name", Kind: value.Text, Op: plan.StartsWith, Operand: text("Élan")},
			plan.Not{Filter: plan.Compare{Property: "summary", Kind: value.Text, Op: plan.Contains, Operand: text("X")}}})},
		"text to the letter":             {read: d.all("Person", plan.Compare{Property: "name", Kind: value.Text, Op: plan.In, Operand: texts("A", "b"), CaseSensitive: true})},
		"not in a list":                  {read: d.all("Learning", plan.Compare{Property: "stage", Kind: value.Enum, Op: plan.NotIn, Operand: plan.Operand{Param: "stages"}}), params: plan.Params{"stages": value.OfList([]value.Value{value.OfEnum("TRIED")})}},
		"a missing variable is false":    {read: d.all("Person", plan.Or{plan.Compare{Property: "name", Kind: value.Text, Op: plan.Ne, Operand: plan.Operand{Param: "name"}}, plan.Compare{Property: "id", Kind: value.ID, Op: plan.Eq, Operand: text("a")}})},
		"aliases":                        {read: d.all("Person", plan.Elements{Property: "aliases", Quant: plan.None, Where: plan.Compare{Kind: value.Text, Op: plan.Contains, Operand: text("Dr.")}})},
		"less than a text beyond U+E000": {read: d.all("Person", plan.Compare{Property: "name", Kind: value.Text, Op: plan.Lt, Operand: text("it's \\ 😀\n")})},
		"certain dates":                  {read: d.all("Learning", dates(false))},
		"possible dates":                 {read: d.all("Learning", dates(true))},
		"dates as they are written": {read: d.all("Learning", plan.And{
			plan.Compare{Property: "started", Kind: value.Date, Op: plan.During, Operand: plan.Operand{Param: "year"}, Written: true},
			plan.Not{Filter: plan.Compare{Property: "started", Kind: value.Date, Op: plan.During, Operand: plan.Operand{Param: "year"}}},
			plan.Compare{Property: "started", Kind: value.Date, Op: plan.NotIn, Operand: plan.Operand{Const: value.OfList([]value.Value{value.OfDate("2013~")})}, Written: true},
		}), params: plan.Params{"year": value.OfDate("2013-08/2014-07")}},
		"conditions on links": {read: d.all("Organization", plan.Or{
			plan.Linked{Link: d.link("Organization", "learningsAsLearner"), Quant: plan.All, Where: plan.Compare{Property: "stage", Kind: value.Enum, Op: plan.Eq, Operand: plan.Operand{Const: value.OfEnum("ADOPTED")}}},
			plan.Counted{Link: d.link("Organization", "teachers"), Op: plan.Gte, Operand: plan.Operand{Const: value.OfInt(2)}, Where: plan.TypeIs{Types: d.TypesOf("Body")}},
			plan.Not{Filter: plan.Linked{Link: d.link("Organization", "recognitions")}}})},
		"orders by a link and a count, with their values": {read: byFarNameAndCount(d)},
		"the page before a date":                          {read: before(d.all("Learning", nil, plan.Key{Property: "started", Kind: value.Date}), value.OfDate("2015"), value.OfID("l-1"))},
		"between two words of a vocabulary":               {read: between(d)},
		"a node that meets a condition, past facts that do": {read: &plan.Find{Types: d.TypesOf("Organization"), ID: text("carnegie"),
			Where: plan.Linked{Link: d.link("Organization", "teachers"), Quant: plan.All, Facts: started("2015"), Where: plan.TypeIs{Types: d.TypesOf("Body")}},
			Row: d.row("Organization", "name", &plan.Many{From: plan.Follow{Link: d.link("Organization", "learners"), Facts: started("2015")},
				Order: []plan.Key{byID}, Rows: true, Row: d.row("Party", "id")})}},
		"groups by year and by node": {read: &plan.Groups{From: plan.Scan{Types: d.TypesOf("Learning")}, Total: true, Skip: plan.Operand{Const: value.OfInt(10)},
			By:       []plan.GroupKey{{Property: "started", Kind: value.Date, Year: true}, {Link: d.link("Learning", "learner"), Row: d.row("Party", "id name")}},
			Distinct: []*catalog.Link{d.link("Learning", "teacher")}}},
		"groups around each node": {read: &plan.Many{From: plan.Scan{Types: d.TypesOf("Organization")}, Order: []plan.Key{byID}, Rows: true,
			Row: d.row("Organization", "id", &plan.Groups{From: plan.Follow{Link: d.link("Organization", "learningsAsTeacher")},
				By: []plan.GroupKey{{Property: "confidence", Kind: value.Enum}}})}},
		"a page of nodes by what they are linked to":        {read: learnedOf(d, false)},
		"the first of all pages by what they are linked to": {read: everyPage(learnedOf(d, false))},
		"the next of all pages by what they are linked to":  {read: after(everyPage(learnedOf(d, false)), value.OfText("Ana"), value.OfID("a"))},
		"the number and a page by what they are linked to":  {read: learnedOf(d, true)},
		"groups of nodes by what they are linked to": {read: &plan.Groups{From: plan.Scan{Types: d.TypesOf("Learning")}, Where: ofPractice(d),
			By: []plan.GroupKey{{Link: d.link("Learning", "practice"), Row: d.row("Practice", "id")}}}},
		"a total that the order has counted":   {read: byLearnings(d)},
		"a node with what is worked out":       {read: &plan.Find{Types: d.TypesOf("Person"), ID: text("ana"), Row: d.row("Person", "id", &plan.Computed{Field: "upstream"})}},
		"nodes by ids with what is worked out": {read: &plan.FindAll{Types: d.TypesOf("Person"), IDs: texts("b", "a"), Row: d.row("Person", "id", &plan.Computed{Field: "upstream"})}},
	} {
		t.Run(name, func(t *testing.T) {
			statements, err := cypher.Query(&plan.Plan{Catalog: d.Catalog, Query: plan.Row{Slots: []plan.Slot{{Read: test.read}}}}, test.params)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, statements...)
		})
	}
}

// taught is: what was learned from the row's organization, by whom, how.
func taught(d domain) plan.Read {
	learner := &plan.One{Link: d.link("Learning", "learner"), Row: d.row("Party", "id name")}
	via := &plan.One{Link: d.link("Learning", "via"), Row: d.row("Channel", "id")}
	return d.far(d.link("Organization", "learningsAsTeacher"), "started stage confidence", learner, via, d.far(d.link("Learning", "sources"), "title"))
}

func learners(d domain) plan.Read {
	l := d.link("Organization", "learners")
	facts := &plan.Many{From: plan.Between{Link: l}, Order: []plan.Key{byID}, Rows: true, Row: d.row("Learning", "id started")}
	m := d.far(l, "id name", facts)
	m.Total = true
	return m
}

// byFarNameAndCount is learnings by the learner's name, then by what their teacher taught.
func byFarNameAndCount(d domain) plan.Read {
	byLearner := plan.Key{Path: []*catalog.Link{d.link("Learning", "learner")}, Property: "name", Kind: value.Text}
	bySources := plan.Key{Count: &plan.Count{Link: d.link("Learning", "sources")}, Kind: value.Int, Desc: true}
	m := d.all("Learning", nil, byLearner, bySources)
	for i, key := range m.Order {
		m.Keys = append(m.Keys, 1+i)
		m.Row.Slots = append(m.Row.Slots, plan.Slot{Types: m.Row.Types, Read: plan.KeyOf{Key: key}})
	}
	return after(m, value.OfText("Carnegie"), value.OfInt(2), value.OfID("l-1"))
}

// ofPractice asks twice about the practice of a learning, and about its origin.
func ofPractice(d domain) plan.Filter {
	practice := d.link("Learning", "practice")
	origin := plan.Linked{Link: d.link("Practice", "origin"), Where: plan.TypeIs{Types: d.TypesOf("Body")}}
	return plan.And{
		plan.Linked{Link: practice, Where: plan.Compare{Property: "name", Kind: value.Text, Op: plan.StartsWith, Operand: text("Plan")}},
		plan.Linked{Link: practice, Where: origin},
	}
}

// learnedOf is people who learned some practices, of whom we can say how many.
func learnedOf(d domain, total bool) *plan.Many {
	m := d.all("Person", plan.Linked{Link: d.link("Person", "learningsAsLearner"), Where: ofPractice(d)}, byName)
	m.Total = total
	return m
}

func everyPage(m *plan.Many) *plan.Many {
	m.All = true
	return m
}

// byLearnings is practices by their learnings since some year, and how many those are, and
// how many there are in all.
func byLearnings(d domain) plan.Read {
	l := d.link("Practice", "learnings")
	m := d.all("Practice", nil, plan.Key{Kind: value.Int, Count: &plan.Count{Link: l, Where: started("2014")}})
	for _, where := range []plan.Filter{started("2014"), nil} {
		m.Row.Slots = append(m.Row.Slots, plan.Slot{Types: m.Row.Types, Read: &plan.Many{From: plan.Follow{Link: l}, Where: where, Order: []plan.Key{byID}, Total: true}})
	}
	return m
}

func between(d domain) plan.Read {
	m := d.all("Learning", nil, plan.Key{Property: "confidence", Kind: value.Enum})
	m.Before = cursor(m.Order, value.OfEnum("STATED"), value.OfID("l-9"))
	return after(m, value.OfEnum("STATED"), value.OfID("l-1"))
}

func before(m *plan.Many, values ...value.Value) *plan.Many {
	m.Last, m.Before = plan.Operand{Const: value.OfInt(10)}, cursor(m.Order, values...)
	return m
}

func started(date string) plan.Filter {
	return plan.Compare{Property: "started", Kind: value.Date, Op: plan.After, Operand: day(date)}
}

func after(m *plan.Many, values ...value.Value) *plan.Many {
	m.After = cursor(m.Order, values...)
	return m
}

func dates(possible bool) plan.Filter {
	var all plan.Or
	for _, op := range []plan.Op{plan.Eq, plan.Ne, plan.Before, plan.After, plan.During} {
		all = append(all, plan.Compare{Property: "started", Kind: value.Date, Op: op, Operand: day("2013~"), Possible: possible})
	}
	in := plan.Compare{Property: "started", Kind: value.Date, Op: plan.NotIn, Possible: possible, Operand: plan.Operand{Const: value.OfList([]value.Value{value.OfDate("2013"), value.OfDate("2014-05")})}}
	return append(all, in)
}

// golden compares statements with the file that is called like the case.
func golden(t *testing.T, name string, statements ...cypher.Statement) {
	t.Helper()
	var b strings.Builder
	for _, s := range statements {
		fmt.Fprintf(&b, "%s;\n", s.Text)
		for _, p := range slices.Sorted(maps.Keys(s.Params)) {
			v, err := json.Marshal(s.Params[p])
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "// $%s = %s\n", p, v)
		}
	}
	file := filepath.Join("testdata", strings.NewReplacer(" ", "-", ",", "", "+", "").Replace(name)+".cypher")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("statement (-want +got), -update accepts it:\n%s", diff)
	}
}

func TestWhatIsComputedElsewhereGivesNoStatement(t *testing.T) {
	d := newDomain(t)
	inside := d.all("Person", nil)
	inside.Row = d.row("Person", "id", &plan.Computed{Field: "Party.upstream"})
	p := &plan.Plan{Catalog: d.Catalog, Query: plan.Row{Slots: []plan.Slot{{Read: &plan.Computed{Field: "Query.search"}}, {Read: inside}}}}
	statements, err := cypher.Query(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(statements) != 1 || !slices.Equal(statements[0].Slots, []int{1}) {
		t.Fatalf("got %v, want one statement for the second field", statements)
	}
	if !strings.Contains(statements[0].Text, "[n.id, null]") {
		t.Errorf("the computed field in a row is not empty: %s", statements[0].Text)
	}
}

func TestPagesComeTogetherAndLookUpsAlone(t *testing.T) {
	d := newDomain(t)
	look := &plan.Find{Types: d.All(), ID: plan.Operand{Param: "id"}, Row: d.row("Node", "id")}
	total := &plan.Many{From: plan.Scan{Types: d.TypesOf("Body")}, Order: []plan.Key{byID}, Total: true}
	var slots []plan.Slot
	for _, read := range []plan.Read{total, look, learnedOf(d, true), look} {
		slots = append(slots, plan.Slot{Read: read})
	}
	statements, err := cypher.Query(&plan.Plan{Catalog: d.Catalog, Query: plan.Row{Slots: slots}}, plan.Params{"id": value.OfID("a")})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "pages together and look-ups alone", statements...)
	for i, want := range [][]int{{0, 2}, {1}, {3}} {
		if !slices.Equal(statements[i].Slots, want) {
			t.Errorf("statement %d brings %v, want %v", i, statements[i].Slots, want)
		}
	}
}

// threeLevels is an organization, what was learned from it, and by whom and how.
func threeLevels(d domain) *plan.Plan {
	find := &plan.Find{Types: d.TypesOf("Organization"), ID: plan.Operand{Param: "id"}, Row: d.row("Organization", "name", taught(d))}
	return &plan.Plan{Catalog: d.Catalog, Query: plan.Row{Slots: []plan.Slot{{Read: find}}}}
}

// A statement is written for each request.
func BenchmarkQuery(b *testing.B) {
	p, params := threeLevels(newDomain(b)), plan.Params{"id": value.OfID("carnegie")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cypher.Query(p, params); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAStatementTakesFewAllocations(t *testing.T) {
	const most = 180 // the race detector adds a tenth
	p, params := threeLevels(newDomain(t)), plan.Params{"id": value.OfID("carnegie")}
	got := testing.AllocsPerRun(100, func() {
		if _, err := cypher.Query(p, params); err != nil {
			t.Fatal(err)
		}
	})
	if got > most {
		t.Errorf("three levels take %.0f allocations to write, more than %d", got, most)
	}
}

func TestMarksOfMissingValues(t *testing.T) {
	var statements []cypher.Statement
	for _, text := range cypher.Marks(newDomain(t).Catalog) {
		statements = append(statements, cypher.Statement{Text: text})
	}
	golden(t, "marks of missing values", statements...)
}
