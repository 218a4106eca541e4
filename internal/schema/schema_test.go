package schema

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTheRuleOnATinyDomain(t *testing.T) {
	const golden = "testdata/tiny.served.graphqls"
	got := tiny(t).Derive()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("served schema (-want +got)\n%s", diff)
	}
}

func TestDeriveGivesTheSameTextEachTime(t *testing.T) {
	first := tiny(t).Derive()
	for range 10 {
		if again := tiny(t).Derive(); again != first {
			t.Fatalf("differs (-first +again)\n%s", cmp.Diff(first, again))
		}
	}
}

func TestCatalogOfATinyDomain(t *testing.T) {
	c := tiny(t).Catalog()
	got := describe(c)
	want := []string{
		"people: id* name* aliases voice birth",
		"tunes: id* name* year",
		"lessons: id* learner_id* teacher_id song_ids*",
		"song_authors: song_id person_id",
		"Node = Person Song Lesson",
		"Named = Person Song",
		"Person.lessons <-LEARNER- Lesson many",
		"Person.teachers past lessons.teacher Person many",
		"Song.authors -AUTHORED_BY-> Person many",
		"Lesson.learner -LEARNER-> Person",
		"Lesson.teacher -TEACHER-> Person",
		"Lesson.songs -OF_SONG-> Song many",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("catalog (-want +got)\n%s", diff)
	}
}

func TestInheritedFieldsTakeTheInterfacesWords(t *testing.T) {
	schema := load(t, tiny(t).Derive())
	for field, want := range map[string]string{"Person.name": "Its name.", "Song.name": "Its title."} {
		name, f, _ := strings.Cut(field, ".")
		if got := schema.Types[name].Fields.ForName(f).Description; got != want {
			t.Errorf("%s is described as %q, want %q", field, got, want)
		}
	}
}

