package spread

import (
	"fmt"
	"math"
	"slices"
)

// Contact is a moment at which something could pass from a source to a learner.
type Contact struct {
	Learner, Source int32
	Time            int64 // in any unit
}

// Contacts are the contacts of a population, in order of time. They know nothing of
// adoption: whatever starts somewhere is passed on at every contact. They are immutable.
//
// An event is a person who takes part in contacts at some time; events ascend by time,
// then person.
type Contacts struct {
	people   int
	times    []int64
	start    []int32 // per time, its first event, and the end
	person   []int32 // per event
	sources  Rows    // per event, the events whose people are named, ascending
	learners Rows    // per event, the events whose people name
}

// meeting is a contact whose time is known.
type meeting struct{ learner, source int32 }

// contactBuilder takes contacts in, one time after the other.
type contactBuilder struct {
	contacts *Contacts
	time     int64
	event    []int32 // per person, its last event
}

func newContactBuilder(people int) *contactBuilder {
	return &contactBuilder{contacts: &Contacts{people: people, sources: Rows{Start: []int64{0}}}, event: slices.Repeat([]int32{None}, people)}
}

// add adds the contacts of the time, which ascend by learner, then source.
func (b *contactBuilder) add(meetings []meeting) {
	if len(meetings) == 0 {
		return
	}
	c, first := b.contacts, len(b.contacts.person)
	c.times, c.start = append(c.times, b.time), append(c.start, int32(first))
	for _, m := range meetings {
		b.meet(m.learner, first)
		b.meet(m.source, first)
	}
	slices.Sort(c.person[first:])
	for e := first; e < len(c.person); e++ {
		b.event[c.person[e]] = int32(e)
	}
	for e := first; e < len(c.person); e++ {
		for len(meetings) > 0 && meetings[0].learner == c.person[e] {
			c.sources.Other = append(c.sources.Other, b.event[meetings[0].source])
			meetings = meetings[1:]
		}
		c.sources.Start = append(c.sources.Start, int64(len(c.sources.Other)))
	}
}

// meet notes somebody whose event of the time, at first or behind it, is not there yet.
func (b *contactBuilder) meet(person int32, first int) {
	if int(b.event[person]) < first {
		b.event[person] = int32(len(b.contacts.person))
		b.contacts.person = append(b.contacts.person, person)
	}
}

func (b *contactBuilder) done() *Contacts {
	c := b.contacts
	c.start = append(c.start, int32(len(c.person)))
	c.learners = c.sources.turned()
	return c
}

// Count is the number of contacts.
func (c *Contacts) Count() int { return len(c.sources.Other) }

// CountWithin is the number of contacts in the time that counts.
func (c *Contacts) CountWithin(o JourneyOptions) int {
	first, end := o.span(c)
	return int(c.sources.Start[c.start[end]] - c.sources.Start[c.start[first]])
}

// maxContacts bounds the contacts that ties are written out to.
const maxContacts = 30_000_000

// Contacts writes ties out to one contact per tie and period, at the period's label;
// ErrWork when they are more than thirty million.
func (p *Panel) Contacts() (*Contacts, error) {
	b := newContactBuilder(p.People())
	if p.Ties == nil {
		return b.done(), nil
	}
	starts := p.contactsBefore()
	if count := starts[p.Periods]; count > maxContacts {
		return nil, fmt.Errorf("write out %d contacts: %w", count, ErrWork)
	}
	meetings := p.meetings(starts)
	for period := range p.Periods {
		b.time = int64(p.Label(int32(period)))
		b.add(meetings[starts[period]:starts[period+1]])
	}
	return b.done(), nil
}

// contactsBefore is how many contacts there are before each period, and in all.
func (p *Panel) contactsBefore() []int {
	before := make([]int, p.Periods+2) // first by how much the contacts per period rise
	for at := range p.Ties.Other {
		from, until := p.Ties.Span(int64(at), int32(p.Periods-1))
		before[from+1]++
		before[until+2]--
	}
	for range 2 {
		for period := range p.Periods {
			before[period+1] += before[period]
		}
	}
	return before[:p.Periods+1]
}

// meetings are the contacts period by period, when so many stand before each.
func (p *Panel) meetings(before []int) []meeting {
	all, next := make([]meeting, before[p.Periods]), slices.Clone(before)
	for i := range p.People() {
		for at, end := p.Ties.Row(i); at < end; at++ {
			from, until := p.Ties.Span(at, int32(p.Periods-1))
			for period := from; period <= until; period++ {
				all[next[period]] = meeting{int32(i), p.Ties.Other[at]}
				next[period]++
			}
		}
	}
	return all
}

// Span is a stretch of time, both ends included.
type Span struct{ First, Last int64 }

// JourneyOptions say along which contacts something may travel. Times along its way rise;
// NonStrict: they do not fall (Kempe, Kleinberg and Kumar 2002), so that it may take many
// steps at one time.
type JourneyOptions struct {
	NonStrict bool
	Within    *Span  // the contacts that count; nil: all
	MaxWait   *int64 // the longest stay with a person between two steps; nil: any
	MaxHops   int    // the most steps; 0: any number
}

// limited tells whether the way, and not only the time, of arriving matters for what may
// follow.
func (o *JourneyOptions) limited() bool { return o.MaxWait != nil || o.MaxHops > 0 }

func (o *JourneyOptions) hops() int32 {
	if o.MaxHops == 0 {
		return math.MaxInt32
	}
	return int32(min(o.MaxHops, math.MaxInt32))
}

// span is the places of the first time that counts and of the one behind the last.
func (o *JourneyOptions) span(c *Contacts) (first, end int) {
	if o.Within == nil {
		return 0, len(c.times)
	}
	first, _ = slices.BinarySearch(c.times, o.Within.First)
	end, found := slices.BinarySearch(c.times, o.Within.Last)
	if found {
		end++
	}
	return first, max(first, end)
}

// events are those of a time.
func (c *Contacts) events(at int) (begin, end int32) { return c.start[at], c.start[at+1] }
