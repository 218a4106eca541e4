package lineage

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"nicgraph/internal/computed"
	"nicgraph/internal/diffusion"
	"nicgraph/internal/natural"
	"nicgraph/internal/value"
)

// Network is the part of the graph that lineage is worked out from. It is immutable and
// shared by requests.
type Network struct {
	steps     *diffusion.Network
	Learnings []Learning          // by id in natural order
	citations map[string][]string // per learning, its sources
	Practices map[string]*Practice
	Cohorts   []*Cohort         // by year, then id
	Hubs      map[string]string // per network, its hub
	Rosters   map[string][]Stay // per network, its members
	positions map[string][]Stay // per body, the people with positions in it
	websites  map[string]string // per body
}

// Learning is that somebody learned a practice from somebody.
type Learning struct {
	ID, Learner, Teacher, Practice, Stage, Confidence string
	Year                                              int // the one that the written date names first; 0: no date
}

// Practice is a practice, the one of which it is a part or special case, and who began it.
type Practice struct {
	id, broader, origin string
	narrower            []string
}

// Cohort is whom a program honored in a year.
type Cohort struct {
	ID, program string
	year        int
	date        string // of the announcement, else the year
	day         value.Interval
	honorees    []string            // ascending
	joint       []string            // bodies named jointly with honorees
	jointWith   map[string][]string // per honoree
}

// Stay is that somebody belongs to a body from some time to some other.
type Stay struct {
	ID, Who, title, Started, Ended, seenIn, note string
}

// networkName is the key of the learning network.
type networkName struct{}

// At is the learning network at a revision.
func At(ctx context.Context, v computed.View) (*Network, error) {
	return computed.Read(ctx, v, networkName{}, func(ctx context.Context) (*Network, error) {
		l := loader{engine: v.Engine, ctx: ctx}
		n := l.network()
		return n, l.err
	})
}

// Of is the learning network that all computed fields of a request use.
func Of(ctx context.Context, e *computed.Engine) (*Network, error) {
	return computed.Once(ctx, e, networkName{}, At)
}

// loader reads several types, one after the other, until one fails.
type loader struct {
	engine *computed.Engine
	ctx    context.Context
	err    error
}

func (l *loader) rows(typeName string, properties, links []string) []computed.Row {
	if l.err != nil {
		return nil
	}
	all, err := l.engine.Rows(l.ctx, typeName, properties, links)
	l.err = err
	return all
}

func (l *loader) network() *Network {
	n := &Network{
		citations: map[string][]string{}, Hubs: map[string]string{}, websites: map[string]string{},
		Rosters: map[string][]Stay{}, positions: map[string][]Stay{},
	}
	l.learnings(n)
	n.Practices = l.practices()
	n.Cohorts = l.cohorts()
	l.bodies(n)
	for _, r := range l.rows("Membership", []string{"started", "ended"}, []string{"member", "network"}) {
		n.Rosters[r.Link("network")] = append(n.Rosters[r.Link("network")], stayOf(r, "member"))
	}
	for _, r := range l.rows("Role", []string{"title", "started", "ended", "seenIn", "note"}, []string{"holder", "body"}) {
		n.positions[r.Link("body")] = append(n.positions[r.Link("body")], stayOf(r, "holder"))
	}
	return n
}

func stayOf(r computed.Row, who string) Stay {
	return Stay{
		ID: r.ID, Who: r.Link(who), title: r.Scalar["title"], Started: r.Scalar["started"],
		Ended: r.Scalar["ended"], seenIn: r.Scalar["seenIn"], note: r.Scalar["note"],
	}
}

func (l *loader) bodies(n *Network) {
	for _, r := range l.rows("Network", []string{"website"}, []string{"hub"}) {
		n.Hubs[r.ID], n.websites[r.ID] = r.Link("hub"), r.Scalar["website"]
	}
	for _, r := range l.rows("Organization", []string{"website"}, nil) {
		n.websites[r.ID] = r.Scalar["website"]
	}
}

func (l *loader) learnings(n *Network) {
	rows := l.rows("Learning", []string{"started", "datePrecision", "confidence", "channelKind", "stage"}, []string{"learner", "teacher", "practice", "sources"})
	var parties []string
	for _, r := range rows {
		n.Learnings = append(n.Learnings, learningOf(r))
		parties = append(parties, r.Link("teacher"), r.Link("learner"))
		n.citations[r.ID] = r.Links["sources"]
	}
	slices.Sort(parties)
	parties = slices.Compact(parties)
	steps := make([]diffusion.Step, len(rows))
	for i, r := range rows {
		steps[i] = stepOf(r, parties)
	}
	n.steps = diffusion.NewNetwork(parties, steps)
	slices.SortFunc(n.Learnings, func(a, b Learning) int { return natural.Compare(a.ID, b.ID) })
}

