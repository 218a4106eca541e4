package compile

import (
	"strconv"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// day is the time that a question inside asOf is about.
type day struct {
	text        string
	certainty   string
	dates       string
	first, last value.Value // its first and its last day
	possible    bool
	written     bool // dates stand for what is written
}

// asOf compiles a selection over what holds on a day: the root fields again, with the
// condition to hold on everything they lead to.
func (b *builder) asOf(s *slots, g *group) (plan.Out, error) {
	if b.day != nil {
		return nil, fault.New(fault.Invalid, "asOf stands inside another asOf; ask about one day at a time")
	}
	d, err := b.dayOf(g)
	if err != nil {
		return nil, err
	}
	b.day = d
	defer func() { b.day = nil }()
	shape, err := b.shapeOf(g.selections(), func(inner *group) (plan.Out, error) { return b.graphField(s, inner) })
	if err != nil {
		return nil, err
	}
	return &plan.Inline{Shape: shape}, nil
}

func (b *builder) dayOf(g *group) (*day, error) {
	args, _, err := b.args(g.field())
	if err != nil {
		return nil, err
	}
	text := args["date"].Const.Str
	d := &day{text: text, certainty: args["certainty"].Const.Str, dates: args["dates"].Const.Str}
	d.possible, d.written = d.certainty == "POSSIBLE", d.dates == "WRITTEN"
	parse := value.ParseDate
	if d.written {
		parse = value.ParseWritten
	}
	span, err := parse(text)
	if err != nil {
		return nil, fault.New(fault.Invalid, "date: %s", err)
	}
	d.first, d.last = dayWithin(span.From), dayWithin(span.To)
	return d, nil
}

// dayWithin is a day as a date, or the nearest that can be written: years have four digits.
func dayWithin(day int64) value.Value {
	return value.OfDate(value.FormatDay(min(max(day, firstDay), lastDay)))
}

// firstDay and lastDay are 0000-01-01 and 9999-12-31.
const (
	firstDay = -719528
	lastDay  = 2932896
)

// graphField compiles a field of the graph as of a day: what it says of itself, or a
// root field.
func (b *builder) graphField(s *slots, g *group) (plan.Out, error) {
	switch g.field().Name {
	case "date":
		return constant(b.day.text), nil
	case "certainty":
		return constant(b.day.certainty), nil
	case "dates":
		return constant(b.day.dates), nil
	case "undated":
		return b.countOf(s, b.undated), nil
	case "openEnded":
		return b.countOf(s, b.openEnded), nil
	default:
		return b.rootField(s, g)
	}
}

// countOf brings the number of facts that meet a condition of their type.
func (b *builder) countOf(s *slots, condition func(*catalog.Type) plan.Filter) plan.Out {
	var facts catalog.TypeSet
	var either plan.Or
	for _, t := range b.catalog.Types {
		if filter := condition(t); filter != nil && isFact(t) {
			facts |= catalog.SetOf(t.ID)
			either = append(either, plan.And{plan.TypeIs{Types: catalog.SetOf(t.ID)}, filter})
		}
	}
	many := &plan.Many{From: plan.Scan{Types: facts}, Where: plan.Simplify(either), Order: []plan.Key{{Property: "id", Kind: value.ID}}, Total: true}
	return &plan.Total{Slot: s.add(0, many)}
}

// undated is the condition to have no beginning.
func (b *builder) undated(t *catalog.Type) plan.Filter {
	switch h := t.Holds; {
	case h.Through != nil:
		if inner := b.undatedAny(h.Through.Targets); inner != nil {
			return plan.Linked{Link: h.Through, Quant: plan.Some, Where: inner}
		}
		return nil
	case h.From != nil && h.Year == nil:
		return missing(h.From)
	default:
		return nil
	}
}

func (b *builder) undatedAny(types catalog.TypeSet) plan.Filter {
	for t := range b.catalog.In(types) {
		return b.undated(t)
	}
	return nil
}

// openEnded is the condition to have a beginning but no end where there could be one.
func (b *builder) openEnded(t *catalog.Type) plan.Filter {
	if t.Holds.To == nil {
		return nil
	}
	return plan.And{plan.Not{Filter: missing(t.Holds.From)}, missing(t.Holds.To)}
}

// held is the condition on nodes of some types to hold on the day, nil outside of asOf
// and for what always holds.
func (b *builder) held(types catalog.TypeSet) plan.Filter {
	if b.day == nil {
		return nil
	}
	var all plan.And
	for _, alike := range b.alike(types) {
		switch filter := b.heldType(b.catalog.Types[alike.First()]); {
		case filter == nil:
		case alike == types:
			return plan.Simplify(filter)
		default:
			all = append(all, plan.Or{plan.Not{Filter: plan.TypeIs{Types: alike}}, filter})
		}
	}
	return plan.Simplify(all)
}

// rule is what a type's condition to hold depends on.
type rule struct {
	from, to, year string
	through        *catalog.Link
	fact           bool
}

// alike parts some types into sets of one rule each, so that each condition stands once.
func (b *builder) alike(types catalog.TypeSet) []catalog.TypeSet {
	name := func(p *catalog.Property) string {
		if p == nil {
			return ""
		}
		return p.Name
	}
	var sets []catalog.TypeSet
	at := map[rule]int{}
	for t := range b.catalog.In(types) {
		h := t.Holds
		r := rule{name(h.From), name(h.To), name(h.Year), h.Through, isFact(t)}
		if _, known := at[r]; !known {
			at[r] = len(sets)
			sets = append(sets, 0)
		}
		sets[at[r]] |= catalog.SetOf(t.ID)
	}
	return sets
}

// heldAt adds the condition to hold to filters on the far end of a link and on the facts
// that a shortcut leads past.
func (b *builder) heldAt(l *catalog.Link, where, facts plan.Filter) (w, f plan.Filter) {
	if l.Shortcut != nil {
		facts = both(facts, b.held(l.Shortcut.Fact.Targets))
	}
	return both(where, b.held(l.Targets)), facts
}

// linkedAt is the condition on the far ends of a link, of those that hold on the day.
func (b *builder) linkedAt(l *catalog.Link, quant plan.Quant, where, facts plan.Filter) plan.Filter {
	held := b.held(l.Targets)
	if l.Shortcut != nil {
		facts = both(facts, b.held(l.Shortcut.Fact.Targets))
	}
	if quant == plan.All && held != nil { // all that hold meet it: none holds and does not
		return plan.Linked{Link: l, Quant: plan.None, Where: plan.And{held, plan.Not{Filter: where}}, Facts: facts}
	}
	if l.Required && !l.Many {
		held = nil
	}
	return plan.Linked{Link: l, Quant: quant, Where: both(where, held), Facts: facts}
}

// heldType is the condition on nodes of one type, nil when they always hold.
func (b *builder) heldType(t *catalog.Type) plan.Filter {
	if through := t.Holds.Through; through != nil {
		return b.heldThrough(through, isFact(t))
	}
	return b.heldBy(t.Holds, isFact(t))
}

// heldThrough is the condition on a node whose dates are those of what a link leads to. A
// fact that lies past a thing without dates is undated: it holds only possibly, though
// the thing is there.
func (b *builder) heldThrough(through *catalog.Link, fact bool) plan.Filter {
	for t := range b.catalog.In(through.Targets) {
		if inner := b.heldBy(t.Holds, fact); inner != nil {
			return plan.Linked{Link: through, Quant: plan.Some, Where: inner}
		}
	}
	return nil
}

// heldBy is the condition to hold by own dates, nil where there are none.
func (b *builder) heldBy(h catalog.Holds, fact bool) plan.Filter {
	switch {
	case h.From == nil:
		return nil
	case h.Year != nil:
		return b.heldYear(h)
	case h.To != nil:
		return b.heldSpan(h, fact)
	default:
		return b.heldFrom(h.From, fact)
	}
}

func isFact(t *catalog.Type) bool {
	for _, i := range t.Interfaces {
		if i.Name == "Fact" {
			return true
		}
	}
	return false
}

// heldFrom: what has happened holds from then on: for certain when it had happened, for
// every day that its date may mean, by the last day asked about.
func (b *builder) heldFrom(from *catalog.Property, fact bool) plan.Filter {
	if b.day.possible {
		return plan.Not{Filter: b.is(from, plan.After, b.day.last, false)} // or missing
	}
	begun := plan.Not{Filter: b.is(from, plan.After, b.day.last, true)}
	if fact {
		return begun
	}
	return plan.Or{missing(from), begun}
}

// heldYear: as heldFrom, by the date or else by the year, which is certain to have come
// once it is over.
func (b *builder) heldYear(h catalog.Holds) plan.Filter {
	year, _ := strconv.ParseInt(b.day.last.Str[:4], 10, 64) // a day of four digits of year
	if !b.day.possible && b.day.last.Str[4:] != "-12-31" {
		year--
	}
	by := plan.Compare{Property: h.Year.Name, Kind: value.Int, Op: plan.Lte, Operand: plan.Operand{Const: value.OfInt(year)}}
	dated := plan.And{plan.Not{Filter: missing(h.From)}, plan.Not{Filter: b.is(h.From, plan.After, b.day.last, !b.day.possible)}}
	return plan.Or{dated, plan.And{missing(h.From), by}}
}

// heldSpan: what lasts holds from its beginning to its end. A fact without an end holds
// for certain within the dates of its beginning, and possibly on any later day; one
// without a beginning holds possibly. A thing without them holds.
func (b *builder) heldSpan(h catalog.Holds, fact bool) plan.Filter {
	begun := plan.Not{Filter: b.is(h.From, plan.After, b.day.first, false)} // or missing
	notOver := plan.Not{Filter: b.is(h.To, plan.Before, b.day.last, false)} // or missing
	if b.day.possible {
		begun = plan.Not{Filter: b.is(h.From, plan.After, b.day.last, false)}
		notOver = plan.Not{Filter: b.is(h.To, plan.Before, b.day.first, false)}
		return plan.And{begun, notOver}
	}
	if !fact {
		return plan.And{begun, notOver}
	}
	within := plan.And{missing(h.To), plan.Not{Filter: b.is(h.From, plan.Before, b.day.last, false)}}
	ended := plan.And{plan.Not{Filter: missing(h.To)}, notOver}
	return plan.And{plan.Not{Filter: missing(h.From)}, begun, plan.Or{within, ended}}
}

// is compares a date with a day.
func (b *builder) is(p *catalog.Property, op plan.Op, day value.Value, possible bool) plan.Filter {
	return plan.Compare{Property: p.Name, Kind: value.Date, Op: op, Operand: plan.Operand{Const: day}, Possible: possible, Written: b.day.written}
}

func missing(p *catalog.Property) plan.Filter {
	return plan.Compare{Property: p.Name, Kind: p.Kind, Op: plan.IsNull}
}
