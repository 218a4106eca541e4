package embedded

import (
	"slices"
	"strings"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// test tells whether a node, or an element of a list, meets a condition.
type test[T any] func(r *run, x T) bool

// filter compiles a condition on nodes; nil stays nil and means all.
func (c *compiler) filter(f plan.Filter) test[node] {
	if f == nil {
		return nil
	}
	return logic(f, c.condition)
}

// logic compiles what joins conditions; leaf compiles the conditions themselves.
func logic[T any](f plan.Filter, leaf func(plan.Filter) test[T]) test[T] {
	switch f := f.(type) {
	case plan.And:
		parts := logics(f, leaf)
		return func(r *run, x T) bool {
			for _, part := range parts {
				if !part(r, x) {
					return false
				}
			}
			return true
		}
	case plan.Or:
		parts := logics(f, leaf)
		return func(r *run, x T) bool {
			for _, part := range parts {
				if part(r, x) {
					return true
				}
			}
			return false
		}
	case plan.Not:
		part := logic(f.Filter, leaf)
		return func(r *run, x T) bool { return !part(r, x) }
	default:
		return leaf(f)
	}
}

func logics[T any](filters []plan.Filter, leaf func(plan.Filter) test[T]) []test[T] {
	parts := make([]test[T], len(filters))
	for i, f := range filters {
		parts[i] = logic(f, leaf)
	}
	return parts
}

func (c *compiler) condition(f plan.Filter) test[node] {
	switch f := f.(type) {
	case plan.Compare:
		return c.comparison(f)
	case plan.Elements:
		return c.elements(f)
	case plan.TypeIs:
		return func(_ *run, n node) bool { return f.Types.Has(n.typ) }
	case plan.Linked:
		return c.linked(f)
	case plan.Counted:
		return c.counted(f)
	default:
		panic(f)
	}
}

func (c *compiler) comparison(f plan.Compare) test[node] {
	columns := c.columns(f.Property)
	if f.Op == plan.IsNull {
		return isNull(f, columns)
	}
	at := c.operand(f)
	switch f.Kind {
	case value.ID:
		return compareID(f, at)
	case value.Text, value.Enum:
		return compareText(f, columns, at)
	case value.Int, value.Float, value.Bool:
		return compareNumber(f, columns, at)
	case value.Date:
		return compareDate(f, columns, at)
	default:
		panic(f.Kind)
	}
}

func compareID(f plan.Compare, at int) test[node] {
	match := matchRaw(f.Op)
	return func(r *run, n node) bool {
		b := &r.bound[at]
		return b.has && match(r.snapshot.ids.at(n.num), b)
	}
}

func compareText(f plan.Compare, columns columns, at int) test[node] {
	match := matchText(f)
	return func(r *run, n node) bool {
		b, column := &r.bound[at], columns.of(n)
		if column == nil || !b.has {
			return false
		}
		t := column.texts.at(n.row)
		return t != nil && match(t, b)
	}
}

func compareNumber(f plan.Compare, columns columns, at int) test[node] {
	return func(r *run, n node) bool {
		b, column := &r.bound[at], columns.of(n)
		if column == nil || !b.has {
			return false
		}
		w := column.nums.at(n.row)
		return w.has && matchNumber(f.Op, w.n, b)
	}
}

func compareDate(f plan.Compare, columns columns, at int) test[node] {
	return func(r *run, n node) bool {
		b, column := &r.bound[at], columns.of(n)
		if !b.has {
			return false
		}
		var d *date
		if column != nil {
			d = column.dates.at(n.row)
		}
		if d == nil {
			return f.Possible // it may be any day
		}
		days := d.days
		if f.Written {
			days = r.asWritten(d)
		}
		return matchDate(f.Op, f.Possible, days, b)
	}
}

func isNull(f plan.Compare, columns columns) test[node] {
	return func(_ *run, n node) bool {
		column := columns.of(n)
		switch {
		case f.Kind == value.ID:
			return false
		case column == nil || column.kind == value.Strings: // a list is never missing
			return column == nil
		default:
			return column.at(n.row).empty()
		}
	}
}

// matchText compiles a comparison of a text that is there with an operand that is there.
func matchText(f plan.Compare) func(t *text, b *bound) bool {
	match := matchRaw(f.Op)
	if exact(f) {
		return func(t *text, b *bound) bool { return match(t.raw, b) }
	}
	return func(t *text, b *bound) bool { return match(t.fold(), b) }
}

// exact tells whether the raw text counts and not the folded one.
func exact(f plan.Compare) bool { return f.Kind != value.Text || f.CaseSensitive }

// matchRaw compares a text with a bound operand of the same form, raw or folded.
func matchRaw(op plan.Op) func(s string, b *bound) bool {
	switch op {
	case plan.Eq:
		return func(s string, b *bound) bool { return s == b.text }
	case plan.Ne:
		return func(s string, b *bound) bool { return s != b.text }
	case plan.In:
		return func(s string, b *bound) bool { return b.holds(s) }
	case plan.NotIn:
		return func(s string, b *bound) bool { return !b.holds(s) }
	case plan.Lt:
		return func(s string, b *bound) bool { return s < b.text }
	case plan.Lte:
		return func(s string, b *bound) bool { return s <= b.text }
	case plan.Gt:
		return func(s string, b *bound) bool { return s > b.text }
	case plan.Gte:
		return func(s string, b *bound) bool { return s >= b.text }
	case plan.Contains:
		return func(s string, b *bound) bool { return strings.Contains(s, b.text) }
	case plan.StartsWith:
		return func(s string, b *bound) bool { return strings.HasPrefix(s, b.text) }
	case plan.EndsWith:
		return func(s string, b *bound) bool { return strings.HasSuffix(s, b.text) }
	default:
		panic(op)
	}
}

func matchNumber(op plan.Op, n int64, b *bound) bool {
	switch op {
	case plan.Eq:
		return n == b.number
	case plan.Ne:
		return n != b.number
	case plan.In:
		return slices.Contains(b.numbers, n)
	case plan.NotIn:
		return !slices.Contains(b.numbers, n)
	case plan.Lt:
		return n < b.number
	case plan.Lte:
		return n <= b.number
	case plan.Gt:
		return n > b.number
	case plan.Gte:
		return n >= b.number
	default:
		panic(op)
	}
}

// matchDate compares a date that is there. Two dates are possibly the same when some
// day is in both, and possibly different unless both are the same single day.
func matchDate(op plan.Op, possible bool, d value.Interval, b *bound) bool {
	switch op {
	case plan.Eq:
		return sameDate(possible, d, b.days)
	case plan.Ne:
		return otherDate(possible, d, b.days)
	case plan.In:
		return slices.ContainsFunc(b.spans, func(o value.Interval) bool { return sameDate(possible, d, o) })
	case plan.NotIn:
		return !slices.ContainsFunc(b.spans, func(o value.Interval) bool { return !otherDate(possible, d, o) })
	case plan.Before:
		return d.To < b.days.From || possible && d.From < b.days.From
	case plan.After:
		return d.From > b.days.To || possible && d.To > b.days.To
	case plan.During:
		return d.From >= b.days.From && d.To <= b.days.To || possible && overlap(d, b.days)
	default:
		panic(op)
	}
}

func sameDate(possible bool, a, b value.Interval) bool {
	return a == b || possible && overlap(a, b)
}

func otherDate(possible bool, a, b value.Interval) bool {
	return a != b || possible && a.From != a.To
}

func overlap(a, b value.Interval) bool { return a.From <= b.To && b.From <= a.To }

// elements compiles a condition on the elements of a list.
func (c *compiler) elements(f plan.Elements) test[node] {
	columns := c.columns(f.Property)
	where := logic(f.Where, c.element)
	return func(r *run, n node) bool {
		var list []text
		if column := columns.of(n); column != nil {
			list = column.lists.at(n.row)
		}
		for i := range list {
			if where(r, &list[i]) != (f.Quant == plan.All) {
				return f.Quant == plan.Some
			}
		}
		return f.Quant != plan.Some
	}
}

func (c *compiler) element(f plan.Filter) test[*text] {
	compare, ok := f.(plan.Compare)
	if !ok {
		panic(f)
	}
	if compare.Op == plan.IsNull {
		return func(*run, *text) bool { return false }
	}
	compare.Kind = value.Text
	at, match := c.operand(compare), matchText(compare)
	return func(r *run, t *text) bool {
		b := &r.bound[at]
		return b.has && match(t, b)
	}
}

func (c *compiler) linked(f plan.Linked) test[node] {
	p, where := c.path(f.Link, f.Facts), c.filter(f.Where)
	return func(r *run, n node) bool {
		mark := len(r.numbers)
		defer func() { r.numbers = r.numbers[:mark] }()
		ends := r.reach(&p, n)
		if where == nil {
			return f.Quant == plan.All || (len(ends) > 0) == (f.Quant == plan.Some)
		}
		for _, num := range ends {
			if r.stopped() {
				return false
			}
			end, _ := r.snapshot.node(num)
			if where(r, end) != (f.Quant == plan.All) {
				return f.Quant == plan.Some
			}
		}
		return f.Quant != plan.Some
	}
}

func (c *compiler) counted(f plan.Counted) test[node] {
	count := c.counter(&plan.Count{Link: f.Link, Where: f.Where, Facts: f.Facts})
	at := c.operand(plan.Compare{Kind: value.Int, Op: f.Op, Operand: f.Operand})
	return func(r *run, n node) bool {
		b := &r.bound[at]
		return b.has && matchNumber(f.Op, r.count(count, n), b)
	}
}

// counter is a plan.Count, resolved.
type counter struct {
	path  path
	where test[node]
	at    int // its place in query.counters
	named plan.Name
	read  *reads
}

func (c *compiler) counter(p *plan.Count) *counter {
	out := &counter{path: c.path(p.Link, p.Facts), where: c.filter(p.Where), at: len(c.query.counters), named: plan.NameOfCount(p), read: new(reads)}
	c.addLink(out.read, p.Link, p.Where, p.Facts)
	c.query.counters = append(c.query.counters, out)
	return out
}

// count is the number of nodes at the end of a link of n that a counter counts: as it is known from
// an order, or counted now.
func (r *run) count(c *counter, n node) int64 {
	if r.ranks != nil && r.ranks[c.at] != nil {
		if count, known := r.ranks[c.at].of(n); known {
			return count
		}
	}
	return r.countAnew(c, n)
}

func (r *run) countAnew(c *counter, n node) (count int64) {
	mark := len(r.numbers)
	defer func() { r.numbers = r.numbers[:mark] }()
	ends := r.reach(&c.path, n)
	if c.where == nil {
		return int64(len(ends))
	}
	for _, num := range ends {
		if r.stopped() {
			return 0
		}
		if end, _ := r.snapshot.node(num); c.where(r, end) {
			count++
		}
	}
	return count
}
