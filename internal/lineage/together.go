package lineage

import (
	"cmp"
	"context"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/diffusion"
)

// together are the settings of questions about what cohorts share.
type together struct {
	reach, certainty, confidence string
}

func togetherOf(args computed.Args, reach string) together {
	return together{args.TextOr("reach", reach), args.TextOr("certainty", "POSSIBLE"), args.Text("confidence")}
}

func (t together) uses(s *diffusion.Step) bool {
	return t.confidence == "" || t.confidence == s.Confidence
}

func (t together) counted(o computed.Object) computed.Record {
	o["reach"], o["certainty"] = t.reach, t.certainty
	return o
}

// shared is a practice with the honorees that learned it, and the learnings that say so.
type shared struct {
	practice            string
	honorees, learnings map[string]bool
}

// sharedPractices are those that at least two honorees of a cohort learned.
func sharedPractices(ctx context.Context, call computed.Call) (any, error) {
	n, c, err := cohortOf(ctx, call)
	if err != nil {
		return nil, err
	}
	t := togetherOf(call.Args, "HONOREE")
	all := n.shared(c, t)
	return t.counted(computed.Object{"totalCount": len(all), "practices": computed.Records(all, func(s *shared) computed.Record {
		return computed.Object{
			"practice": computed.ID(s.practice), "honoreeCount": len(s.honorees), "honorees": computed.Nodes(computed.Sorted(s.honorees)),
			"learningCount": len(s.learnings), "learnings": computed.Nodes(computed.Sorted(s.learnings)),
		}
	})}), nil
}

func (n *Network) shared(c *Cohort, t together) []*shared {
	found := map[string]*shared{}
	for _, honoree := range c.honorees {
		alone := &Cohort{ID: c.ID, day: c.day, honorees: []string{honoree}, joint: c.jointWith[honoree]}
		parties := n.Circle(alone, t.reach, t.certainty == "POSSIBLE")
		for i := range n.steps.Steps {
			if s := &n.steps.Steps[i]; t.uses(s) && parties.has(n.steps.Parties[s.To]) {
				note(found, honoree, s)
			}
		}
	}
	var all []*shared
	for _, s := range found {
		if len(s.honorees) > 1 {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b *shared) int {
		return cmp.Or(cmp.Compare(len(b.honorees), len(a.honorees)), cmp.Compare(len(b.learnings), len(a.learnings)), cmp.Compare(a.practice, b.practice))
	})
	return all
}

func note(found map[string]*shared, honoree string, s *diffusion.Step) {
	p, known := found[s.Practice]
	if !known {
		p = &shared{practice: s.Practice, honorees: map[string]bool{}, learnings: map[string]bool{}}
		found[s.Practice] = p
	}
	p.honorees[honoree], p.learnings[s.ID] = true, true
}

// connector is a party with the other cohorts that it connects with one.
type connector struct {
	party     string
	belongs   bool
	others    []string // cohorts, by year, then id
	learnings map[string]bool
}

// connectors are the parties that connect a cohort with others.
func connectors(ctx context.Context, call computed.Call) (any, error) {
	n, c, err := cohortOf(ctx, call)
	if err != nil {
		return nil, err
	}
	t := togetherOf(call.Args, "CIRCLE")
	all := n.connectors(c, t)
	return t.counted(computed.Object{"totalCount": len(all), "parties": computed.Records(all, func(k *connector) computed.Record {
		return computed.Object{
			"party": computed.ID(k.party), "belongs": k.belongs, "cohortCount": len(k.others), "cohorts": computed.Nodes(k.others),
			"learningCount": len(k.learnings), "learnings": computed.Nodes(computed.Sorted(k.learnings)),
		}
	})}), nil
}

func (n *Network) connectors(c *Cohort, t together) []*connector {
	own := n.ties(c, t)
	found := map[string]*connector{}
	for party, t := range own {
		found[party] = &connector{party: party, belongs: t.belongs, learnings: t.learnings}
	}
	for _, other := range n.Cohorts {
		if other == c {
			continue
		}
		for party, t := range n.ties(other, t) {
			if k, tied := found[party]; tied {
				k.others = append(k.others, other.ID)
				for id := range t.learnings {
					k.learnings[id] = true
				}
			}
		}
	}
	var all []*connector
	for _, k := range found {
		if len(k.others) > 0 {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b *connector) int {
		return cmp.Or(cmp.Compare(len(b.others), len(a.others)), cmp.Compare(len(b.learnings), len(a.learnings)), cmp.Compare(a.party, b.party))
	})
	return all
}

// tie is what ties a party to a cohort.
type tie struct {
	belongs   bool
	learnings map[string]bool // with parties of the cohort
}

// ties are the parties of a cohort, and those who taught one or learned from one.
func (n *Network) ties(c *Cohort, t together) map[string]*tie {
	parties := n.Circle(c, t.reach, t.certainty == "POSSIBLE")
	all := map[string]*tie{}
	of := func(id string) *tie {
		if all[id] == nil {
			all[id] = &tie{belongs: parties.has(id), learnings: map[string]bool{}}
		}
		return all[id]
	}
	for _, id := range parties.IDs {
		of(id)
	}
	for i := range n.steps.Steps {
		s := &n.steps.Steps[i]
		from, to := n.steps.Parties[s.From], n.steps.Parties[s.To]
		if t.uses(s) && parties.has(from) {
			of(to).learnings[s.ID] = true
		}
		if t.uses(s) && parties.has(to) {
			of(from).learnings[s.ID] = true
		}
	}
	return all
}
