package analytics

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"nicgraph/internal/diffusion"
	"nicgraph/internal/value"
)

// network is the part of the graph that lineage is worked out from. It is immutable and
// shared by requests.
type network struct {
	steps     *diffusion.Network
	learnings []learning          // by id in natural order
	citations map[string][]string // per learning, its sources
	practices map[string]*practice
	cohorts   []*cohort         // by year, then id
	hubs      map[string]string // per network, its hub
	rosters   map[string][]stay // per network, its members
	positions map[string][]stay // per body, the people with positions in it
	websites  map[string]string // per body
}

// learning is that somebody learned a practice from somebody.
type learning struct {
	id, learner, teacher, practice, stage, confidence string
	year                                              int // the one that the written date names first; 0: no date
}

type practice struct {
	id, broader, origin string
	narrower            []string
}

type cohort struct {
	id, program string
	year        int
	date        string // of the announcement, else the year
	day         value.Interval
	honorees    []string            // ascending
	joint       []string            // bodies named jointly with honorees
	jointWith   map[string][]string // per honoree
}

// stay is that somebody belongs to a body from some time to some other.
type stay struct {
	id, who, title, started, ended, seenIn, note string
}

func (l *loader) network() *network {
	n := &network{
		citations: map[string][]string{}, hubs: map[string]string{}, websites: map[string]string{},
		rosters: map[string][]stay{}, positions: map[string][]stay{},
	}
	l.learnings(n)
	n.practices = l.practices()
	n.cohorts = l.cohorts()
	l.bodies(n)
	for _, r := range l.rows("Membership", []string{"started", "ended"}, []string{"member", "network"}) {
		n.rosters[r.link("network")] = append(n.rosters[r.link("network")], stayOf(r, "member"))
	}
	for _, r := range l.rows("Role", []string{"title", "started", "ended", "seenIn", "note"}, []string{"holder", "body"}) {
		n.positions[r.link("body")] = append(n.positions[r.link("body")], stayOf(r, "holder"))
	}
	return n
}

func stayOf(r row, who string) stay {
	return stay{
		id: r.id, who: r.link(who), title: r.scalar["title"], started: r.scalar["started"],
		ended: r.scalar["ended"], seenIn: r.scalar["seenIn"], note: r.scalar["note"],
	}
}

func (l *loader) bodies(n *network) {
	for _, r := range l.rows("Network", []string{"website"}, []string{"hub"}) {
		n.hubs[r.id], n.websites[r.id] = r.link("hub"), r.scalar["website"]
	}
	for _, r := range l.rows("Organization", []string{"website"}, nil) {
		n.websites[r.id] = r.scalar["website"]
	}
}

func (l *loader) learnings(n *network) {
	rows := l.rows("Learning", []string{"started", "datePrecision", "confidence", "channelKind", "stage"}, []string{"learner", "teacher", "practice", "sources"})
	var parties []string
	for _, r := range rows {
		n.learnings = append(n.learnings, learningOf(r))
		parties = append(parties, r.link("teacher"), r.link("learner"))
		n.citations[r.id] = r.links["sources"]
	}
	slices.Sort(parties)
	parties = slices.Compact(parties)
	steps := make([]diffusion.Step, len(rows))
	for i, r := range rows {
		steps[i] = stepOf(r, parties)
	}
	n.steps = diffusion.NewNetwork(parties, steps)
	slices.SortFunc(n.learnings, func(a, b learning) int { return natural(a.id, b.id) })
}

func learningOf(r row) learning {
	return learning{
		id: r.id, learner: r.link("learner"), teacher: r.link("teacher"), practice: r.link("practice"),
		stage: r.scalar["stage"], confidence: r.scalar["confidence"], year: yearOf(r.scalar["started"]),
	}
}

// yearOf is the year that a date names first, 0 when there is none.
func yearOf(date string) int {
	if len(date) < 4 {
		return 0
	}
	year, _ := strconv.Atoi(date[:4])
	return year
}

func stepOf(r row, parties []string) diffusion.Step {
	from, _ := slices.BinarySearch(parties, r.link("teacher"))
	to, _ := slices.BinarySearch(parties, r.link("learner"))
	s := diffusion.Step{ID: r.id, From: from, To: to, Practice: r.link("practice"), Confidence: r.scalar["confidence"], Channel: r.scalar["channelKind"]}
	widened, dated := interval(r.scalar["started"])
	written, _ := interval(asWritten(r.scalar["started"], r.scalar["datePrecision"]))
	s.Dated, s.Widened, s.Written = dated, diffusion.Span{First: widened.From, Last: widened.To}, diffusion.Span{First: written.From, Last: written.To}
	return s
}

// lastYearOf is the last year that a date may mean as it is written.
func lastYearOf(date string) int {
	days, err := value.ParseWritten(date)
	if err != nil {
		return yearOf(date)
	}
	return yearOf(value.FormatDay(days.To))
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

func (l *loader) practices() map[string]*practice {
	all := map[string]*practice{}
	rows := l.rows("Practice", nil, []string{"broader", "origin"})
	for _, r := range rows {
		all[r.id] = &practice{id: r.id, broader: r.link("broader"), origin: r.link("origin")}
	}
	for _, r := range rows {
		if broader, ok := all[r.link("broader")]; ok {
			broader.narrower = append(broader.narrower, r.id)
		}
	}
	return all
}

func (l *loader) cohorts() []*cohort {
	var all []*cohort
	byID := map[string]*cohort{}
	for _, r := range l.rows("Cohort", []string{"year", "announcedOn"}, []string{"program"}) {
		c := &cohort{id: r.id, program: r.link("program"), year: r.number["year"], date: r.scalar["announcedOn"], jointWith: map[string][]string{}}
		if c.date == "" {
			c.date = strconv.Itoa(10000 + c.year)[1:]
		}
		c.day, _ = interval(c.date)
		all, byID[r.id] = append(all, c), c
	}
	for _, r := range l.rows("Recognition", nil, []string{"cohort", "honoree", "jointlyWith"}) {
		if c, ok := byID[r.link("cohort")]; ok {
			c.honorees = append(c.honorees, r.link("honoree"))
			c.joint = append(c.joint, r.links["jointlyWith"]...)
			c.jointWith[r.link("honoree")] = append(c.jointWith[r.link("honoree")], r.links["jointlyWith"]...)
		}
	}
	for _, c := range all {
		slices.Sort(c.honorees)
		c.honorees = slices.Compact(c.honorees)
	}
	slices.SortFunc(all, func(a, b *cohort) int { return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.id, b.id)) })
	return all
}

func (n *network) cohort(id string) *cohort {
	for _, c := range n.cohorts {
		if c.id == id {
			return c
		}
	}
	return nil
}

// narrower are a practice and all that are parts or special cases of it, however deep.
func (n *network) narrower(id string) map[string]bool {
	found := map[string]bool{id: true}
	for open := []string{id}; len(open) > 0; open = open[1:] {
		p, ok := n.practices[open[0]]
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
func (n *network) broader(id string) []*practice {
	var all []*practice
	for p := n.practices[id]; p != nil && !slices.Contains(all, p); p = n.practices[p.broader] {
		all = append(all, p)
	}
	return all
}
