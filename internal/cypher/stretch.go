package cypher

import (
	"fmt"
	"slices"
	"strings"

	"nicgraph/internal/value"
)

// A page of an indexed order costs what its rows cost, wherever it lies. Over "or"s
// Neo4j would gather and sort all that follows a cursor, so the rows are read in
// stretches: one for each "or", and one for the nodes whose first value is missing,
// which no index holds and which carry a property that says so. Each stretch is one
// seek in an index, read in its order up to the page's end.

// stretch is the conditions that its nodes meet and the order in which they are read.
type stretch struct {
	where []string
	order string
	index []string // the columns of the index that it is read from; nil for any way
	seek  bool     // it begins or ends at a value
	runs  *runs    // where the index does not go in the whole order
}

// runs read a stretch value by value: where ids go against the direction of the values,
// the index brings the values in their order, and for each its nodes in theirs. Of the
// nodes with the first so many values in any order, a page needs no others.
type runs struct {
	byValue string   // the order of the values alone
	values  []string // the columns of a value
	names   []string // what they are called
	where   []string // a value's nodes
	order   string
}

// stretches writes the rows between two edges as stretches that have no row in common.
func stretches(ks []sortKey, start, stop edge) []stretch {
	if !ks[0].indexed {
		return []stretch{{where: within(ks, start, stop), order: orderBy(ks)}}
	}
	var all []stretch
	if from, to, some := ks[0].part(false, start, stop); some {
		valued := slices.Clone(ks)
		valued[0].nullable = false
		all = presentRows(valued, from, to)
	}
	if from, to, some := ks[0].part(true, start, stop); some && ks[0].nullable {
		all = append(all, missingRows(ks, from, to)...)
	}
	if all == nil {
		all = []stretch{{where: []string{never}, order: orderBy(ks)}}
	}
	return all
}

// part is what two edges leave of the nodes whose value is present, or missing: the
// edges that lie among these, and whether any lie between the edges at all.
func (k *sortKey) part(missing bool, start, stop edge) (from, to edge, some bool) {
	if start != nil {
		switch at := start[0] == nil; {
		case at == missing:
			from = start
		case missing == k.NullsFirst: // the edge is in the later part
			return nil, nil, false
		}
	}
	if stop != nil {
		switch at := stop[0] == nil; {
		case at == missing:
			to = stop
		case missing != k.NullsFirst: // the edge is in the earlier part
			return nil, nil, false
		}
	}
	return from, to, true
}

// missingRows writes the nodes whose first value is missing, in the order of the other keys.
func missingRows(ks []sortKey, start, stop edge) []stretch {
	absent := ks[0].node + "." + quote(ks[0].Property+noneSuffix)
	rest := slices.Clone(ks[1:])
	start, stop = start.rest(), stop.rest()
	if rest[0].Kind == value.ID && rest[0].Property == "id" { // the mark is the id
		rest[0].Property, rest[0].indexed = ks[0].Property+noneSuffix, true
		return presentRows(rest, start, stop)
	}
	return []stretch{{where: append([]string{absent + " IS NOT NULL"}, opaque(within(rest, start, stop))...), order: orderBy(rest)}}
}

func (e edge) rest() edge {
	if e == nil {
		return nil
	}
	return e[1:]
}

// indexColumn is a column of the first key's index that the order follows.
type indexColumn struct {
	key    int
	suffix string
}

// covered are the columns by which the first key's index orders as asked.
func covered(ks []sortKey) []indexColumn {
	first := &ks[0]
	if first.Kind == value.Text {
		return []indexColumn{{0, keySuffix}}
	}
	var all []indexColumn
	for _, c := range first.columns {
		all = append(all, indexColumn{0, c})
	}
	if len(ks) > 1 && ks[1].Property == "id" {
		all = append(all, indexColumn{1, ""})
	}
	return all
}

// presentRows writes the nodes whose first value is there and lies between the edges.
func presentRows(ks []sortKey, start, stop edge) []stretch {
	cs := covered(ks)
	if start == nil {
		return []stretch{past(ks, cs, 0, start, stop)}
	}
	var all []stretch
	if end := tied(ks, cs, start, stop); end != nil {
		all = append(all, *end)
	}
	for i := len(cs) - 1; i >= 0; i-- {
		all = append(all, past(ks, cs, i, start, stop))
	}
	return all
}

