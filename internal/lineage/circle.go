package lineage

import (
	"context"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// Circle are the parties of a cohort.
type Circle struct {
	cohort  *Cohort
	members map[string]*member
	IDs     []string // of the members, ascending
	undated int
}

// member is a party of a cohort. It is undated while all that ties it has no beginning.
type member struct {
	ties    []string // by CircleTie, each once
	undated bool
}

// Circle gathers the parties of a cohort: its honorees and, with reach CIRCLE, those
// around them on the day of the announcement.
func (b *Bodies) Circle(c *Cohort, reach string, possible bool) *Circle {
	all := &Circle{cohort: c, members: map[string]*member{}}
	for _, honoree := range c.honorees {
		all.add(honoree, "HONOREE", false)
	}
	if reach == "CIRCLE" {
		b.around(all, possible)
	}
	ids := map[string]bool{}
	for id, m := range all.members {
		ids[id] = true
		if m.undated {
			all.undated++
		}
	}
	all.IDs = computed.Sorted(ids)
	return all
}

func (b *Bodies) around(all *Circle, possible bool) {
	c := all.cohort
	for _, honoree := range c.honorees {
		if hub := b.Hubs[honoree]; hub != "" {
			all.add(hub, "HUB", false)
		}
	}
	for _, partner := range c.joint {
		all.add(partner, "JOINTLY", false)
	}
	for _, honoree := range c.honorees {
		all.stays(b.Rosters[honoree], "MEMBER", possible)
	}
	for _, honoree := range c.honorees {
		all.stays(b.positions[honoree], "ROLE", possible)
	}
}

func (all *Circle) stays(stays []Stay, tie string, possible bool) {
	for _, s := range stays {
		if s.on(all.cohort.day, possible) {
			all.add(s.Who, tie, s.Started == "")
		}
	}
}

// on tells whether somebody belonged on a day, as asOf does: a missing beginning may be
// any day, and without an end it holds for certain within its beginning only.
func (s *Stay) on(day value.Interval, possible bool) bool {
	began, dated := interval(s.Started)
	ended, over := interval(s.Ended)
	if possible {
		return (!dated || began.From <= day.To) && (!over || ended.To >= day.From)
	}
	if !over {
		ended = began
	}
	return dated && began.From <= day.From && ended.To >= day.To
}

func (all *Circle) add(id, tie string, undated bool) {
	m, known := all.members[id]
	if !known {
		m = &member{undated: undated}
		all.members[id] = m
	}
	m.undated = m.undated && undated
	if len(m.ties) == 0 || m.ties[len(m.ties)-1] != tie { // ties of a kind come together
		m.ties = append(m.ties, tie)
	}
}

func (all *Circle) has(id string) bool { return all.members[id] != nil }

func (all *Circle) record() computed.Record {
	return computed.Object{
		"cohort": computed.ID(all.cohort.ID), "date": all.cohort.date, "honoreeCount": len(all.cohort.honorees),
		"totalCount": len(all.IDs), "undated": all.undated,
		"members": computed.Records(all.IDs, func(id string) computed.Record {
			m := all.members[id]
			return computed.Object{"party": computed.ID(id), "ties": m.ties, "undated": m.undated}
		}),
	}
}

// cohortOf is the cohort to which a computed field belongs.
func cohortOf(ctx context.Context, call computed.Call) (*Bodies, *Cohort, error) {
	b, err := bodiesOf(ctx, call.Engine)
	if err != nil {
		return nil, nil, err
	}
	c := b.Cohort(call.ID)
	if c == nil {
		return nil, nil, fault.New(fault.Unavailable, "the cohort %s has just changed; ask again", call.ID)
	}
	return b, c, nil
}
