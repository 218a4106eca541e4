package analytics

import (
	"context"
	"errors"
	"slices"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/spread"
)

// Spread is how a practice spread through a population: what measures are worked out
// from, the settings they are asked with, and the facts behind them. What is worked out
// is kept and shared by requests.
type Spread struct {
	*panel
	Settings SpreadSettings
	view     view
}

// panel is a population, its adoptions and its ties. It is immutable and shared by
// requests.
type panel struct {
	members
	Panel     *spread.Panel
	Counts    SpreadCounts
	Unit      string // of periods
	Practices []string

	recorded []Recorded
	observed []int32   // per member, place of the last period in which it was observed
	spells   [][]Spell // per member, the earliest first
	evidence evidence
	key      panelName
}

// SpreadCounts are how many parties and facts a question is about, and how many were left
// out and why, as the schema's SpreadCounts says.
type SpreadCounts struct {
	Adopters, Never, Unobserved, LeftCensored, NotAsked, Undated        int
	CodedAsAdopters                                                     int
	Pairs, TieFacts, SelfTies, TiesToNotAsked, TiesOutside, UndatedTies int
	AdoptionFacts, Inferred                                             int
}

// Spread brings what a question about spread is about. The call's arguments are those of
// the field spread, which checkSpread has passed.
func (e *Engine) Spread(ctx context.Context, call Call) (*Spread, error) {
	if err := checkSpread(call); err != nil {
		return nil, err
	}
	settings := call.spreadSettings()
	s, err := steady(ctx, e, func(v view) (*Spread, error) {
		p, err := v.panel(ctx, settings.PanelSettings, call.Filters[whereName])
		return &Spread{panel: p, Settings: settings, view: v}, err
	})
	if err != nil {
		return nil, err
	}
	return s, checkLag("input.lag", settings.Lag, s.Panel.Periods)
}

// Spells are the times in which a member used the practice, the earliest first, as far as
// the periods show them.
func (p *panel) Spells(person int32) []Spell { return p.spells[person] }

// TieFacts are the ids of the facts that tie a learner to a source, whenever they hold, in
// natural order.
func (p *panel) TieFacts(learner, source int32) []string { return p.evidence.facts(learner, source) }

// Recorded is a learning of the practice as it is recorded, whoever taught or learned.
type Recorded struct {
	ID, Learner, Teacher, Practice, Stage, Confidence string // ids and names of enums
	Year                                              int    // 0: no date
}

// Recorded are the recorded learnings of the practice, the earliest first, undated ones
// last, then by id.
func (p *panel) Recorded() []Recorded { return p.recorded }

// label is what a period is called, from its place.
func (p *panel) label(period int32) int { return p.Panel.Label(period) }

// period is the place of a period that is asked for by its label.
func (p *panel) period(name string, label int) (int32, error) {
	at := label - p.Panel.First
	if at < 0 || at >= p.Panel.Periods {
		return 0, fault.New(fault.Invalid, "%s is %d; the periods are %d to %d", name, label, p.Panel.First, p.Panel.First+p.Panel.Periods-1)
	}
	return int32(at), nil
}

func (v view) panel(ctx context.Context, settings PanelSettings, where plan.Condition) (*panel, error) {
	key := settings.name()
	return read(ctx, v, key, func(ctx context.Context) (*panel, error) {
		g := gathering{view: v, PanelSettings: &settings, where: where}
		p, err := g.panel(ctx)
		if err == nil {
			p.key = key
		}
		return p, err
	})
}

