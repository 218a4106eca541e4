package compile

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// Subscription is an operation that waits: what it waits for, and how each thing that happens is
// told. The plan reads nothing by itself: it has a slot for the record of what happened.
type Subscription struct {
	Plan *plan.Plan
	Args plan.Args // of its one field
	Slot int       // of the plan's root
	Path []string  // the response key
}

// Subscription makes the plan for variables that have passed Specialize.
func (o *Operation) Subscription(vars map[string]any) (*Subscription, error) {
	b := &builder{Compiler: o.compiler, vars: vars, open: o.openNames(vars)}
	sub := &Subscription{Plan: &plan.Plan{Catalog: o.compiler.catalog}, Slot: -1}
	s := newSlots(0)
	shape, err := b.shapeOf([]ast.SelectionSet{o.definition.SelectionSet}, func(g *group) (plan.Out, error) { return b.subscriptionField(sub, s, g) })
	if err != nil {
		return nil, err
	}
	if sub.Slot < 0 {
		return nil, fault.New(fault.Invalid, "the subscription waits for nothing; ask it for changes")
	}
	sub.Plan.Query, sub.Plan.Shape, sub.Plan.Unread = s.row, shape, b.unread
	return sub, nil
}

func (b *builder) subscriptionField(sub *Subscription, s *slots, g *group) (plan.Out, error) {
	f := g.field()
	if f.Name == "__typename" {
		return typename(f), nil
	}
	if sub.Slot >= 0 {
		return nil, fault.New(fault.Invalid, "a subscription waits for one field; open another subscription for %s", f.Alias)
	}
	row, shape, err := b.record(g.selections()...)
	if err != nil {
		return nil, err
	}
	if sub.Args, _, err = b.args(f); err != nil {
		return nil, err
	}
	sub.Path = slices.Clone(b.path)
	sub.Slot = s.add(0, &plan.Computed{Field: "Subscription." + f.Name, ID: -1, Row: row, Path: sub.Path})
	return recordOut(sub.Slot, f.Definition.Type, shape), nil
}
