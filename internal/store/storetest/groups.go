package storetest

import (
	"cmp"
	"slices"
	"strconv"

	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// group is what Groups counts together.
type group struct {
	keys    []value.Value // of a link the id of the node
	members []*change.Node
}

// groups counts the nodes that have the same keys. Values are the same when they are so
// to the letter.
func (e *evaluator) groups(g *plan.Groups, n, start *change.Node) Tree {
	first, skip, err := g.Range(e.params)
	if err != nil { // Evaluate has read every range before
		panic(err)
	}
	groups := e.grouped(g, e.those(g.Where, e.from(g.From, n, start)))
	page := Page{Rows: []Tree{}}
	if g.Total {
		page.Total = int64(len(groups))
	}
	shown := groups[min(skip, len(groups)):]
	page.Next = len(shown) > first
	for _, group := range shown[:min(first, len(shown))] {
		page.Rows = append(page.Rows, e.group(g, group))
	}
	return page
}

// grouped are all groups in their order.
func (e *evaluator) grouped(g *plan.Groups, nodes []*change.Node) []*group {
	var groups []*group
	for _, n := range nodes {
		keys := e.groupKeys(g, n)
		same := func(g *group) bool { return slices.EqualFunc(g.keys, keys, value.Value.Equal) }
		i := slices.IndexFunc(groups, same)
		if i < 0 {
			i, groups = len(groups), append(groups, &group{keys: keys})
		}
		groups[i].members = append(groups[i].members, n)
	}
	slices.SortFunc(groups, func(v, w *group) int {
		return cmp.Or(len(w.members)-len(v.members), slices.CompareFunc(v.keys, w.keys, missingLast))
	})
	return groups
}

func missingLast(v, w value.Value) int { return compareKey(plan.Key{}, v, w) }

func (e *evaluator) groupKeys(g *plan.Groups, n *change.Node) []value.Value {
	var keys []value.Value
	for _, key := range g.By {
		keys = append(keys, e.groupKey(key, n))
	}
	return keys
}

func (e *evaluator) groupKey(key plan.GroupKey, n *change.Node) value.Value {
	if key.Link != nil {
		if far := e.one(key.Link, n); far != nil {
			return value.OfID(far.ID)
		}
		return value.Value{}
	}
	v := property(n, key.Property)
	if !key.Year || v.IsNull() {
		return v
	}
	year, err := strconv.Atoi(v.Str[:4])
	if err != nil { // no date of the graph
		panic(err)
	}
	return value.OfInt(int64(year))
}

// group brings the keys, the count and the numbers of distinct nodes.
func (e *evaluator) group(g *plan.Groups, of *group) Tree {
	var row Row
	for i := range g.By {
		key := &g.By[i]
		if key.Link == nil {
			row.Slots = append(row.Slots, scalar(of.keys[i]))
			continue
		}
		row.Slots = append(row.Slots, e.row(&key.Row, e.one(key.Link, of.members[0]), nil))
	}
	row.Slots = append(row.Slots, int64(len(of.members)))
	for _, link := range g.Distinct {
		var far []string
		for _, n := range of.members {
			if end := e.one(link, n); end != nil && !slices.Contains(far, end.ID) {
				far = append(far, end.ID)
			}
		}
		row.Slots = append(row.Slots, int64(len(far)))
	}
	return row
}
