// Package picture says which answers about spread are drawn: the question behind each
// drawing, and how its answer becomes one. Answering it leaves to the server, drawing to
// package chart.
package picture

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"nicgraph/internal/chart"
	"nicgraph/internal/fault"
	"nicgraph/internal/httpserver"
)

//go:embed *.graphql
var questions embed.FS

// layers is the option whether a cascade is drawn by period or by steps from its root.
const (
	layers   = "layers"
	byPeriod = "PERIOD"
	byDepth  = "DEPTH"
)

// All are the pictures that are served.
func All() []httpserver.Picture {
	return []httpserver.Picture{
		{Path: "/spread/curve.svg", Query: question("curve.graphql"), Draw: curve},
		{
			Path: "/spread/cascade.svg", Query: question("cascade.graphql"), Draw: cascade,
			Options: []httpserver.Option{{Name: layers, Values: []string{byPeriod, byDepth}}},
		},
		{Path: "/spread/flow.svg", Query: question("flow.graphql"), Draw: flow},
	}
}

func question(file string) string {
	var text strings.Builder
	for _, name := range []string{file, "about.graphql"} {
		part, err := questions.ReadFile(name)
		if err != nil {
			panic(err) // the file is embedded
		}
		text.Write(part)
	}
	return text.String()
}

// read takes an answer's spread into a value.
func read[T any](data json.RawMessage) (T, error) {
	var answer struct{ Spread T }
	if err := json.Unmarshal(data, &answer); err != nil {
		return answer.Spread, fmt.Errorf("read the answer: %w", err)
	}
	return answer.Spread, nil
}

// about is what every picture says of its question.
type about struct {
	Settings struct {
		Practice               named
		Study, Cohort, Network *named
		PeriodUnit             string
		FirstPeriod            int
		LastPeriod             int
		GroupBy                *string
	}
	Counts struct {
		Population, Adopters, NotAsked, Undated, Inferred int
	}
}

type named struct{ Name string }

// unit is what a period is called: "year".
func (a *about) unit() string { return strings.ToLower(a.Settings.PeriodUnit) }

// note is about whom a picture is, how many adopted, and who was left out.
func (a *about) note() string {
	var population []string
	for _, n := range []*named{a.Settings.Study, a.Settings.Cohort, a.Settings.Network} {
		if n != nil {
			population = append(population, n.Name)
		}
	}
	who := ""
	if len(population) > 0 {
		who = strings.Join(population, ", ") + ": "
	}
	note := fmt.Sprintf("%s%d of %d adopted, %s %d to %d.", who, a.Counts.Adopters, a.Counts.Population, a.unit(), a.Settings.FirstPeriod, a.Settings.LastPeriod)
	return note + a.leftOut()
}

func (a *about) leftOut() string {
	var reasons []string
	if n := a.Counts.NotAsked; n > 0 {
		reasons = append(reasons, strconv.Itoa(n)+" not asked")
	}
	if n := a.Counts.Undated; n > 0 {
		reasons = append(reasons, strconv.Itoa(n)+" undated")
	}
	if len(reasons) == 0 {
		return ""
	}
	return " Left out: " + strings.Join(reasons, ", ") + "."
}

func curve(data json.RawMessage, _ map[string]string) ([]byte, error) {
	s, err := read[struct {
		about
		Curve []struct{ Period, New int }
		Bass  *bass
	}](data)
	if err != nil {
		return nil, err
	}
	c := chart.Curve{
		Heading: "How many took it up: " + s.Settings.Practice.Name, Note: s.note(),
		Unit: s.unit(), First: s.Settings.FirstPeriod, People: s.Counts.Population,
	}
	for _, p := range s.Curve {
		c.New = append(c.New, p.New)
	}
	if s.Bass != nil {
		if err := s.Bass.addTo(&c); err != nil {
			return nil, err
		}
	}
	return c.SVG()
}

// bass is a fitted curve.
type bass struct {
	Converged bool
	Reason    *string
	P, Q, M   float64
	Ceiling   string
	Fitted    []struct{ Share float64 }
}

func (b *bass) addTo(c *chart.Curve) error {
	if !b.Converged {
		reason := "the fit did not come to an end"
		if b.Reason != nil {
			reason = *b.Reason
		}
		return fault.New(fault.Invalid, "No Bass curve could be fitted: %s. Leave out fit to see the curve alone.", strings.TrimSuffix(reason, "."))
	}
	for _, f := range b.Fitted {
		c.Fit = append(c.Fit, f.Share)
	}
	c.FitName = fmt.Sprintf("Bass: p = %.3g, q = %.3g", b.P, b.Q)
	if b.Ceiling == "FREE" {
		c.FitName += fmt.Sprintf(", m = %.3g", b.M)
	}
	return nil
}

