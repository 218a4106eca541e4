package population

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"strings"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/natural"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Study is a bounded population and who named whom in it. Participants are places, by
// their ids in natural order. It is immutable and shared by requests.
type Study struct {
	id, unit    string
	first, last int    // periods
	startsOn    string // date of the first period, empty when not known
	ids         []string
	asked       []bool
	group       []string // empty: none
	until       []int32  // the last period in which each was observed
	named       naming
}

// Apart says that panels and networks that rest on the study are kept without it.
func (s *Study) Apart() reflect.Type { return reflect.TypeOf(s) }

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
	t.end()
}

func (t *texts) end() { t.ends = append(t.ends, uint32(len(t.all))) }

func (t *texts) at(i int) string { return string(t.bytes(i)) }

func (t *texts) bytes(i int) []byte {
	begin := uint32(0)
	if i > 0 {
		begin = t.ends[i-1]
	}
	return t.all[begin:t.ends[i]]
}

// studyName is the key of a study.
type studyName struct{ id string }

// StudyAt is a study at a revision, without its adoptions.
func StudyAt(ctx context.Context, v computed.View, id string) (*Study, error) {
	return computed.Read(ctx, v, studyName{id}, func(ctx context.Context) (*Study, error) {
		s, err := readStudy(ctx, v.Engine, id)
		if err != nil {
			return nil, err
		}
		if err := enroll(ctx, v.Engine, s); err != nil {
			return nil, err
		}
		return s, readNaming(ctx, v.Engine, s)
	})
}

func readStudy(ctx context.Context, e *computed.Engine, id string) (s *Study, err error) {
	err = e.Each(ctx, "Study", hasID(id), []string{"periodUnit", "firstPeriod", "lastPeriod", "startsOn"}, nil, func(l computed.Line) error {
		s = &Study{id: id, unit: l.Text(1), first: l.Whole(2, 0), last: l.Whole(3, 0), startsOn: l.Text(4)}
		return nil
	})
	if err == nil && s == nil {
		err = fault.New(fault.Invalid, "input.population.study: there is no study with the id %q", id)
	}
	return s, err
}

func hasID(id string) plan.Filter {
	return plan.Compare{Property: "id", Kind: value.ID, Op: plan.Eq, Operand: plan.Operand{Const: value.OfID(id)}}
}

// linked is the condition that what a link of a type leads to meets another.
func linked(e *computed.Engine, typeName, link string, where plan.Filter) plan.Filter {
	t, _ := e.Catalog.Type(typeName)
	l, _ := t.Link(link)
	return plan.Linked{Link: l, Quant: plan.Some, Where: where}
}

// ofStudy is the condition that a fact belongs to a study.
func ofStudy(e *computed.Engine, typeName, id string) plan.Filter {
	return linked(e, typeName, "study", hasID(id))
}

// participant is a row of the study's list of who belongs to it.
type participant struct {
	id, group string
	asked     bool
	until     int32
}

func enroll(ctx context.Context, e *computed.Engine, s *Study) error {
	var all []participant
	err := e.Each(ctx, "Enrollment", ofStudy(e, "Enrollment", s.id), []string{"group", "asked", "lastPeriod"}, []string{"participant"}, func(l computed.Line) error {
		all = append(all, participant{id: l.Link(4), group: l.Text(1), asked: l.Truth(2), until: int32(l.Whole(3, s.last))})
		return nil
	})
	slices.SortFunc(all, func(a, b participant) int { return natural.Compare(a.id, b.id) })
	for _, p := range all {
		s.ids, s.group = append(s.ids, p.id), append(s.group, p.group)
		s.asked, s.until = append(s.asked, p.asked), append(s.until, p.until)
	}
	return err
}

// place is the place of a participant; ok is false for whoever is not enrolled.
func (s *Study) place(id string) (at int, ok bool) {
	return slices.BinarySearchFunc(s.ids, id, natural.Compare)
}

// readNaming reads the ties as they come, and puts them into rows.
func readNaming(ctx context.Context, e *computed.Engine, s *Study) error {
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
	err := e.Each(ctx, "Tie", ofStudy(e, "Tie", s.id), []string{"kind", "weight", "firstPeriod", "lastPeriod"}, []string{"learner", "source"}, func(l computed.Line) error {
		learner, known := last.find(places, l.Link(5))
		source, knownToo := places[l.Link(6)]
		if !known || !knownToo {
			n.strays++
			return nil
		}
		kind, seen := kinds[l.Text(1)]
		if !seen {
			kind = int32(len(n.kinds))
			kinds[strings.Clone(l.Text(1))] = kind
			n.kinds = append(n.kinds, strings.Clone(l.Text(1)))
		}
		learners = append(learners, learner)
		n.source, n.kind, n.weight = append(n.source, source), append(n.kind, kind), append(n.weight, l.Float(2, 1))
		n.first, n.last = append(n.first, int32(l.Whole(3, s.first))), append(n.last, int32(l.Whole(4, s.last)))
		n.facts.add(l.Text(0))
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

// inRows puts ties into the rows of their learners, by source and in the order in which they came,
// which is by id.
func (n *naming) inRows(learners []int32, people int) naming {
	rows := naming{start: make([]int64, people+1), kinds: n.kinds, strays: n.strays}
	for _, learner := range learners {
		rows.start[learner+1]++
	}
	for i := range people {
		rows.start[i+1] += rows.start[i]
	}
	order, free := make([]int32, len(learners)), slices.Clone(rows.start)
	for i, learner := range learners {
		order[free[learner]] = int32(i)
		free[learner]++
	}
	for i := range people {
		slices.SortFunc(order[rows.start[i]:rows.start[i+1]], func(a, b int32) int {
			return cmp.Or(cmp.Compare(n.source[a], n.source[b]), cmp.Compare(a, b))
		})
	}
	rows.source, rows.kind, rows.weight = picked(n.source, order), picked(n.kind, order), picked(n.weight, order)
	rows.first, rows.last = picked(n.first, order), picked(n.last, order)
	rows.facts = texts{all: make([]byte, 0, len(n.facts.all)), ends: make([]uint32, 0, len(order))}
	for _, i := range order {
		rows.facts.all = append(rows.facts.all, n.facts.bytes(int(i))...)
		rows.facts.end()
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
func (s *Study) groups() []string {
	var all []string
	for _, g := range s.group {
		if g != "" {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, natural.Compare)
	return slices.Compact(all)
}
