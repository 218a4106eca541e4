package storetest

import (
	"sort"

	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

func (e *evaluator) page(m *plan.Many, n, start *change.Node) Tree {
	matches := e.matches(m, n, start)
	page := Page{Rows: []Tree{}}
	if m.Total {
		page.Total = int64(len(matches))
	}
	if !m.Rows {
		return page
	}
	bounds, err := m.Page(e.params)
	if err != nil { // Evaluate has read every page's arguments before
		panic(err)
	}
	shown := e.within(m.Order, bounds, matches)
	page.Next = len(shown) > bounds.First
	switch {
	case page.Next && bounds.Backward:
		shown = shown[len(shown)-bounds.First:]
	case page.Next:
		shown = shown[:bounds.First]
	}
	for _, match := range shown {
		page.Rows = append(page.Rows, e.row(&m.Row, match, n))
	}
	return page
}

// within keeps the nodes that come strictly between a page's bounds.
func (e *evaluator) within(order []plan.Key, bounds plan.Page, matches []*change.Node) []*change.Node {
	var inside []*change.Node
	for _, match := range matches {
		keys := e.keys(order, match)
		if bounds.After != nil && compareKeys(order, keys, bounds.After) <= 0 {
			continue
		}
		if bounds.Before != nil && compareKeys(order, keys, bounds.Before) >= 0 {
			continue
		}
		inside = append(inside, match)
	}
	return inside
}

// matches are all nodes of a connection in its order.
func (e *evaluator) matches(m *plan.Many, n, start *change.Node) []*change.Node {
	matches := e.those(m.Where, e.from(m.From, n, start))
	sort.SliceStable(matches, func(i, j int) bool {
		return compareKeys(m.Order, e.keys(m.Order, matches[i]), e.keys(m.Order, matches[j])) < 0
	})
	return matches
}

func (e *evaluator) keys(order []plan.Key, n *change.Node) []value.Value {
	var values []value.Value
	for _, key := range order {
		values = append(values, e.key(key, n))
	}
	return values
}

func (e *evaluator) key(key plan.Key, n *change.Node) value.Value {
	for _, link := range key.Path {
		if n = e.one(link, n); n == nil {
			return value.Value{}
		}
	}
	if key.Count != nil {
		return value.OfInt(int64(e.count(*key.Count, n)))
	}
	return property(n, key.Property)
}

func compareKeys(order []plan.Key, v, w []value.Value) int {
	for i, key := range order {
		if c := compareKey(key, v[i], w[i]); c != 0 {
			return c
		}
	}
	return 0
}

func compareKey(key plan.Key, v, w value.Value) int {
	switch {
	case v.IsNull() && w.IsNull():
		return 0
	case v.IsNull():
		return nullSide(key)
	case w.IsNull():
		return -nullSide(key)
	case key.Desc:
		return value.Compare(w, v)
	default:
		return value.Compare(v, w)
	}
}

// nullSide is how a missing value compares with a present one, whatever the direction.
func nullSide(key plan.Key) int {
	if key.NullsFirst {
		return -1
	}
	return 1
}
