package computed

import (
	"slices"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Args are the values of a field's arguments; those of an input object by their paths, as
// in plan.Args.
type Args map[string]value.Value

// Text is an argument's text, empty when it is not given.
func (a Args) Text(name string) string { return a[name].Str }

// TextOr is an argument's text, or what stands for a missing one.
func (a Args) TextOr(name, missing string) string {
	if v, ok := a[name]; ok && !v.IsNull() {
		return v.Str
	}
	return missing
}

// Texts are an argument's texts.
func (a Args) Texts(name string) []string {
	var all []string
	for _, v := range a[name].List() {
		all = append(all, v.Str)
	}
	return all
}

// Number is an argument's whole number, or what stands for a missing one.
func (a Args) Number(name string, missing int) int {
	if v, ok := a[name]; ok && !v.IsNull() {
		return int(v.Num)
	}
	return missing
}

// Float is an argument's number with a fraction, 0 when it is not given.
func (a Args) Float(name string) float64 { return value.NumFloat(a[name].Num) }

// Truth is an argument's truth value, false when it is not given.
func (a Args) Truth(name string) bool { return a[name].Num == 1 }

// Set are an argument's texts, each once and ascending.
func (a Args) Set(name string) []string {
	all := a.Texts(name)
	slices.Sort(all)
	return slices.Compact(all)
}

// Empty tells whether a list was given that has nothing in it.
func (a Args) Empty(name string) bool { return a[name].Kind == value.List && len(a[name].List()) == 0 }

// Page reads first and skip.
func (a Args) Page() (first, skip int, err error) {
	first, skip = a.Number("first", plan.DefaultPage), a.Number("skip", 0)
	switch {
	case first < 0:
		return 0, 0, fault.New(fault.Invalid, "first is %d; ask for 0 to %d", first, plan.MaxPage)
	case first > plan.MaxPage:
		return 0, 0, fault.New(fault.Limit, "first is %d and at most %d come at once; ask for less and go on with skip", first, plan.MaxPage)
	case skip < 0:
		return 0, 0, fault.New(fault.Invalid, "skip is %d; it cannot be negative", skip)
	}
	return first, skip, nil
}
