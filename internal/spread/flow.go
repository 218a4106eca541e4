package spread

import (
	"cmp"
	"context"
	"slices"
)

// Flow is what passed from the people of one group to those of another (or the same).
type Flow struct {
	Source, Learner int32   // groups; None: people without one
	Links           int     // pairs of a learner and a source who gets credit
	Credit          float64 // what those sources get: Links, but for the Fractional rule
}

// Flow counts the links between groups, by source then learner, people without a group
// last; pairs of groups without a link are left out. It is empty for a panel without groups.
func (a *Attribution) Flow(ctx context.Context) ([]Flow, error) {
	if a.panel.Group == nil {
		return nil, nil
	}
	at := map[[2]int32]int{}
	var all []Flow
	err := a.Links(ctx, func(source, learner int32, credit float64) {
		pair := [2]int32{a.panel.Group[source], a.panel.Group[learner]}
		place, known := at[pair]
		if !known {
			place = len(all)
			at[pair] = place
			all = append(all, Flow{Source: pair[0], Learner: pair[1]})
		}
		all[place].Links++
		all[place].Credit += credit
	})
	slices.SortFunc(all, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(noneLast(a.Source), noneLast(b.Source)), cmp.Compare(noneLast(a.Learner), noneLast(b.Learner)))
	})
	return all, err
}

// GroupAdoption is how far a practice got in a group.
type GroupAdoption struct {
	Group         int32 // None: people without one
	Size          int
	Adopters      int
	FirstAdoption int32 // the earliest period; Never: nobody adopted
}

// Share is the part of the group that adopted.
func (g GroupAdoption) Share() float64 {
	return quotient(float64(g.Adopters), float64(g.Size), 0, false)
}

// Groups counts people and adopters by group, people without one last. It is empty for a
// panel without groups.
func (p *Panel) Groups() []GroupAdoption {
	groups := map[int32]*GroupAdoption{}
	for i, key := range p.Group {
		g := groups[key]
		if g == nil {
			g = &GroupAdoption{Group: key, FirstAdoption: Never}
			groups[key] = g
		}
		g.add(p.Adopted[i])
	}
	all := make([]GroupAdoption, 0, len(groups))
	for _, g := range groups {
		all = append(all, *g)
	}
	slices.SortFunc(all, func(a, b GroupAdoption) int { return cmp.Compare(noneLast(a.Group), noneLast(b.Group)) })
	return all
}

func (g *GroupAdoption) add(period int32) {
	g.Size++
	if period == Never {
		return
	}
	g.Adopters++
	if g.FirstAdoption == Never || period < g.FirstAdoption {
		g.FirstAdoption = period
	}
}

// groups gives everybody's group, None throughout for a panel without groups.
func (p *Panel) groups() []int32 {
	if p.Group == nil {
		return slices.Repeat([]int32{None}, p.People())
	}
	return p.Group
}
