package spread

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// people are named by letters: A is place 0.
func place(letter byte) int32 {
	if letter == '-' {
		return None
	}
	return int32(letter - 'A')
}

func letters(people []int32) string {
	var text strings.Builder
	for _, i := range people {
		if i == None {
			text.WriteByte('-')
			continue
		}
		text.WriteByte(byte('A' + i))
	}
	return text.String()
}

// drawCascade makes a panel of the periods of A, B, … ("1 2 -", the dash for never) and of
// ties such as "B>A" (B names A in all periods) or "B>A@2" or "B>A@2-3".
func drawCascade(t *testing.T, periods, ties string) *Panel {
	t.Helper()
	p := &Panel{First: 1, Periods: 5}
	for _, word := range strings.Fields(periods) {
		period := Never
		if word != "-" {
			period = number(t, word) - 1
		}
		p.Adopted = append(p.Adopted, int32(period))
	}
	var all []Tie
	for _, word := range strings.Fields(ties) {
		tie := Tie{Learner: place(word[0]), Source: place(word[2]), Weight: 1, Until: 4}
		if _, span, ok := strings.Cut(word, "@"); ok {
			first, last, long := strings.Cut(span, "-")
			tie.From, tie.Until = int32(number(t, first)-1), int32(number(t, first)-1)
			if long {
				tie.Until = int32(number(t, last) - 1)
			}
		}
		all = append(all, tie)
	}
	p.Ties, _ = NewTies(len(p.Adopted), p.Periods, all)
	return p
}

func learningOf(t *testing.T, p *Panel, o LearningOptions) *Learning {
	t.Helper()
	return must[*Learning](t)(p.Learning(t.Context(), o))
}

func forestOf(t *testing.T, a *Attribution) *Forest {
	t.Helper()
	return must[*Forest](t)(a.Forest(t.Context()))
}

func wants(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWhoCouldHaveTaught(t *testing.T) {
	tests := []struct {
		name, periods, ties string
		options             LearningOptions
		want                string // the possible sources of A
	}{
		{"an earlier adopter teaches", "2 1", "A>B", LearningOptions{}, "B"},
		{"somebody of the same period does not", "2 2", "A>B", LearningOptions{}, ""},
		{"but may when time need not rise", "2 2", "A>B", LearningOptions{NonStrict: true}, "B"},
		{"a later adopter never does", "2 3", "A>B", LearningOptions{NonStrict: true}, ""},
		{"who never adopted does not teach", "2 -", "A>B", LearningOptions{NonStrict: true}, ""},
		{"who never adopted does not learn", "- 1", "A>B", LearningOptions{NonStrict: true}, ""},
		{"being named is not naming", "2 1", "B>A", LearningOptions{}, ""},
		{"two stretches of one tie are one source", "4 1 1", "A>B@1 A>B@3 A>C", LearningOptions{When: Between}, "BC"},
		{"a tie that ends before the learner adopts", "4 1", "A>B@1-3", LearningOptions{}, ""},
		{"which held when the source adopted", "4 1", "A>B@1-3", LearningOptions{When: AtSource}, "B"},
		{"a tie that begins after the source adopted", "4 1", "A>B@4-5", LearningOptions{When: AtSource}, ""},
		{"a tie that held in between only", "4 1", "A>B@2-3", LearningOptions{When: Between}, "B"},
		{"a tie of later on", "4 1", "A>B@5", LearningOptions{When: Between}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := learningOf(t, drawCascade(t, test.periods, test.ties), test.options)
			wants(t, test.want, letters(l.Sources.Of(0)))
		})
	}
}

func TestTheExampleByHand(t *testing.T) {
	// 104 learned from 105, 102 from 101 only: 103 adopted in the same period as 102. 105 names
	// nobody who was earlier. See fakesurvey in testdata.
	p, ids := readPanel(t, "fakesurvey", "toa", 1, 5)
	l := learningOf(t, p, LearningOptions{})
	got := map[string]string{}
	for i, id := range ids {
		for _, j := range l.Sources.Of(int32(i)) {
			got[id] += ids[j]
		}
	}
	wants(t, map[string]string{"102": "101", "104": "105"}, got)
}