func cascade(data json.RawMessage, options map[string]string) ([]byte, error) {
	s, err := read[struct {
		about
		Cascades struct {
			Rule      string
			TreeCount int
			Trees     []tree
		}
	}](data)
	if err != nil {
		return nil, err
	}
	if len(s.Cascades.Trees) == 0 {
		return nil, fault.New(fault.Invalid, "There is no cascade to draw: nobody adopted, or no tree begins with the root that was asked for.")
	}
	t := s.Cascades.Trees[0]
	c := chart.Cascade{
		Heading: fmt.Sprintf("Who could have learned from whom: %s", s.Settings.Practice.Name),
		Note:    fmt.Sprintf("%s One of %d trees by the rule %s: %s.", s.note(), s.Cascades.TreeCount, s.Cascades.Rule, t.extent()),
		Unit:    s.unit(), Size: t.Size, People: t.people(options[layers] == byDepth),
	}
	if s.Cascades.Rule == "RECORDED" {
		c.Heading = fmt.Sprintf("Who learned from whom, as recorded: %s", s.Settings.Practice.Name)
	}
	if options[layers] == byDepth {
		c.Unit = "step"
	}
	return c.SVG()
}

type tree struct {
	Root               named
	Size               int
	StructuralVirality *float64
	Members            []struct {
		Party            struct{ ID, Name string }
		Source           *struct{ ID string }
		Depth, AdoptedAt int
	}
}

// extent is how large the tree is; one of a single member has no structural virality.
func (t *tree) extent() string {
	if t.StructuralVirality == nil {
		return t.Root.Name + " alone"
	}
	return fmt.Sprintf("%d members from %s on, structural virality %.3g", t.Size, t.Root.Name, *t.StructuralVirality)
}

// people are the members of a tree; those nearer the root come first, so that each comes
// after its source.
func (t *tree) people(byDepth bool) (people []chart.Person) {
	place := map[string]int{}
	for i, m := range t.Members {
		place[m.Party.ID] = i
		p := chart.Person{Name: m.Party.Name, Source: -1, Layer: m.AdoptedAt}
		if m.Source != nil {
			p.Source = place[m.Source.ID]
		}
		if byDepth {
			p.Layer = m.Depth
		}
		people = append(people, p)
	}
	return people
}

// group is the name of a group; sorts of organizations are words of the schema.
func (a *about) group(name string) string {
	if by := a.Settings.GroupBy; by != nil && (*by == "KIND" || *by == "TYPE") {
		return strings.ToLower(strings.ReplaceAll(name, "_", " "))
	}
	return name
}

// mostMoving bounds the groups of a flow: what is drawn holds every pair of them.
const mostMoving = 1000

// groupFlow is what an answer says of a flow.
type groupFlow struct {
	Rule      string
	Ungrouped int
	Cells     []struct {
		SourceGroup, LearnerGroup string
		Count                     int
	}
}

// moving are the groups with a flow, in the order of all.
func (g *groupFlow) moving(all []named) (groups []string) {
	with := map[string]bool{}
	for _, c := range g.Cells {
		with[c.SourceGroup], with[c.LearnerGroup] = true, true
	}
	for _, group := range all {
		if with[group.Name] {
			groups = append(groups, group.Name)
		}
	}
	return groups
}

// matrix is the counts, by place of the source's group, then of the learner's.
func (g *groupFlow) matrix(groups []string) [][]int {
	place, count := make(map[string]int, len(groups)), make([][]int, len(groups))
	for i, name := range groups {
		place[name], count[i] = i, make([]int, len(groups))
	}
	for _, c := range g.Cells {
		count[place[c.SourceGroup]][place[c.LearnerGroup]] = c.Count
	}
	return count
}

func flow(data json.RawMessage, _ map[string]string) ([]byte, error) {
	s, err := read[struct {
		about
		Groups    []named
		GroupFlow groupFlow
	}](data)
	if err != nil {
		return nil, err
	}
	moving := s.GroupFlow.moving(s.Groups)
	switch {
	case len(s.Groups) == 0:
		return nil, fault.New(fault.Invalid, "There are no groups to draw a flow between. Choose some with groupBy in the input.")
	case len(moving) > mostMoving:
		return nil, fault.New(fault.Limit, "%d groups are too many to draw a flow between, %d at most are drawn. Choose fewer with groupBy in the input.", len(moving), mostMoving)
	}
	f := chart.Flow{Heading: "Between which groups it travelled: " + s.Settings.Practice.Name, Count: s.GroupFlow.matrix(moving)}
	for _, name := range moving {
		f.Groups = append(f.Groups, s.group(name))
	}
	f.Note = fmt.Sprintf("%s Learners credited by the rule %s.", s.note(), s.GroupFlow.Rule)
	if still := len(s.Groups) - len(moving); still > 0 {
		f.Note += fmt.Sprintf(" Groups without any, not shown: %d.", still)
	}
	if n := s.GroupFlow.Ungrouped; n > 0 {
		f.Note += fmt.Sprintf(" Edges without a group, not shown: %d.", n)
	}
	return f.SVG()
}
