package spreading

import (
	"cmp"
	"context"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/natural"
	"nicgraph/internal/population"
	"nicgraph/internal/spread"
)

// recordedRule goes by what is recorded, never by who could have taught.
const recordedRule = "RECORDED"

// recordedBy are the recorded learnings of each member that could make an adoption, the
// earliest first, undated ones last. Where periods are years, those behind the last are not
// seen yet.
func (s *Spread) recordedBy(ctx context.Context) (map[int32][]population.Recorded, error) {
	return memo(ctx, s, s.learned("recorded", ""), func(context.Context) (map[int32][]population.Recorded, error) {
		all := map[int32][]population.Recorded{}
		for _, r := range s.Recorded() {
			if learner, ok := s.Place(r.Learner); ok && s.sees(r) {
				all[learner] = append(all[learner], r)
			}
		}
		return all, nil
	})
}

func (s *Spread) sees(r population.Recorded) bool {
	inTime := s.Settings.Study != "" || r.Year <= s.label(int32(s.Panel.Periods-1))
	return inTime && (s.Settings.Stages == nil || slices.Contains(s.Settings.Stages, r.Stage))
}

// learnedFrom are the recorded sources of a member, the earliest first.
func (s *Spread) learnedFrom(ctx context.Context, member int32) (any, error) {
	all, err := s.recordedBy(ctx)
	if err != nil {
		return nil, err
	}
	sources := make([]computed.Record, len(all[member]))
	for i, r := range all[member] {
		_, in := s.Place(r.Teacher)
		o := computed.Object{"source": computed.ID(r.Teacher), "inPopulation": in, "learning": computed.ID(r.ID)}
		if r.Year != 0 {
			o["period"] = r.Year
		}
		sources[i] = o
	}
	return sources, nil
}

// recordedFacts are the ids of the recorded learnings of a pair.
func recordedFacts(s *Spread, all map[int32][]population.Recorded) func(pair) []string {
	return func(p pair) (ids []string) {
		for _, r := range all[p.learner] {
			if r.Teacher == s.IDs[p.source] {
				ids = append(ids, r.ID)
			}
		}
		return natural.Sort(ids)
	}
}

// recordedParents give each adopter one source: the teacher of its earliest dated learning
// that can be its parent in a tree, None where there is no such learning. Adopters get
// theirs in the order of their adoption.
func (s *Spread) recordedParents(all map[int32][]population.Recorded) []int32 {
	parents := slices.Repeat([]int32{spread.None}, s.Panel.People())
	var adopters []int32
	for i, a := range s.Panel.Adopted {
		if a != spread.Never {
			adopters = append(adopters, int32(i))
		}
	}
	slices.SortStableFunc(adopters, func(i, j int32) int { return cmp.Compare(s.Panel.Adopted[i], s.Panel.Adopted[j]) })
	for _, i := range adopters {
		for _, r := range all[i] {
			if teacher, ok := s.Place(r.Teacher); ok && r.Year != 0 && s.canTeach(teacher, i) && !s.goesBack(teacher, i, parents) {
				parents[i] = teacher
				break
			}
		}
	}
	return parents
}

// canTeach tells whether a teacher adopted early enough: before the learner, or in the same
// period when the settings allow that, or when the teacher adopted in it or before it: as
// somebody learned from it, it was before.
func (s *Spread) canTeach(teacher, learner int32) bool {
	a, b := s.Panel.Adopted[teacher], s.Panel.Adopted[learner]
	if a == spread.Never || teacher == learner {
		return false
	}
	return a < b || a == b && (s.Settings.TimeOrder == "NON_STRICT" || s.Panel.LeftCensored[teacher])
}

// goesBack tells whether a member has a learner among those from whom it goes back. Periods
// never rise on the way, so it ends with the learner's own.
func (s *Spread) goesBack(member, learner int32, parents []int32) bool {
	for i := member; i != spread.None && s.Panel.Adopted[i] == s.Panel.Adopted[learner]; i = parents[i] {
		if i == learner {
			return true
		}
	}
	return false
}