func TestFaultsSayWhereAndWhat(t *testing.T) {
	const node = "interface Node { id: ID! } "
	const thing = node + "type Thing implements Node @node(plural: \"things\") {\n  id: ID!\n"
	for _, test := range []struct{ name, sdl, want string }{
		{"a syntax error", "type {", "domain.graphqls:1:6: Expected Name, found {"},
		{"an unknown type", thing + "  a: Other\n}", "domain.graphqls:3:6: Undefined type Other."},
		{"an unknown directive", thing + "  a: Int @where\n}", "domain.graphqls:3:11: Undefined directive where."},
		{"a type that is not listed", node + "type Thing implements Node {\n  id: ID!\n}", "domain.graphqls:1: Thing has no @node(plural: …), which says under which name it is listed"},
		{"a type that does not begin with its id", node + "type Thing implements Node @node(plural: \"things\") {\n  name: String!\n  id: ID!\n}", "domain.graphqls:2: the first field of Thing must be id: ID!"},
		{"a type that is no node", node + "type Thing @node(plural: \"things\") {\n  id: ID!\n}", "domain.graphqls:1: Thing does not implement Node, the interface of all types"},
		{"a link that does not say how", thing + "  a: Thing\n}", "domain.graphqls:3: Thing.a leads to Thing; say how with @relationship or @shortcut"},
		{"an unknown scalar", "scalar Time\n" + thing + "  a: Time\n}", "domain.graphqls:4: Thing.a is a Time, of which nothing is known; scalars are ID, String, Int, Float, Boolean, Date and enums"},
		{"a list of numbers", thing + "  a: [Int!]!\n}", "domain.graphqls:3: a is a [Int!]!; the only list of scalars is [String!]!"},
		{"a loose list of nodes", thing + "  a: [Thing] @relationship(type: \"A\", direction: OUT, column: \"a\")\n}", "domain.graphqls:3: Thing.a leads to many and must be [Thing!]!"},
		{"a link without a column", thing + "  a: Thing @relationship(type: \"A\", direction: OUT)\n}", "domain.graphqls:3: a needs a column of its own table or a table of its own, not both"},
		{"a table without columns", thing + "  a: [Thing!]! @relationship(type: \"A\", direction: OUT, table: \"as\")\n}", "domain.graphqls:3: a is kept in the table as and so leads to many and needs fromColumn and toColumn"},
		{"a relationship that needs quoting", thing + "  a: Thing @relationship(type: \"A B\", direction: OUT, column: \"a\")\n}", "domain.graphqls:3: relationship \"A B\" of a must be written like LEARNER or PART_OF"},
		{"a reverse link to one", thing + "  a: Thing @relationship(type: \"A\", direction: IN)\n  b: Thing @relationship(type: \"A\", direction: OUT, column: \"b\")\n}", "domain.graphqls:3: a reads A from its end and so leads to many"},
		{"a reverse link with a column", thing + "  a: [Thing!]! @relationship(type: \"A\", direction: IN, column: \"a\")\n}", "domain.graphqls:3: a reads A from its end and so has no column of its own"},
		{"a reverse link that nobody stores", thing + "  a: [Thing!]! @relationship(type: \"A\", direction: IN)\n}", "domain.graphqls:3: Thing.a reads A from its end, but no Thing stores such a link to Thing"},
		{"a shortcut past nothing", thing + "  a: [Thing!]! @shortcut(fact: \"b\", far: \"c\")\n}", "domain.graphqls:3: Thing.a is a shortcut past \"b\", but Thing has no link to many of that name"},
		{"a shortcut to nothing", thing + "  a: [Thing!]! @shortcut(fact: \"b\", far: \"c\")\n  b: [Thing!]! @relationship(type: \"B\", direction: OUT, column: \"b\")\n}", "domain.graphqls:3: Thing.a is a shortcut to \"c\", but Thing has no link to one of that name"},
		{"a plural given twice", thing + "}\ntype Matter implements Node @node(plural: \"things\", table: \"matters\") {\n  id: ID!\n}", "domain.graphqls:4: the field things of Matter is already that of Thing"},
		{"a table given twice", thing + "}\ntype Matter implements Node @node(plural: \"matters\", table: \"things\") {\n  id: ID!\n}", "domain.graphqls:4: the table things of Matter is already that of Thing"},
		{"a column given twice", thing + "  a: Int\n  b: Int @column(name: \"a\")\n}", "domain.graphqls:1: the column a of Thing is already that of Thing"},
		{"a name that the inputs need", thing + "  not: Int\n}", "domain.graphqls:3: Thing.not: the derived inputs use the name not themselves"},
		{"a name that conditions on types need", thing + "  isThing: Int\n}", "domain.graphqls:3: Thing.isThing: the derived inputs use the name isThing themselves"},
		{"an input type", thing + "}\ninput In {\n  a: Int\n}", "domain.graphqls:4: In is an input or a union; a domain has types, interfaces, enums and scalars only"},
		{"a beginning that is no date", held(`from: "name"`), "domain.graphqls:2: @holds of Thing names name as from, which is no such property of it"},
		{"a beginning that is no property", held(`from: "born"`), "domain.graphqls:2: @holds of Thing names born as from, which is no such property of it"},
		{"an end that is no date", held(`from: "began", to: "year"`), "domain.graphqls:2: @holds of Thing names year as to, which is no such property of it"},
		{"a year that is no number", held(`from: "began", year: "began"`), "domain.graphqls:2: @holds of Thing names began as year, which is no such property of it"},
		{"dates through what is no link", held(`through: "name"`), "domain.graphqls:2: @holds of Thing names name, which is no link to one thing of one type"},
		{"dates through a link to many", held(`through: "parts"`), "domain.graphqls:2: @holds of Thing names parts, which is no link to one thing of one type"},
		{"dates through a link to several types", held(`through: "any"`), "domain.graphqls:2: @holds of Thing names any, which is no link to one thing of one type"},
		{"holding without a beginning", held(`to: "ended"`), "domain.graphqls:2: @holds of Thing needs either from or through"},
		{"holding for two reasons", held(`from: "began", through: "whole"`), "domain.graphqls:2: @holds of Thing needs either from or through"},
		{"an end after a year", held(`from: "began", to: "ended", year: "year"`), "domain.graphqls:2: @holds of Thing has an end and a year; what is dated by a year has no end"},
		{"an end beside dates of another", held(`through: "whole", to: "ended"`), "domain.graphqls:2: @holds of Thing takes its dates through whole and so has none of its own"},
		{"a field with arguments", thing + "  a(b: Int): Int\n}", "domain.graphqls:3: Thing.a has arguments; the served schema gets its arguments by derivation"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read(&ast.Source{Name: "domain.graphqls", Input: test.sdl})
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff("read the domain SDL: "+test.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got)\n%s", diff)
			}
		})
	}
}

