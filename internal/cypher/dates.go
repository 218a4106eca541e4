package cypher

import (
	"fmt"
	"slices"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// dates writes a comparison of days. Under Possible some day suffices, and a missing
// date may be any day.
func (w *writer) dates(f plan.Compare, p property, want bool) string {
	spans, err := intervals(f.Operand.Value(w.params), f.Written)
	if err != nil {
		w.fail(err)
		return never
	}
	base := w.base(f.Operand)
	if p.written = f.Written; p.written { // the same variable may stand elsewhere for other days
		base = "written_" + base
	}
	var text string
	switch f.Op {
	case plan.In:
		text = w.oneOf(f.Possible, p, base, spans)
	case plan.Ne, plan.NotIn:
		return w.differs(f, p, base, spans, want)
	default:
		text = w.dateOp(f, p, base, spans[0])
	}
	switch {
	case f.Possible && p.nullable:
		return negate("("+p.in("")+" IS NULL OR "+text+")", want)
	case want:
		return text
	default:
		return absent(p, text)
	}
}

// intervals are the spans of days of a date or of a list of dates.
func intervals(v value.Value, written bool) ([]value.Interval, error) {
	list := v.List()
	if v.Kind != value.List {
		list = []value.Value{v}
	}
	parse := value.ParseDate
	if written {
		parse = value.ParseWritten
	}
	spans := make([]value.Interval, len(list))
	for i, date := range list {
		var err error
		if spans[i], err = parse(date.Str); err != nil {
			return nil, err
		}
	}
	return spans, nil
}

// differs writes that a date is none of some. Possibly it differs from all but the
// same single day: of two longer spans some two days differ.
func (w *writer) differs(f plan.Compare, p property, base string, spans []value.Interval, want bool) string {
	if f.Possible {
		spans = slices.DeleteFunc(spans, func(s value.Interval) bool { return s.From != s.To })
	}
	equal := w.oneOf(false, p, base, spans)
	if f.Possible && p.nullable {
		return negate("("+p.in("")+" IS NULL OR NOT "+equal+")", want)
	}
	return present(p, "NOT "+equal, equal, want)
}

// oneOf writes that a date is equal to some of several.
func (w *writer) oneOf(possible bool, p property, base string, spans []value.Interval) string {
	list := make([]any, len(spans))
	for i, s := range spans {
		list[i] = []any{s.From, s.To}
	}
	return fmt.Sprintf("any(span IN %s WHERE %s)", w.set(base+"_spans", list), same(possible, p, "span[0]", "span[1]"))
}

// dateOp writes a comparison with one date.
func (w *writer) dateOp(f plan.Compare, p property, base string, span value.Interval) string {
	from := func() string { return w.set(base+fromSuffix, span.From) }
	to := func() string { return w.set(base+toSuffix, span.To) }
	switch {
	case f.Op == plan.Eq:
		return same(f.Possible, p, from(), to())
	case f.Op == plan.Before && f.Possible:
		return p.day(fromSuffix) + " < " + from()
	case f.Op == plan.Before:
		return p.day(toSuffix) + " < " + from()
	case f.Op == plan.After && f.Possible:
		return p.day(toSuffix) + " > " + to()
	case f.Op == plan.After:
		return p.day(fromSuffix) + " > " + to()
	case f.Op == plan.During && f.Possible:
		return same(true, p, from(), to())
	case f.Op == plan.During:
		return "(" + p.day(fromSuffix) + " >= " + from() + " AND " + p.day(toSuffix) + " <= " + to() + ")"
	default:
		panic(fmt.Sprintf("cypher: dates %s", f.Op))
	}
}

// same writes that two dates are the same span of days or, when possible, share a day.
func same(possible bool, p property, from, to string) string {
	if possible {
		return "(" + p.day(fromSuffix) + " <= " + to + " AND " + p.day(toSuffix) + " >= " + from + ")"
	}
	return "(" + p.day(fromSuffix) + " = " + from + " AND " + p.day(toSuffix) + " = " + to + ")"
}
