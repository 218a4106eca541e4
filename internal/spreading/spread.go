// Package spreading answers how a practice spread through a population: the computed field
// spread, each part worked out when it is selected, and the same for exports. It leaves bringing
// the population together to package population, and the formulas to package spread.
//
// Its files: spread brings a panel together from what was asked (settings); record lists the
// parts; learning and what it names are those about who could have learned from whom.
package spreading

import (
	"context"
	"errors"
	"reflect"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/population"
	"nicgraph/internal/spread"
)

// Spread is how a practice spread through a population: what measures are worked out
// from, the settings they are asked with, and the facts behind them. What is worked out
// is kept and shared by requests.
type Spread struct {
	*panel
	Settings Settings
	view     computed.View
}

// panel is a population, its adoptions and its ties. It is immutable and shared by
// requests.
type panel struct {
	population.Members
	Panel     *spread.Panel
	Counts    Counts
	Unit      string // of periods
	Practices []string

	recorded []population.Recorded
	observed []int32              // per member, place of the last period in which it was observed
	spells   [][]population.Spell // per member, the earliest first
	evidence population.Evidence
	key      population.Key
}

// Apart says that what is worked out from the panel is kept without it.
func (p *panel) Apart() reflect.Type { return reflect.TypeOf(p.Panel) }

// Counts are how many parties and facts a question is about, and how many were left
// out and why, as the schema's SpreadCounts says.
type Counts struct {
	Adopters, Never, Unobserved, LeftCensored, NotAsked, Undated        int
	CodedAsAdopters                                                     int
	Pairs, TieFacts, SelfTies, TiesToNotAsked, TiesOutside, UndatedTies int
	AdoptionFacts, Inferred                                             int
}

// about brings what a question about spread is about. The call's arguments are those of
// the field spread, which checkSpread has passed.
func about(ctx context.Context, call computed.Call) (*Spread, error) {
	if err := check(call); err != nil {
		return nil, err
	}
	settings := settingsOf(call)
	s, err := computed.Steady(ctx, call.Engine, func(v computed.View) (*Spread, error) {
		p, err := panelAt(ctx, v, settings.Settings, call.Filters[population.WhereName])
		return &Spread{panel: p, Settings: settings, view: v}, err
	})
	if err != nil {
		return nil, err
	}
	return s, checkLag("input.lag", settings.Lag, s.Panel.Periods)
}

// Spells are the times in which a member used the practice, the earliest first, as far as
// the periods show them.
func (p *panel) Spells(person int32) []population.Spell { return p.spells[person] }

// TieFacts are the ids of the facts that tie a learner to a source, whenever they hold, in
// natural order.
func (p *panel) TieFacts(learner, source int32) []string { return p.evidence.Facts(learner, source) }

// Recorded are the recorded learnings of the practice, the earliest first, undated ones
// last, then by id.
func (p *panel) Recorded() []population.Recorded { return p.recorded }

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

func panelAt(ctx context.Context, v computed.View, settings population.Settings, where plan.Condition) (*panel, error) {
	key := settings.Key()
	return computed.Read(ctx, v, key, func(ctx context.Context) (*panel, error) {
		g := population.Gathering{View: v, Settings: &settings, Filter: where}
		p, err := gatherPanel(ctx, &g)
		if err == nil {
			p.key = key
		}
		return p, err
	})
}

