package computed

import (
	"slices"
)

// Object is a record of named values. A value that is a lazy is worked out when it is
// selected.
type Object map[string]any

// Lazy works a value of an object out.
type Lazy func(Args) (any, error)

// Field is a value of the object.
func (o Object) Field(name string, args Args) (any, error) {
	if work, ok := o[name].(Lazy); ok {
		return work(args)
	}
	return o[name], nil
}

// Part is the part of a list that first and skip ask for.
func Part[T any](args Args, all []T) ([]T, error) {
	first, skip, err := args.Page()
	if err != nil {
		return nil, err
	}
	skip = min(skip, len(all))
	return all[skip:min(skip+first, len(all))], nil
}

// Nodes is a list of nodes to page through.
func Nodes(ids []string) Lazy {
	return func(args Args) (any, error) {
		page, err := Part(args, ids)
		found := make([]ID, len(page))
		for i, id := range page {
			found[i] = ID(id)
		}
		return found, err
	}
}

// Records is a list of records to page through, each made when it is selected.
func Records[T any](all []T, record func(T) Record) Lazy {
	return func(args Args) (any, error) {
		page, err := Part(args, all)
		made := make([]Record, len(page))
		for i, v := range page {
			made[i] = record(v)
		}
		return made, err
	}
}

// OrNull is a text, or null when it is empty.
func OrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// Texted are texts, or null when there are none.
func Texted(texts []string) any {
	if texts == nil {
		return nil
	}
	return texts
}

// Node names a node, or null when the id is empty.
func Node(id string) any {
	if id == "" {
		return nil
	}
	return ID(id)
}

// Sorted is a set of ids in ascending order.
func Sorted(set map[string]bool) []string { return SortedKeys(set) }

// SortedKeys are the keys of a map in ascending order.
func SortedKeys[T any](m map[string]T) []string {
	all := make([]string, 0, len(m))
	for id := range m {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}