// held is a domain whose things hold as the directive's arguments say.
func held(arguments string) string {
	return "scalar Date interface Node { id: ID! }\ntype Thing implements Node @node(plural: \"things\") @holds(" + arguments + `) {
  id: ID! name: String! began: Date ended: Date year: Int
  whole: Thing @relationship(type: "WHOLE", direction: OUT, column: "whole_id")
  any: Node @relationship(type: "ANY", direction: OUT, column: "any_id")
  parts: [Thing!]! @relationship(type: "WHOLE", direction: IN)
}`
}

func TestThingsHoldAsTheDirectiveSays(t *testing.T) {
	for _, test := range []struct{ arguments, want string }{
		{`from: "began"`, "from began"},
		{`from: "began", to: "ended"`, "from began to ended"},
		{`from: "began", year: "year"`, "from began else year"},
		{`through: "whole"`, "through whole"},
	} {
		d, err := Read(&ast.Source{Name: "domain.graphqls", Input: held(test.arguments)})
		if err != nil {
			t.Errorf("%s: %v", test.arguments, err)
			continue
		}
		if got := describeHolds(d.Catalog().Types[0].Holds); got != test.want {
			t.Errorf("@holds(%s) is read as %q, want %q", test.arguments, got, test.want)
		}
	}
}

func describeHolds(h catalog.Holds) string {
	var parts []string
	if h.From != nil {
		parts = append(parts, "from "+h.From.Name)
	}
	if h.To != nil {
		parts = append(parts, "to "+h.To.Name)
	}
	if h.Year != nil {
		parts = append(parts, "else "+h.Year.Name)
	}
	if h.Through != nil {
		parts = append(parts, "through "+h.Through.Name)
	}
	return strings.Join(parts, " ")
}

func TestAllFaultsAreReportedAtOnce(t *testing.T) {
	_, err := Read(&ast.Source{Name: "a.graphqls", Input: "type A {\n  id: ID!\n}\ntype B {\n  id: ID!\n}"})
	if got := strings.Count(err.Error(), "has no @node"); got != 2 {
		t.Errorf("%d faults in %v, want 2", got, err)
	}
}

func TestTooManyTypesAreRefused(t *testing.T) {
	b := bytes.NewBufferString("interface Node { id: ID! }\n")
	for i := range maxTypes + 1 {
		name := "T" + string(rune('A'+i/26)) + string(rune('a'+i%26))
		b.WriteString("type " + name + " implements Node @node(plural: \"" + strings.ToLower(name) + "s\") { id: ID! }\n")
	}
	_, err := Read(&ast.Source{Name: "a.graphqls", Input: b.String()})
	if err == nil || !strings.Contains(err.Error(), "a.graphqls:66: TCm is one type too many: a catalog holds 64") {
		t.Errorf("error %v", err)
	}
}

func tiny(t *testing.T) *Domain {
	t.Helper()
	text, err := os.ReadFile("testdata/tiny.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Read(&ast.Source{Name: "tiny.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func load(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "served.graphqls", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// describe prints tables, interfaces and links of a catalog, one in a line.
func describe(c *catalog.Catalog) []string {
	lines := headers(c)
	for _, i := range c.Interfaces {
		line := i.Name + " ="
		for t := range c.In(i.Types) {
			line += " " + t.Name
		}
		lines = append(lines, line)
	}
	for _, t := range c.Types {
		for _, l := range t.Links {
			lines = append(lines, t.Name+"."+l.Name+arrow(l)+l.Target+many(l))
		}
	}
	return lines
}

func arrow(l *catalog.Link) string {
	switch {
	case l.Shortcut != nil:
		return " past " + l.Shortcut.Fact.Name + "." + l.Shortcut.Far.Name + " "
	case l.Direction == catalog.In:
		return " <-" + l.Relationship + "- "
	}
	return " -" + l.Relationship + "-> "
}

func many(l *catalog.Link) string {
	if l.Many {
		return " many"
	}
	return ""
}

// headers prints the tables as the data's own checker writes them: * is required.
func headers(c *catalog.Catalog) []string {
	var lines []string
	for _, t := range c.Types {
		line := t.Table + ":"
		for _, column := range t.Columns {
			line += " " + column.Name
			if column.Property != nil && column.Property.Required || column.Link != nil && column.Link.Required {
				line += "*"
			}
		}
		lines = append(lines, line)
	}
	for _, l := range c.Joins {
		lines = append(lines, l.Join.Table+": "+l.Join.FromColumn+" "+l.Join.ToColumn)
	}
	return lines
}