// past writes the nodes that are equal to start in the columns before the i-th and lie
// beyond it in that one. What Neo4j reads an index by must be said: that its columns
// are there.
func past(ks []sortKey, cs []indexColumn, i int, start, stop edge) stretch {
	where := equal(ks, cs[:i], start)
	k, c := &ks[cs[i].key], cs[i].suffix
	if start != nil {
		where = append(where, k.column(c)+" "+beyond(k.Desc)+" "+start[cs[i].key][c].text)
	}
	if stop != nil && agree(cs[:i], start, stop) {
		where = append(where, k.column(c)+" "+beyond(!k.Desc)+"= "+stop[cs[i].key][c].text)
	}
	index := indexColumns(ks[0].Property, ks[0].Kind)
	rest := index[i:]
	if start != nil || stop != nil { // the first of them is compared
		rest = rest[1:]
	}
	where = append(where, there(&ks[0], rest)...)
	way := stretch{where: append(where, opaque(before(ks, stop))...), order: orderFrom(ks, cs[:i], k.Desc), index: index, seek: start != nil || stop != nil}
	if last := cs[len(cs)-1].key; last > cs[i].key && ks[last].Desc != k.Desc {
		way.runs = runsOf(ks, cs, i, stop)
	}
	return way
}

// runsOf reads by value what lies beyond an edge in the i-th column.
func runsOf(ks []sortKey, cs []indexColumn, i int, stop edge) *runs {
	value, id := cs[:len(cs)-1], &ks[1]
	r := &runs{byValue: orderFrom(ks[:1], cs[:i], ks[0].Desc), order: orderFrom(ks[:2], value, id.Desc)}
	for i, c := range value {
		column, name := ks[0].column(c.suffix), fmt.Sprintf("value%d", i)
		r.values, r.names = append(r.values, column+" AS "+name), append(r.names, name)
		r.where = append(r.where, column+" = "+name)
	}
	r.where = append(r.where, id.column("")+" IS NOT NULL")
	r.where = append(r.where, opaque(before(ks, stop))...)
	return r
}

// tied writes the nodes that are equal to start in all columns of the index, where more
// keys follow.
func tied(ks []sortKey, cs []indexColumn, start, stop edge) *stretch {
	last := cs[len(cs)-1]
	more := slices.Clone(ks[last.key:])
	of := &more[0]
	if at := slices.Index(of.columns, last.suffix); at+1 < len(of.columns) {
		of.columns = of.columns[at+1:]
	} else {
		more = more[1:]
	}
	if len(more) == 0 {
		return nil
	}
	rest := append([]string{follows(more, start[len(ks)-len(more):])}, before(ks, stop)...)
	index := indexColumns(ks[0].Property, ks[0].Kind)
	where := append(equal(ks, cs, start), there(&ks[0], index[len(cs):])...)
	return &stretch{where: append(where, opaque(rest)...), order: orderFrom(ks, cs, ks[0].Desc), index: index, seek: true}
}

// opaque writes conditions so that Neo4j only checks them: it would rather look for each
// part of an "or" in an index of its own, and so read all that lies behind a cursor.
func opaque(conditions []string) []string {
	all := make([]string, len(conditions))
	for i, c := range conditions {
		all[i] = "CASE WHEN " + c + " THEN true ELSE false END"
	}
	return all
}

// there writes that columns have values.
func there(k *sortKey, columns []string) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = k.node + "." + quote(c) + " IS NOT NULL"
	}
	return all
}

func equal(ks []sortKey, cs []indexColumn, start edge) []string {
	var all []string
	for _, c := range cs {
		all = append(all, ks[c.key].column(c.suffix)+" = "+start[c.key][c.suffix].text)
	}
	return all
}

// agree tells whether two edges have the same values in some columns.
func agree(cs []indexColumn, start, stop edge) bool {
	for _, c := range cs {
		if start == nil || stop[c.key] == nil || start[c.key][c.suffix].value != stop[c.key][c.suffix].value {
			return false
		}
	}
	return true
}

// orderFrom writes the order of nodes that are equal in the given columns. These may
// then go in any direction, and go as the index is read.
func orderFrom(ks []sortKey, same []indexColumn, desc bool) string {
	ks = slices.Clone(ks)
	var all []string
	for _, c := range same {
		k := &ks[c.key]
		all = append(all, k.column(c.suffix)+direction(desc))
		k.columns = k.columns[1:]
	}
	if rest := orderBy(ks); rest != "" {
		all = append(all, rest)
	}
	return strings.Join(all, ", ")
}
