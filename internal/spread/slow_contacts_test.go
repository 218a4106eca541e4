package spread

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func drawContacts(t *rapid.T) (people int, all []Contact) {
	people = rapid.IntRange(1, 5).Draw(t, "people")
	one := rapid.Custom(func(t *rapid.T) Contact {
		return Contact{
			Learner: rapid.Int32Range(0, int32(people-1)).Draw(t, "learner"),
			Source:  rapid.Int32Range(0, int32(people-1)).Draw(t, "source"),
			Time:    rapid.Int64Range(0, 6).Draw(t, "time"),
		}
	})
	return people, rapid.SliceOfN(one, 0, 12).Draw(t, "contacts")
}

func drawJourney(t *rapid.T) JourneyOptions {
	o := JourneyOptions{NonStrict: rapid.Bool().Draw(t, "nonStrict"), MaxHops: rapid.IntRange(0, 4).Draw(t, "maxHops")}
	if rapid.Bool().Draw(t, "waits") {
		wait := rapid.Int64Range(0, 4).Draw(t, "maxWait")
		o.MaxWait = &wait
	}
	if rapid.Bool().Draw(t, "windowed") {
		first := rapid.Int64Range(-1, 5).Draw(t, "first")
		o.Within = &Span{first, first + rapid.Int64Range(-1, 4).Draw(t, "length")}
	}
	return o
}

// standing is where a way stands: at a person since a time, after so many steps, having
// come from somebody.
type standing struct {
	person, via int32
	time        int64
	hops        int
}

// follows tells whether a contact may be the next step of a way that began at start.
func (o *JourneyOptions) follows(s standing, c Contact, start int32) bool {
	switch {
	case c.Source != s.person || c.Learner == c.Source || c.Learner == start:
		return false
	case o.MaxHops > 0 && s.hops == o.MaxHops:
		return false
	case o.Within != nil && (c.Time < o.Within.First || c.Time > o.Within.Last):
		return false
	case s.person == start:
		return true
	case c.Time < s.time || c.Time == s.time && !o.NonStrict:
		return false
	default:
		return o.MaxWait == nil || c.Time-s.time <= *o.MaxWait
	}
}

// everyStanding tries all ways from a start. Nobody's fewest hops are more than there are
// contacts.
func everyStanding(all []Contact, start int32, o *JourneyOptions) map[standing]bool {
	known := map[standing]bool{}
	front := []standing{{person: start, via: None}}
	for ; len(front) > 0; front = front[1:] {
		for _, c := range all {
			next := standing{c.Learner, c.Source, c.Time, front[0].hops + 1}
			if o.follows(front[0], c, start) && next.hops <= len(all) && !known[next] {
				known[next] = true
				front = append(front, next)
			}
		}
	}
	return known
}

// best is the earliest standing at a person, of those with the fewest hops, of those by the
// smallest place.
func best(known map[standing]bool, person int32) (standing, bool) {
	var least standing
	found := false
	for s := range known {
		if s.person == person && (!found || slices.Compare(s.rank(), least.rank()) < 0) {
			least, found = s, true
		}
	}
	return least, found
}

func (s standing) rank() []int64 { return []int64{s.time, int64(s.hops), int64(s.via)} }

func TestJourneysAreTheBestOfAllWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, all := drawContacts(t)
		o := drawJourney(t)
		c := contactsAmong(people, all)
		for start := range int32(people) {
			j, err := c.From(t.Context(), start, o)
			if err != nil {
				t.Fatal(err)
			}
			known := everyStanding(all, start, &o)
			var want []Arrival
			for person := range int32(people) {
				if s, ok := best(known, person); ok {
					want = append(want, Arrival{Person: person, Time: s.time, Hops: int32(s.hops), Via: s.via})
				}
			}
			slices.SortStableFunc(want, func(a, b Arrival) int { return int(a.Time - b.Time) })
			differ(t, want, j.Arrivals(), "arrivals")
		}
	})
}

func TestReachOfContactsIsThatOfEveryStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, all := drawContacts(t)
		o := drawJourney(t)
		c := contactsAmong(people, all)
		reached, arrival, err := c.Reach(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		checkReach(t, c, o, reached, arrival)
	})
}

func checkReach(t *rapid.T, c *Contacts, o JourneyOptions, reached []int32, arrival []float64) {
	for start := range reached {
		j, err := c.From(t.Context(), int32(start), o)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, a := range j.Arrivals() {
			sum += float64(a.Time)
		}
		differ(t, int32(len(j.Arrivals())), reached[start], "reached")
		if mean := arrival[start]; reached[start] > 0 && mean != sum/float64(reached[start]) || reached[start] == 0 && !math.IsNaN(mean) {
			t.Fatalf("mean arrival %v of %v people, want a sum of %v", mean, reached[start], sum)
		}
	}
}

func TestBlocksOfContactReachAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.IntRange(60, 150).Draw(t, "people")
		r := newRandom(rapid.Uint64().Draw(t, "seed"))
		var all []Contact
		for range people * 3 {
			all = append(all, Contact{Learner: int32(r.IntN(people)), Source: int32(r.IntN(people)), Time: int64(r.IntN(5))})
		}
		c := contactsAmong(people, all)
		for _, o := range []JourneyOptions{{}, {NonStrict: true}} {
			a := arrivals{reached: make([]int32, people), times: make([]float64, people)}
			if err := c.reachTogether(t.Context(), o, &a, 1); err != nil {
				t.Fatal(err)
			}
			for i := range a.times {
				a.times[i] = quotient(a.times[i], float64(a.reached[i]), 0, false)
			}
			checkReach(t, c, o, a.reached, a.times)
		}
	})
}

// contactsAmong are contacts between so many people. Contacts that are told twice are one;
// those with oneself are left out.
func contactsAmong(people int, contacts []Contact) *Contacts {
	all := slices.DeleteFunc(slices.Clone(contacts), func(c Contact) bool { return c.Learner == c.Source })
	slices.SortFunc(all, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Learner, b.Learner), cmp.Compare(a.Source, b.Source))
	})
	b := newContactBuilder(people)
	var meetings []meeting
	for at, contact := range slices.Compact(all) {
		if at > 0 && contact.Time != b.time {
			b.add(meetings)
			meetings = meetings[:0]
		}
		b.time = contact.Time
		meetings = append(meetings, meeting{contact.Learner, contact.Source})
	}
	b.add(meetings)
	return b.done()
}
