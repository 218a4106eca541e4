package analytics

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/spread"
)

// adoption is that a party used a practice from a period on.
type adoption struct {
	first, last  int  // periods; last is noEnd while it was not given up
	leftCensored bool // from that period or before it
	inferred     bool
	fact         string // id
}

const noEnd = -1 << 31

// adoptions are those of each party, the earliest first.
type adoptions map[string][]adoption

// practices are the practice asked about and, when asked, its narrower ones, ascending.
func (g *gathering) practices(ctx context.Context, id string, path string) ([]string, error) {
	n, err := g.network(ctx)
	if err != nil {
		return nil, err
	}
	if _, known := n.practices[id]; !known {
		return nil, fault.New(fault.Invalid, "%s: there is no practice with the id %q", path, id)
	}
	if !g.Narrower {
		return []string{id}, nil
	}
	return sorted(n.narrower(id)), nil
}

// adoptions are who took one of the practices up. Members of whom this is known, but not
// when, are undated. Path is where the request names the practice.
func (g *gathering) adoptions(ctx context.Context, p *population, practices []string, path string) (all adoptions, undated map[string]bool, err error) {
	if p.study != nil {
		all, err = g.recorded(ctx, p.study, practices)
		if err == nil && len(all) == 0 {
			err = g.engine.aboutOthers(ctx, p.study, path)
		}
		return all, nil, err
	}
	n, err := g.network(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, undated = g.learned(n, practices)
	return all, undated, nil
}

// recorded are the adoptions of a study.
func (g *gathering) recorded(ctx context.Context, s *study, practices []string) (adoptions, error) {
	where := plan.And{g.engine.ofStudy("Adoption", s.id), g.engine.linked("Adoption", "practice", hasIDIn(practices))}
	all := adoptions{}
	err := g.engine.each(ctx, "Adoption", where, []string{"firstPeriod", "lastPeriod", "censoring"}, []string{"adopter"}, func(l line) error {
		who := l.link(4)
		all[who] = append(all[who], adoption{first: l.whole(1, 0), last: l.whole(2, noEnd), leftCensored: l.text(3) == "LEFT", fact: strings.Clone(l.text(0))})
		return nil
	})
	for _, spells := range all {
		slices.SortFunc(spells, func(a, b adoption) int {
			return cmp.Or(cmp.Compare(a.first, b.first), natural(a.fact, b.fact))
		})
	}
	return all, err
}

// aboutOthers says so when the adoptions of a study are all of other practices: nobody was asked
// about this one, so that its members are not known never to have adopted it. A study of ties alone
// may be asked about any practice.
func (e *Engine) aboutOthers(ctx context.Context, s *study, path string) error {
	var others []string
	err := e.each(ctx, "Adoption", e.ofStudy("Adoption", s.id), nil, []string{"practice"}, func(l line) error {
		if id := l.link(1); !slices.Contains(others, id) {
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
	learned, taught *learning // the first that is dated
	undated         bool      // some are not
}

// learned turns learnings into adoptions: a party adopts in the year of its first dated
// learning; one that taught before adopted then or before.
func (g *gathering) learned(n *network, practices []string) (adoptions, map[string]bool) {
	all, undated := adoptions{}, map[string]bool{}
	for id, e := range g.experiences(n, practices) {
		if a, dated := e.adoption(); dated {
			all[id] = []adoption{a}
		} else if e.undated {
			undated[id] = true
		}
	}
	return all, undated
}

func (g *gathering) experiences(n *network, practices []string) map[string]*experience {
	all := map[string]*experience{}
	of := func(id string) *experience {
		if all[id] == nil {
			all[id] = &experience{}
		}
		return all[id]
	}
	for i := range n.learnings {
		l := &n.learnings[i]
		if !g.counts(l, practices) {
			continue
		}
		taught := of(l.teacher)
		taught.note(&taught.taught, l)
		if g.Stages == nil || slices.Contains(g.Stages, l.stage) {
			learned := of(l.learner)
			learned.note(&learned.learned, l)
		}
	}
	return all
}

// counts tells whether a learning is about the practices and as sure as asked.
func (g *gathering) counts(l *learning, practices []string) bool {
	_, about := slices.BinarySearch(practices, l.practice)
	return about && (g.Confidence == "" || g.Confidence == l.confidence)
}

// recordedLearnings are the learnings that count.
func (g *gathering) recordedLearnings(ctx context.Context, practices []string) ([]Recorded, error) {
	n, err := g.network(ctx)
	if err != nil {
		return nil, err
	}
	var all []Recorded
	for i := range n.learnings {
		if l := &n.learnings[i]; g.counts(l, practices) {
			all = append(all, Recorded{ID: l.id, Learner: l.learner, Teacher: l.teacher, Practice: l.practice, Stage: l.stage, Confidence: l.confidence, Year: l.year})
		}
	}
	slices.SortStableFunc(all, func(a, b Recorded) int { return cmp.Compare(uint(a.Year-1), uint(b.Year-1)) }) // 0 comes last
	return all, nil
}

// note keeps the first of dated learnings; they come by id.
func (e *experience) note(first **learning, l *learning) {
	switch {
	case l.year == 0:
		e.undated = true
	case *first == nil || l.year < (*first).year:
		*first = l
	}
}

func (e *experience) adoption() (a adoption, dated bool) {
	switch l, t := e.learned, e.taught; {
	case t != nil && (l == nil || t.year < l.year):
		return adoption{first: t.year, last: noEnd, leftCensored: true, fact: t.id, inferred: t.confidence == "INFERRED"}, true
	case l != nil:
		return adoption{first: l.year, last: noEnd, fact: l.id, inferred: l.confidence == "INFERRED"}, true
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
	inferred     bool
}

// window is the periods that are looked at.
type window struct{ first, last int }

func (w window) periods() int { return w.last - w.first + 1 }

// spells are adoptions as far as the window shows them: what began before it counts as
// begun in its first period, or before; what ends with it or later is not seen to end.
func (w window) spells(all []adoption) []Spell {
	var seen []Spell
	for _, a := range all {
		if a.first > w.last || a.last != noEnd && a.last < w.first {
			continue
		}
		s := Spell{First: int32(max(a.first, w.first) - w.first), Last: spread.Never, LeftCensored: a.leftCensored || a.first < w.first, Fact: a.fact, inferred: a.inferred}
		if a.last != noEnd && a.last < w.last {
			s.Last = int32(a.last - w.first)
		}
		seen = append(seen, s)
	}
	return seen
}
