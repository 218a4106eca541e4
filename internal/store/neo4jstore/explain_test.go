package neo4jstore_test

import (
	"strings"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

func TestExplainNamesTheIndexOfALookUp(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	person, _ := cat.Type("Person")
	types := catalog.SetOf(person.ID)
	p := &plan.Plan{Catalog: cat, Query: plan.Row{Slots: []plan.Slot{{Read: &plan.Find{
		Types: types, ID: plan.Operand{Const: value.OfID("ann")},
		Row: plan.Row{Types: types, Slots: []plan.Slot{{Types: types, Read: plan.Property{Name: "name"}}}},
	}}}}}
	prepared, err := store.New(open(t, server, cat), store.Limits{}).Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := prepared.Explain(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(lines, "\n")
	for _, want := range []string{"statement 1\n", "ProduceResults answer", "IndexSeek", "(id) WHERE id = coalesce(", " rows)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
