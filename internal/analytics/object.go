package analytics

import (
	"errors"
	"slices"

	"nicgraph/internal/diffusion"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// object is a record of named values. A value that is a lazy is worked out when it is
// selected.
type object map[string]any

type lazy func(Args) (any, error)

// Field is a value of the object.
func (o object) Field(name string, args Args) (any, error) {
	if work, ok := o[name].(lazy); ok {
		return work(args)
	}
	return o[name], nil
}

// text is an argument's text, empty when it is not given.
func (a Args) text(name string) string { return a[name].Str }

func (a Args) textOr(name, missing string) string {
	if v, ok := a[name]; ok && !v.IsNull() {
		return v.Str
	}
	return missing
}

func (a Args) texts(name string) []string {
	var all []string
	for _, v := range a[name].List() {
		all = append(all, v.Str)
	}
	return all
}

func (a Args) number(name string, missing int) int {
	if v, ok := a[name]; ok && !v.IsNull() {
		return int(v.Num)
	}
	return missing
}

// float is an argument's number with a fraction, 0 when it is not given.
func (a Args) float(name string) float64 { return value.NumFloat(a[name].Num) }

// page reads first and skip.
func (a Args) page() (first, skip int, err error) {
	first, skip = a.number("first", plan.DefaultPage), a.number("skip", 0)
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

// part is the part of a list that first and skip ask for.
func part[T any](args Args, all []T) ([]T, error) {
	first, skip, err := args.page()
	if err != nil {
		return nil, err
	}
	skip = min(skip, len(all))
	return all[skip:min(skip+first, len(all))], nil
}

// nodes is a list of nodes to page through.
func nodes(ids []string) lazy {
	return func(args Args) (any, error) {
		page, err := part(args, ids)
		found := make([]ID, len(page))
		for i, id := range page {
			found[i] = ID(id)
		}
		return found, err
	}
}

// records is a list of records to page through, each made when it is selected.
func records[T any](all []T, record func(T) Record) lazy {
	return func(args Args) (any, error) {
		page, err := part(args, all)
		made := make([]Record, len(page))
		for i, v := range page {
			made[i] = record(v)
		}
		return made, err
	}
}

// orNull is a text, or null when it is empty.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// node names a node, or null when the id is empty.
func node(id string) any {
	if id == "" {
		return nil
	}
	return ID(id)
}

// sorted is a set of ids in ascending order.
func sorted(set map[string]bool) []string { return sortedKeys(set) }

// sortedKeys are the keys of a map in ascending order.
func sortedKeys[T any](m map[string]T) []string {
	all := make([]string, 0, len(m))
	for id := range m {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

// bounded gives work without bounds the sentence for the person who asked.
func bounded(err error) error {
	if errors.Is(err, diffusion.ErrWork) {
		return fault.Wrap(fault.Limit, err, "there are more chains than this server follows for one question; ask with a smaller maxHops, one practice, or a stricter time order")
	}
	return err
}
