package embedded

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
)

// led is where a start has led.
type led struct {
	inner *start // where it began for the far nodes, nil: at all of them
	far   int    // how many far nodes that were
	found int    // how many nodes it led to
	few   bool   // few enough
	most  int    // so many would have been
}

// tell keeps where a start has led when somebody asks.
func (r *run) tell(s *start, l led) {
	if r.led != nil {
		r.led[s] = l
	}
}

// Explain tells where each read begins and by which counts it was chosen. It chooses
// as Run does and reads no page.
func (q *query) Explain(ctx context.Context, params plan.Params) ([]string, error) {
	r := &run{ctx: ctx, query: q, params: params, snapshot: q.store.current.Load(), led: map[*start]led{}}
	if err := r.bind(); err != nil {
		return nil, err
	}
	e := explainer{run: r}
	e.row(&q.root)
	return e.lines, cmp.Or(r.err, ctx.Err())
}

type explainer struct {
	*run
	lines []string
}

// say adds a line on what stands at a path of the answer, or else on some types.
func (e *explainer) say(path []string, types catalog.TypeSet, text string) {
	name := strings.Join(path, ".")
	if name == "" {
		name = e.names(types)
	}
	e.lines = append(e.lines, name+": "+text)
}

func (e *explainer) row(p *row) {
	for i := range p.slots {
		e.slot(&p.slots[i])
	}
}

func (e *explainer) slot(s *slot) {
	switch s.read {
	case readFind, readFindAll:
		id := plan.Operand{Const: s.id.Value(e.params)}
		e.say(nil, s.found, "looked up by id "+id.String())
		e.row(s.row)
	case readOne:
		e.row(s.row)
	case readMany:
		e.many(s.many)
		e.row(&s.many.row)
	case readGroups:
		e.groups(s.groups)
	}
}

func (e *explainer) many(m *many) {
	switch {
	case m.source.from == fromScan:
		e.say(m.plan.Path, m.source.types, e.scan(m))
	case m.source.from == fromBetween && m.source.path.back != nil && m.source.path.home != nil:
		e.say(m.plan.Path, m.source.path.targets, "at each row, looks at the facts of the end that has fewer")
	}
}

// scan tells how the nodes of a connection are found, as offerScan finds them.
func (e *explainer) scan(m *many) string {
	s, live := e.sift(m), e.live(m.source.types)
	if s.limit == 0 && m.source.where == nil {
		return fmt.Sprintf("tells the number that is kept, %d, and looks at none", live)
	}
	w := e.way(m, &s)
	if w.members != nil {
		return e.knowing(m, &s, &w)
	}
	rejected := e.rejected(m.source.starts, w.start)
	switch {
	case w.start != nil:
		return e.beginning(w.start, live, w.few) + rejected
	case w.walks:
		return e.walking(m, &s, live) + rejected
	default:
		return fmt.Sprintf("looks at all %d%s", live, whyAll(&s)) + rejected
	}
}

func (e *explainer) groups(g *groups) {
	if g.source.from == fromScan {
		s := &g.source
		live, few := e.live(s.types), e.budget(s.types, 0, false)
		_, best := e.begin(s.starts, s.types, few)
		text := fmt.Sprintf("looks at all %d to group them", live)
		if best != nil {
			text = e.beginning(best, live, few)
		}
		e.say(g.plan.Path, s.types, text+e.rejected(s.starts, best))
	}
	for i := range g.by {
		e.row(&g.by[i].row)
	}
}

func (e *explainer) beginning(s *start, live, few int) string {
	return fmt.Sprintf("begins at %s; looks at these instead of all %d (up to %d are worth it)", e.trail(s), live, few)
}

// trail tells where a start begins and to how many nodes it leads.
func (e *explainer) trail(s *start) string {
	l := e.led[s]
	if s.pin != none {
		return fmt.Sprintf("%s with id %s", nodes(l.found), e.pin(s))
	}
	var from string
	switch {
	case l.inner != nil:
		from = e.trail(l.inner)
	case s.where != nil:
		from = fmt.Sprintf("those of %d %s that meet the condition", l.far, e.names(s.types))
	default:
		from = fmt.Sprintf("all %d %s", l.far, e.names(s.types))
	}
	return fmt.Sprintf("%s, goes back over %s to %d", from, plan.LinkString(s.link), l.found)
}

func nodes(n int) string {
	if n == 1 {
		return "1 node"
	}
	return fmt.Sprintf("%d nodes", n)
}

// pin is the ids that a start names.
func (e *explainer) pin(s *start) string {
	o := e.query.operands[s.pin]
	return fmt.Sprintf("%s %s", o.Op, plan.Operand{Const: o.Operand.Value(e.params)})
}

// rejected tells of the starts that were not taken.
func (e *explainer) rejected(starts []start, best *start) (text string) {
	for i := range starts {
		s := &starts[i]
		if s == best {
			continue
		}
		switch l := e.led[s]; {
		case l.few:
			text += fmt.Sprintf("; not at %s", e.trail(s))
		case l.inner == nil && l.far > l.most:
			text += fmt.Sprintf("; not over %s, where %d to look at first are more than %d", plan.LinkString(s.link), l.far, l.most)
		default:
			text += fmt.Sprintf("; not over %s, which leads to more than %d", plan.LinkString(s.link), l.most)
		}
	}
	return text
}

// knowing tells how those are read that are known to meet the condition.
func (e *explainer) knowing(m *many, s *sift, w *way) string {
	text := fmt.Sprintf("knows the %d that meet the condition", w.members.count)
	switch {
	case s.limit == 0:
		return text
	case w.walks:
		return text + "; " + e.walking(m, s, e.live(m.source.types))
	default:
		return fmt.Sprintf("%s and keeps a page of %d of them", text, s.limit-1)
	}
}

func (e *explainer) walking(m *many, s *sift, live int) string {
	text := "walks the index of " + s.order.first()
	if s.after != nil {
		text += " from the cursor"
	}
	if m.source.where != nil {
		return fmt.Sprintf("%s until %d meet the condition, among %d", text, s.limit-1, live)
	}
	return fmt.Sprintf("%s until the page of %d is full, among %d", text, s.limit-1, live)
}

// whyAll tells why no index is walked.
func whyAll(s *sift) string {
	switch {
	case s.limit == 0:
		return " to count those that meet the condition"
	case !s.order.indexed():
		return fmt.Sprintf(" and keeps a page of %d: an order by %s has no index", s.limit-1, s.order.first())
	default:
		return fmt.Sprintf(" and keeps a page of %d: the number of all that meet the condition is asked for", s.limit-1)
	}
}

// first tells what the order sorts by first: hub.name, descending.
func (o *order) first() string {
	if len(o.keys) == 0 {
		return "id" + direction(o.idDesc)
	}
	k := &o.keys[0]
	var text strings.Builder
	for _, link := range k.Path {
		text.WriteString(link.Name + ".")
	}
	if k.Count != nil {
		text.WriteString("the number of " + k.Count.Link.Name)
	}
	return text.String() + k.Property + direction(k.Desc)
}

func direction(desc bool) string {
	if desc {
		return " descending"
	}
	return ""
}

// names is the names of some types.
func (e *explainer) names(types catalog.TypeSet) string {
	cat := e.query.store.layout.catalog
	if types == cat.All() {
		return "any type"
	}
	var names []string
	for t := range cat.In(types) {
		names = append(names, t.Name)
	}
	return strings.Join(names, "|")
}
