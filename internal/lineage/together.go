package lineage

import (
	"cmp"
	"context"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/diffusion"
)

// together is a question about what cohorts share.
type together struct {
	bodies                       *Bodies
	steps                        *Steps
	reach, certainty, confidence string
}

// togetherOf reads the arguments; reach is who counts for a cohort when that is not given.
func togetherOf(ctx context.Context, call computed.Call, reach string) (*together, *Cohort, error) {
	b, c, err := cohortOf(ctx, call)
	if err != nil {
		return nil, nil, err
	}
	steps, err := stepsOf(ctx, call.Engine, nil)
	args := call.Args
	return &together{b, steps, args.TextOr("reach", reach), args.TextOr("certainty", "POSSIBLE"), args.Text("confidence")}, c, err
}

func (t *together) uses(s *diffusion.Step) bool {
	return t.confidence == "" || t.confidence == s.Confidence
}

func (t *together) counted(o computed.Object) computed.Record {
	o["reach"], o["certainty"] = t.reach, t.certainty
	return o
}

func (t *together) circle(c *Cohort) *Circle {
	return t.bodies.Circle(c, t.reach, t.certainty == "POSSIBLE")
}

// shared is a practice with the honorees that learned it, and the learnings that say so.
type shared struct {
	practice            string
	honorees, learnings map[string]bool
}

// sharedPractices are those that at least two honorees of a cohort learned.
func sharedPractices(ctx context.Context, call computed.Call) (any, error) {
	t, c, err := togetherOf(ctx, call, "HONOREE")
	if err != nil {
		return nil, err
	}
	all := t.shared(c)
	return t.counted(computed.Object{"totalCount": len(all), "practices": computed.Records(all, func(s *shared) computed.Record {
		return computed.Object{
			"practice": computed.ID(s.practice), "honoreeCount": len(s.honorees), "honorees": computed.Nodes(computed.Sorted(s.honorees)),
			"learningCount": len(s.learnings), "learnings": computed.Nodes(computed.Sorted(s.learnings)),
		}
	})}), nil
}

func (t *together) shared(c *Cohort) []*shared {
	found := map[string]*shared{}
	for _, honoree := range c.honorees {
		alone := &Cohort{ID: c.ID, day: c.day, honorees: []string{honoree}, joint: c.jointWith[honoree]}
		parties := t.circle(alone)
		for i := range t.steps.Steps {
			if s := &t.steps.Steps[i]; t.uses(s) && parties.has(t.steps.Parties[s.To]) {
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
	t, c, err := togetherOf(ctx, call, "CIRCLE")
	if err != nil {
		return nil, err
	}
	all := t.connectors(c)
	return t.counted(computed.Object{"totalCount": len(all), "parties": computed.Records(all, func(k *connector) computed.Record {
		return computed.Object{
			"party": computed.ID(k.party), "belongs": k.belongs, "cohortCount": len(k.others), "cohorts": computed.Nodes(k.others),
			"learningCount": len(k.learnings), "learnings": computed.Nodes(computed.Sorted(k.learnings)),
		}
	})}), nil
}

func (t *together) connectors(c *Cohort) []*connector {
	found := map[string]*connector{}
	for party, own := range t.ties(c) {
		found[party] = &connector{party: party, belongs: own.belongs, learnings: own.learnings}
	}
	for _, other := range t.bodies.Cohorts {
		if other == c {
			continue
		}
		for party, its := range t.ties(other) {
			if k, tied := found[party]; tied {
				k.others = append(k.others, other.ID)
				for id := range its.learnings {
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
func (t *together) ties(c *Cohort) map[string]*tie {
	parties := t.circle(c)
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
	for i := range t.steps.Steps {
		s := &t.steps.Steps[i]
		from, to := t.steps.Parties[s.From], t.steps.Parties[s.To]
		if t.uses(s) && parties.has(from) {
			of(to).learnings[s.ID] = true
		}
		if t.uses(s) && parties.has(to) {
			of(from).learnings[s.ID] = true
		}
	}
	return all
}
