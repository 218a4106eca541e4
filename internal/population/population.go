// Package population brings together whom a question about spread or about a network is about:
// the people and their groups, when they took a practice up, and the ties among them with the
// facts behind these. It leaves measuring to packages spreading and shape.
package population

import (
	"context"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/lineage"
	"nicgraph/internal/natural"
	"nicgraph/internal/plan"
)

// People is whose adoption is looked at.
type People struct {
	IDs      []string // natural order
	Study    *Study   // nil: none
	NotAsked int
	Undated  int
}

// place is the place of a member; ok is false for all others.
func (p *People) place(id string) (int32, bool) {
	at, ok := slices.BinarySearchFunc(p.IDs, id, natural.Compare)
	return int32(at), ok
}

// LeaveUndated leaves those out of whom it is not known when they adopted.
func (p *People) LeaveUndated(undated map[string]bool) {
	before := len(p.IDs)
	p.IDs = slices.DeleteFunc(p.IDs, func(id string) bool { return undated[id] })
	p.Undated = before - len(p.IDs)
}

// Unit is how long a period is: years where the population is no study.
func (p *People) Unit() string {
	if p.Study == nil {
		return yearUnit
	}
	return p.Study.unit
}

const yearUnit = "YEAR"

// Gathering brings a population together from conditions, all of which its members meet.
type Gathering struct {
	computed.View
	*Settings
	Filter plan.Condition
}

// Population gathers the people.
func (g *Gathering) Population(ctx context.Context) (*People, error) {
	sets, err := g.sets(ctx)
	if err != nil {
		return nil, err
	}
	if g.Study == "" {
		return &People{IDs: natural.Sort(computed.Sorted(common(sets)))}, nil
	}
	s, err := StudyAt(ctx, g.View, g.Study)
	if err != nil {
		return nil, err
	}
	if err := s.checkGroups(g.Groups); err != nil {
		return nil, err
	}
	p := &People{Study: s}
	for i, id := range s.ids {
		switch {
		case !everywhere(sets, id) || g.Groups != nil && !slices.Contains(g.Groups, s.group[i]):
		case !s.asked[i]:
			p.NotAsked++
		default:
			p.IDs = append(p.IDs, id)
		}
	}
	return p, nil
}

func (s *Study) checkGroups(asked []string) error {
	all := s.groups()
	for _, g := range asked {
		if !slices.Contains(all, g) {
			return fault.New(fault.Invalid, "input.population.groups: the study %s has no group %q%s", s.id, g, these("; its groups are ", all))
		}
	}
	return nil
}

// these lists texts behind a lead, or the first of many; nothing when there are none.
func these(lead string, all []string) string {
	const most = 12
	if len(all) == 0 {
		return ""
	}
	list := lead
	for i, text := range all[:min(len(all), most)] {
		if i > 0 {
			list += ", "
		}
		list += text
	}
	if len(all) > most {
		list += " and others"
	}
	return list
}

// sets are the parties that meet each of the conditions that are given, but the study.
func (g *Gathering) sets(ctx context.Context) (sets []map[string]bool, err error) {
	for _, c := range []struct {
		given bool
		bring func(context.Context) (map[string]bool, error)
	}{
		{g.Cohort != "", g.ofCohort},
		{g.Network != "", g.ofNetwork},
		{g.Where != "", g.ofConditions},
	} {
		if !c.given {
			continue
		}
		set, err := c.bring(ctx)
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}

func (g *Gathering) ofCohort(ctx context.Context) (map[string]bool, error) {
	b, err := lineage.BodiesAt(ctx, g.View)
	if err != nil {
		return nil, err
	}
	c := b.Cohort(g.Cohort)
	if c == nil {
		return nil, fault.New(fault.Invalid, "input.population.cohort: there is no cohort with the id %q", g.Cohort)
	}
	return setOf(b.Circle(c, g.Reach, true).IDs), nil
}

func (g *Gathering) ofNetwork(ctx context.Context) (map[string]bool, error) {
	b, err := lineage.BodiesAt(ctx, g.View)
	if err != nil {
		return nil, err
	}
	hub, known := b.Hubs[g.Network]
	if !known {
		return nil, fault.New(fault.Invalid, "input.population.network: there is no network with the id %q", g.Network)
	}
	set := map[string]bool{g.Network: true}
	if hub != "" {
		set[hub] = true
	}
	for _, s := range b.Rosters[g.Network] {
		set[s.Who] = true
	}
	return set, nil
}

func (g *Gathering) ofConditions(ctx context.Context) (map[string]bool, error) {
	ids, err := g.Engine.Matching(ctx, g.Filter)
	return setOf(ids), err
}

func setOf(ids []string) map[string]bool {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// common is what all sets have, of which there is one at least.
func common(sets []map[string]bool) map[string]bool {
	all := map[string]bool{}
	for id := range sets[0] {
		if everywhere(sets[1:], id) {
			all[id] = true
		}
	}
	return all
}

func everywhere(sets []map[string]bool, id string) bool {
	for _, set := range sets {
		if !set[id] {
			return false
		}
	}
	return true
}
