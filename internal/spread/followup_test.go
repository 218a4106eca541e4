package spread

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A chain of three who adopt in the periods 0, 1 and 4 of five, each naming the one before.
func drawnChain() *Panel {
	p := &Panel{Periods: 5, First: 1, Adopted: []int32{0, 1, 4}, Group: []int32{0, 0, 0}}
	p.Ties, _ = NewTies(3, 5, []Tie{{Learner: 1, Source: 0, Weight: 1, Until: 4}, {Learner: 2, Source: 1, Weight: 1, From: 3, Until: 4}})
	return p
}

func TestFollowUpEndsWithTheWindow(t *testing.T) {
	l, err := drawnChain().Learning(context.Background(), LearningOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := l.Attribute(context.Background(), Earliest)
	if err != nil {
		t.Fatal(err)
	}
	for window, want := range map[int]Cohort{
		0: {Adopters: 3, Roots: 1, Learners: 2, FollowUp: (4 + 3 + 0) / 3.0},
		2: {Adopters: 3, Roots: 1, Learners: 1, FollowUp: (2 + 2 + 0) / 3.0},
	} {
		got, err := a.Reproduction(context.Background(), ByGroup, window)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Cohort{want}, got); diff != "" {
			t.Errorf("window %d (-want +got):\n%s", window, diff)
		}
	}
}

func TestContactsAreCountedInTheTimeThatCounts(t *testing.T) {
	contacts, err := drawnChain().Contacts()
	if err != nil {
		t.Fatal(err)
	}
	for within, want := range map[Span]int{{1, 5}: 7, {4, 4}: 2, {1, 3}: 3, {6, 9}: 0, {0, 0}: 0} {
		if got := contacts.CountWithin(JourneyOptions{Within: &within}); got != want {
			t.Errorf("%v: %d contacts, want %d", within, got, want)
		}
	}
}

func TestTiesWrittenOutAreTheContactsOfTheirPeriods(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLearning(t, false)
		var all []Contact
		for period := range int32(l.panel.Periods) {
			for learner, row := range l.panel.Ties.slice(period) {
				for source, weight := range row {
					if weight > 0 {
						all = append(all, Contact{int32(learner), int32(source), int64(l.panel.Label(period))})
					}
				}
			}
		}
		want := contactsAmong(l.panel.People(), all)
		got, err := l.panel.Contacts()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(Contacts{})); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func BenchmarkContactsOfAHundredThousandPeople(b *testing.B) {
	const people, periods = 100_000, 10
	ties := make([]Tie, 0, 10*people)
	for i := range int32(people) {
		for k := range int32(10) {
			ties = append(ties, Tie{Learner: i, Source: (i*7919 + k*104729 + 1) % people, Weight: 1, Until: periods - 1})
		}
	}
	p := &Panel{Periods: periods, Adopted: make([]int32, people)}
	p.Ties, _ = NewTies(people, periods, ties)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Contacts(); err != nil {
			b.Fatal(err)
		}
	}
}
