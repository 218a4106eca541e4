package spread

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawTies are random ties, some doubled, some with oneself, some outside the periods.
func drawTies(t *rapid.T, people, periods int) []Tie {
	one := rapid.Custom(func(t *rapid.T) Tie {
		return Tie{
			Learner: rapid.Int32Range(0, int32(people-1)).Draw(t, "learner"),
			Source:  rapid.Int32Range(0, int32(people-1)).Draw(t, "source"),
			Weight:  float64(rapid.IntRange(1, 3).Draw(t, "weight")),
			From:    rapid.Int32Range(-1, int32(periods-1)).Draw(t, "from"),
			Until:   rapid.Int32Range(0, int32(periods)).Draw(t, "until"),
		}
	})
	ties := rapid.SliceOfN(one, 0, 4*people).Draw(t, "ties")
	if rapid.Bool().Draw(t, "static") {
		for i := range ties {
			ties[i].From, ties[i].Until = 0, int32(periods-1)
		}
	}
	return ties
}

// slice is the slow counterpart: what each pair's ties weigh in one period.
func slice(people int, ties []Tie, period int32) [][]float64 {
	w := make([][]float64, people)
	for i := range w {
		w[i] = make([]float64, people)
	}
	for _, t := range ties {
		if t.Learner != t.Source && t.From <= period && period <= t.Until {
			w[t.Learner][t.Source] += t.Weight
		}
	}
	return w
}

func (t *Ties) slice(period int32) [][]float64 {
	w := make([][]float64, t.People())
	for i := range w {
		w[i] = make([]float64, t.People())
		for e, end := t.Row(i); e < end; e++ {
			if t.Holds(e, period) {
				w[i][t.Other[e]] += t.weight(e, true)
			}
		}
	}
	return w
}

func TestRowsWeighWhatTheTiesWeighInEveryPeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, periods := rapid.IntRange(1, 6).Draw(t, "people"), rapid.IntRange(1, 4).Draw(t, "periods")
		ties := drawTies(t, people, periods)
		rows, _ := NewTies(people, periods, ties)
		for period := range int32(periods) {
			want := slice(people, ties, period)
			if diff := cmp.Diff(want, rows.slice(period)); diff != "" {
				t.Fatalf("period %d (-want +got):\n%s", period, diff)
			}
			turned := rows.Reversed().slice(period)
			for i := range want {
				for j := range want {
					if want[i][j] != turned[j][i] {
						t.Fatalf("period %d: reversed tie %d->%d weighs %v, want %v", period, j, i, turned[j][i], want[i][j])
					}
				}
			}
		}
	})
}

func TestPartsOfAPairDoNotOverlapAndRowsAscend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, periods := 5, 6
		forward, _ := NewTies(people, periods, drawTies(t, people, periods))
		for _, rows := range []*Ties{forward, forward.Reversed()} {
			for i := range people {
				begin, end := rows.Row(i)
				for e := begin + 1; e < end; e++ {
					from, _ := rows.Span(e, int32(periods-1))
					_, until := rows.Span(e-1, int32(periods-1))
					if rows.Other[e] < rows.Other[e-1] || rows.Other[e] == rows.Other[e-1] && from <= until {
						t.Fatalf("entries %d and %d of person %d are out of order: %+v", e-1, e, i, rows)
					}
				}
			}
		}
	})
}

func TestTiesOfOnePairBecomeOneAndSelfTiesAreCounted(t *testing.T) {
	rows, self := NewTies(3, 2, []Tie{{2, 0, 1, 0, 1}, {1, 1, 1, 0, 1}, {0, 2, 1, 0, 1}, {0, 1, 2, 0, 0}, {0, 1, 1, 0, 1}, {0, 1, 2, 1, 1}})
	if self != 1 {
		t.Errorf("ties with oneself = %d, want 1", self)
	}
	got := struct {
		Start  []int64
		Other  []int32
		Weight []float64
		Static bool
	}{rows.Start, rows.Other, rows.Weight, rows.Static()}
	want := got
	want.Start, want.Other, want.Weight, want.Static = []int64{0, 2, 2, 3}, []int32{1, 2, 0}, []float64{3, 1, 1}, true
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if rows.Reversed().Reversed() != rows {
		t.Error("ties reversed twice are not the ties themselves")
	}
}

func TestPlainTiesCarryNeitherWeightsNorPeriods(t *testing.T) {
	rows, _ := NewTies(3, 4, []Tie{{0, 1, 1, 0, 3}, {1, 2, 1, 0, 1}, {1, 2, 1, 2, 3}})
	if rows.Weight != nil || rows.From != nil || rows.Until != nil {
		t.Errorf("weights %v, from %v, until %v, want none", rows.Weight, rows.From, rows.Until)
	}
}