// panel brings population, adoptions and ties together.
func (g *gathering) panel(ctx context.Context) (*panel, error) {
	practices, err := g.practices(ctx, g.Practice, "input.practice")
	if err != nil {
		return nil, err
	}
	people, err := g.population(ctx)
	if err != nil {
		return nil, err
	}
	all, undated, err := g.adoptions(ctx, people, practices, "input.practice")
	if err != nil {
		return nil, err
	}
	people.leaveUndated(undated)
	w, err := g.window(people, all)
	if err != nil {
		return nil, err
	}
	p := &panel{Practices: practices, Unit: people.unit(), Counts: SpreadCounts{NotAsked: people.notAsked, Undated: people.undated}}
	p.Panel = &spread.Panel{Periods: w.periods(), First: w.first}
	if p.recorded, err = g.recordedLearnings(ctx, practices); err != nil {
		return nil, err
	}
	if p.members, err = g.members(ctx, people); err != nil {
		return nil, err
	}
	p.Panel.Group = p.in
	p.adopt(w, all, people.study)
	switch {
	case people.study != nil && len(all) == 0:
		p.Counts.Never, p.Counts.Unobserved = 0, len(p.IDs)
	case g.NonAdopters == asLastPeriod:
		p.codeNever()
	}
	return p, g.tie(ctx, p, people, w)
}

// unobserved tells whether nobody knows who adopted: in a study of ties alone.
func (p *panel) unobserved() bool { return p.Counts.Unobserved > 0 }

// never tells whether a member is known not to have adopted.
func (p *panel) never(person int32) bool {
	return p.Panel.Adopted[person] == spread.Never && !p.unobserved()
}

// leaveUndated leaves those out of whom it is not known when they adopted.
func (p *population) leaveUndated(undated map[string]bool) {
	before := len(p.ids)
	p.ids = slices.DeleteFunc(p.ids, func(id string) bool { return undated[id] })
	p.undated = before - len(p.ids)
}

// unit is how long a period is: years where the population is no study.
func (p *population) unit() string {
	if p.study == nil {
		return yearUnit
	}
	return p.study.unit
}

const yearUnit = "YEAR"

// maxPeriods bounds the periods that are looked at.
const maxPeriods = 2_000

// window is the periods that are looked at.
func (g *gathering) window(p *population, all adoptions) (w window, err error) {
	if p.study != nil {
		w, err = g.studyWindow(p.study)
	} else {
		w, err = g.years(p, all)
	}
	switch {
	case err != nil:
		return w, err
	case w.first > w.last:
		return w, fault.New(fault.Invalid, "no period is left between firstPeriod and lastPeriod: the periods are %d to %d", w.first, w.last)
	case w.periods() > maxPeriods:
		return w, fault.New(fault.Limit, "%d to %d are %d periods and at most %d are looked at; give firstPeriod and lastPeriod", w.first, w.last, w.periods(), maxPeriods)
	}
	return w, nil
}

func (g *gathering) studyWindow(s *study) (w window, err error) {
	w = window{first: g.First.orElse(s.first), last: g.Last.orElse(s.last)}
	if w.first < s.first || w.last > s.last {
		return w, fault.New(fault.Invalid, "the periods of the study %s are %d to %d; give a firstPeriod and lastPeriod among them", s.id, s.first, s.last)
	}
	return w, s.checkYears(g.TieSources)
}

// checkYears tells whether ties that are dated can be put into the study's periods.
func (s *study) checkYears(sources []string) error {
	if len(sources) == 1 && sources[0] == studyTies || s.unit == yearUnit && yearOf(s.startsOn) == s.first && s.first != 0 {
		return nil
	}
	return fault.New(fault.Invalid, "only STUDY_TIES can be ties in the study %s: its periods are not known to be calendar years, so that dated facts cannot be put into them", s.id)
}

// years are those in which members adopted.
func (g *gathering) years(p *population, all adoptions) (window, error) {
	w, seen := window{first: forever, last: ever}, false
	for _, id := range p.ids {
		if spells := all[id]; len(spells) > 0 {
			w.first, w.last, seen = min(w.first, spells[0].first), max(w.last, spells[0].first), true
		}
	}
	if !seen && (!g.First.Given || !g.Last.Given) {
		return w, fault.New(fault.Invalid, "no learning of %s by the population has a date, so that there are no periods; give firstPeriod and lastPeriod to see the population all the same", g.Practice)
	}
	return window{first: g.First.orElse(w.first), last: g.Last.orElse(w.last)}, nil
}

