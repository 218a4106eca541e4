package lineage

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"nicgraph/internal/computed"
	"nicgraph/internal/value"
)

// Bodies are the cohorts, and who belongs to which body. They are immutable and shared by requests.
type Bodies struct {
	Cohorts   []*Cohort         // by year, then id
	Hubs      map[string]string // per network, its hub
	Rosters   map[string][]Stay // per network, its members
	positions map[string][]Stay // per body, the people with positions in it
	websites  map[string]string // per body
}

// Cohort is whom a program honored in a year.
type Cohort struct {
	ID, program string
	year        int
	date        string // of the announcement, else the year
	day         value.Interval
	honorees    []string            // ascending
	joint       []string            // bodies named jointly with honorees
	jointWith   map[string][]string // per honoree
}

// Stay is that somebody belongs to a body from some time to some other.
type Stay struct {
	ID, Who, title, Started, Ended, seenIn, note string
}

// bodiesName is the key of the bodies.
type bodiesName struct{}

// BodiesAt are the bodies at a revision.
func BodiesAt(ctx context.Context, v computed.View) (*Bodies, error) {
	types := []string{"Cohort", "Recognition", "Network", "Organization", "Membership", "Role"}
	return computed.ReadOf(ctx, v, types, bodiesName{}, func(ctx context.Context) (*Bodies, error) {
		b := &Bodies{Hubs: map[string]string{}, websites: map[string]string{}, Rosters: map[string][]Stay{}, positions: map[string][]Stay{}}
		for _, read := range []func(context.Context, *computed.Engine) error{b.readCohorts, b.readBodies, b.readMembers, b.readPositions} {
			if err := read(ctx, v.Engine); err != nil {
				return nil, err
			}
		}
		return b, nil
	})
}

// bodiesOf are the bodies that all computed fields of a request use.
func bodiesOf(ctx context.Context, e *computed.Engine) (*Bodies, error) {
	return computed.Once(ctx, e, bodiesName{}, BodiesAt)
}

func (b *Bodies) readCohorts(ctx context.Context, e *computed.Engine) error {
	byID := map[string]*Cohort{}
	err := e.Each(ctx, "Cohort", nil, []string{"year", "announcedOn"}, []string{"program"}, func(l computed.Line) error {
		c := &Cohort{ID: l.Text(0), year: l.Whole(1, 0), date: l.Text(2), program: l.Link(3), jointWith: map[string][]string{}}
		if c.date == "" {
			c.date = strconv.Itoa(10000 + c.year)[1:]
		}
		c.day, _ = interval(c.date)
		b.Cohorts, byID[c.ID] = append(b.Cohorts, c), c
		return nil
	})
	if err != nil {
		return err
	}
	err = e.Each(ctx, "Recognition", nil, nil, []string{"cohort", "honoree", "jointlyWith"}, func(l computed.Line) error {
		if c, ok := byID[l.Link(1)]; ok {
			honoree, joint := l.Link(2), l.AppendLinks(nil, 3)
			c.honorees, c.joint = append(c.honorees, honoree), append(c.joint, joint...)
			c.jointWith[honoree] = append(c.jointWith[honoree], joint...)
		}
		return nil
	})
	for _, c := range b.Cohorts {
		slices.Sort(c.honorees)
		c.honorees = slices.Compact(c.honorees)
	}
	slices.SortFunc(b.Cohorts, func(a, b *Cohort) int { return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.ID, b.ID)) })
	return err
}

func (b *Bodies) readBodies(ctx context.Context, e *computed.Engine) error {
	err := e.Each(ctx, "Network", nil, []string{"website"}, []string{"hub"}, func(l computed.Line) error {
		b.websites[l.Text(0)], b.Hubs[l.Text(0)] = l.Text(1), l.Link(2)
		return nil
	})
	if err != nil {
		return err
	}
	return e.Each(ctx, "Organization", nil, []string{"website"}, nil, func(l computed.Line) error {
		b.websites[l.Text(0)] = l.Text(1)
		return nil
	})
}

func (b *Bodies) readMembers(ctx context.Context, e *computed.Engine) error {
	return e.Each(ctx, "Membership", nil, []string{"started", "ended"}, []string{"member", "network"}, func(l computed.Line) error {
		network := l.Link(4)
		b.Rosters[network] = append(b.Rosters[network], Stay{ID: l.Text(0), Started: l.Text(1), Ended: l.Text(2), Who: l.Link(3)})
		return nil
	})
}

func (b *Bodies) readPositions(ctx context.Context, e *computed.Engine) error {
	return e.Each(ctx, "Role", nil, []string{"title", "started", "ended", "seenIn", "note"}, []string{"holder", "body"}, func(l computed.Line) error {
		body := l.Link(7)
		b.positions[body] = append(b.positions[body], Stay{
			ID: l.Text(0), title: l.Text(1), Started: l.Text(2), Ended: l.Text(3), seenIn: l.Text(4), note: l.Text(5), Who: l.Link(6),
		})
		return nil
	})
}

// Cohort is the cohort with an id, nil when there is none.
func (b *Bodies) Cohort(id string) *Cohort {
	for _, c := range b.Cohorts {
		if c.ID == id {
			return c
		}
	}
	return nil
}
