package main

import (
	"strings"
	"testing"
	"time"

	"nicgraph/bench/questions"
)

func TestTwoServersAreComparedWithOneThatIsHeldAsTheyAre(t *testing.T) {
	turns := map[setting][]turn{}
	for s, perSecond := range map[setting]float64{{1, false}: 1000, {2, false}: 1100, {1, true}: 200, {2, true}: 390} {
		for _, more := range []float64{50, 0, -50} {
			turns[s] = append(turns[s], turn{perSecond: perSecond + more, server: 200 * time.Microsecond, database: 150 * time.Microsecond})
		}
	}
	got := table([]result{{&questions.Question{Name: "person"}, turns}}, options{share: 0.1})
	for _, line := range []string{
		"| person | 1 | 1000 | 1.00 | 200 | 150 |",
		"|  | 2 | 1100 | 1.10 | 200 | 150 |",
		"|  | 1, each for 10 % of the time | 200 | 1.00 | 200 | 150 |",
		"|  | 2, each for 10 % of the time | 390 | 1.95 | 200 | 150 |",
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("the table has no line %s\n%s", line, got)
		}
	}
}
