package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// String prints the plan's reads as a tree: one line per slot, the inner ones indented.
func (p *Plan) String() string {
	pr := printer{catalog: p.Catalog}
	pr.row(&p.Query, 0)
	return pr.String()
}

type printer struct {
	strings.Builder
	catalog *catalog.Catalog
	name    *Name // where the names of variables go, nil: they are printed
}

func (p *printer) row(r *Row, depth int) {
	for _, slot := range r.Slots {
		p.WriteString(strings.Repeat("  ", depth))
		p.WriteString(p.read(slot.Read))
		if slot.Types != 0 && slot.Types != r.Types {
			fmt.Fprintf(p, " [only %s]", p.types(slot.Types))
		}
		p.WriteByte('\n')
		for _, inner := range inside(slot.Read) {
			p.row(inner, depth+1)
		}
	}
}

func (p *printer) read(read Read) string {
	switch read := read.(type) {
	case Property:
		return read.Name
	case Targets:
		return "ids of " + LinkString(read.Link)
	case KeyOf:
		return "key " + p.key(read.Key)
	case *One:
		return "one " + LinkString(read.Link) + p.where(read.Where)
	case *Many:
		return p.many(read)
	case *Groups:
		return p.groups(read)
	case *Find:
		return fmt.Sprintf("find %s with id %s%s", p.types(read.Types), read.ID, p.where(read.Where))
	case *FindAll:
		exactly := ""
		if read.Exact {
			exactly = "exactly "
		}
		return fmt.Sprintf("find all of ids %s%s%s", exactly, read.IDs, p.where(read.Where))
	case *Computed:
		return "compute " + read.Field + argsString(read.Args) + p.filters(read.Filters)
	case *Recorded:
		return "as recorded at " + read.Time.String()
	case *Value:
		return read.Name + argsString(read.Args)
	case *Nested:
		return read.Name + argsString(read.Args)
	case *Reference:
		return read.Name + argsString(read.Args) + ": " + p.types(read.Types)
	default:
		panic(read)
	}
}

// argsString prints arguments in the order of their names: (maxHops: 3).
func argsString(args Args) string {
	if len(args) == 0 {
		return ""
	}
	parts := make([]string, 0, len(args))
	for _, name := range slices.Sorted(maps.Keys(args)) {
		parts = append(parts, name+": "+args[name].String())
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// filters prints the conditions among arguments: , input.where: Person where name eq "x".
func (p *printer) filters(filters Filters) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(filters)) {
		condition := filters[name]
		fmt.Fprintf(&b, ", %s: %s%s", name, p.types(condition.Types), p.where(condition.Filter))
	}
	return b.String()
}

func (p *printer) many(m *Many) string {
	parts := []string{p.from(m.From)}
	if m.Where != nil {
		parts = append(parts, "where "+p.filter(m.Where))
	}
	if m.Rows {
		parts = append(parts, "order "+p.order(m.Order), m.size())
		if !isNullConst(m.After) {
			parts = append(parts, "after "+m.After.String())
		}
		if !isNullConst(m.Before) {
			parts = append(parts, "before "+m.Before.String())
		}
	}
	if m.Total {
		parts = append(parts, "count all")
	}
	return strings.Join(parts, ", ")
}

// size prints how many rows the page has, and from which end.
func (m *Many) size() string {
	if !isNullConst(m.Last) {
		return "last " + m.Last.String()
	}
	return "first " + m.First.or(strconv.Itoa(DefaultPage))
}

func (p *printer) groups(g *Groups) string {
	keys := make([]string, len(g.By))
	for i, k := range g.By {
		keys[i] = k.String()
	}
	parts := []string{"groups of " + p.from(g.From)}
	if g.Where != nil {
		parts = append(parts, "where "+p.filter(g.Where))
	}
	parts = append(parts, "by "+strings.Join(keys, " and "), "first "+g.First.or(strconv.Itoa(DefaultPage)))
	if !isNullConst(g.Skip) {
		parts = append(parts, "skip "+g.Skip.String())
	}
	for _, l := range g.Distinct {
		parts = append(parts, "distinct "+l.Name)
	}
	if g.Total {
		parts = append(parts, "count all")
	}
	return strings.Join(parts, ", ")
}

// String prints what is grouped by: year of started.
func (k GroupKey) String() string {
	switch {
	case k.Link != nil:
		return k.Link.Name
	case k.Year:
		return "year of " + k.Property
	default:
		return k.Property
	}
}

func isNullConst(o Operand) bool { return o.Param == "" && o.Const.IsNull() }

func (p *printer) from(from From) string {
	switch from := from.(type) {
	case Scan:
		return "scan " + p.types(from.Types)
	case Follow:
		return "follow " + LinkString(from.Link) + p.facts(from.Facts)
	case Between:
		return "facts of " + from.Link.Owner + "." + from.Link.Name
	default:
		panic(from)
	}
}

