package storetest

import (
	"slices"
	"strings"

	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// those keeps the nodes that meet a condition.
func (e *evaluator) those(where plan.Filter, nodes []*change.Node) []*change.Node {
	var kept []*change.Node
	for _, n := range nodes {
		if e.meets(where, n) {
			kept = append(kept, n)
		}
	}
	return kept
}

func (e *evaluator) meets(where plan.Filter, n *change.Node) bool {
	return where == nil || e.holds(where, n)
}

// holds tells whether a filter is true of a node: true or false, never unknown.
func (e *evaluator) holds(f plan.Filter, n *change.Node) bool {
	switch f := f.(type) {
	case plan.And:
		return !slices.ContainsFunc(f, func(part plan.Filter) bool { return !e.holds(part, n) })
	case plan.Or:
		return slices.ContainsFunc(f, func(part plan.Filter) bool { return e.holds(part, n) })
	case plan.Not:
		return !e.holds(f.Filter, n)
	case plan.Compare:
		return e.compare(f, property(n, f.Property))
	case plan.Elements:
		elements := property(n, f.Property).Strs()
		return quantified(f.Quant, e.countElements(f.Where, elements), len(elements))
	case plan.TypeIs:
		return f.Types.Has(n.Type.ID)
	case plan.Linked:
		far := e.follow(f.Link, f.Facts, n)
		return quantified(f.Quant, len(e.those(f.Where, far)), len(far))
	case plan.Counted:
		want := f.Operand.Value(e.params)
		count := e.count(plan.Count{Link: f.Link, Where: f.Where, Facts: f.Facts}, n)
		return !want.IsNull() && ordered(f.Op, count-int(want.Num))
	default:
		panic(f)
	}
}

func (e *evaluator) count(c plan.Count, n *change.Node) int {
	return len(e.those(c.Where, e.follow(c.Link, c.Facts, n)))
}

func (e *evaluator) countElements(where plan.Filter, elements []string) int {
	count := 0
	for _, element := range elements {
		if e.element(where, value.OfText(element)) {
			count++
		}
	}
	return count
}

func quantified(q plan.Quant, met, of int) bool {
	switch q {
	case plan.Some:
		return met > 0
	case plan.All:
		return met == of
	case plan.None:
		return met == 0
	default:
		panic(q)
	}
}

// element is holds for one element of a list of texts.
func (e *evaluator) element(f plan.Filter, v value.Value) bool {
	switch f := f.(type) {
	case plan.And:
		return !slices.ContainsFunc(f, func(part plan.Filter) bool { return !e.element(part, v) })
	case plan.Or:
		return slices.ContainsFunc(f, func(part plan.Filter) bool { return e.element(part, v) })
	case plan.Not:
		return !e.element(f.Filter, v)
	case plan.Compare:
		return e.compare(f, v)
	default:
		panic(f)
	}
}

func (e *evaluator) compare(c plan.Compare, v value.Value) bool {
	w := c.Operand.Value(e.params)
	switch {
	case c.Op == plan.IsNull:
		return v.IsNull()
	case w.IsNull():
		return false
	case v.IsNull():
		return c.Kind == value.Date && c.Possible // it may be any day
	case c.Op == plan.In:
		return slices.ContainsFunc(w.List(), func(w value.Value) bool { return relation(c, plan.Eq, v, w) })
	case c.Op == plan.NotIn:
		return !slices.ContainsFunc(w.List(), func(w value.Value) bool { return !relation(c, plan.Ne, v, w) })
	default:
		return relation(c, c.Op, v, w)
	}
}

// relation compares two values that are there.
func relation(c plan.Compare, op plan.Op, v, w value.Value) bool {
	switch {
	case c.Kind == value.Date:
		return dates(op, c.Possible, interval(v, c.Written), interval(w, c.Written))
	case c.Kind == value.Text && !c.CaseSensitive:
		return texts(op, value.Fold(v.Str), value.Fold(w.Str))
	case c.Kind == value.Int || c.Kind == value.Float || c.Kind == value.Bool:
		return ordered(op, value.Compare(v, w))
	default:
		return texts(op, v.Str, w.Str)
	}
}

func texts(op plan.Op, v, w string) bool {
	switch op {
	case plan.Contains:
		return strings.Contains(v, w)
	case plan.StartsWith:
		return strings.HasPrefix(v, w)
	case plan.EndsWith:
		return strings.HasSuffix(v, w)
	default:
		return ordered(op, strings.Compare(v, w))
	}
}

// ordered tells whether the outcome of a comparison is what the relation wants.
func ordered(op plan.Op, order int) bool {
	switch op {
	case plan.Eq:
		return order == 0
	case plan.Ne:
		return order != 0
	case plan.Lt:
		return order < 0
	case plan.Lte:
		return order <= 0
	case plan.Gt:
		return order > 0
	case plan.Gte:
		return order >= 0
	default:
		panic(op)
	}
}

func interval(v value.Value, written bool) value.Interval {
	parse := value.ParseDate
	if written {
		parse = value.ParseWritten
	}
	days, err := parse(v.Str)
	if err != nil {
		panic(err)
	}
	return days
}

// dates compares intervals: wholly, or, when possible, on some day.
func dates(op plan.Op, possible bool, v, w value.Interval) bool {
	overlap := v.From <= w.To && w.From <= v.To
	switch {
	case op == plan.Eq && possible:
		return overlap
	case op == plan.Eq:
		return v == w
	case op == plan.Ne && possible: // but for the same single day, some two of their days differ
		return v != w || v.From != v.To
	case op == plan.Ne:
		return v != w
	case op == plan.Before && possible:
		return v.From < w.From
	case op == plan.Before:
		return v.To < w.From
	case op == plan.After && possible:
		return v.To > w.To
	case op == plan.After:
		return v.From > w.To
	case op == plan.During && possible:
		return overlap
	case op == plan.During:
		return w.From <= v.From && v.To <= w.To
	default:
		panic(op)
	}
}
