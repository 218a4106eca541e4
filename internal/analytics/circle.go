package analytics

import (
	"context"

	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// circle are the parties of a cohort.
type circle struct {
	cohort  *cohort
	members map[string]*member
	ids     []string // of the members, ascending
	undated int
}

// member is a party of a cohort. It is undated while all that ties it has no beginning.
type member struct {
	ties    []string // by CircleTie, each once
	undated bool
}

// circle gathers the parties of a cohort: its honorees and, with reach CIRCLE, those
// around them on the day of the announcement.
func (n *network) circle(c *cohort, reach string, possible bool) *circle {
	all := &circle{cohort: c, members: map[string]*member{}}
	for _, honoree := range c.honorees {
		all.add(honoree, "HONOREE", false)
	}
	if reach == "CIRCLE" {
		n.around(all, possible)
	}
	ids := map[string]bool{}
	for id, m := range all.members {
		ids[id] = true
		if m.undated {
			all.undated++
		}
	}
	all.ids = sorted(ids)
	return all
}

func (n *network) around(all *circle, possible bool) {
	c := all.cohort
	for _, honoree := range c.honorees {
		if hub := n.hubs[honoree]; hub != "" {
			all.add(hub, "HUB", false)
		}
	}
	for _, body := range c.joint {
		all.add(body, "JOINTLY", false)
	}
	for _, honoree := range c.honorees {
		all.stays(n.rosters[honoree], "MEMBER", possible)
	}
	for _, honoree := range c.honorees {
		all.stays(n.positions[honoree], "ROLE", possible)
	}
}

func (all *circle) stays(stays []stay, tie string, possible bool) {
	for _, s := range stays {
		if s.on(all.cohort.day, possible) {
			all.add(s.who, tie, s.started == "")
		}
	}
}

// on tells whether somebody belonged on a day, as asOf does: a missing beginning may be
// any day, and without an end it holds for certain within its beginning only.
func (s *stay) on(day value.Interval, possible bool) bool {
	began, dated := interval(s.started)
	ended, over := interval(s.ended)
	if possible {
		return (!dated || began.From <= day.To) && (!over || ended.To >= day.From)
	}
	if !over {
		ended = began
	}
	return dated && began.From <= day.From && ended.To >= day.To
}

func (all *circle) add(id, tie string, undated bool) {
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

func (all *circle) has(id string) bool { return all.members[id] != nil }

func (all *circle) record() Record {
	return object{
		"cohort": ID(all.cohort.id), "date": all.cohort.date, "honoreeCount": len(all.cohort.honorees),
		"totalCount": len(all.ids), "undated": all.undated,
		"members": records(all.ids, func(id string) Record {
			m := all.members[id]
			return object{"party": ID(id), "ties": m.ties, "undated": m.undated}
		}),
	}
}

// cohortOf is the cohort to which a computed field belongs.
func cohortOf(ctx context.Context, call Call) (*network, *cohort, error) {
	n, err := call.Engine.network(ctx)
	if err != nil {
		return nil, nil, err
	}
	c := n.cohort(call.ID)
	if c == nil {
		return nil, nil, fault.New(fault.Unavailable, "the cohort %s has just changed; ask again", call.ID)
	}
	return n, c, nil
}
