package cypher

import (
	"fmt"
	"slices"
	"strings"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

const (
	always = "true"
	never  = "false"
)

// conditions writes a filter as conditions that must all hold.
func (w *writer) conditions(f plan.Filter, s scope) []string {
	if f == nil {
		return nil
	}
	if and, ok := f.(plan.And); ok {
		var all []string
		for _, part := range and {
			all = append(all, w.conditions(part, s)...)
		}
		return all
	}
	return telling(w.filter(f, s, true))
}

// telling leaves out a condition that is always true.
func telling(condition string) []string {
	if condition == always {
		return nil
	}
	return []string{condition}
}

// filter writes an expression that is true exactly when the filter is want, and false
// or null otherwise: Neo4j takes null for false wherever a condition stands. Negation
// goes down to the comparisons, so that a missing value never makes it null by accident.
func (w *writer) filter(f plan.Filter, s scope, want bool) string {
	switch f := f.(type) {
	case nil:
		return truth(want)
	case plan.And:
		return parts(f, want, func(part plan.Filter) string { return w.filter(part, s, want) })
	case plan.Or:
		if types, rest, ok := guarded(f); ok && want {
			return w.ofTypes(types, rest, s)
		}
		return parts(f, !want, func(part plan.Filter) string { return w.filter(part, s, want) })
	case plan.Not:
		return w.filter(f.Filter, s, !want)
	case plan.Compare:
		return w.compare(f, property{of: s.node + ".", name: f.Property, nullable: !required(w.cat, s.types, f.Property), indexed: s.depth == 0}, want)
	case plan.Elements:
		return w.elements(f, s, want)
	case plan.TypeIs:
		return w.typeIs(f, s, want)
	case plan.Linked:
		return w.linked(f, s, want)
	case plan.Counted:
		return w.counted(f, s, want)
	default:
		panic(fmt.Sprintf("cypher: filter %T", f))
	}
}

func truth(b bool) string {
	if b {
		return always
	}
	return never
}

// parts writes a conjunction, or, where all is false, a disjunction.
func parts(fs []plan.Filter, all bool, write func(plan.Filter) string) string {
	texts := make([]string, len(fs))
	for i, f := range fs {
		texts[i] = write(f)
	}
	if all {
		return both(texts)
	}
	return either(texts)
}

// guarded tells whether a disjunction asks something of the nodes of some types only.
func guarded(f plan.Or) (types plan.TypeIs, rest plan.Filter, ok bool) {
	if len(f) < 2 {
		return types, nil, false
	}
	not, ok := f[0].(plan.Not)
	if !ok {
		return types, nil, false
	}
	types, ok = not.Filter.(plan.TypeIs)
	return types, f[1:], ok
}

// ofTypes writes a condition on the nodes of some types. It is a CASE because Neo4j
// multiplies disjunctions out before it plans, for seconds where there are many.
func (w *writer) ofTypes(types plan.TypeIs, rest plan.Filter, s scope) string {
	switch is := w.typeIs(types, s, true); is {
	case never:
		return always
	case always:
		return w.filter(rest, s, true)
	default:
		return "CASE WHEN " + is + " THEN " + w.filter(rest, s, true) + " ELSE true END"
	}
}

func both(texts []string) string   { return join(texts, " AND ", always, never) }
func either(texts []string) string { return join(texts, " OR ", never, always) }

// join joins texts, without those that add nothing; one that decides stands for all.
func join(texts []string, word, none, decides string) string {
	if slices.Contains(texts, decides) {
		return decides
	}
	texts = slices.DeleteFunc(texts, func(t string) bool { return t == none })
	switch len(texts) {
	case 0:
		return none
	case 1:
		return texts[0]
	default:
		return "(" + strings.Join(texts, word) + ")"
	}
}

func (w *writer) typeIs(f plan.TypeIs, s scope, want bool) string {
	set := f.Types & s.types
	if set == 0 || set == s.types {
		return truth((set != 0) == want)
	}
	if !want {
		set = s.types &^ set
	}
	return s.node + ":" + labels(w.cat, set)
}

// linked writes a quantifier. All is "none that does not".
func (w *writer) linked(f plan.Linked, s scope, want bool) string {
	far := s.below(f.Link.Targets)
	where := w.conditions
	if f.Quant == plan.All {
		where = w.complement
	}
	exists := block("EXISTS", w.match(plan.Follow{Link: f.Link, Facts: f.Facts}, s, far).clauses(where(f.Where, far)))
	if (f.Quant == plan.Some) == want {
		return exists
	}
	return "NOT " + exists
}

// complement writes that a filter does not hold.
func (w *writer) complement(f plan.Filter, s scope) []string {
	return telling(w.filter(f, s, false))
}

func (w *writer) counted(f plan.Counted, s scope, want bool) string {
	if f.Operand.Value(w.params).IsNull() {
		return truth(!want)
	}
	count := w.count(plan.Follow{Link: f.Link, Facts: f.Facts}, f.Where, s, s.below(f.Link.Targets))
	return negate(count+" "+operators[f.Op]+" "+w.param(f.Operand, ""), want)
}

// negate turns an expression that is never null.
func negate(text string, want bool) string {
	if want {
		return text
	}
	return "NOT (" + text + ")"
}

// property is a scalar in a statement: n.name, or an element of a list.
type property struct {
	of       string // "n."
	name     string
	nullable bool
	indexed  bool                     // all nodes of a type are read, so that an index helps
	written  bool                     // of a date: the days that are written
	element  func(form string) string // set for an element: how it is written in a form
}

func (p property) in(form string) string {
	if p.element != nil {
		return p.element(form)
	}
	return p.of + quote(p.name+form)
}

// day is the first or the last day of a date.
func (p property) day(end string) string {
	if p.written {
		return "coalesce(" + p.in(writtenSuffix+end) + ", " + p.in(end) + ")"
	}
	return p.in(end)
}

var operators = map[plan.Op]string{
	plan.Eq: "=", plan.Ne: "<>", plan.In: "IN", plan.Lt: "<", plan.Lte: "<=", plan.Gt: ">", plan.Gte: ">=",
	plan.Contains: "CONTAINS", plan.StartsWith: "STARTS WITH", plan.EndsWith: "ENDS WITH",
}

// compare writes a comparison. One with a missing operand is false.
func (w *writer) compare(f plan.Compare, p property, want bool) string {
	switch {
	case f.Op == plan.IsNull && !p.nullable:
		return truth(!want)
	case f.Op == plan.IsNull:
		return p.in("") + being(!want)
	case f.Operand.Value(w.params).IsNull():
		return truth(!want)
	case f.Kind == value.Date:
		return w.dates(f, p, want)
	}
	form := ""
	if f.Kind == value.Text && !f.CaseSensitive {
		form = foldSuffix
	}
	if f.Op == plan.NotIn {
		in := p.in(form) + " IN " + w.param(f.Operand, form)
		return present(p, "NOT "+in, in, want)
	}
	base := w.base(f.Operand)
	put := w.set
	if f.Op >= plan.Lt && f.Op <= plan.Gte {
		put = w.comparable
	}
	relation := func(form string) string {
		return p.in(form) + " " + operators[f.Op] + " " + put(base+form, native(f.Operand.Value(w.params), form))
	}
	switch {
	case !want:
		return absent(p, relation(form))
	case form == foldSuffix && p.indexed && byKey[f.Op]:
		return both([]string{relation(keySuffix), relation(form)})
	default:
		return relation(form)
	}
}

// byKey are the relations that hold of the keys too when they hold of the texts; the
// index on the keys then finds the few nodes to look at.
var byKey = map[plan.Op]bool{plan.Eq: true, plan.In: true, plan.StartsWith: true}

// present writes a condition that holds only where the property is there; complement
// is the condition that then holds instead.
func present(p property, text, complement string, want bool) string {
	switch {
	case !p.nullable && want:
		return text
	case !p.nullable:
		return complement
	case want:
		return "(" + p.in("") + " IS NOT NULL AND " + text + ")"
	default:
		return "(" + p.in("") + " IS NULL OR " + complement + ")"
	}
}

// being asks whether a value is there, or is missing.
func being(there bool) string {
	if there {
		return " IS NOT NULL"
	}
	return " IS NULL"
}

// absent writes the complement of a comparison: true also where the property is missing.
func absent(p property, text string) string {
	if p.nullable {
		return "NOT coalesce(" + text + ", false)"
	}
	return "NOT " + text
}

// elements writes a quantifier over a list of texts.
func (w *writer) elements(f plan.Elements, s scope, want bool) string {
	quant := map[plan.Quant]string{plan.Some: "any", plan.All: "all", plan.None: "none"}[f.Quant]
	name := fmt.Sprintf("text%d", s.depth)
	whole := s.node + "." + quote(f.Property)
	length := "size(" + whole + ")"
	if !has(w.cat, s.types, f.Property) { // Neo4j may ask it of others, whatever the condition beside it says of types
		length = "coalesce(" + length + ", 0)"
	}
	folded := s.node + "." + quote(f.Property+foldSuffix)
	element := property{element: func(form string) string {
		if form == foldSuffix {
			return folded + "[" + name + "]"
		}
		return whole + "[" + name + "]"
	}}
	text := fmt.Sprintf("%s(%s IN range(0, %s - 1) WHERE %s)", quant, name, length, w.element(f.Where, element, true))
	return negate(text, want)
}

// element writes a filter on an element of a list.
func (w *writer) element(f plan.Filter, p property, want bool) string {
	switch f := f.(type) {
	case nil:
		return truth(want)
	case plan.And:
		return parts(f, want, func(part plan.Filter) string { return w.element(part, p, want) })
	case plan.Or:
		return parts(f, !want, func(part plan.Filter) string { return w.element(part, p, want) })
	case plan.Not:
		return w.element(f.Filter, p, !want)
	case plan.Compare:
		return w.compare(f, p, want)
	default:
		panic(fmt.Sprintf("cypher: filter %T on an element", f))
	}
}
