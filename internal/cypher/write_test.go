package cypher_test

import (
	"strings"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/value"
)

// node makes a node of which only some values are there.
func (d domain) node(typeName, id string, values map[string]value.Value, links map[string][]string) *change.Node {
	d.Helper()
	t, _ := d.Type(typeName)
	n := &change.Node{Type: t, ID: id, Values: make([]value.Value, len(t.Properties)), Links: make([][]string, len(t.Out))}
	n.Values[0] = value.OfID(id)
	for _, p := range t.Properties[1:] {
		n.Values[p.Index] = values[p.Name]
	}
	for name, ids := range links {
		n.Links[d.link(typeName, name).Index] = ids
	}
	return n
}

func TestWrite(t *testing.T) {
	d := newDomain(t)
	newer := d.node("Learning", "l-1",
		map[string]value.Value{"started": value.OfDate("2013~"), "evidence": value.OfText("Élan")},
		map[string][]string{"learner": {"a"}, "teacher": {"c"}, "sources": {"s-2", "s-1"}})
	older := d.node("Learning", "l-1", nil, map[string][]string{"learner": {"a"}, "teacher": {"b"}})
	golden(t, "write a new node", cypher.Write([]cypher.Upsert{{New: newer}})...)
	golden(t, "write a changed node", cypher.Write([]cypher.Upsert{{New: newer, Old: older}})...)
	golden(t, "delete", cypher.Unlink([]string{"a"}), cypher.LinkedTo(d.Catalog, []string{"a"}), cypher.Delete([]string{"a"}))
	learning, _ := d.Type("Learning")
	golden(t, "read the state of nodes", cypher.Types([]string{"l-1"}), cypher.State(learning, []string{"l-1"}))
}

func TestEachStatementWritesABoundedNumberOfRows(t *testing.T) {
	d := newDomain(t)
	var nodes []cypher.Upsert
	for range 2500 {
		nodes = append(nodes, cypher.Upsert{New: d.node("Learning", "l", nil, nil)})
	}
	statements := cypher.Write(nodes)
	if len(statements) != 3 {
		t.Errorf("%d statements, want 3", len(statements))
	}
	for _, s := range statements {
		if rows := len(s.Params["rows"].([]any)); rows > 1000 {
			t.Errorf("%d rows in one statement", rows)
		}
	}
}

func TestNamesCanOnlyBeReadAsNames(t *testing.T) {
	odd := "a`b c"
	id := &catalog.Property{Name: "id", Kind: value.ID, Required: true}
	cat := catalog.New([]*catalog.Type{{Name: odd, Properties: []*catalog.Property{id, {Name: odd, Kind: value.Int}}}}, nil, nil)
	named := 0
	for _, text := range cypher.Schema(cat) {
		if !strings.Contains(text, "a`") {
			continue
		}
		if named++; !strings.Contains(text, "(n:`a``b c`)") {
			t.Errorf("the label is not quoted: %s", text)
		}
	}
	if named == 0 {
		t.Error("nothing names the type")
	}
}

func TestSchemaOfTheDomain(t *testing.T) {
	all := cypher.Schema(newDomain(t).Catalog)
	var statements []cypher.Statement
	for _, text := range all {
		statements = append(statements, cypher.Statement{Text: text})
	}
	golden(t, "schema", statements...)
}

func TestDatesOfAnOlderStore(t *testing.T) {
	d := newDomain(t)
	golden(t, "read all dates", cypher.DateTexts(d.Catalog))
	golden(t, "write the days of all dates", cypher.Dates(d.Catalog, []string{"2013~", "2014"})...)
}

// Whatever people write, the statements are the same: texts are values and never words of one.
func TestNoStatementHoldsWhatPeopleWrite(t *testing.T) {
	d := newDomain(t)
	const mark = "zqx"
	for _, text := range []string{
		mark, mark + "`}) DETACH DELETE n //", "' " + mark, "\"" + mark + "\n", "\\u0060" + mark, "$" + mark, mark + "\u202e", "//" + mark + "/*", strings.Repeat(mark+"`", 1000),
	} {
		for _, s := range written(d, text) {
			if strings.Contains(s.Text, mark) {
				t.Errorf("%.40q stands in a statement: %s", text, s.Text)
			}
			for name := range s.Params {
				if strings.Contains(name, mark) {
					t.Errorf("%.40q is the name of a parameter", text)
				}
			}
		}
	}
}

// written are all statements that a write and its history take, with a text wherever one may stand.
func written(d domain, text string) []cypher.Statement {
	var all []cypher.Statement
	ids := []string{text}
	for _, t := range d.Types {
		values, links := map[string]value.Value{}, map[string][]string{}
		for _, p := range t.Properties[1:] {
			switch p.Kind {
			case value.Text:
				values[p.Name] = value.OfText(text)
			case value.Enum:
				values[p.Name] = value.OfEnum(text)
			case value.Strings:
				values[p.Name] = value.OfStrings(ids)
			}
		}
		for _, l := range t.Out {
			links[l.Name] = ids
		}
		newer, older := d.node(t.Name, text, values, links), d.node(t.Name, text, nil, nil)
		all = append(all, cypher.Write([]cypher.Upsert{{New: newer}, {New: newer, Old: older}, {New: older, Old: newer}})...)
		all = append(all, cypher.State(t, ids), cypher.StatesAfter(t, text))
	}
	note := change.Note{By: text, Why: text, Key: text}
	all = append(all, cypher.Record(&change.Recorded{Number: 1, Note: note}, ids, []cypher.Replaced{{ID: text, State: text}})...)
	return append(all, cypher.Types(ids), cypher.Unlink(ids), cypher.LinkedTo(d.Catalog, ids), cypher.Delete(ids), cypher.Versions(ids),
		cypher.Keyed(text), cypher.Changes(&change.Ask{By: &text, First: 1}), cypher.Deletions(ids), cypher.Touched(1, text, 1), cypher.Written(text, 2, 1),
		cypher.AddToken(text, text), cypher.LockToken(text), cypher.SetToken(text, text))
}
