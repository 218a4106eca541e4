package analytics

import (
	"context"
	"slices"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// population is whose adoption is looked at.
type population struct {
	ids      []string // natural order
	study    *study   // nil: none
	notAsked int
	undated  int
}

// place is the place of a member; ok is false for all others.
func (p *population) place(id string) (int32, bool) {
	at, ok := slices.BinarySearchFunc(p.ids, id, natural)
	return int32(at), ok
}

// gathering brings a population together from conditions, all of which its members meet.
type gathering struct {
	view
	*PanelSettings
	where plan.Condition
}

func (g *gathering) population(ctx context.Context) (*population, error) {
	sets, err := g.sets(ctx)
	if err != nil {
		return nil, err
	}
	if g.Study == "" {
		return &population{ids: inOrder(sorted(common(sets)))}, nil
	}
	s, err := g.study(ctx, g.Study)
	if err != nil {
		return nil, err
	}
	if err := s.checkGroups(g.Groups); err != nil {
		return nil, err
	}
	p := &population{study: s}
	for i, id := range s.ids {
		switch {
		case !everywhere(sets, id) || g.Groups != nil && !slices.Contains(g.Groups, s.group[i]):
		case !s.asked[i]:
			p.notAsked++
		default:
			p.ids = append(p.ids, id)
		}
	}
	return p, nil
}

func (s *study) checkGroups(asked []string) error {
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
func (g *gathering) sets(ctx context.Context) (sets []map[string]bool, err error) {
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

func (g *gathering) ofCohort(ctx context.Context) (map[string]bool, error) {
	n, err := g.network(ctx)
	if err != nil {
		return nil, err
	}
	c := n.cohort(g.Cohort)
	if c == nil {
		return nil, fault.New(fault.Invalid, "input.population.cohort: there is no cohort with the id %q", g.Cohort)
	}
	return setOf(n.circle(c, g.Reach, true).ids), nil
}

func (g *gathering) ofNetwork(ctx context.Context) (map[string]bool, error) {
	n, err := g.network(ctx)
	if err != nil {
		return nil, err
	}
	hub, known := n.hubs[g.Network]
	if !known {
		return nil, fault.New(fault.Invalid, "input.population.network: there is no network with the id %q", g.Network)
	}
	set := map[string]bool{g.Network: true}
	if hub != "" {
		set[hub] = true
	}
	for _, s := range n.rosters[g.Network] {
		set[s.who] = true
	}
	return set, nil
}

func (g *gathering) ofConditions(ctx context.Context) (map[string]bool, error) {
	ids, err := g.engine.matching(ctx, g.where)
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
