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
