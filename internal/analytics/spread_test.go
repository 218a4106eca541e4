package analytics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nicgraph/internal/fault"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

func TestIdsComeInTheirNaturalOrder(t *testing.T) {
	want := []string{"", "1", "2", "10", "a", "a01", "a1", "a2", "a02b", "a2c", "a10", "a10-2", "a10-10", "b", "b18446744073709551617"}
	if diff := cmp.Diff(want, inOrder(slices.Sorted(slices.Values(want)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTheNaturalOrderIsOne(t *testing.T) {
	texts := rapid.StringMatching(`[ab019-]{0,5}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := texts.Draw(t, "a"), texts.Draw(t, "b"), texts.Draw(t, "c")
		switch {
		case natural(a, b) != -natural(b, a):
			t.Errorf("%q and %q are not told apart the same way round", a, b)
		case (natural(a, b) == 0) != (a == b):
			t.Errorf("%q and %q are the same", a, b)
		case natural(a, b) < 0 && natural(b, c) < 0 && natural(a, c) >= 0:
			t.Errorf("%q < %q < %q, but not %q < %q", a, b, c, a, c)
		}
	})
}

// spreadOver asks about the village under some arguments.
func spreadOver(t *testing.T, e *Engine, args map[string]value.Value) *Spread {
	t.Helper()
	s, err := e.Spread(t.Context(), askedOf(e, args))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAPanelIsReadOnceForEachRevisionAndSettings(t *testing.T) {
	e, backend, cat := open(t)
	write(t, backend, village(t, cat, 50, 4)...)
	s := spreadOver(t, e, nil)
	reads := backend.runs.Load()
	if again := spreadOver(t, e, map[string]value.Value{"input.lag": value.OfInt(2)}); again.panel != s.panel || backend.runs.Load() != reads {
		t.Errorf("another lag reads %d times more", backend.runs.Load()-reads)
	}
	if other := spreadOver(t, e, map[string]value.Value{"input.lastPeriod": value.OfInt(5)}); other.panel == s.panel || other.Panel.Periods != 5 {
		t.Error("other periods have the same panel")
	}
	write(t, backend, newNode(t, cat, "Adoption", "a1", storetest.Fields{"study": "v", "adopter": "p1", "practice": "p", "firstPeriod": 1, "censoring": "EXACT"}))
	if after := spreadOver(t, e, nil); after.Counts.Adopters != s.Counts.Adopters+1 {
		t.Errorf("%d adopters before a change, %d after", s.Counts.Adopters, after.Counts.Adopters)
	}
}

func TestWhatIsWorkedOutFromAPanelIsKept(t *testing.T) {
	e, backend, cat := open(t)
	write(t, backend, village(t, cat, 50, 4)...)
	first, err := spreadOver(t, e, nil).Exposure(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := spreadOver(t, e, nil).Exposure(t.Context(), 1); err != nil || second != first {
		t.Errorf("the exposure was worked out again; %v", err)
	}
	weighed := spreadOver(t, e, map[string]value.Value{"input.weights": value.OfEnum("TIES")})
	if other, err := weighed.Exposure(t.Context(), 1); err != nil || other == first {
		t.Errorf("another weight has the same exposure; %v", err)
	}
}

func TestAStudyIsReadWholeAcrossPages(t *testing.T) {
	e, backend, cat := open(t)
	write(t, backend, village(t, cat, 1200, 3)...)
	s := spreadOver(t, e, nil)
	if len(s.IDs) != 1200 || s.IDs[2] != "p2" || s.IDs[1199] != "p1199" {
		t.Errorf("%d members, the third %s", len(s.IDs), s.IDs[2])
	}
	c := s.Counts
	if c.Adopters != 600 || c.Never != 600 || c.TieFacts+c.SelfTies != 3600 {
		t.Errorf("the counts are %+v", c)
	}
	for learner := range int32(5) {
		for i, end := s.Panel.Ties.Row(int(learner)); i < end; i++ {
			if facts := s.TieFacts(learner, s.Panel.Ties.Other[i]); len(facts) == 0 || facts[0][:len(s.IDs[learner])] != "t"+s.IDs[learner][1:] {
				t.Errorf("the facts behind the tie of %s to %s are %q", s.IDs[learner], s.IDs[s.Panel.Ties.Other[i]], facts)
			}
		}
	}
}

func TestATieWithoutWeightIsNoneAndANegativeOneIsRefused(t *testing.T) {
	e, backend, cat := open(t)
	write(t, backend, village(t, cat, 5, 0)...)
	write(t, backend, newNode(t, cat, "Tie", "t1", storetest.Fields{"study": "v", "learner": "p1", "source": "p2", "weight": 0.0}))
	if c := spreadOver(t, e, nil).Counts; c.Pairs != 0 || c.TieFacts != 0 {
		t.Errorf("a weight of zero makes %d pairs of %d facts", c.Pairs, c.TieFacts)
	}
	whole := Call{Engine: e, Args: Args{"input": value.OfBool(true), "input.population": value.OfBool(true), "input.population.study": value.OfID("v")}}
	found, err := analysisOf(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	if ties := found.(object)["tieCount"]; ties != 0 {
		t.Errorf("a weight of zero makes %v ties of a network", ties)
	}
	write(t, backend, newNode(t, cat, "Tie", "t2", storetest.Fields{"study": "v", "learner": "p1", "source": "p3", "weight": -1.0}))
	if _, err := e.Spread(t.Context(), askedOf(e, nil)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("spread with a negative weight: %v, want it refused", err)
	}
	if _, err := analysisOf(t.Context(), whole); fault.KindOf(err) != fault.Invalid {
		t.Errorf("analysis with a negative weight: %v, want it refused", err)
	}
}

func TestAReadingOfAStudyThatNobodyWaitsForEnds(t *testing.T) {
	e, backend, cat := open(t)
	write(t, backend, village(t, cat, 10, 2)...)
	backend.gate = make(chan struct{}) // shut
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := e.Spread(ctx, askedOf(e, nil)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	close(backend.gate)
	spreadOver(t, e, nil)
}

func TestNothingMoreIsReadOnceNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, backend, cat := open(t)
		write(t, backend, village(t, cat, 300, 10)...) // three pages of ties
		backend.gate = make(chan struct{})
		ctx, leave := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := e.Spread(ctx, askedOf(e, nil))
			ended <- err
		}()
		for range 4 { // the study, its enrollments, and two pages of ties
			backend.gate <- struct{}{}
		}
		synctest.Wait()
		begun := backend.runs.Load()
		leave()
		synctest.Wait()
		close(backend.gate)
		synctest.Wait()
		if more := backend.runs.Load() - begun; more != 0 {
			t.Errorf("%d more reads began", more)
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestTheWindowCutsSpells(t *testing.T) {
	w := window{first: 3, last: 6}
	got := w.spells([]adoption{
		{first: 1, last: 2, fact: "before"}, {first: 2, last: 4, fact: "into"}, {first: 3, last: 3, leftCensored: true, fact: "within"},
		{first: 5, last: 6, fact: "to the end"}, {first: 6, last: noEnd, fact: "on"}, {first: 7, last: noEnd, fact: "after"},
	})
	want := []Spell{
		{First: 0, Last: 1, LeftCensored: true, Fact: "into"}, {First: 0, Last: 0, LeftCensored: true, Fact: "within"},
		{First: 2, Last: -1, Fact: "to the end"}, {First: 3, Last: -1, Fact: "on"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Spell{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWhoUsesThePracticeIsCountedOnceAPeriod(t *testing.T) {
	e, backend, cat := open(t)
	nodes := village(t, cat, 3, 1)
	for i, spell := range [][2]int{{1, 4}, {3, 5}, {8, 9}} { // of a part of the practice: the first two overlap
		nodes = append(nodes, newNode(t, cat, "Adoption", fmt.Sprintf("n%d", i), storetest.Fields{
			"study": "v", "adopter": "p1", "practice": fmt.Sprintf("q%d", i%2), "firstPeriod": spell[0], "lastPeriod": spell[1], "censoring": "EXACT",
		}))
	}
	for i := range 2 {
		nodes = append(nodes, newNode(t, cat, "Practice", fmt.Sprintf("q%d", i), storetest.Fields{"broader": "p", "sources": []string{"s"}}))
	}
	write(t, backend, nodes...)
	s := spreadOver(t, e, map[string]value.Value{"input.narrower": value.OfBool(true)})
	only := func(person int) bool { return s.IDs[person] == "p1" }
	if diff := cmp.Diff([]int{1, 1, 1, 1, 1, 0, 0, 1, 1, 0}, s.using(only)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTooManyExposuresAreRefused(t *testing.T) {
	e, backend, cat := open(t)
	write(t, backend, village(t, cat, 5, 1)...)
	s := spreadOver(t, e, nil)
	panel := *s.Panel
	panel.Periods = maxExposures
	s.Panel = &panel
	if _, err := s.Exposure(t.Context(), 0); fault.KindOf(err) != fault.Limit {
		t.Errorf("got %v", err)
	}
}

func TestTooManySharedTiesAreRefused(t *testing.T) {
	in := make([]stake, 2000)
	for i := range in {
		in[i] = stake{member: int32(i), first: ever, last: forever}
	}
	w := tying{window: window{1, 1}}
	if err := w.share(t.Context(), stakes{in: [][]stake{in}}, sharedEvents); fault.KindOf(err) != fault.Limit {
		t.Errorf("got %v", err)
	}
}
