package analytics

import (
	"fmt"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// SpreadSettings are the settings of a question about spread, with what stands where
// nothing was given. Enums are texts as in the schema.
type SpreadSettings struct {
	PanelSettings
	Lag        int
	TimeOrder  string
	TieTime    string
	Direction  string
	Weights    string
	Normalized bool
	Compat     bool // NETDIFFUSER
}

// PanelSettings are those of the settings that a panel depends on: the population, its
// adoptions, its ties. A text or list that is empty was not given.
type PanelSettings struct {
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
	asLastPeriod   = "AS_LAST_PERIOD"
	byStudyGroup   = "STUDY_GROUP"
	byNothing      = "NONE"
)

// whereName is the path of the conditions on parties.
const whereName = "input.population.where"

// checkSpread tells what is wrong with a question about spread before anything is read.
func checkSpread(call Call) error {
	s := call.spreadSettings()
	if err := s.check(call.Args); err != nil {
		return err
	}
	return s.checkTime()
}

// check tells what is wrong with a population, its ties and its periods before anything is
// read.
func (s *PanelSettings) check(a Args) error {
	for _, check := range []func(Args) error{s.checkPopulation, s.checkTies, s.checkPeriods} {
		if err := check(a); err != nil {
			return err
		}
	}
	return nil
}

// spreadSettings reads the arguments.
func (c Call) spreadSettings() SpreadSettings {
	a := c.Args
	return SpreadSettings{
		PanelSettings: c.panelSettings(),
		Lag:           a.number("input.lag", 0), TimeOrder: a.text("input.timeOrder"), TieTime: a.text("input.tieTime"),
		Direction: a.text("input.direction"), Weights: a.text("input.weights"),
		Normalized: a.truth("input.normalized"), Compat: a.text("input.compat") == "NETDIFFUSER",
	}
}

func (c Call) panelSettings() PanelSettings {
	a := c.Args
	s := PanelSettings{
		Practice: a.text("input.practice"), Narrower: a.truth("input.narrower"),
		Study: a.text("input.population.study"), Groups: a.set("input.population.groups"),
		Cohort: a.text("input.population.cohort"), Network: a.text("input.population.network"),
		TieSources: a.set("input.ties.sources"), TieKinds: a.set("input.ties.kinds"), TieConfidence: a.text("input.ties.confidence"),
		Stages: a.set("input.learnings.stages"), Confidence: a.text("input.learnings.confidence"),
		First: a.bound("input.firstPeriod"), Last: a.bound("input.lastPeriod"),
		GroupBy: a.text("input.groupBy"), NonAdopters: a.text("input.nonAdopters"),
	}
	if s.Cohort != "" {
		s.Reach = a.text("input.population.reach")
	}
	if condition, given := c.Filters[whereName]; given {
		s.Where = printed(c.Engine.catalog, condition)
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

// truth is an argument's truth value, false when it is not given.
func (a Args) truth(name string) bool { return a[name].Num == 1 }

// set are an argument's texts, each once and ascending.
func (a Args) set(name string) []string {
	all := a.texts(name)
	slices.Sort(all)
	return slices.Compact(all)
}

func (a Args) bound(name string) Bound {
	v := a[name]
	return Bound{Given: v.Kind == value.Int, Period: int(v.Num)}
}

// empty tells whether a list was given that has nothing in it.
func (a Args) empty(name string) bool { return a[name].Kind == value.List && len(a[name].List()) == 0 }

func (s *PanelSettings) checkPopulation(a Args) error {
	switch {
	case s.Study == "" && s.Cohort == "" && s.Network == "" && s.Where == "":
		return fault.New(fault.Invalid, "input.population is empty; give a study, a cohort, a network or conditions in where")
	case a.empty("input.population.groups"):
		return fault.New(fault.Invalid, "input.population.groups is empty; name a group, or leave it out for all")
	case s.Groups != nil && s.Study == "":
		return fault.New(fault.Invalid, "input.population.groups are groups of a study; give the study too")
	case s.GroupBy == byStudyGroup && s.Study == "":
		return fault.New(fault.Invalid, "input.groupBy is STUDY_GROUP, but the population is no study; give a study, or group by something else")
	case s.Study != "" && !a["input.learnings"].IsNull():
		return fault.New(fault.Invalid, "input.learnings is about populations that are no study; a study has adoptions of its own, so leave it out")
	case a.empty("input.learnings.stages"):
		return fault.New(fault.Invalid, "input.learnings.stages is empty; name a stage, or leave it out for any")
	}
	return nil
}

func (s *PanelSettings) checkTies(a Args) error {
	switch {
	case a.empty("input.ties.sources"):
		return fault.New(fault.Invalid, "input.ties.sources is empty; name a source of ties, or leave it out")
	case a.empty("input.ties.kinds"):
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

func (s *PanelSettings) checkPeriods(Args) error {
	if s.First.Given && s.Last.Given && s.First.Period > s.Last.Period {
		return fault.New(fault.Invalid, "input.firstPeriod is %d, which is after the lastPeriod %d", s.First.Period, s.Last.Period)
	}
	return nil
}

func (s *SpreadSettings) checkTime() error {
	switch {
	case s.TimeOrder == "IGNORE":
		return fault.New(fault.Invalid, "input.timeOrder is IGNORE; a possible source must come before its learner, so give STRICT or NON_STRICT")
	case s.Lag < 0:
		return fault.New(fault.Invalid, "input.lag is %d; it cannot be negative", s.Lag)
	}
	return nil
}

// checkLag tells whether periods are so many that a lag leaves some.
func checkLag(name string, lag, periods int) error {
	switch {
	case lag < 0:
		return fault.New(fault.Invalid, "%s is %d; it cannot be negative", name, lag)
	case lag >= periods:
		return fault.New(fault.Invalid, "%s is %d, but there are only %d periods; ask with a smaller one", name, lag, periods)
	}
	return nil
}

// panelName is the key of a panel.
type panelName struct{ settings string }

func (s *PanelSettings) name() panelName { return panelName{fmt.Sprintf("%#v", *s)} }
