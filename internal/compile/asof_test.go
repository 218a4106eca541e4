package compile_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What @holds of the domain says of each type becomes a condition, here as the plan
// prints it.
func TestADayBecomesAConditionByEachTypesRule(t *testing.T) {
	s := newSubject(t)
	for _, test := range []struct{ name, list, certain, possible string }{
		{"what happened, a fact", "learnings",
			`not (started after 2015-06-30 (possibly))`,
			`not (started after 2015-06-30)`},
		{"what lasts, a fact", "memberships",
			`not (started is null) and not (started after 2015-06-01) and ((ended is null and not (started before 2015-06-30)) or (not (ended is null) and not (ended before 2015-06-30)))`,
			`not (started after 2015-06-30) and not (ended before 2015-06-01)`},
		{"what lasts, a thing", "networks",
			`not (started after 2015-06-01) and not (ended before 2015-06-30)`,
			`not (started after 2015-06-30) and not (ended before 2015-06-01)`},
		{"a thing that began", "organizations",
			`founded is null or not (founded after 2015-06-30 (possibly))`,
			`not (founded after 2015-06-30)`},
		{"a thing dated by a year", "cohorts",
			`(not (announcedOn is null) and not (announcedOn after 2015-06-30 (possibly))) or (announcedOn is null and year <= 2014)`,
			`(not (announcedOn is null) and not (announcedOn after 2015-06-30)) or (announcedOn is null and year <= 2015)`},
		{"a fact dated by what it leads to", "participations",
			`some event -AT_EVENT-> Event (not (startsOn after 2015-06-30 (possibly)))`,
			`some event -AT_EVENT-> Event (not (startsOn after 2015-06-30))`},
		{"a fact dated by the year of what it leads to", "recognitions",
			`some cohort -IN_COHORT-> Cohort ((not (announcedOn is null) and not (announcedOn after 2015-06-30 (possibly))) or (announcedOn is null and year <= 2014))`,
			`some cohort -IN_COHORT-> Cohort ((not (announcedOn is null) and not (announcedOn after 2015-06-30)) or (announcedOn is null and year <= 2015))`},
		{"a thing without dates", "practices", "", ""},
		{"several types", "bodies",
			`(not (is Organization) or founded is null or not (founded after 2015-06-30 (possibly))) and (not (is Network) or (not (started after 2015-06-01) and not (ended before 2015-06-30)))`,
			`(not (is Organization) or not (founded after 2015-06-30)) and (not (is Network) or (not (started after 2015-06-30) and not (ended before 2015-06-01)))`},
	} {
		t.Run(test.name, func(t *testing.T) {
			for certainty, want := range map[string]string{"CERTAIN": test.certain, "POSSIBLE": test.possible} {
				p, err := s.plan(t, `{ asOf(date: "2015-06", certainty: `+certainty+`) { `+test.list+` { totalCount } } }`, nil)
				if err != nil {
					t.Fatal(err)
				}
				_, got, _ := strings.Cut(strings.TrimSuffix(p.String(), ", count all\n"), ", where ")
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got)\n%s", certainty, diff)
				}
			}
		})
	}
}

func TestAYearIsCertainToHaveComeOnItsLastDay(t *testing.T) {
	s := newSubject(t)
	for date, want := range map[string]string{"2015-12-30": "<= 2014", "2015-12-31": "<= 2015", "2015": "<= 2015", "2014/2015": "<= 2015"} {
		p, err := s.plan(t, `{ asOf(date: "`+date+`") { cohorts { totalCount } } }`, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.String(), "announcedOn is null and year "+want) {
			t.Errorf("on %s the year is not %s:\n%s", date, want, p)
		}
	}
}

func TestTypesOfOneRuleShareACondition(t *testing.T) {
	p, err := newSubject(t).plan(t, `{ asOf(date: "2015-06", certainty: POSSIBLE) { channels { totalCount } } }`, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "scan Network|Program|Event|Resource, where (not (is Network|Program) or (not (started after 2015-06-30) and not (ended before 2015-06-01)))" +
		" and (not (is Event) or not (startsOn after 2015-06-30)), count all\n"
	if diff := cmp.Diff(want, p.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestADayReachesAllParts(t *testing.T) {
	s := newSubject(t)
	for _, test := range []struct{ name, query, want string }{
		{"a lookup", `learning(id: "l") { id }`, `
find Learning with id "l" (not (started after 2015-12-31 (possibly)))
  id
`},
		{"a link that may be missing, but none that a fact needs", `membership(id: "m") { network { hub { id } } }`, `
find Membership with id "m" (not (started is null) and not (started after 2015-01-01) and ((ended is null and not (started before 2015-12-31)) or (not (ended is null) and not (ended before 2015-12-31))))
  one network -IN_NETWORK-> Network
    one hub -HUB-> Organization (founded is null or not (founded after 2015-12-31 (possibly)))
      id
`},
		{"a shortcut and the facts on its edges", `person(id: "p") { practicesLearned { edges { learnings { totalCount } } } }`, `
find Person with id "p"
  follow practicesLearned (learningsAsLearner <-LEARNER- Learning, then practice -OF_PRACTICE-> Practice) over facts (not (started after 2015-12-31 (possibly))), order id, first 25
    facts of Party.practicesLearned, where not (started after 2015-12-31 (possibly)), count all
`},
		{"a condition on all", `practices(where: {learnings: {all: {stage: {eq: TRIED}}}}) { totalCount }`, `
scan Practice, where none learnings <-OF_PRACTICE- Learning (not (started after 2015-12-31 (possibly)) and not (stage = TRIED)), count all
`},
		{"a count in an order", `practices(orderBy: [{learnings: {count: DESC}}]) { nodes { id } }`, `
scan Practice, order count of learnings <-OF_PRACTICE- Learning (not (started after 2015-12-31 (possibly))) desc, id, first 25
  id
`},
		{"facets", `learnings { facets(by: [STAGE]) { totalCount } }`, `
groups of scan Learning, where not (started after 2015-12-31 (possibly)), by stage, first 25, count all
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := s.plan(t, `{ asOf(date: "2015") { `+test.query+` } }`, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), p.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
