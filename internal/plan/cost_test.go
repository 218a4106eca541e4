package plan_test

import (
	"math"
	"testing"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

func TestTheCostIsWhatAnAnswerCanHoldAtMost(t *testing.T) {
	name := plan.Slot{Read: plan.Property{Name: "name"}}
	page := func(first int64, slots ...plan.Slot) plan.Slot {
		return plan.Slot{Read: &plan.Many{From: plan.Scan{}, Rows: true, First: constant(value.OfInt(first)), Row: plan.Row{Slots: slots}}}
	}
	deep := page(1000, name)
	for range 30 {
		deep = page(1000, deep)
	}
	for _, test := range []struct {
		name string
		slot plan.Slot
		want int
	}{
		{"a lookup", plan.Slot{Read: &plan.Find{Row: plan.Row{Slots: []plan.Slot{name}}}}, 2},
		{"a page of ten", page(10, name), 12},
		{"ten with ten each", page(10, page(10, name)), 1 + 1 + 10*(1+1+10)},
		{"a page of unsaid size", plan.Slot{Read: &plan.Many{From: plan.Scan{}, Rows: true}}, 1 + 1 + plan.DefaultPage},
		{"a total", plan.Slot{Read: &plan.Many{From: plan.Scan{}, Total: true}}, 2},
		{"a to-one link", plan.Slot{Read: &plan.One{}}, 2},
		{"facets", plan.Slot{Read: &plan.Groups{From: plan.Scan{}, First: constant(value.OfInt(7))}}, 1 + 1 + 7},
		{"a computed record", plan.Slot{Read: &plan.Computed{Row: plan.Row{Slots: []plan.Slot{{Read: &plan.Nested{List: true}}}}}}, 1 + 100 + 1 + plan.DefaultPage},
		{"beyond counting", deep, math.MaxInt},
	} {
		p := &plan.Plan{Query: plan.Row{Slots: []plan.Slot{test.slot}}}
		if got := p.Cost(nil); got != test.want {
			t.Errorf("%s: cost %d, want %d", test.name, got, test.want)
		}
	}
}

func constant(v value.Value) plan.Operand { return plan.Operand{Const: v} }
