package population

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// named are ties as they are read, each with the number under which it came as its id.
func named(ties, people int) (n naming, learners []int32) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range ties {
		learners = append(learners, random.Int32N(int32(people)))
		n.source, n.kind, n.weight = append(n.source, random.Int32N(int32(people))), append(n.kind, 0), append(n.weight, 1)
		n.first, n.last = append(n.first, int32(i)), append(n.last, int32(i))
		n.facts.add("tie-" + strconv.Itoa(i))
	}
	return n, learners
}

func TestTiesStandInTheRowsOfTheirLearners(t *testing.T) {
	const people = 7
	n, learners := named(200, people)
	want := make([]int32, len(learners)) // the numbers under which they came
	for i := range want {
		want[i] = int32(i)
	}
	slices.SortFunc(want, func(a, b int32) int {
		return cmp.Or(cmp.Compare(learners[a], learners[b]), cmp.Compare(n.source[a], n.source[b]), cmp.Compare(a, b))
	})
	rows := n.inRows(learners, people)
	if diff := gocmp.Diff(want, rows.first); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for i, number := range rows.first {
		if got := rows.facts.at(i); got != "tie-"+strconv.Itoa(int(number)) {
			t.Errorf("tie %d has the id %s", number, got)
		}
	}
	for learner := range people {
		for _, number := range rows.first[rows.start[learner]:rows.start[learner+1]] {
			if learners[number] != int32(learner) {
				t.Errorf("tie %d of learner %d stands in the row of %d", number, learners[number], learner)
			}
		}
	}
}

func BenchmarkTiesIntoRows(b *testing.B) {
	n, learners := named(1_000_000, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		n.inRows(learners, 100_000)
	}
}
