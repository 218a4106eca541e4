package study

import (
	"cmp"
	"fmt"
	"slices"

	"nicgraph/internal/change"
	"nicgraph/internal/value"
)

// judgement applies the rules to what was gathered.
type judgement struct {
	*gathering
	enrolled map[membership]*change.Node
	faults   []Fault
}

// membership is that of a party in a study.
type membership struct{ study, party string }

// course is everything that a party did with a practice in a study.
type course struct{ study, adopter, practice string }

// judge tells all faults, those of the batch's nodes in its order, then those of nodes that are
// stored and would no longer be right.
func (g *gathering) judge() []Fault {
	j := &judgement{gathering: g, enrolled: make(map[membership]*change.Node, len(g.enrolls))}
	for _, n := range g.studies {
		j.study(n)
	}
	j.enrollments()
	for _, n := range g.ties {
		j.tie(n)
	}
	j.adoptions()
	return j.inOrder()
}

func (j *judgement) fault(n *change.Node, field, format string, args ...any) {
	j.faults = append(j.faults, Fault{Node: n, Field: field, Message: fmt.Sprintf(format, args...)})
}

func (j *judgement) inOrder() []Fault {
	if len(j.faults) == 0 { // as nearly always: the places of a large batch are not needed
		return nil
	}
	place := make(map[string]int, len(j.faults))
	for i := range j.batch.Upserts {
		place[j.batch.Upserts[i].ID] = i + 1
	}
	at := func(f Fault) int {
		if i := place[f.Node.ID]; i > 0 {
			return i
		}
		return len(j.batch.Upserts) + 1
	}
	slices.SortStableFunc(j.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.Node.ID, b.Node.ID))
	})
	return j.faults
}

func (j *judgement) study(n *change.Node) {
	if p := span(n); p.last < p.first {
		j.fault(n, "lastPeriod", "%d lies before the first period, %d", p.last, p.first)
	}
}

// within refuses a period that is given and that the study of a node does not have.
func (j *judgement) within(n *change.Node, field string) {
	period, given := number(n, field)
	study := j.studies[end(n, "study")]
	if !given || study == nil {
		return
	}
	p := span(study)
	if p.has(period) || p.last < p.first { // the latter is told at the study
		return
	}
	j.fault(n, field, "%d lies outside the periods of study %s, %d to %d", period, study.ID, p.first, p.last)
	j.faults[len(j.faults)-1].Sentinel = n.Type == j.types.adoption && field == "firstPeriod"
}

// runs refuses an end before the beginning.
func (j *judgement) runs(n *change.Node) {
	first, begins := number(n, "firstPeriod")
	last, ends := number(n, "lastPeriod")
	if begins && ends && last < first {
		j.fault(n, "lastPeriod", "%d lies before the first period, %d", last, first)
	}
}

func (j *judgement) enrollments() {
	for _, n := range j.enrolls {
		j.within(n, "lastPeriod")
		m := membership{end(n, "study"), end(n, "participant")}
		if other, twice := j.enrolled[m]; twice {
			n, other = j.later(n, other)
			j.fault(n, "participant", "%q is enrolled in study %s already, by %s; keep one of the two", m.party, m.study, other.ID)
			n = other
		}
		j.enrolled[m] = n
	}
}

// later puts the node of two first that the batch writes, at which a fault is to be told.
func (j *judgement) later(n, other *change.Node) (told, with *change.Node) {
	if j.kept[n] && !j.kept[other] {
		return other, n
	}
	return n, other
}

func (j *judgement) tie(n *change.Node) {
	j.within(n, "firstPeriod")
	j.within(n, "lastPeriod")
	j.runs(n)
	j.member(n, "learner")
	j.member(n, "source")
	weight, _ := n.Type.Property("weight")
	if v := n.Values[weight.Index]; !v.IsNull() && value.NumFloat(v.Num) < 0 {
		j.fault(n, "weight", "%s is less than 0; a tie is strong or weak, not negative", value.FormatFloat(v.Num))
	}
}

// member refuses a party that does not belong to the population. It gives back the enrollment.
func (j *judgement) member(n *change.Node, link string) *change.Node {
	m := membership{end(n, "study"), end(n, link)}
	enrollment := j.enrolled[m]
	if enrollment == nil {
		j.fault(n, link, "%q is not enrolled in study %s; add it to the enrollments, with asked false if it was only named", m.party, m.study)
	}
	return enrollment
}

func (j *judgement) adoptions() {
	spells := make(map[course][]*change.Node, len(j.adopts))
	for _, n := range j.adopts {
		j.adoption(n)
		c := course{end(n, "study"), end(n, "adopter"), end(n, "practice")}
		spells[c] = append(spells[c], n)
	}
	for _, list := range spells {
		j.spells(list)
	}
}

func (j *judgement) adoption(n *change.Node) {
	j.within(n, "firstPeriod")
	j.within(n, "lastPeriod")
	j.runs(n)
	enrollment := j.member(n, "adopter")
	if enrollment == nil {
		return
	}
	asked, _ := number(enrollment, "asked")
	first, _ := number(n, "firstPeriod")
	last, ends := number(enrollment, "lastPeriod")
	switch {
	case asked == 0:
		j.fault(n, "adopter", "%q was not asked, by %s, so what it took up is unknown; leave the adoption out, or say that it was asked", end(n, "adopter"), enrollment.ID)
	case ends && first > last:
		j.fault(n, "firstPeriod", "%d lies after period %d, until which %s observed the adopter", first, last, enrollment.ID)
	}
}

// spells refuses adoptions of one practice by one party that overlap, and one that began before
// the study although another came earlier.
func (j *judgement) spells(list []*change.Node) {
	slices.SortFunc(list, func(a, b *change.Node) int {
		first, _ := number(a, "firstPeriod")
		second, _ := number(b, "firstPeriod")
		return cmp.Or(cmp.Compare(first, second), cmp.Compare(a.ID, b.ID))
	})
	for i, n := range list[1:] {
		before := list[i]
		first, _ := number(n, "firstPeriod")
		last, ends := number(before, "lastPeriod")
		censoring, _ := n.Type.Property("censoring")
		switch {
		case !ends || last >= first:
			told, with := j.later(n, before)
			begins, _ := number(told, "firstPeriod")
			j.fault(told, "firstPeriod", "%d overlaps with %s, %s; one adoption must end before the next begins", begins, with.ID, lasting(with))
		case n.Values[censoring.Index].Str == "LEFT":
			j.fault(n, "censoring", "LEFT says that it may have begun before period %d, but %s was given up in period %d; write EXACT", first, before.ID, last)
		}
	}
}

// lasting tells the periods of an adoption.
func lasting(n *change.Node) string {
	first, _ := number(n, "firstPeriod")
	if last, ends := number(n, "lastPeriod"); ends {
		return fmt.Sprintf("which lasts from period %d to %d", first, last)
	}
	return fmt.Sprintf("which lasts from period %d on", first)
}