func TestCirclesWithinAPeriodEnd(t *testing.T) {
	// A, B and C name each other in a ring and adopt together; D learns from C later.
	p := drawCascade(t, "2 2 2 3", "A>B B>C C>A D>C")
	l := learningOf(t, p, LearningOptions{NonStrict: true})
	forward, backward, err := l.Reach(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wants(t, []int32{3, 3, 3, 0}, forward)
	wants(t, []int32{2, 2, 2, 3}, backward)
	wants(t, []int32{None, None, None, None}, must[[]int32](t)(l.FewestHops(t.Context())))
	wants(t, "BACD", letters(must[[]int32](t)(l.EarliestChain(t.Context(), 1, 3))))
	if _, err := l.LongestChain(t.Context(), None); !errors.Is(err, ErrNonStrict) {
		t.Errorf("the longest chain: %v, want %v", err, ErrNonStrict)
	}
	a := must[*Attribution](t)(l.Attribute(t.Context(), Latest))
	wants(t, "-CAC", letters(a.Parent))
	wants(t, []Tree{{RootPeriod: 1, LastPeriod: 2, Size: 4, Depth: 2, MaxWidth: 2, WienerIndex: 1 + 2 + 2 + 1 + 1 + 2}}, forestOf(t, a).Trees)
}

func TestRulesMakeBroadcastsOrChains(t *testing.T) {
	// Everybody names everybody earlier.
	p := drawCascade(t, "1 2 3 4", "B>A C>A C>B D>A D>B D>C")
	l := learningOf(t, p, LearningOptions{})
	star := forestOf(t, must[*Attribution](t)(l.Attribute(t.Context(), Earliest)))
	chain := forestOf(t, must[*Attribution](t)(l.Attribute(t.Context(), Latest)))
	wants(t, "-AAA", letters(star.Parent))
	wants(t, "-ABC", letters(chain.Parent))
	wants(t, 2-2/4.0, star.Trees[0].StructuralVirality())
	wants(t, (4+1)/3.0, chain.Trees[0].StructuralVirality())
	wants(t, []float64{1, 1, 1}, chain.Summary().R)
	wants(t, "ABCD", letters(must[[]int32](t)(l.LongestChain(t.Context(), None))))
	wants(t, "ABC", letters(must[[]int32](t)(l.LongestChain(t.Context(), 2))))
}

func TestChainsByTimeComeFromTheEarliestAdopter(t *testing.T) {
	// A 1 ─ B 2 ─ C 3 ─ E 5     E can have learned from C, or from D over one step less.
	//   └──────── D 4 ──┘
	l := learningOf(t, drawCascade(t, "1 2 3 4 5", "B>A C>B E>C D>A E>D"), LearningOptions{})
	wants(t, "ABCE", letters(must[[]int32](t)(l.EarliestChain(t.Context(), 0, 4))))
	wants(t, "", letters(must[[]int32](t)(l.EarliestChain(t.Context(), 4, 0))))
	wants(t, "", letters(must[[]int32](t)(l.EarliestChain(t.Context(), 2, 2))))
}

func TestASinglePersonHasNoStructuralVirality(t *testing.T) {
	f := forestOf(t, must[*Attribution](t)(learningOf(t, drawCascade(t, "1 -", ""), LearningOptions{}).Attribute(t.Context(), Earliest)))
	wants(t, []Tree{{Size: 1, MaxWidth: 1}}, f.Trees)
	if v := f.Trees[0].StructuralVirality(); !math.IsNaN(v) {
		t.Errorf("virality %v of one person", v)
	}
	if s := f.Summary(); s.Singletons != 1 || !math.IsNaN(s.MeanVirality) || s.MeanDepth != 0 {
		t.Errorf("summary %+v", s)
	}
}

func TestNobodyAdoptedIsNoForest(t *testing.T) {
	p := drawCascade(t, "- -", "A>B")
	l := learningOf(t, p, LearningOptions{})
	a := must[*Attribution](t)(l.Attribute(t.Context(), Earliest))
	s := forestOf(t, a).Summary()
	if s.Trees != 0 || len(s.GenerationSizes) != 0 || !math.IsNaN(s.MeanSize) || !math.IsNaN(s.MeanDepth) {
		t.Errorf("summary %+v", s)
	}
	forward, _, err := l.Reach(t.Context())
	wants(t, []int32{None, None}, forward)
	wants(t, nil, err)
	wants(t, "", letters(must[[]int32](t)(l.LongestChain(t.Context(), None))))
	cohorts := must[[]Cohort](t)(a.Reproduction(t.Context(), ByPeriod, 0))
	if len(cohorts) != 5 || !math.IsNaN(cohorts[0].Mean()) || !math.IsNaN(cohorts[0].FollowUp) {
		t.Errorf("cohorts %+v", cohorts)
	}
}

func TestRecordedSourcesNeedNotBeAdopters(t *testing.T) {
	// B learned from A, of whom nothing else is known; C is in no tree.
	p := drawCascade(t, "- 2 -", "")
	a := p.Recorded([]int32{None, 0, None})
	f := forestOf(t, a)
	wants(t, "AA-", letters(f.Root))
	wants(t, []int32{1, 0, None}, f.Learners)
	wants(t, []Tree{{RootPeriod: Never, LastPeriod: 1, Size: 2, Depth: 1, MaxWidth: 1, WienerIndex: 1}}, f.Trees)
	credits := must[[]float64](t)(a.Credits(t.Context(), 0))
	if credits[0] != 1 || credits[1] != 0 || !math.IsNaN(credits[2]) {
		t.Errorf("credits %v", credits)
	}
}

func TestASourceOfOneselfIsSetAside(t *testing.T) {
	a := drawCascade(t, "1 2", "").Recorded([]int32{0, 0})
	wants(t, "-A", letters(a.Parent))
}

func TestAWindowCountsOnlyLearnersSoonAfter(t *testing.T) {
	// A adopts in 1; B in 2, C in 4; the last observed period is 5.
	p := drawCascade(t, "1 2 4", "B>A C>A C>B")
	p.LeftCensored = []bool{true, false, false}
	l := learningOf(t, p, LearningOptions{})
	a := must[*Attribution](t)(l.Attribute(t.Context(), AllPossible))
	wants(t, []float64{2, 1, 0}, must[[]float64](t)(a.Credits(t.Context(), 0)))
	wants(t, []float64{1, 1, 0}, must[[]float64](t)(a.Credits(t.Context(), 2)))
	want := []Cohort{{Key: 0, Adopters: 1, Roots: 1, Learners: 1, FollowUp: 2}, {Key: 1, Adopters: 1, Learners: 1, FollowUp: 2}, {Key: 2, Adopters: 1, FollowUp: 1}}
	wants(t, want[2].Mean(), 0.0)
	byHops := must[[]Cohort](t)(a.Reproduction(t.Context(), ByGeneration, 2))
	wants(t, []Cohort{want[0], {Key: 1, Adopters: 2, Learners: 1, FollowUp: 1.5}}, byHops)
	byPeriod := must[[]Cohort](t)(a.Reproduction(t.Context(), ByPeriod, 2))
	want[2].Key = 3
	wants(t, want[:2], byPeriod[:2])
	wants(t, want[2], byPeriod[3])
	shared := must[*Attribution](t)(l.Attribute(t.Context(), Fractional))
	wants(t, []float64{1, 0.5, 0}, must[[]float64](t)(shared.Credits(t.Context(), 2)))
}

func TestPeopleWithoutAGroupComeLast(t *testing.T) {
	p := drawCascade(t, "1 2 3 -", "B>A C>A C>B")
	p.Group = []int32{1, None, 0, None}
	a := must[*Attribution](t)(learningOf(t, p, LearningOptions{}).Attribute(t.Context(), Fractional))
	wants(t, []Flow{{1, 0, 1, 0.5}, {1, None, 1, 1}, {None, 0, 1, 0.5}}, must[[]Flow](t)(a.Flow(t.Context())))
	wants(t, []GroupAdoption{{0, 1, 1, 2}, {1, 1, 1, 0}, {None, 2, 1, 1}}, p.Groups())
	wants(t, 0.5, p.Groups()[2].Share())
	cohorts := must[[]Cohort](t)(a.Reproduction(t.Context(), ByGroup, 0))
	wants(t, []int32{0, 1, None}, []int32{cohorts[0].Key, cohorts[1].Key, cohorts[2].Key})
	p.Group = nil
	wants(t, 0, len(p.Groups())+len(must[[]Flow](t)(a.Flow(t.Context()))))
}

func TestWaysOverContacts(t *testing.T) {
	// Something starts at A. Each contact "B<A1": B gets it from A at time 1.
	wait := func(w int64) *int64 { return &w }
	tests := []struct {
		name, contacts string
		options        JourneyOptions
		want           string // person, time, hops, via
	}{
		{"times rise", "B<A1 C<B2", JourneyOptions{}, "B1.1A C2.2B"},
		{"times that fall lead nowhere", "B<A2 C<B1", JourneyOptions{NonStrict: true}, "B2.1A"},
		{"one time is one step", "B<A1 C<B1 D<C1", JourneyOptions{}, "B1.1A"},
		{"or any number of steps", "B<A1 C<B1 D<C1", JourneyOptions{NonStrict: true}, "B1.1A C1.2B D1.3C"},
		{"a ring at one time ends", "B<A1 C<B1 B<C1 A<C1", JourneyOptions{NonStrict: true}, "B1.1A C1.2B"},
		{"the start waits for its first contact", "B<A9 C<B11", JourneyOptions{MaxWait: wait(2)}, "B9.1A C11.2B"},
		{"nobody else waits longer", "B<A1 C<B4", JourneyOptions{MaxWait: wait(2)}, "B1.1A"},
		{"but who gets it again has it again", "B<A1 B<A3 C<B4", JourneyOptions{MaxWait: wait(2)}, "B1.1A C4.2B"},
		{"even from somebody whom they gave it to", "B<A1 C<B2 B<C3 D<B5", JourneyOptions{MaxWait: wait(2)}, "B1.1A C2.2B D5.4B"},
		{"no more steps than allowed", "B<A1 C<B2 D<C3", JourneyOptions{MaxHops: 2}, "B1.1A C2.2B"},
		{"a later, shorter way may lead on", "B<A1 C<B2 C<A3 D<C4", JourneyOptions{MaxHops: 2}, "B1.1A C2.2B D4.2C"},
		{"both ends of a window count", "B<A1 C<A2 D<C4 E<A5", JourneyOptions{Within: &Span{2, 4}}, "C2.1A D4.2C"},
		{"an empty window", "B<A1", JourneyOptions{Within: &Span{3, 2}}, ""},
		{"equal ways come by the smallest place", "C<A1 B<A1 D<C2 D<B2", JourneyOptions{}, "B1.1A C1.1A D2.2B"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			j := must[*Journeys](t)(contactsOf(t, test.contacts).From(t.Context(), 0, test.options))
			var got []string
			for _, a := range j.Arrivals() {
				got = append(got, fmt.Sprintf("%c%d.%d%c", 'A'+a.Person, a.Time, a.Hops, 'A'+a.Via))
			}
			wants(t, test.want, strings.Join(got, " "))
		})
	}
}

