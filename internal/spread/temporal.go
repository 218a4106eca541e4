package spread

import (
	"context"
	"fmt"
	"math/bits"
)

// The limits of following what starts at everybody: the words of bit sets joined and the
// arrivals noted, in all; and, where every start is followed on its own, the people and
// contacts looked at.
const (
	maxTemporalWork  = 20_000_000_000
	maxJourneysSteps = 5_000_000_000
)

// Reach counts, per person, the others whom something could have reached that started
// there before the first contact, and the mean of the times at which it first reached them;
// NaN when it reached nobody. Starts are followed together with bit sets, with MaxWait or
// MaxHops one by one. ErrWork when contacts times people are beyond what one question is
// given.
func (c *Contacts) Reach(ctx context.Context, o JourneyOptions) (reached []int32, meanArrival []float64, err error) {
	a := arrivals{reached: make([]int32, c.people), times: make([]float64, c.people)}
	if o.limited() {
		err = c.reachEach(ctx, o, &a)
	} else {
		err = c.reachTogether(ctx, o, &a, reachLimits().bytes)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("follow contacts from everybody: %w", err)
	}
	for i := range a.times {
		a.times[i] = quotient(a.times[i], float64(a.reached[i]), 0, false)
	}
	return a.reached, a.times, nil
}

// arrivals are, per start, how many were reached and the sum of the times.
type arrivals struct {
	reached []int32
	times   []float64
}

func (a *arrivals) add(start int, time int64) {
	a.reached[start]++
	a.times[start] += float64(time)
}

func (c *Contacts) reachEach(ctx context.Context, o JourneyOptions, a *arrivals) error {
	if c.people*(c.people+len(c.person)+c.Count()) > maxJourneysSteps {
		return ErrWork
	}
	for start := range c.people {
		if err := cancelled(ctx, start); err != nil {
			return err
		}
		journeys, err := c.From(ctx, int32(start), o)
		if err != nil {
			return err
		}
		for _, arrival := range journeys.Arrivals() {
			a.add(start, arrival.Time)
		}
	}
	return nil
}

func (c *Contacts) reachTogether(ctx context.Context, o JourneyOptions, a *arrivals, bytes int) error {
	if c.people*c.people+c.Count()*(c.people/64+1) > maxTemporalWork {
		return ErrWork
	}
	f := newFlood(c, o, a, bytes)
	for first := 0; first < c.people; first += f.words * 64 {
		if err := f.block(ctx, first); err != nil {
			return err
		}
	}
	return nil
}

// flood follows what starts at a block of people: for each person the set of starts that
// have reached it.
type flood struct {
	contacts   *Contacts
	arrivals   *arrivals
	first, end int // the times that count
	words      int // of one set
	sets       []uint64
	gains      []uint64 // strict: per event of a time, what it gets then; else one set
	strict     bool
	events     []int32 // non-strict: events by circle, sources first
	circle     []int32 // per event, some member of its circle
	origin     int     // the first start of the block at hand
}

func newFlood(c *Contacts, o JourneyOptions, a *arrivals, bytes int) *flood {
	words := wordsOfSet(max(c.people, 1), bytes)
	f := &flood{contacts: c, arrivals: a, words: words, strict: !o.NonStrict, sets: make([]uint64, words*c.people)}
	f.first, f.end = o.span(c)
	if f.strict {
		f.gains = make([]uint64, words*c.people)
		return f
	}
	f.gains = make([]uint64, words)
	all := make([]int32, len(c.person))
	for e := range all {
		all[e] = int32(e)
	}
	f.events, f.circle = circles(c.sources, all)
	return f
}

func (f *flood) block(ctx context.Context, first int) error {
	clear(f.sets)
	f.origin = first
	for start := first; start < min(first+f.words*64, f.contacts.people); start++ {
		f.set(int32(start))[(start-first)/64] |= 1 << ((start - first) % 64)
	}
	for at := f.first; at < f.end; at++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if f.strict {
			f.stepStrict(at)
		} else {
			f.stepNonStrict(at)
		}
	}
	return nil
}

func (f *flood) set(person int32) []uint64 {
	return f.sets[int(person)*f.words : (int(person)+1)*f.words]
}

// stepStrict lets one time happen: first everybody's gain, then all of them at once.
func (f *flood) stepStrict(at int) {
	c := f.contacts
	begin, end := c.events(at)
	for e := begin; e < end; e++ {
		gain := f.gain(e - begin)
		clear(gain)
		for _, source := range c.sources.Of(e) {
			join(gain, f.set(c.person[source]))
		}
	}
	for e := begin; e < end; e++ {
		f.give(c.person[e], f.gain(e-begin), c.times[at])
	}
}

func (f *flood) gain(at int32) []uint64 { return f.gains[int(at)*f.words : (int(at)+1)*f.words] }

// stepNonStrict lets one time happen, circle by circle; what reaches a member of a circle
// reaches all. Events were sorted time by time, for no contact joins two times.
func (f *flood) stepNonStrict(at int) {
	begin, end := f.contacts.events(at)
	for left := f.events[begin:end]; len(left) > 0; {
		size := 1
		for size < len(left) && f.circle[left[size]] == f.circle[left[0]] {
			size++
		}
		f.stepCircle(left[:size], f.contacts.times[at])
		left = left[size:]
	}
}

func (f *flood) stepCircle(events []int32, time int64) {
	c := f.contacts
	clear(f.gains)
	for _, e := range events {
		join(f.gains, f.set(c.person[e]))
		for _, source := range c.sources.Of(e) {
			join(f.gains, f.set(c.person[source]))
		}
	}
	for _, e := range events {
		f.give(c.person[e], f.gains, time)
	}
}

// give adds starts to a person's set and notes the arrival of those that are new.
func (f *flood) give(person int32, starts []uint64, time int64) {
	for w, set := range f.set(person) {
		for fresh := starts[w] &^ set; fresh != 0; fresh &= fresh - 1 {
			f.arrivals.add(f.origin+w*64+bits.TrailingZeros64(fresh), time)
		}
	}
	join(f.set(person), starts)
}
