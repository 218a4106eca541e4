package population

import (
	"fmt"

	"nicgraph/internal/catalog"
	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Settings are those of the settings that a panel depends on: the population, its
// adoptions, its ties. A text or list that is empty was not given.
type Settings struct {
	Practice      string
	Narrower      bool
	Study         string
	Groups        []string
	Cohort, Reach string
	Network       string
	Where         string // further conditions on parties, printed
	TieSources    []string
	TieKinds      []string
	TieConfidence string
	Stages        []string
	Confidence    string
	First, Last   Bound // periods
	GroupBy       string
	NonAdopters   string
}

// Bound is a period if one was given.
type Bound struct {
	Given  bool
	Period int
}

// orElse is the bound, or what stands where none was given.
func (b Bound) orElse(period int) int {
	if b.Given {
		return b.Period
	}
	return period
}

const (
	studyTies      = "STUDY_TIES"
	learnings      = "LEARNINGS"
	sharedNetworks = "SHARED_NETWORKS"
	sharedEvents   = "SHARED_EVENTS"
	byStudyGroup   = "STUDY_GROUP"
	byNothing      = "NONE"
)

// WhereName is the path of the conditions on parties.
const WhereName = "input.population.where"

// Check tells what is wrong with a population, its ties and its periods before anything is
// read.
func (s *Settings) Check(a computed.Args) error {
	for _, check := range []func(computed.Args) error{s.checkPopulation, s.checkTies, s.checkPeriods} {
		if err := check(a); err != nil {
			return err
		}
	}
	return nil
}

// SettingsOf reads the arguments.
func SettingsOf(c computed.Call) Settings {
	a := c.Args
	s := Settings{
		Practice: a.Text("input.practice"), Narrower: a.Truth("input.narrower"),
		Study: a.Text("input.population.study"), Groups: a.Set("input.population.groups"),
		Cohort: a.Text("input.population.cohort"), Network: a.Text("input.population.network"),
		TieSources: a.Set("input.ties.sources"), TieKinds: a.Set("input.ties.kinds"), TieConfidence: a.Text("input.ties.confidence"),
		Stages: a.Set("input.learnings.stages"), Confidence: a.Text("input.learnings.confidence"),
		First: BoundOf(a, "input.firstPeriod"), Last: BoundOf(a, "input.lastPeriod"),
		GroupBy: a.Text("input.groupBy"), NonAdopters: a.Text("input.nonAdopters"),
	}
	if s.Cohort != "" {
		s.Reach = a.Text("input.population.reach")
	}
	if condition, given := c.Filters[WhereName]; given {
		s.Where = printed(c.Engine.Catalog, condition)
	}
	if len(s.TieSources) == 0 {
		s.TieSources = []string{learnings}
		if s.Study != "" {
			s.TieSources = []string{studyTies}
		}
	}
	return s
}

// printed is a condition as a text that tells it apart from every other.
func printed(cat *catalog.Catalog, c plan.Condition) string {
	many := &plan.Many{From: plan.Scan{Types: c.Types}, Where: c.Filter}
	return (&plan.Plan{Catalog: cat, Query: plan.Row{Slots: []plan.Slot{{Read: many}}}}).String()
}

// BoundOf is an argument that names a period.
func BoundOf(a computed.Args, name string) Bound {
	v := a[name]
	return Bound{Given: v.Kind == value.Int, Period: int(v.Num)}
}

func (s *Settings) checkPopulation(a computed.Args) error {
	switch {
	case s.Study == "" && s.Cohort == "" && s.Network == "" && s.Where == "":
		return fault.New(fault.Invalid, "input.population is empty; give a study, a cohort, a network or conditions in where")
	case a.Empty("input.population.groups"):
		return fault.New(fault.Invalid, "input.population.groups is empty; name a group, or leave it out for all")
	case s.Groups != nil && s.Study == "":
		return fault.New(fault.Invalid, "input.population.groups are groups of a study; give the study too")
	case s.GroupBy == byStudyGroup && s.Study == "":
		return fault.New(fault.Invalid, "input.groupBy is STUDY_GROUP, but the population is no study; give a study, or group by something else")
	case s.Study != "" && !a["input.learnings"].IsNull():
		return fault.New(fault.Invalid, "input.learnings is about populations that are no study; a study has adoptions of its own, so leave it out")
	case a.Empty("input.learnings.stages"):
		return fault.New(fault.Invalid, "input.learnings.stages is empty; name a stage, or leave it out for any")
	}
	return nil
}

func (s *Settings) checkTies(a computed.Args) error {
	switch {
	case a.Empty("input.ties.sources"):
		return fault.New(fault.Invalid, "input.ties.sources is empty; name a source of ties, or leave it out")
	case a.Empty("input.ties.kinds"):
		return fault.New(fault.Invalid, "input.ties.kinds is empty; name a kind, or leave it out for all")
	case s.has(studyTies) && s.Study == "":
		return fault.New(fault.Invalid, "input.ties.sources has STUDY_TIES, but the population is no study; give a study, or take other ties")
	case s.TieKinds != nil && !s.has(studyTies):
		return fault.New(fault.Invalid, "input.ties.kinds are kinds of the study's ties; add STUDY_TIES to the sources, or leave it out")
	case s.TieConfidence != "" && !s.has(learnings):
		return fault.New(fault.Invalid, "input.ties.confidence is about learnings; add LEARNINGS to the sources, or leave it out")
	}
	return nil
}

func (s *Settings) checkPeriods(computed.Args) error {
	if s.First.Given && s.Last.Given && s.First.Period > s.Last.Period {
		return fault.New(fault.Invalid, "input.firstPeriod is %d, which is after the lastPeriod %d", s.First.Period, s.Last.Period)
	}
	return nil
}

// Key tells settings apart.
type Key struct{ settings string }

// Key is the same for settings that are the same.
func (s *Settings) Key() Key { return Key{fmt.Sprintf("%#v", *s)} }
