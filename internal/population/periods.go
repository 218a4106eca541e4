package population

import (
	"nicgraph/internal/fault"
	"nicgraph/internal/lineage"
)

// Window is the periods that are looked at.
type Window struct{ First, Last int }

// Periods is how many periods it has.
func (w Window) Periods() int { return w.Last - w.First + 1 }

// maxPeriods bounds the periods that are looked at.
const maxPeriods = 2_000

// Window is the periods that are looked at.
func (g *Gathering) Window(p *People, all Adoptions) (w Window, err error) {
	if p.Study != nil {
		w, err = g.studyWindow(p.Study)
	} else {
		w, err = g.years(p, all)
	}
	switch {
	case err != nil:
		return w, err
	case w.First > w.Last:
		return w, fault.New(fault.Invalid, "no period is left between firstPeriod and lastPeriod: the periods are %d to %d", w.First, w.Last)
	case w.Periods() > maxPeriods:
		return w, fault.New(fault.Limit, "%d to %d are %d periods and at most %d are looked at; give firstPeriod and lastPeriod", w.First, w.Last, w.Periods(), maxPeriods)
	}
	return w, nil
}

func (g *Gathering) studyWindow(s *Study) (w Window, err error) {
	w = Window{First: g.First.orElse(s.first), Last: g.Last.orElse(s.last)}
	if w.First < s.first || w.Last > s.last {
		return w, fault.New(fault.Invalid, "the periods of the study %s are %d to %d; give a firstPeriod and lastPeriod among them", s.id, s.first, s.last)
	}
	return w, s.checkYears(g.TieSources)
}

// checkYears tells whether ties that are dated can be put into the study's periods.
func (s *Study) checkYears(sources []string) error {
	if len(sources) == 1 && sources[0] == studyTies || s.unit == yearUnit && lineage.YearOf(s.startsOn) == s.first && s.first != 0 {
		return nil
	}
	return fault.New(fault.Invalid, "only STUDY_TIES can be ties in the study %s: its periods are not known to be calendar years, so that dated facts cannot be put into them", s.id)
}

// years are those in which members adopted.
func (g *Gathering) years(p *People, all Adoptions) (Window, error) {
	w, seen := Window{First: forever, Last: ever}, false
	for _, id := range p.IDs {
		if spells := all[id]; len(spells) > 0 {
			w.First, w.Last, seen = min(w.First, spells[0].First), max(w.Last, spells[0].First), true
		}
	}
	if !seen && (!g.First.Given || !g.Last.Given) {
		return w, fault.New(fault.Invalid, "no learning of %s by the population has a date, so that there are no periods; give firstPeriod and lastPeriod to see the population all the same", g.Practice)
	}
	return Window{First: g.First.orElse(w.First), Last: g.Last.orElse(w.Last)}, nil
}

// Observed is the last period in which a member was observed.
func (w Window) Observed(s *Study, id string) int32 {
	last := w.Last
	if s != nil {
		if at, ok := s.place(id); ok {
			last = max(min(last, int(s.until[at])), w.First)
		}
	}
	return int32(last - w.First)
}

// lastYear is the last year that a date can have.
const lastYear = 9999

// TieWindow is the periods in which ties are looked at: without a study, any year where
// none was given.
func (g *Gathering) TieWindow(s *Study) (Window, error) {
	if s != nil {
		return g.studyWindow(s)
	}
	return Window{First: g.First.orElse(0), Last: g.Last.orElse(lastYear)}, nil
}
