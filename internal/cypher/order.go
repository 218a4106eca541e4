package cypher

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// sortKey is one key of an order as Neo4j sorts by it.
type sortKey struct {
	plan.Key
	name     string   // of a count: what the statement calls it
	node     string   // otherwise: the node whose property it is
	columns  []string // what value.Compare compares in turn: what stands behind the property's name
	nullable bool
	indexed  bool // the first key, where an index brings all nodes in its order
}

// keys prepares an order. A key that is no scalar of the node itself is called after
// the node and the key's place: k0_1.
func (w *writer) keys(order []plan.Key, scan bool, s scope) []sortKey {
	ks := make([]sortKey, len(order))
	for i, k := range order {
		ks[i] = sortKey{Key: k, node: s.node, columns: columns(k.Kind), nullable: !required(w.cat, s.types, k.Property)}
		name := fmt.Sprintf("k%d_%d", s.depth, i)
		if k.Path != nil {
			ks[i].node, ks[i].nullable = name, true
		}
		if k.Count != nil {
			ks[i].name, ks[i].nullable = name+"_count", k.Path != nil
		}
	}
	if scan && !slices.ContainsFunc(ks, sortKey.computed) && has(w.cat, s.types, ks[0].Property) {
		ks[0].indexed = true
		if ks[0].Kind == value.Text {
			ks[0].columns = append([]string{keySuffix}, ks[0].columns...)
		}
	}
	return ks
}

func columns(kind value.Kind) []string {
	switch kind {
	case value.Text:
		return []string{foldSuffix, ""}
	case value.Date:
		return []string{fromSuffix, toSuffix, ""}
	default:
		return []string{""}
	}
}

// computed tells whether the key's value must be worked out for each candidate.
func (k sortKey) computed() bool { return k.Path != nil || k.Count != nil }

func (k *sortKey) column(suffix string) string {
	if k.name != "" {
		return k.name
	}
	return k.node + "." + quote(k.Property+suffix)
}

// counts tells whether the key is the total of a page.
func (k sortKey) counts(m *plan.Many) bool {
	follow, ok := m.From.(plan.Follow)
	return ok && k.Count != nil && k.Path == nil && k.Count.Link == follow.Link &&
		reflect.DeepEqual(k.Count.Where, m.Where) && reflect.DeepEqual(k.Count.Facts, follow.Facts)
}

// reversed are the keys of the order in which the last row comes first.
func reversed(ks []sortKey) []sortKey {
	back := slices.Clone(ks)
	for i := range back {
		back[i].Desc, back[i].NullsFirst = !back[i].Desc, !back[i].NullsFirst
	}
	return back
}

// orderBy writes the sort keys. Neo4j puts missing values last, or first when
// descending; a key for them stands only where that is not what was asked.
func orderBy(ks []sortKey) string {
	var all []string
	for i := range ks {
		k := &ks[i]
		if k.nullable && k.Desc != k.NullsFirst {
			all = append(all, k.column("")+being(k.NullsFirst)) // false comes first
		}
		for _, c := range k.columns {
			all = append(all, k.column(c)+direction(k.Desc))
		}
	}
	return strings.Join(all, ", ")
}

func direction(desc bool) string {
	if desc {
		return " DESC"
	}
	return ""
}

// edge is the key values of a cursor, nil for none.
type edge []bound

// bound is one key's value in a cursor, by column; nil when it is missing.
type bound map[string]operand

// operand is a value and how the statement writes it.
type operand struct {
	text  string
	value any
}

// edge makes the values of a cursor parameters.
func (w *writer) edge(ks []sortKey, cursor plan.Operand, values []value.Value) edge {
	if values == nil {
		return nil
	}
	base := w.base(cursor)
	e := make(edge, len(values))
	for i, v := range values {
		e[i] = w.bind(&ks[i], v, fmt.Sprintf("%s_%d", base, i))
	}
	return e
}

func (w *writer) bind(k *sortKey, v value.Value, base string) bound {
	if v.IsNull() {
		return nil
	}
	b := make(bound, len(k.columns))
	for _, c := range k.columns {
		of := native(v, c)
		if k.Kind == value.Date && c != "" {
			of = w.day(v, c)
		}
		b[c] = operand{text: w.comparable(base+c, of), value: of}
	}
	return b
}

// day is the first or the last day of a date.
func (w *writer) day(v value.Value, suffix string) int64 {
	span, err := value.ParseDate(v.Str)
	if err != nil {
		w.fail(err)
	}
	if suffix == fromSuffix {
		return span.From
	}
	return span.To
}

func beyond(desc bool) string {
	if desc {
		return "<"
	}
	return ">"
}

// within writes the conditions that a row comes after start and before stop.
func within(ks []sortKey, start, stop edge) []string {
	var all []string
	if start != nil {
		all = append(all, follows(ks, start))
	}
	return append(all, before(ks, stop)...)
}

func before(ks []sortKey, stop edge) []string {
	if stop == nil {
		return nil
	}
	return []string{follows(reversed(ks), stop)}
}

// follows writes: the first key comes after its value, or is equal to it and the rest
// follows.
func follows(ks []sortKey, e edge) string {
	k, b := &ks[0], e[0]
	var ways []string
	switch {
	case b == nil && k.NullsFirst:
		ways = append(ways, k.column("")+" IS NOT NULL")
	case b != nil:
		ways = append(ways, lexical(k, k.columns, b))
		if k.nullable && !k.NullsFirst {
			ways = append(ways, k.column("")+" IS NULL")
		}
	}
	if len(ks) > 1 {
		same := k.column("") + " IS NULL"
		if b != nil {
			same = k.column("") + " = " + b[""].text
		}
		ways = append(ways, both([]string{same, follows(ks[1:], e[1:])}))
	}
	return either(ways)
}

// lexical writes that the columns together lie beyond the bound ones.
func lexical(k *sortKey, columns []string, b bound) string {
	c := columns[0]
	past := k.column(c) + " " + beyond(k.Desc) + " " + b[c].text
	if len(columns) == 1 {
		return past
	}
	return either([]string{past, k.column(c) + " = " + b[c].text + " AND " + lexical(k, columns[1:], b)})
}
