package cypher

import (
	"fmt"
	"strings"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// keys is an order as Neo4j sorts by it.
type keys struct {
	all  []sortKey
	scan bool // all nodes of some types are read, so an index may serve the first key
}

// sortKey is one key of an order with the columns that value.Compare compares in turn.
type sortKey struct {
	plan.Key
	node     string
	columns  []string // what the columns are called behind the property's name
	nullable bool
}

// keys prepares an order. Where an index may serve it, a text's key goes first.
func (w *writer) keys(m *plan.Many, s scope) keys {
	_, scan := m.From.(plan.Scan)
	ks := keys{all: make([]sortKey, len(m.Order)), scan: scan}
	for i, k := range m.Order {
		ks.all[i] = sortKey{
			Key: k, node: s.node,
			columns:  columns(k.Kind, scan && i == 0),
			nullable: !required(w.cat, s.types, k.Property),
		}
	}
	return ks
}

func columns(kind value.Kind, indexed bool) []string {
	switch {
	case kind == value.Text && indexed:
		return []string{keySuffix, foldSuffix, ""}
	case kind == value.Text:
		return []string{foldSuffix, ""}
	case kind == value.Date:
		return []string{fromSuffix, toSuffix, ""}
	default:
		return []string{""}
	}
}

func (k *sortKey) column(suffix string) string {
	return k.node + "." + quote(k.Property+suffix)
}

// orderBy writes the sort keys. Neo4j puts missing values last, or first when
// descending; a key for them stands only where that is not what was asked.
func (ks keys) orderBy() string {
	var all []string
	for i := range ks.all {
		k := &ks.all[i]
		if k.nullable && k.Desc != k.NullsFirst {
			all = append(all, k.column("")+nullTest(k.NullsFirst))
		}
		for _, c := range k.columns {
			all = append(all, k.column(c)+direction(k.Desc))
		}
	}
	return strings.Join(all, ", ")
}

// nullTest is false for the nodes that come first.
func nullTest(nullsFirst bool) string {
	if nullsFirst {
		return " IS NOT NULL"
	}
	return " IS NULL"
}

func direction(desc bool) string {
	if desc {
		return " DESC"
	}
	return ""
}

// indexed writes what is true of every node and yet must be said for Neo4j to read
// the first key's index in order: that its columns are there.
func (ks keys) indexed() []string {
	k := &ks.all[0]
	if !ks.scan || k.nullable {
		return nil
	}
	var all []string
	for _, c := range indexColumns(k.Property, k.Kind) {
		all = append(all, k.node+"."+quote(c)+" IS NOT NULL")
	}
	return all
}

// ways writes the conditions that bring the nodes behind a cursor, or all of them, in
// one or two ways whose nodes together are wanted.
//
// Two ways stand for one "or" where an index serves the first key: the nodes with the
// cursor's value, and those beyond it. Neo4j reads each in the index's order and stops
// at the page's end; over the "or" it would gather and sort all that follow.
func (w *writer) ways(ks keys, after []value.Value, cursor plan.Operand) [][]string {
	if after == nil {
		return [][]string{ks.indexed()}
	}
	base := w.base(cursor)
	bound := make([]map[string]string, len(after))
	for i := range ks.all {
		bound[i] = w.bind(&ks.all[i], after[i], fmt.Sprintf("%s_%d", base, i))
	}
	first := ks.all[0]
	if !ks.scan || first.nullable || after[0].IsNull() {
		return [][]string{{follows(ks.all, after, bound)}}
	}
	c := first.columns[0]
	past := append([]string{first.column(c) + " " + beyond(first.Desc) + " " + bound[0][c]}, ks.indexed()[1:]...)
	if len(ks.all) == 1 {
		return [][]string{past}
	}
	rest := ks.all[1:]
	if first.columns = first.columns[1:]; len(first.columns) > 0 {
		return [][]string{{first.column(c) + " = " + bound[0][c], follows(append([]sortKey{first}, rest...), after, bound)}, past}
	}
	return [][]string{{first.column(c) + " = " + bound[0][c], follows(rest, after[1:], bound[1:])}, past}
}

// bind makes the columns of a cursor's value parameters.
func (w *writer) bind(k *sortKey, v value.Value, base string) map[string]string {
	bound := make(map[string]string, len(k.columns))
	if v.IsNull() {
		return bound
	}
	for _, c := range k.columns {
		if k.Kind == value.Date && c != "" {
			span, err := value.ParseDate(v.Str)
			if err != nil {
				w.fail(err)
			}
			bound[c] = w.set(base+c, day(span, c))
			continue
		}
		bound[c] = w.comparable(base+c, native(v, c))
	}
	return bound
}

func day(span value.Interval, suffix string) int64 {
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

// follows writes: the first key comes after its value, or is equal to it and the rest
// follows.
func follows(ks []sortKey, values []value.Value, bound []map[string]string) string {
	k, v := &ks[0], values[0]
	var ways []string
	switch {
	case v.IsNull() && k.NullsFirst:
		ways = append(ways, k.column("")+" IS NOT NULL")
	case !v.IsNull():
		ways = append(ways, lexical(k, k.columns, bound[0]))
		if k.nullable && !k.NullsFirst {
			ways = append(ways, k.column("")+" IS NULL")
		}
	}
	if len(ks) > 1 {
		same := k.column("") + " IS NULL"
		if !v.IsNull() {
			same = k.column("") + " = " + bound[0][""]
		}
		ways = append(ways, same+" AND "+follows(ks[1:], values[1:], bound[1:]))
	}
	return either(ways)
}

// lexical writes that the columns together lie beyond the bound ones.
func lexical(k *sortKey, columns []string, bound map[string]string) string {
	c := columns[0]
	past := k.column(c) + " " + beyond(k.Desc) + " " + bound[c]
	if len(columns) == 1 {
		return past
	}
	return either([]string{past, k.column(c) + " = " + bound[c] + " AND " + lexical(k, columns[1:], bound)})
}
