package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// set is a data set: one or two studies of the same people.
type set struct {
	name      string // of its folder, and what every id begins with
	sources   []string
	who       string // what a person is called: Woman
	group     string // what a group is called: village; empty where there is none
	summary   string // of a person
	studies   []study
	practices []practice
	answers   bool // ties are single answers, in nominations.csv
	contacts  bool // contacts_hourly.csv is a second study
}

// study is a row of studies.csv.
type study struct {
	id, name, summary, population, asked, unit string
	first, last                                int
	starts, licence                            string
}

// practice is a row of practices.csv. named is what the published adoptions call it, empty
// where a data set has one practice only.
type practice struct{ id, named, name, summary string }

// converter makes the tables of a set.
type converter struct {
	*set
	folder                                                              string
	people                                                              []cells
	surveyed                                                            map[string]bool
	sourceRows, persons, practiceRows, studyRows, enrolls, ties, adopts *table
}

func (s *set) tables(folder string) ([]*table, error) {
	c := &converter{
		set: s, folder: folder, surveyed: map[string]bool{},
		sourceRows:   newTable("sources.csv", "id", "title", "url", "publisher", "published_on", "note"),
		persons:      newTable("people.csv", "id", "name", "aliases", "summary", "source_ids"),
		practiceRows: newTable("practices.csv", "id", "name", "aliases", "kind", "summary", "broader_id", "origin_id", "source_ids"),
		studyRows:    newTable("studies.csv", "id", "name", "aliases", "summary", "population", "asked", "period_unit", "first_period", "last_period", "starts_on", "licence", "source_ids"),
		enrolls:      newTable("enrollments.csv", "id", "study_id", "participant_id", "group", "asked", "last_period"),
		ties:         newTable("ties.csv", "id", "study_id", "learner_id", "source_id", "kind", "weight", "first_period", "last_period"),
		adopts:       newTable("adoptions.csv", "id", "study_id", "adopter_id", "practice_id", "first_period", "last_period", "censoring"),
	}
	c.describe()
	for _, step := range []func() error{c.population, c.relations, c.adoptions, c.meetings} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return []*table{c.sourceRows, c.persons, c.practiceRows, c.studyRows, c.enrolls, c.ties, c.adopts}, nil
}

func (c *converter) cited() string { return strings.Join(c.sources, ";") }

func (c *converter) id(published string) string { return c.name + "-" + published }

func (c *converter) describe() {
	for _, id := range c.sources {
		c.sourceRows.add(slices.Insert(slices.Clone(sources[id]), 0, id)...)
	}
	for _, p := range c.practices {
		c.practiceRows.add(p.id, p.name, "", "METHOD", p.summary, "", "", c.cited())
	}
	for _, s := range c.studies {
		c.studyRows.add(s.id, s.name, "", s.summary, s.population, s.asked, s.unit, strconv.Itoa(s.first), strconv.Itoa(s.last), s.starts, s.licence, c.cited())
	}
}

// population enrolls those who were asked.
func (c *converter) population() (err error) {
	if c.people, err = read(filepath.Join(c.folder, "nodes.csv")); err != nil {
		return err
	}
	for _, p := range c.people {
		c.surveyed[p["id"]] = true
		name := c.who + " " + p["id"]
		if c.group != "" {
			name += ", " + c.group + " " + p["group"]
		}
		c.enroll(p["id"], name, p["group"], true)
	}
	return nil
}

// enroll adds a person, and its enrollment in every study of the set.
func (c *converter) enroll(id, name, group string, asked bool) {
	c.persons.add(c.id(id), name, "", c.summary, c.cited())
	for _, s := range c.studies {
		c.enrolls.add(s.id+"-e-"+id, s.id, c.id(id), group, strconv.FormatBool(asked), "")
	}
}

func (c *converter) relations() error {
	if c.answers {
		return c.nominations()
	}
	edges, err := read(filepath.Join(c.folder, "edges.csv"))
	if err != nil {
		return err
	}
	for i, e := range edges {
		c.tie(&c.studies[0], i, e, "", e["weight"], e["period_from"], e["period_to"])
	}
	return nil
}

// nominations makes a tie of every answer. Who was named and not asked is enrolled as such.
func (c *converter) nominations() error {
	answers, err := read(filepath.Join(c.folder, "nominations.csv"))
	if err != nil {
		return err
	}
	for i, a := range answers {
		for _, end := range []string{"source", "target"} {
			if id := a[end]; !c.surveyed[id] {
				c.surveyed[id] = true
				c.enroll(id, c.who+" "+id+", not asked", "", false)
			}
		}
		c.tie(&c.studies[0], i, a, a["question"], "1", "", "")
	}
	return nil
}

// tie adds a row. The published tables call who names source, and who is named target.
func (c *converter) tie(s *study, i int, row cells, kind, weight, first, last string) {
	if weight == "1" {
		weight = ""
	}
	c.ties.add(fmt.Sprintf("%s-t-%05d", s.id, i+1), s.id, c.id(row["source"]), c.id(row["target"]), kind, weight, first, last)
}

func (c *converter) adoptions() error {
	if len(c.practices) == 1 {
		for _, p := range c.people {
			c.adoption(&c.practices[0], p["id"], p["id"], p["toa"])
		}
		return nil
	}
	rows, err := read(filepath.Join(c.folder, "adoptions.csv"))
	if err != nil {
		return err
	}
	for _, r := range rows {
		at := slices.IndexFunc(c.practices, func(p practice) bool { return p.named == r["practice"] })
		if at < 0 {
			return fmt.Errorf("%s took up %q, which is not described", r["id"], r["practice"])
		}
		c.adoption(&c.practices[at], r["id"]+"-"+r["practice"], r["id"], r["toa"])
	}
	return nil
}

// adoption adds a row, unless the person never adopted. What was in use in the first period may
// have begun before it.
func (c *converter) adoption(p *practice, number, adopter, period string) {
	if period == "" {
		return
	}
	s, censoring := &c.studies[0], "EXACT"
	if period == strconv.Itoa(s.first) {
		censoring = "LEFT"
	}
	c.adopts.add(s.id+"-a-"+number, s.id, c.id(adopter), p.id, period, "", censoring)
}

// meetings makes the contacts ties of the second study, each in its hour.
func (c *converter) meetings() error {
	if !c.contacts {
		return nil
	}
	rows, err := read(filepath.Join(c.folder, "contacts_hourly.csv"))
	if err != nil {
		return err
	}
	for i, r := range rows {
		c.tie(&c.studies[1], i, r, "", r["weight"], r["hour"], r["hour"])
	}
	return nil
}