func learningOf(r computed.Row) Learning {
	return Learning{
		ID: r.ID, Learner: r.Link("learner"), Teacher: r.Link("teacher"), Practice: r.Link("practice"),
		Stage: r.Scalar["stage"], Confidence: r.Scalar["confidence"], Year: YearOf(r.Scalar["started"]),
	}
}

// YearOf is the year that a date names first, 0 when there is none.
func YearOf(date string) int {
	if len(date) < 4 {
		return 0
	}
	year, _ := strconv.Atoi(date[:4])
	return year
}

func stepOf(r computed.Row, parties []string) diffusion.Step {
	from, _ := slices.BinarySearch(parties, r.Link("teacher"))
	to, _ := slices.BinarySearch(parties, r.Link("learner"))
	s := diffusion.Step{ID: r.ID, From: from, To: to, Practice: r.Link("practice"), Confidence: r.Scalar["confidence"], Channel: r.Scalar["channelKind"]}
	widened, dated := interval(r.Scalar["started"])
	written, _ := interval(asWritten(r.Scalar["started"], r.Scalar["datePrecision"]))
	s.Dated, s.Widened, s.Written = dated, diffusion.Span{First: widened.From, Last: widened.To}, diffusion.Span{First: written.From, Last: written.To}
	return s
}

// LastYearOf is the last year that a date may mean as it is written.
func LastYearOf(date string) int {
	days, err := value.ParseWritten(date)
	if err != nil {
		return YearOf(date)
	}
	return YearOf(value.FormatDay(days.To))
}

// interval is what a stored date may mean; ok is false when there is none.
func interval(date string) (span value.Interval, ok bool) {
	if date == "" {
		return span, false
	}
	span, err := value.ParseDate(date)
	return span, err == nil
}

// asWritten is the text of the table for a date that is kept wider than it was written.
func asWritten(date, precision string) string {
	switch precision {
	case "APPROXIMATE":
		return strings.TrimSuffix(date, "~")
	case "SCHOOL_YEAR":
		year, _, _ := strings.Cut(date, "-")
		return year
	default:
		return date
	}
}

func (l *loader) practices() map[string]*Practice {
	all := map[string]*Practice{}
	rows := l.rows("Practice", nil, []string{"broader", "origin"})
	for _, r := range rows {
		all[r.ID] = &Practice{id: r.ID, broader: r.Link("broader"), origin: r.Link("origin")}
	}
	for _, r := range rows {
		if broader, ok := all[r.Link("broader")]; ok {
			broader.narrower = append(broader.narrower, r.ID)
		}
	}
	return all
}

func (l *loader) cohorts() []*Cohort {
	var all []*Cohort
	byID := map[string]*Cohort{}
	for _, r := range l.rows("Cohort", []string{"year", "announcedOn"}, []string{"program"}) {
		c := &Cohort{ID: r.ID, program: r.Link("program"), year: r.Number["year"], date: r.Scalar["announcedOn"], jointWith: map[string][]string{}}
		if c.date == "" {
			c.date = strconv.Itoa(10000 + c.year)[1:]
		}
		c.day, _ = interval(c.date)
		all, byID[r.ID] = append(all, c), c
	}
	for _, r := range l.rows("Recognition", nil, []string{"cohort", "honoree", "jointlyWith"}) {
		if c, ok := byID[r.Link("cohort")]; ok {
			c.honorees = append(c.honorees, r.Link("honoree"))
			c.joint = append(c.joint, r.Links["jointlyWith"]...)
			c.jointWith[r.Link("honoree")] = append(c.jointWith[r.Link("honoree")], r.Links["jointlyWith"]...)
		}
	}
	for _, c := range all {
		slices.Sort(c.honorees)
		c.honorees = slices.Compact(c.honorees)
	}
	slices.SortFunc(all, func(a, b *Cohort) int { return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.ID, b.ID)) })
	return all
}

// Cohort is the cohort with an id, nil when there is none.
func (n *Network) Cohort(id string) *Cohort {
	for _, c := range n.Cohorts {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// Narrower are a practice and all that are parts or special cases of it, however deep.
func (n *Network) Narrower(id string) map[string]bool {
	found := map[string]bool{id: true}
	for open := []string{id}; len(open) > 0; open = open[1:] {
		p, ok := n.Practices[open[0]]
		if !ok {
			continue
		}
		for _, next := range p.narrower {
			if !found[next] {
				found[next] = true
				open = append(open, next)
			}
		}
	}
	return found
}

// broader are a practice and those of which it is a part or a special case, the nearest
// first. A practice that is broader than itself ends the row.
func (n *Network) broader(id string) []*Practice {
	var all []*Practice
	for p := n.Practices[id]; p != nil && !slices.Contains(all, p); p = n.Practices[p.broader] {
		all = append(all, p)
	}
	return all
}
