package analytics

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// study is a bounded population and who named whom in it. Participants are places, by
// their ids in natural order. It is immutable and shared by requests.
type study struct {
	id, unit    string
	first, last int    // periods
	startsOn    string // date of the first period, empty when not known
	ids         []string
	asked       []bool
	group       []string // empty: none
	until       []int32  // the last period in which each was observed
	named       naming
}

// naming is who named whom in a study: rows by learner, in a row by source. It is kept in
// columns, since a study may hold millions.
type naming struct {
	start       []int64 // per participant, where its row begins; one more than there are
	source      []int32
	kind        []int32 // place in kinds
	kinds       []string
	weight      []float64
	first, last []int32 // periods
	facts       texts   // ids
	strays      int     // ties with an end that is not enrolled
}

// texts are many short texts in one piece of memory.
type texts struct {
	all  []byte
	ends []uint32
}

func (t *texts) add(text string) {
	t.all = append(t.all, text...)
	t.ends = append(t.ends, uint32(len(t.all)))
}

func (t *texts) at(i int) string {
	begin := uint32(0)
	if i > 0 {
		begin = t.ends[i-1]
	}
	return string(t.all[begin:t.ends[i]])
}

// studyName is the key of a study.
type studyName struct{ id string }

// study reads a study, without its adoptions.
func (v view) study(ctx context.Context, id string) (*study, error) {
	return read(ctx, v, studyName{id}, func(ctx context.Context) (*study, error) {
		s, err := v.engine.readStudy(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := v.engine.enroll(ctx, s); err != nil {
			return nil, err
		}
		return s, v.engine.readNaming(ctx, s)
	})
}

func (e *Engine) readStudy(ctx context.Context, id string) (s *study, err error) {
	err = e.each(ctx, "Study", hasID(id), []string{"periodUnit", "firstPeriod", "lastPeriod", "startsOn"}, nil, func(l line) error {
		s = &study{id: id, unit: l.text(1), first: l.whole(2, 0), last: l.whole(3, 0), startsOn: l.text(4)}
		return nil
	})
	if err == nil && s == nil {
		err = fault.New(fault.Invalid, "input.population.study: there is no study with the id %q", id)
	}
	return s, err
}

// each visits the nodes of a type that meet a condition, by id.
func (e *Engine) each(ctx context.Context, typeName string, where plan.Filter, properties, links []string, visit func(line) error) error {
	t, ok := e.catalog.Type(typeName)
	if !ok {
		return nil
	}
	return e.lines(ctx, scan(t, where, properties, links), visit)
}

func hasID(id string) plan.Filter {
	return plan.Compare{Property: "id", Kind: value.ID, Op: plan.Eq, Operand: plan.Operand{Const: value.OfID(id)}}
}

func hasIDIn(ids []string) plan.Filter {
	return plan.Compare{Property: "id", Kind: value.ID, Op: plan.In, Operand: plan.Operand{Const: ofIDs(ids)}}
}

// linked is the condition that what a link of a type leads to meets another.
func (e *Engine) linked(typeName, link string, where plan.Filter) plan.Filter {
	t, _ := e.catalog.Type(typeName)
	l, _ := t.Link(link)
	return plan.Linked{Link: l, Quant: plan.Some, Where: where}
}

// ofStudy is the condition that a fact belongs to a study.
func (e *Engine) ofStudy(typeName, id string) plan.Filter {
	return e.linked(typeName, "study", hasID(id))
}

// participant is a row of the study's list of who belongs to it.
type participant struct {
	id, group string
	asked     bool
	until     int32
}

func (e *Engine) enroll(ctx context.Context, s *study) error {
	var all []participant
	err := e.each(ctx, "Enrollment", e.ofStudy("Enrollment", s.id), []string{"group", "asked", "lastPeriod"}, []string{"participant"}, func(l line) error {
		all = append(all, participant{id: l.link(4), group: l.text(1), asked: l.truth(2), until: int32(l.whole(3, s.last))})
		return nil
	})
	slices.SortFunc(all, func(a, b participant) int { return natural(a.id, b.id) })
	for _, p := range all {
		s.ids, s.group = append(s.ids, p.id), append(s.group, p.group)
		s.asked, s.until = append(s.asked, p.asked), append(s.until, p.until)
	}
	return err
}

// place is the place of a participant; ok is false for whoever is not enrolled.
func (s *study) place(id string) (at int, ok bool) {
	return slices.BinarySearchFunc(s.ids, id, natural)
}

// readNaming reads the ties as they come, and puts them into rows.
func (e *Engine) readNaming(ctx context.Context, s *study) error {
	places := make(map[string]int32, len(s.ids))
	for i, id := range s.ids {
		places[id] = int32(i)
	}
	var (
		learners []int32
		n        naming
		kinds    = map[string]int32{}
		last     lastPlace
	)
	err := e.each(ctx, "Tie", e.ofStudy("Tie", s.id), []string{"kind", "weight", "firstPeriod", "lastPeriod"}, []string{"learner", "source"}, func(l line) error {
		learner, known := last.find(places, l.link(5))
		source, knownToo := places[l.link(6)]
		if !known || !knownToo {
			n.strays++
			return nil
		}
		kind, seen := kinds[l.text(1)]
		if !seen {
			kind = int32(len(n.kinds))
			kinds[strings.Clone(l.text(1))] = kind
			n.kinds = append(n.kinds, strings.Clone(l.text(1)))
		}
		learners = append(learners, learner)
		n.source, n.kind, n.weight = append(n.source, source), append(n.kind, kind), append(n.weight, l.float(2, 1))
		n.first, n.last = append(n.first, int32(l.whole(3, s.first))), append(n.last, int32(l.whole(4, s.last)))
		n.facts.add(l.text(0))
		return nil
	})
	s.named = n.inRows(learners, len(s.ids))
	return err
}

// lastPlace remembers a place: the ties of one learner mostly come one after another.
type lastPlace struct {
	id    string
	at    int32
	known bool
}

func (p *lastPlace) find(places map[string]int32, id string) (at int32, known bool) {
	if p.id != id {
		p.id = id
		p.at, p.known = places[id]
	}
	return p.at, p.known
}

// inRows sorts ties by learner, source and the order in which they came, which is by id.
func (n *naming) inRows(learners []int32, people int) naming {
	order := make([]int32, len(learners))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(learners[a], learners[b]), cmp.Compare(n.source[a], n.source[b]), cmp.Compare(a, b))
	})
	rows := naming{start: make([]int64, people+1), kinds: n.kinds, strays: n.strays}
	rows.source, rows.kind, rows.weight = picked(n.source, order), picked(n.kind, order), picked(n.weight, order)
	rows.first, rows.last = picked(n.first, order), picked(n.last, order)
	rows.facts = texts{all: make([]byte, 0, len(n.facts.all)), ends: make([]uint32, 0, len(order))}
	for _, i := range order {
		rows.start[learners[i]+1]++
		rows.facts.add(n.facts.at(int(i)))
	}
	for i := range people {
		rows.start[i+1] += rows.start[i]
	}
	return rows
}

// picked are the elements at some places, in their order.
func picked[T any](all []T, places []int32) []T {
	some := make([]T, len(places))
	for i, at := range places {
		some[i] = all[at]
	}
	return some
}

// between are the places of the ties in which a learner names a source.
func (n *naming) between(learner, source int32) (begin, end int64) {
	low, high := n.start[learner], n.start[learner+1]
	row := n.source[low:high]
	at, _ := slices.BinarySearch(row, source)
	until, _ := slices.BinarySearch(row, source+1)
	return low + int64(at), low + int64(until)
}

// groups are the groups of a study, in natural order.
func (s *study) groups() []string {
	var all []string
	for _, g := range s.group {
		if g != "" {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, natural)
	return slices.Compact(all)
}