func contactsOf(t *testing.T, text string) *Contacts {
	t.Helper()
	var all []Contact
	for _, word := range strings.Fields(text) {
		all = append(all, Contact{Learner: place(word[0]), Source: place(word[2]), Time: int64(number(t, word[3:]))})
	}
	return contactsAmong(5, all)
}

func TestWhereNobodyMeetsNobodyIsReached(t *testing.T) {
	none := contactsAmong(2, nil)
	reached, arrival, err := none.Reach(t.Context(), JourneyOptions{NonStrict: true})
	if err != nil || reached[0] != 0 || !math.IsNaN(arrival[0]) {
		t.Errorf("%v, %v, %v where nobody meets", reached, arrival, err)
	}
}

func TestSeveralSourcesMakeNoTrees(t *testing.T) {
	a := must[*Attribution](t)(learningOf(t, drawCascade(t, "1 2", "B>A"), LearningOptions{}).Attribute(t.Context(), Fractional))
	if _, err := a.Forest(t.Context()); !errors.Is(err, ErrNoTree) {
		t.Errorf("%v, want %v", err, ErrNoTree)
	}
}

func TestTooMuchWorkIsRefused(t *testing.T) {
	l := learningOf(t, drawCascade(t, "1 2 3", "B>A C>B"), LearningOptions{})
	if _, err := l.reach(t.Context(), l.Sources, l.order(), limits{bytes: 1, words: 1}); !errors.Is(err, ErrWork) {
		t.Errorf("reach: %v, want %v", err, ErrWork)
	}
	crowd := contactsAmong(200_000, nil)
	if _, _, err := crowd.Reach(t.Context(), JourneyOptions{}); !errors.Is(err, ErrWork) {
		t.Errorf("contacts: %v, want %v", err, ErrWork)
	}
	if _, _, err := crowd.Reach(t.Context(), JourneyOptions{MaxHops: 1}); !errors.Is(err, ErrWork) {
		t.Errorf("nobody's contacts one by one: %v, want %v", err, ErrWork)
	}
	var all []Contact
	for i := range int32(50_000) {
		all = append(all, Contact{Learner: i, Source: i + 1})
	}
	busy := contactsAmong(100_000, all)
	if _, _, err := busy.Reach(t.Context(), JourneyOptions{MaxHops: 1}); !errors.Is(err, ErrWork) {
		t.Errorf("contacts one by one: %v, want %v", err, ErrWork)
	}
	long := drawCascade(t, "1 2", "B>A")
	long.Periods = maxContacts + 1
	if _, err := long.Contacts(); !errors.Is(err, ErrWork) {
		t.Errorf("ties as contacts: %v, want %v", err, ErrWork)
	}
}

