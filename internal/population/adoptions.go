package population

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/lineage"
	"nicgraph/internal/natural"
	"nicgraph/internal/plan"
	"nicgraph/internal/spread"
)

// Adoption is that a party used a practice from a period on.
type Adoption struct {
	First, last  int  // periods; last is noEnd while it was not given up
	LeftCensored bool // from that period or before it
	inferred     bool
	fact         string // id
}

const noEnd = -1 << 31

// Adoptions are those of each party, the earliest first.
type Adoptions map[string][]Adoption

// Practices are the practice asked about and, when asked, its narrower ones, ascending.
func (g *Gathering) Practices(ctx context.Context, id string, path string) ([]string, error) {
	all, err := lineage.PracticesAt(ctx, g.View)
	if err != nil {
		return nil, err
	}
	if _, known := all[id]; !known {
		return nil, fault.New(fault.Invalid, "%s: there is no practice with the id %q", path, id)
	}
	if !g.Narrower {
		return []string{id}, nil
	}
	return all.Narrower(id), nil
}

// Adoptions are who took one of the practices up. Members of whom this is known, but not
// when, are undated. Path is where the request names the practice.
func (g *Gathering) Adoptions(ctx context.Context, p *People, practices []string, path string) (all Adoptions, undated map[string]bool, err error) {
	if p.Study != nil {
		all, err = g.recorded(ctx, p.Study, practices)
		if err == nil && len(all) == 0 {
			err = aboutOthers(ctx, g.Engine, p.Study, path)
		}
		return all, nil, err
	}
	learnings, err := lineage.LearningsAt(ctx, g.View, practices)
	if err != nil {
		return nil, nil, err
	}
	all, undated = g.learned(learnings)
	return all, undated, nil
}

// recorded are the adoptions of a study.
func (g *Gathering) recorded(ctx context.Context, s *Study, practices []string) (Adoptions, error) {
	where := plan.And{ofStudy(g.Engine, "Adoption", s.id), g.Engine.LinkedTo("Adoption", "practice", practices)}
	all := Adoptions{}
	err := g.Engine.Each(ctx, "Adoption", where, []string{"firstPeriod", "lastPeriod", "censoring"}, []string{"adopter"}, func(l computed.Line) error {
		who := l.Link(4)
		all[who] = append(all[who], Adoption{First: l.Whole(1, 0), last: l.Whole(2, noEnd), LeftCensored: l.Text(3) == "LEFT", fact: strings.Clone(l.Text(0))})
		return nil
	})
	for _, spells := range all {
		slices.SortFunc(spells, func(a, b Adoption) int {
			return cmp.Or(cmp.Compare(a.First, b.First), natural.Compare(a.fact, b.fact))
		})
	}
	return all, err
}

// aboutOthers says so when the adoptions of a study are all of other practices: nobody was asked
// about this one, so that its members are not known never to have adopted it. A study of ties alone
// may be asked about any practice.
func aboutOthers(ctx context.Context, e *computed.Engine, s *Study, path string) error {
	var others []string
	err := e.Each(ctx, "Adoption", ofStudy(e, "Adoption", s.id), nil, []string{"practice"}, func(l computed.Line) error {
		if id := l.Link(1); !slices.Contains(others, id) {
			others = append(others, strings.Clone(id))
		}
		return nil
	})
	if err != nil || len(others) == 0 {
		return err
	}
	slices.Sort(others)
	return fault.New(fault.Invalid, "%s: the study %s did not ask about it%s", path, s.id, these("; it asked about ", others))
}

// experience is what learnings say of a party and the practices.
type experience struct {
	learned, taught *lineage.Learning // the first that is dated
	undated         bool              // some are not
}

// learned turns learnings into adoptions: a party adopts in the year of its first dated
// learning; one that taught before adopted then or before.
func (g *Gathering) learned(learnings []lineage.Learning) (Adoptions, map[string]bool) {
	all, undated := Adoptions{}, map[string]bool{}
	for id, e := range g.experiences(learnings) {
		if a, dated := e.adoption(); dated {
			all[id] = []Adoption{a}
		} else if e.undated {
			undated[id] = true
		}
	}
	return all, undated
}

func (g *Gathering) experiences(learnings []lineage.Learning) map[string]*experience {
	all := map[string]*experience{}
	of := func(id string) *experience {
		if all[id] == nil {
			all[id] = &experience{}
		}
		return all[id]
	}
	for i := range learnings {
		l := &learnings[i]
		if !g.counts(l) {
			continue
		}
		taught := of(l.Teacher)
		taught.note(&taught.taught, l)
		if g.Stages == nil || slices.Contains(g.Stages, l.Stage) {
			learned := of(l.Learner)
			learned.note(&learned.learned, l)
		}
	}
	return all
}

// counts tells whether a learning is as sure as asked.
func (g *Gathering) counts(l *lineage.Learning) bool {
	return g.Confidence == "" || g.Confidence == l.Confidence
}

// Recorded is a learning of the practice as it is recorded, whoever taught or learned.
type Recorded struct {
	ID, Learner, Teacher, Practice, Stage, Confidence string // ids and names of enums
	Year                                              int    // 0: no date
}

// RecordedLearnings are the learnings that count.
func (g *Gathering) RecordedLearnings(ctx context.Context, practices []string) ([]Recorded, error) {
	learnings, err := lineage.LearningsAt(ctx, g.View, practices)
	if err != nil {
		return nil, err
	}
	var all []Recorded
	for i := range learnings {
		if l := &learnings[i]; g.counts(l) {
			all = append(all, Recorded{ID: l.ID, Learner: l.Learner, Teacher: l.Teacher, Practice: l.Practice, Stage: l.Stage, Confidence: l.Confidence, Year: l.Year})
		}
	}
	slices.SortStableFunc(all, func(a, b Recorded) int { return cmp.Compare(uint(a.Year-1), uint(b.Year-1)) }) // 0 comes last
	return all, nil
}

// note keeps the first of dated learnings; they come by id.
func (e *experience) note(first **lineage.Learning, l *lineage.Learning) {
	switch {
	case l.Year == 0:
		e.undated = true
	case *first == nil || l.Year < (*first).Year:
		*first = l
	}
}

func (e *experience) adoption() (a Adoption, dated bool) {
	switch l, t := e.learned, e.taught; {
	case t != nil && (l == nil || t.Year < l.Year):
		return Adoption{First: t.Year, last: noEnd, LeftCensored: true, fact: t.ID, inferred: t.Confidence == "INFERRED"}, true
	case l != nil:
		return Adoption{First: l.Year, last: noEnd, fact: l.ID, inferred: l.Confidence == "INFERRED"}, true
	default:
		return a, false
	}
}

// Spell is a time of using the practice, in places of periods.
type Spell struct {
	First        int32
	Last         int32 // spread.Never: it was not given up
	LeftCensored bool
	Fact         string // the id of an adoption of the study, or of a learning
	Inferred     bool
}

// Spells are adoptions as far as the window shows them: what began before it counts as
// begun in its first period, or before; what ends with it or later is not seen to end.
func (w Window) Spells(all []Adoption) []Spell {
	var seen []Spell
	for _, a := range all {
		if a.First > w.Last || a.last != noEnd && a.last < w.First {
			continue
		}
		s := Spell{First: int32(max(a.First, w.First) - w.First), Last: spread.Never, LeftCensored: a.LeftCensored || a.First < w.First, Fact: a.fact, Inferred: a.inferred}
		if a.last != noEnd && a.last < w.Last {
			s.Last = int32(a.last - w.First)
		}
		seen = append(seen, s)
	}
	return seen
}
