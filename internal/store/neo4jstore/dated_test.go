package neo4jstore

import (
	"testing"

	"nicgraph/internal/change"
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
		t.Run(name, func(t *testing.T) { s.bringsRevision(t, reads) })
	}
}

func (s *Store) bringsRevision(t *testing.T, reads []plan.Read) {
	p := &plan.Plan{Catalog: s.cat}
	for _, read := range reads {
		p.Query.Slots = append(p.Query.Slots, plan.Slot{Read: read})
	}
	result, err := (&query{store: s, from: s, plan: p}).Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := s.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if result.Revision != want || want == 0 || result.Objects() != 1+len(reads) {
		t.Errorf("revision %d with %d objects, want %d with %d", result.Revision, result.Objects(), want, 1+len(reads))
	}
}
