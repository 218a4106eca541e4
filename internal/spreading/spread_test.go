package spreading

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/computed"
	"nicgraph/internal/computed/computedtest"
	"nicgraph/internal/fault"
	"nicgraph/internal/shape"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// spreadOver asks about the village under some arguments.
func spreadOver(t *testing.T, e *computed.Engine, args map[string]value.Value) *Spread {
	t.Helper()
	s, err := about(t.Context(), askedOf(e, args))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAPanelIsReadOnceForEachRevisionAndSettings(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	computedtest.Write(t, backend, village(t, cat, 50, 4)...)
	s := spreadOver(t, e, nil)
	reads := backend.Runs.Load()
	if again := spreadOver(t, e, map[string]value.Value{"input.lag": value.OfInt(2)}); again.panel != s.panel || backend.Runs.Load() != reads {
		t.Errorf("another lag reads %d times more", backend.Runs.Load()-reads)
	}
	if other := spreadOver(t, e, map[string]value.Value{"input.lastPeriod": value.OfInt(5)}); other.panel == s.panel || other.Panel.Periods != 5 {
		t.Error("other periods have the same panel")
	}
	computedtest.Write(t, backend, computedtest.NewNode(t, cat, "Adoption", "a1", storetest.Fields{"study": "v", "adopter": "p1", "practice": "p", "firstPeriod": 1, "censoring": "EXACT"}))
	if after := spreadOver(t, e, nil); after.Counts.Adopters != s.Counts.Adopters+1 {
		t.Errorf("%d adopters before a change, %d after", s.Counts.Adopters, after.Counts.Adopters)
	}
}

func TestWhatIsWorkedOutFromAPanelIsKept(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	computedtest.Write(t, backend, village(t, cat, 50, 4)...)
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
	e, backend, cat := computedtest.Open(t)
	computedtest.Write(t, backend, village(t, cat, 1200, 3)...)
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
	e, backend, cat := computedtest.Open(t)
	computedtest.Write(t, backend, village(t, cat, 5, 0)...)
	computedtest.Write(t, backend, computedtest.NewNode(t, cat, "Tie", "t1", storetest.Fields{"study": "v", "learner": "p1", "source": "p2", "weight": 0.0}))
	if c := spreadOver(t, e, nil).Counts; c.Pairs != 0 || c.TieFacts != 0 {
		t.Errorf("a weight of zero makes %d pairs of %d facts", c.Pairs, c.TieFacts)
	}
	whole := computed.Call{Engine: e, Args: computed.Args{"input": value.OfBool(true), "input.population": value.OfBool(true), "input.population.study": value.OfID("v")}}
	analysis := shape.Fields()["analysis"]
	found, err := analysis(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	if ties, err := found.(computed.Record).Field("tieCount", nil); err != nil || ties != 0 {
		t.Errorf("a weight of zero makes %v ties of a network, %v", ties, err)
	}
	computedtest.Write(t, backend, computedtest.NewNode(t, cat, "Tie", "t2", storetest.Fields{"study": "v", "learner": "p1", "source": "p3", "weight": -1.0}))
	if _, err := about(t.Context(), askedOf(e, nil)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("spread with a negative weight: %v, want it refused", err)
	}
	if _, err := analysis(t.Context(), whole); fault.KindOf(err) != fault.Invalid {
		t.Errorf("analysis with a negative weight: %v, want it refused", err)
	}
}

func TestAReadingOfAStudyThatNobodyWaitsForEnds(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	computedtest.Write(t, backend, village(t, cat, 10, 2)...)
	backend.Gate = make(chan struct{}) // shut
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := about(ctx, askedOf(e, nil)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	close(backend.Gate)
	spreadOver(t, e, nil)
}

func TestNothingMoreIsReadOnceNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, backend, cat := computedtest.Open(t)
		computedtest.Write(t, backend, village(t, cat, 300, 10)...) // three pages of ties
		backend.Gate = make(chan struct{})
		ctx, leave := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := about(ctx, askedOf(e, nil))
			ended <- err
		}()
		for range 4 { // the study, its enrollments, and two pages of ties
			backend.Gate <- struct{}{}
		}
		synctest.Wait()
		begun := backend.Runs.Load()
		leave()
		synctest.Wait()
		close(backend.Gate)
		synctest.Wait()
		if more := backend.Runs.Load() - begun; more != 0 {
			t.Errorf("%d more reads began", more)
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestWhoUsesThePracticeIsCountedOnceAPeriod(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	nodes := village(t, cat, 3, 1)
	for i, spell := range [][2]int{{1, 4}, {3, 5}, {8, 9}} { // of a part of the practice: the first two overlap
		nodes = append(nodes, computedtest.NewNode(t, cat, "Adoption", fmt.Sprintf("n%d", i), storetest.Fields{
			"study": "v", "adopter": "p1", "practice": fmt.Sprintf("q%d", i%2), "firstPeriod": spell[0], "lastPeriod": spell[1], "censoring": "EXACT",
		}))
	}
	for i := range 2 {
		nodes = append(nodes, computedtest.NewNode(t, cat, "Practice", fmt.Sprintf("q%d", i), storetest.Fields{"broader": "p", "sources": []string{"s"}}))
	}
	computedtest.Write(t, backend, nodes...)
	s := spreadOver(t, e, map[string]value.Value{"input.narrower": value.OfBool(true)})
	only := func(person int) bool { return s.IDs[person] == "p1" }
	if diff := cmp.Diff([]int{1, 1, 1, 1, 1, 0, 0, 1, 1, 0}, s.using(only)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTooManyExposuresAreRefused(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	computedtest.Write(t, backend, village(t, cat, 5, 1)...)
	s := spreadOver(t, e, nil)
	panel := *s.Panel
	panel.Periods = maxExposures
	s.Panel = &panel
	if _, err := s.Exposure(t.Context(), 0); fault.KindOf(err) != fault.Limit {
		t.Errorf("got %v", err)
	}
}