// adopt notes who adopted when.
func (p *panel) adopt(w window, all adoptions, s *study) {
	n := len(p.IDs)
	p.Panel.Adopted, p.Panel.LeftCensored = make([]int32, n), make([]bool, n)
	p.spells, p.observed = make([][]Spell, n), make([]int32, n)
	for i, id := range p.IDs {
		p.observed[i] = w.observed(s, id)
		p.Panel.Adopted[i] = spread.Never
		if spells := all[id]; len(spells) > 0 && spells[0].first <= w.last {
			p.Panel.Adopted[i] = int32(max(spells[0].first, w.first) - w.first)
			p.Panel.LeftCensored[i] = spells[0].leftCensored || spells[0].first < w.first
			p.spells[i] = w.spells(spells)
		}
		p.count(i)
	}
}

// observed is the last period in which a member was observed.
func (w window) observed(s *study, id string) int32 {
	last := w.last
	if s != nil {
		if at, ok := s.place(id); ok {
			last = max(min(last, int(s.until[at])), w.first)
		}
	}
	return int32(last - w.first)
}

func (p *panel) count(i int) {
	if p.Panel.Adopted[i] == spread.Never {
		p.Counts.Never++
		return
	}
	p.Counts.Adopters++
	if p.Panel.LeftCensored[i] {
		p.Counts.LeftCensored++
	}
	for _, s := range p.spells[i] {
		p.Counts.AdoptionFacts++
		if s.inferred {
			p.Counts.Inferred++
		}
	}
}

// codeNever takes those who never adopted as adopting in the last period.
func (p *panel) codeNever() {
	for i, a := range p.Panel.Adopted {
		if a == spread.Never {
			p.Panel.Adopted[i] = int32(p.Panel.Periods - 1)
			p.Counts.CodedAsAdopters++
		}
	}
}

func (g *gathering) tie(ctx context.Context, p *panel, people *population, w window) error {
	t := tying{gathering: g, population: people, window: w}
	ties, err := t.gather(ctx)
	if err != nil {
		return err
	}
	p.Panel.Ties, p.evidence = ties, t.evidence
	ties.Reversed() // nearly every measure needs them, and the cache counts them
	c := &p.Counts
	c.TieFacts, c.UndatedTies, c.SelfTies, c.TiesToNotAsked, c.TiesOutside = t.counts.facts, t.counts.undated, t.counts.self, t.counts.toNotAsked, t.counts.outside
	c.Pairs = pairs(ties)
	return nil
}

// pairs counts those who are tied in some period.
func pairs(t *spread.Ties) (count int) {
	for person := range t.People() {
		last := int32(outside)
		for e, end := t.Row(person); e < end; e++ {
			if t.Other[e] != last {
				last = t.Other[e]
				count++
			}
		}
	}
	return count
}

// measureName is the key of what is worked out from a panel.
type measureName struct {
	panel   panelName
	measure any
}

// memo brings what is worked out from the panel, kept and shared by requests. Each kind of
// value has a comparable type of its own for name, which holds all settings that it
// depends on beside those of the panel.
func memo[T any](ctx context.Context, s *Spread, name any, work func(context.Context) (T, error)) (T, error) {
	found, err := cached(ctx, s.view, measureName{s.key, name}, work)
	return found, boundedSpread(err)
}

// boundedSpread gives work without bounds the sentence for the person who asked.
func boundedSpread(err error) error {
	if errors.Is(err, spread.ErrWork) {
		return fault.Wrap(fault.Limit, err, "this measure needs more work than this server does for one question; ask about a smaller population, fewer ties or fewer periods")
	}
	return err
}
