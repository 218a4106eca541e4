package spread

import (
	"cmp"
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

// NewContacts sorts contacts between so many people. Contacts that are told twice are one;
// those with oneself are left out and counted.
func NewContacts(people int, contacts []Contact) (c *Contacts, selfContacts int) {
	all := slices.DeleteFunc(slices.Clone(contacts), func(c Contact) bool { return c.Learner == c.Source })
	selfContacts = len(contacts) - len(all)
	slices.SortFunc(all, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Learner, b.Learner), cmp.Compare(a.Source, b.Source))
	})
	all = slices.Compact(all)
	c = &Contacts{people: people, sources: Rows{Start: []int64{0}}}
	event := make([]int32, people)
	for len(all) > 0 {
		same := 1
		for same < len(all) && all[same].Time == all[0].Time {
			same++
		}
		c.add(all[:same], event)
		all = all[same:]
	}
	c.start = append(c.start, int32(len(c.person)))
	c.learners = c.sources.turned()
	return c, selfContacts
}

// add adds the contacts of one time; event is room for the event of each person.
func (c *Contacts) add(contacts []Contact, event []int32) {
	first := len(c.person)
	c.times, c.start = append(c.times, contacts[0].Time), append(c.start, int32(first))
	for _, contact := range contacts {
		c.person = append(c.person, contact.Learner, contact.Source)
	}
	slices.Sort(c.person[first:])
	c.person = append(c.person[:first], slices.Compact(c.person[first:])...)
	for e := first; e < len(c.person); e++ {
		event[c.person[e]] = int32(e)
	}
	for e := first; e < len(c.person); e++ {
		for len(contacts) > 0 && contacts[0].Learner == c.person[e] {
			c.sources.Other = append(c.sources.Other, event[contacts[0].Source])
			contacts = contacts[1:]
		}
		c.sources.Start = append(c.sources.Start, int64(len(c.sources.Other)))
	}
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
	if p.Ties == nil {
		p = &Panel{Adopted: p.Adopted, Ties: &Ties{Start: make([]int64, p.People()+1)}}
	}
	count := 0
	for at := range p.Ties.Other {
		from, until := p.Ties.Span(int64(at), int32(p.Periods-1))
		count += int(until-from) + 1
	}
	if count > maxContacts {
		return nil, fmt.Errorf("write out %d contacts: %w", count, ErrWork)
	}
	all := make([]Contact, 0, count)
	for i := range p.People() {
		for at, end := p.Ties.Row(i); at < end; at++ {
			all = p.appendContacts(all, int32(i), at)
		}
	}
	contacts, _ := NewContacts(p.People(), all)
	return contacts, nil
}

// appendContacts writes one tie of a learner out.
func (p *Panel) appendContacts(all []Contact, learner int32, tie int64) []Contact {
	from, until := p.Ties.Span(tie, int32(p.Periods-1))
	for period := from; period <= until; period++ {
		all = append(all, Contact{Learner: learner, Source: p.Ties.Other[tie], Time: int64(p.Label(period))})
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