func (p *printer) types(set catalog.TypeSet) string {
	if p.catalog == nil { // the hash of an order, which no person reads
		return strconv.FormatUint(uint64(set), 16)
	}
	if set == p.catalog.All() {
		return "any node"
	}
	var names []string
	for t := range p.catalog.In(set) {
		names = append(names, t.Name)
	}
	return strings.Join(names, "|")
}

// LinkString prints a link with what it runs over: learner -LEARNER-> Party.
func LinkString(l *catalog.Link) string {
	switch {
	case l.Shortcut != nil:
		return fmt.Sprintf("%s (%s, then %s)", l.Name, LinkString(l.Shortcut.Fact), LinkString(l.Shortcut.Far))
	case l.Direction == catalog.Out:
		return fmt.Sprintf("%s -%s-> %s", l.Name, l.Relationship, l.Target)
	default:
		return fmt.Sprintf("%s <-%s- %s", l.Name, l.Relationship, l.Target)
	}
}

func (p *printer) order(order []Key) string {
	parts := make([]string, len(order))
	for i, k := range order {
		parts[i] = p.key(k)
	}
	return strings.Join(parts, ", ")
}

// key prints a sort key: hub.name desc nulls first.
func (p *printer) key(k Key) string {
	var text string
	for _, l := range k.Path {
		text += l.Name + "."
	}
	if k.Count != nil {
		text += p.count(k.Count)
	}
	text += k.Property
	if k.Desc {
		text += " desc"
	}
	if k.NullsFirst {
		text += " nulls first"
	}
	return text
}

func (p *printer) count(c *Count) string {
	return "count of " + LinkString(c.Link) + p.facts(c.Facts) + p.where(c.Where)
}

func (p *printer) filter(f Filter) string {
	switch f := f.(type) {
	case And:
		return p.join(f, " and ", "true")
	case Or:
		return p.join(f, " or ", "false")
	case Not:
		return "not (" + p.filter(f.Filter) + ")"
	case Compare:
		return p.compare(f)
	case Elements:
		return fmt.Sprintf("%s of %s: (%s)", f.Quant, f.Property, p.filter(f.Where))
	case TypeIs:
		return "is " + p.types(f.Types)
	case Linked:
		return fmt.Sprintf("%s %s%s%s", f.Quant, LinkString(f.Link), p.facts(f.Facts), p.where(f.Where))
	case Counted:
		return fmt.Sprintf("count of %s%s%s %s %s", LinkString(f.Link), p.facts(f.Facts), p.where(f.Where), f.Op, p.operand(f.Operand))
	default:
		panic(f)
	}
}

func (p *printer) where(f Filter) string {
	if f == nil {
		return ""
	}
	return " (" + p.filter(f) + ")"
}

// facts prints the condition on the facts that a shortcut leads past.
func (p *printer) facts(f Filter) string {
	if f == nil {
		return ""
	}
	return " over facts (" + p.filter(f) + ")"
}

func (p *printer) join(parts []Filter, word, empty string) string {
	if len(parts) == 0 {
		return empty
	}
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = p.filter(part)
		switch part.(type) {
		case And, Or:
			texts[i] = "(" + texts[i] + ")"
		}
	}
	return strings.Join(texts, word)
}

// String prints a comparison: name contains "core".
func (c Compare) String() string { return new(printer).compare(c) }

func (p *printer) compare(c Compare) string {
	name := c.Property
	if name == "" {
		name = "it"
	}
	if c.Op == IsNull {
		return name + " is null"
	}
	text := fmt.Sprintf("%s %s %s", name, c.Op, p.operand(c.Operand))
	if c.CaseSensitive {
		text += " (case sensitive)"
	}
	if c.Possible {
		text += " (possibly)"
	}
	if c.Written {
		text += " (as written)"
	}
	return text
}

func (p *printer) operand(o Operand) string {
	if p.name == nil || o.Param == "" {
		return o.String()
	}
	p.name.params = append(p.name.params, o.Param)
	return "$"
}

// String prints an operand: a value, or a variable with its dollar sign.
func (o Operand) String() string {
	if o.Param != "" {
		return "$" + o.Param
	}
	return valueString(o.Const)
}

// or prints the operand, or what stands for a missing one.
func (o Operand) or(missing string) string {
	if isNullConst(o) {
		return missing
	}
	return o.String()
}

func valueString(v value.Value) string {
	switch v.Kind {
	case value.Null:
		return "null"
	case value.Int:
		return strconv.FormatInt(v.Num, 10)
	case value.Float:
		return value.FormatFloat(v.Num)
	case value.Bool:
		return strconv.FormatBool(v.Num != 0)
	case value.Enum, value.Date:
		return v.Str
	case value.List:
		texts := make([]string, len(v.List()))
		for i, e := range v.List() {
			texts[i] = valueString(e)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	default:
		return strconv.Quote(v.Str)
	}
}