// gatherPanel brings population, adoptions and ties together.
func gatherPanel(ctx context.Context, g *population.Gathering) (*panel, error) {
	practices, err := g.Practices(ctx, g.Practice, "input.practice")
	if err != nil {
		return nil, err
	}
	people, err := g.Population(ctx)
	if err != nil {
		return nil, err
	}
	all, undated, err := g.Adoptions(ctx, people, practices, "input.practice")
	if err != nil {
		return nil, err
	}
	people.LeaveUndated(undated)
	w, err := g.Window(people, all)
	if err != nil {
		return nil, err
	}
	p := &panel{Practices: practices, Unit: people.Unit(), Counts: Counts{NotAsked: people.NotAsked, Undated: people.Undated}}
	p.Panel = &spread.Panel{Periods: w.Periods(), First: w.First}
	if p.recorded, err = g.RecordedLearnings(ctx, practices); err != nil {
		return nil, err
	}
	if p.Members, err = g.Members(ctx, people); err != nil {
		return nil, err
	}
	p.Panel.Group = p.In
	p.adopt(w, all, people.Study)
	switch {
	case people.Study != nil && len(all) == 0:
		p.Counts.Never, p.Counts.Unobserved = 0, len(p.IDs)
	case g.NonAdopters == asLastPeriod:
		p.codeNever()
	}
	return p, p.tie(ctx, g, people, w)
}

// unobserved tells whether nobody knows who adopted: in a study of ties alone.
func (p *panel) unobserved() bool { return p.Counts.Unobserved > 0 }

// never tells whether a member is known not to have adopted.
func (p *panel) never(person int32) bool {
	return p.Panel.Adopted[person] == spread.Never && !p.unobserved()
}

// adopt notes who adopted when.
func (p *panel) adopt(w population.Window, all population.Adoptions, s *population.Study) {
	n := len(p.IDs)
	p.Panel.Adopted, p.Panel.LeftCensored = make([]int32, n), make([]bool, n)
	p.spells, p.observed = make([][]population.Spell, n), make([]int32, n)
	for i, id := range p.IDs {
		p.observed[i] = w.Observed(s, id)
		p.Panel.Adopted[i] = spread.Never
		if spells := all[id]; len(spells) > 0 && spells[0].First <= w.Last {
			p.Panel.Adopted[i] = int32(max(spells[0].First, w.First) - w.First)
			p.Panel.LeftCensored[i] = spells[0].LeftCensored || spells[0].First < w.First
			p.spells[i] = w.Spells(spells)
		}
		p.count(i)
	}
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
		if s.Inferred {
			p.Counts.Inferred++
		}
	}
}

// asLastPeriod is the setting that has codeNever done.
const asLastPeriod = "AS_LAST_PERIOD"

// codeNever takes those who never adopted as adopting in the last period.
func (p *panel) codeNever() {
	for i, a := range p.Panel.Adopted {
		if a == spread.Never {
			p.Panel.Adopted[i] = int32(p.Panel.Periods - 1)
			p.Counts.CodedAsAdopters++
		}
	}
}

func (p *panel) tie(ctx context.Context, g *population.Gathering, people *population.People, w population.Window) error {
	t := population.Tying{Gathering: g, Population: people, Window: w}
	ties, err := t.Gather(ctx)
	if err != nil {
		return err
	}
	p.Panel.Ties, p.evidence = ties, t.Evidence
	ties.Reversed() // nearly every measure needs them, and the cache counts them
	c := &p.Counts
	c.TieFacts, c.UndatedTies, c.SelfTies, c.TiesToNotAsked, c.TiesOutside = t.Counts.Facts, t.Counts.Undated, t.Counts.Self, t.Counts.ToNotAsked, t.Counts.Outside
	c.Pairs = pairs(ties)
	return nil
}

// pairs counts those who are tied in some period.
func pairs(t *spread.Ties) (count int) {
	for person := range t.People() {
		last := int32(population.Outside)
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
	panel   population.Key
	measure any
}

// memo brings what is worked out from the panel, kept and shared by requests. Each kind of
// value has a comparable type of its own for name, which holds all settings that it
// depends on beside those of the panel.
func memo[T any](ctx context.Context, s *Spread, name any, work func(context.Context) (T, error)) (T, error) {
	found, err := computed.Cached(ctx, s.view, measureName{s.key, name}, work)
	return found, bounded(err)
}

// bounded gives work without bounds the sentence for the person who asked.
func bounded(err error) error {
	if errors.Is(err, spread.ErrWork) {
		return fault.Wrap(fault.Limit, err, "this measure needs more work than this server does for one question; ask about a smaller population, fewer ties or fewer periods")
	}
	return err
}
