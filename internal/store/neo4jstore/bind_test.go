package neo4jstore

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/cypher"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// asked is a reader that remembers what it was asked, and finds nothing.
type asked struct{ statements []cypher.Statement }

func (a *asked) read(_ context.Context, st cypher.Statement) (any, error) {
	a.statements = append(a.statements, st)
	return nil, nil
}

func TestWhatIsBoundAsksTheSame(t *testing.T) {
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	cat := domain.Catalog()
	find := &plan.Find{Types: cat.All(), ID: plan.Operand{Param: "id"}, Row: plan.Row{Types: cat.All()}}
	p := &plan.Plan{Catalog: cat, Query: plan.Row{Slots: []plan.Slot{{Read: find}}}}
	params := plan.Params{"id": value.OfID("ana")}
	each, once := new(asked), new(asked)
	written := &query{from: each, plan: p}
	bound, err := (&query{from: once, plan: p}).Bind(params)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := written.Run(t.Context(), params); err != nil {
			t.Fatal(err)
		}
		if _, err := bound.Run(t.Context(), params); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(each.statements, once.statements); diff != "" || len(once.statements) != 2 {
		t.Errorf("%d statements (-written for each run +bound):\n%s", len(once.statements), diff)
	}
}
