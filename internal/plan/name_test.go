package plan

import (
	"testing"

	"nicgraph/internal/value"
)

func TestANameHoldsValuesAndNotWhatVariablesAreCalled(t *testing.T) {
	at := func(o Operand) Filter {
		return And{Compare{Property: "name", Kind: value.Text, Operand: o}, Compare{Property: "born", Kind: value.Date, Op: After, Operand: o}}
	}
	a, b := NameOfNodes(1, at(Operand{Param: "a"})), NameOfNodes(1, at(Operand{Param: "b"}))
	x, y := value.OfText("x"), value.OfText("y")
	same := a.With(Params{"a": x})
	if got := b.With(Params{"b": x}); got != same {
		t.Errorf("by another name of the variable %q, want %q", got, same)
	}
	for what, other := range map[string]string{
		"another value":     a.With(Params{"a": y}),
		"no value":          a.With(nil),
		"another type":      NameOfNodes(2, at(Operand{Param: "a"})).With(Params{"a": x}),
		"another condition": NameOfNodes(1, Not{Filter: at(Operand{Param: "a"})}).With(Params{"a": x}),
	} {
		if other == same {
			t.Errorf("%s has the same name %q", what, same)
		}
	}
}