func TestCancelledQuestionsStop(t *testing.T) {
	p := drawCascade(t, "1 2 3", "B>A C>B")
	l := learningOf(t, p, LearningOptions{})
	a := must[*Attribution](t)(l.Attribute(t.Context(), Fractional))
	c := must[*Contacts](t)(p.Contacts())
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	wait := int64(1)
	tests := map[string]func() error{
		"learning":           func() error { _, err := p.Learning(gone, LearningOptions{}); return err },
		"reach":              func() error { _, _, err := l.Reach(gone); return err },
		"downstream":         func() error { _, err := l.Downstream(gone, 0, 0); return err },
		"upstream":           func() error { _, err := l.Upstream(gone, 2, 0); return err },
		"longest chain":      func() error { _, err := l.LongestChain(gone, None); return err },
		"fewest hops":        func() error { _, err := l.FewestHops(gone); return err },
		"chain":              func() error { _, err := l.EarliestChain(gone, 0, 2); return err },
		"attribution":        func() error { _, err := l.Attribute(gone, Latest); return err },
		"credits":            func() error { _, err := a.Credits(gone, 0); return err },
		"reproduction":       func() error { _, err := a.Reproduction(gone, ByPeriod, 0); return err },
		"by fewest hops":     func() error { _, err := a.Reproduction(gone, ByGeneration, 0); return err },
		"forest":             func() error { _, err := p.Recorded([]int32{None, 0, 1}).Forest(gone); return err },
		"flow":               func() error { q := *a; q.panel = grouped(p); _, err := q.Flow(gone); return err },
		"journeys":           func() error { _, err := c.From(gone, 0, JourneyOptions{}); return err },
		"contacts, together": func() error { _, _, err := c.Reach(gone, JourneyOptions{}); return err },
		"contacts, each":     func() error { _, _, err := c.Reach(gone, JourneyOptions{MaxWait: &wait}); return err },
	}
	for name, ask := range tests {
		t.Run(name, func(t *testing.T) {
			if err := ask(); !errors.Is(err, context.Canceled) {
				t.Errorf("%v, want %v", err, context.Canceled)
			}
		})
	}
}

func grouped(p *Panel) *Panel {
	q := *p
	q.Group = make([]int32, p.People())
	return &q
}
