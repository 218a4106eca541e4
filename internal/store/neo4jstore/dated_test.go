package neo4jstore

import (
	"strings"
	"testing"

	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/plan"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

func TestTheRevisionComesWithTheRowsOfComputedFields(t *testing.T) {
	s := nobody(t)
	ann, err := storetest.NewNode(s.cat, "Person", "ann", storetest.Fields{"name": "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Apply(t.Context(), &change.Batch{Upserts: []change.Node{ann}}, nil); err != nil {
		t.Fatal(err)
	}
	types := s.cat.TypesOf("Person")
	row := plan.Row{Types: types, Slots: []plan.Slot{
		{Types: types, Read: plan.Property{Name: "id"}}, {Types: types, Read: &plan.Computed{Field: "upstream"}},
	}}
	find := &plan.Find{Types: types, ID: plan.Operand{Const: value.OfID("ann")}, Row: row}
	findAll := &plan.FindAll{Types: types, IDs: plan.Operand{Const: value.OfList([]value.Value{value.OfID("ann")})}, Row: row}
	many := &plan.Many{From: plan.Scan{Types: types}, Order: []plan.Key{{Property: "id", Kind: value.ID}}, Rows: true, Row: row}
	for name, reads := range map[string][]plan.Read{
		"a node": {find}, "nodes": {findAll}, "a page": {many}, "two pages": {many, many}, "a node and a page": {find, many},
	} {
		p := &plan.Plan{Catalog: s.cat}
		for _, read := range reads {
			p.Query.Slots = append(p.Query.Slots, plan.Slot{Read: read})
		}
		t.Run(name, func(t *testing.T) { s.bringsRevision(t, p, 1+len(reads)) })
		t.Run(name+", which is read first", func(t *testing.T) { s.readsRevisionLast(t, p) })
	}
}

func (s *Store) bringsRevision(t *testing.T, p *plan.Plan, objects int) {
	result, err := (&query{store: s, from: s, plan: p}).Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := s.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if result.Revision != want || want == 0 || result.Objects() != objects {
		t.Errorf("revision %d with %d objects, want %d with %d", result.Revision, result.Objects(), want, objects)
	}
}

// readsRevisionLast looks for the operator that reads the revision: it does nothing else, and what is below
// it has read everything else.
func (s *Store) readsRevisionLast(t *testing.T, p *plan.Plan) {
	statements, err := cypher.Query(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	result, err := s.operatorsOf(t.Context(), statements[len(statements)-1])
	if err != nil {
		t.Fatal(err)
	}
	last := result.Children()[0]
	if does := last.Arguments()["Details"].(string); !strings.HasPrefix(does, "[found, head(COLLECT {") || !strings.Contains(does, "NicgraphMeta") {
		t.Errorf("the last operator does %s", does)
	}
	for _, line := range operators(nil, last.Children()[0], 0) {
		if strings.Contains(line, "NicgraphMeta") {
			t.Errorf("an earlier one reads the revision: %s", line)
		}
	}
}
