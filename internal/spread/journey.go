package spread

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Arrival is when something first reached a person.
type Arrival struct {
	Person int32
	Time   int64
	Hops   int32 // the fewest steps with which it can arrive then
	Via    int32 // who passed it on: with those hops, the smallest place
}

// Journeys are the ways of something that starts at one person before the first contact and
// stays there. Without MaxWait somebody who has it keeps it; with it they may pass it on
// only so long after each time that they get it, and may get it again: the way may then
// visit a person twice (a restless walk; with no second visits the question is NP-hard,
// Casteigts, Himmel, Molter and Zschoche 2021, doi:10.1007/s00453-021-00831-w).
type Journeys struct {
	receipts []receipt // the first is the start
	first    []int32   // per person, the first receipt, of the fewest hops at its time; None: not reached
}

// receipt is something reaching a person.
type receipt struct {
	person int32
	hops   int32
	before int32 // the receipt of whoever passed it on
	time   int64
}

// From follows what starts at a person, in time linear in contacts and people.
func (c *Contacts) From(ctx context.Context, start int32, o JourneyOptions) (*Journeys, error) {
	t := newTraveller(c, start, o)
	first, end := o.span(c)
	for at := first; at < end; at++ {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("follow contacts: %w", err)
		}
		t.pass(at)
	}
	return t.journeys, nil
}

// Arrivals are everybody who was reached, by time, then place.
func (j *Journeys) Arrivals() []Arrival {
	var all []Arrival
	for _, at := range j.first {
		if at > 0 {
			r := j.receipts[at]
			all = append(all, Arrival{Person: r.person, Time: r.time, Hops: r.hops, Via: j.receipts[r.before].person})
		}
	}
	slices.SortFunc(all, func(a, b Arrival) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Person, b.Person))
	})
	return all
}

// traveller goes through the contacts, one time after the other. Of each person it holds
// the receipts that may still matter: later ones with more hops than earlier ones.
type traveller struct {
	contacts *Contacts
	options  JourneyOptions
	journeys *Journeys
	held     [][]int32 // per person
	time     int64
	begin    int32     // the first event of the time
	ready    []int32   // per event of the time, the receipt held with the fewest hops; None
	offers   []int32   // per event, the receipt that somebody passes on at this time; None
	holding  [][]int32 // by hops, the events that pass on what they hold
	getting  [][]int32 // by hops, the events that get it at this time
	fresh    []int32   // the receipts of this time
}

func newTraveller(c *Contacts, start int32, o JourneyOptions) *traveller {
	most := int32(0)
	for at := range c.times {
		begin, end := c.events(at)
		most = max(most, end-begin)
	}
	t := &traveller{contacts: c, options: o, held: make([][]int32, c.people), ready: make([]int32, most), offers: make([]int32, most)}
	t.journeys = &Journeys{receipts: []receipt{{person: start, before: None}}, first: slices.Repeat([]int32{None}, c.people)}
	t.journeys.first[start] = 0
	t.held[start] = []int32{0}
	return t
}

// pass lets everything happen that happens at one time: the fewest hops first, so that
// nobody gets it twice.
func (t *traveller) pass(at int) {
	t.time = t.contacts.times[at]
	begin, end := t.contacts.events(at)
	t.begin = begin
	for e := begin; e < end; e++ {
		t.offers[e-begin] = None
		t.ready[e-begin] = t.usable(t.contacts.person[e])
		if held := t.ready[e-begin]; held != None {
			t.holding = put(t.holding, t.journeys.receipts[held].hops, e)
		}
	}
	for hops := int32(0); int(hops) < max(len(t.holding), len(t.getting)); hops++ {
		t.level(hops)
	}
	for _, r := range t.fresh {
		t.keep(r)
	}
	t.fresh = t.fresh[:0]
}

func (t *traveller) level(hops int32) {
	for _, e := range take(t.holding, hops) {
		t.offer(e, t.ready[e-t.begin])
	}
	for _, e := range take(t.getting, hops) {
		r := t.log(e, hops)
		if held := t.ready[e-t.begin]; t.options.NonStrict && (held == None || t.journeys.receipts[held].hops > hops) {
			t.offer(e, r)
		}
	}
}

// usable is the receipt with the fewest hops that a person may still pass on.
func (t *traveller) usable(person int32) int32 {
	held := t.held[person]
	for len(held) > 0 && held[0] > 0 && t.options.MaxWait != nil && t.time-t.journeys.receipts[held[0]].time > *t.options.MaxWait {
		held = held[1:]
	}
	t.held[person] = held
	if len(held) == 0 {
		return None
	}
	return held[0]
}

// offer passes a receipt on to everybody who names the person.
func (t *traveller) offer(event, r int32) {
	hops := t.journeys.receipts[r].hops + 1
	if hops > t.options.hops() {
		return
	}
	for _, e := range t.contacts.learners.Of(event) {
		if t.useless(e, hops) {
			continue
		}
		best := t.offers[e-t.begin]
		switch {
		case best == None:
			t.getting = put(t.getting, hops, e)
		case t.journeys.receipts[best].hops+1 < hops || t.journeys.receipts[best].person <= t.journeys.receipts[r].person:
			continue
		}
		t.offers[e-t.begin] = r
	}
}

// useless tells whether getting it again opens no way: at the start, or where nobody
// forgets and hops are not saved.
func (t *traveller) useless(event, hops int32) bool {
	held := t.ready[event-t.begin]
	return held == 0 || held != None && t.options.MaxWait == nil && t.journeys.receipts[held].hops <= hops
}

func (t *traveller) log(event, hops int32) int32 {
	j := t.journeys
	r, person := int32(len(j.receipts)), t.contacts.person[event]
	j.receipts = append(j.receipts, receipt{person: person, hops: hops, before: t.offers[event-t.begin], time: t.time})
	if j.first[person] == None {
		j.first[person] = r
	}
	t.fresh = append(t.fresh, r)
	return r
}

// keep holds a receipt; it is later than all that are held, so those with as many hops or
// more are no longer of use.
func (t *traveller) keep(r int32) {
	receipts := t.journeys.receipts
	held := t.held[receipts[r].person]
	for len(held) > 0 && receipts[held[len(held)-1]].hops >= receipts[r].hops {
		held = held[:len(held)-1]
	}
	t.held[receipts[r].person] = append(held, r)
}

// put adds an event to those of so many hops.
func put(levels [][]int32, hops, event int32) [][]int32 {
	for int(hops) >= len(levels) {
		levels = append(levels, nil)
	}
	levels[hops] = append(levels[hops], event)
	return levels
}

// take empties a level, keeping its room.
func take(levels [][]int32, hops int32) []int32 {
	if int(hops) >= len(levels) {
		return nil
	}
	level := levels[hops]
	levels[hops] = level[:0]
	return level
}
