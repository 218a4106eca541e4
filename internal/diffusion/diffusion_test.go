package diffusion

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// draw makes a network of lines such as "s1 A B 2 5": B learned from A in the period from
// day 2 to day 5; "s1 A B ?" is undated.
func draw(t testing.TB, lines ...string) *Network {
	t.Helper()
	var steps []Step
	var names []string
	for letter := 'A'; letter <= 'Z'; letter++ {
		names = append(names, string(letter))
	}
	for _, line := range lines {
		f := strings.Fields(line)
		s := Step{ID: f[0], From: int(f[1][0] - 'A'), To: int(f[2][0] - 'A'), Dated: f[3] != "?"}
		if s.Dated {
			if _, err := fmt.Sscan(f[3]+" "+f[4], &s.Widened.First, &s.Widened.Last); err != nil {
				t.Fatal(err)
			}
			s.Written = s.Widened
		}
		steps = append(steps, s)
	}
	return NewNetwork(names, steps)
}

// names writes parties with their hops: "B1 C2".
func names(n *Network, all []Reached) string {
	var words []string
	for _, r := range all {
		words = append(words, fmt.Sprintf("%s%d", n.Parties[r.Party], r.Hops))
	}
	return strings.Join(words, " ")
}

// written writes chains by the ids of their steps: "s1 s2, s1 s3".
func written(n *Network, chains []Chain) string {
	var all []string
	for _, chain := range chains {
		var ids []string
		for _, i := range chain {
			ids = append(ids, n.Steps[i].ID)
		}
		all = append(all, strings.Join(ids, " "))
	}
	return strings.Join(all, ", ")
}

func TestTheOrderOfTwoSteps(t *testing.T) {
	// A -> B -> C; each row: the two periods, then whether C is reached under the orders.
	tests := []struct{ name, first, second, want string }{
		{"one after the other", "1 2", "3 4", "non-strict certain, non-strict possible, strict certain, strict possible"},
		{"the same period twice", "1 4", "1 4", "non-strict certain, non-strict possible, strict possible"},
		{"the same day twice", "3 3", "3 3", "non-strict certain, non-strict possible"},
		{"the second begins as the first ends", "1 3", "3 5", "non-strict certain, non-strict possible, strict possible"},
		{"the second within the first", "1 9", "3 4", "non-strict possible, strict possible"},
		{"the second over by the first's first day", "3 9", "1 3", "non-strict possible"},
		{"the second before the first", "3 4", "1 2", ""},
		{"the first undated", "?", "1 2", "non-strict possible, strict possible"},
		{"both undated", "?", "?", "non-strict possible, strict possible"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := draw(t, "s1 A B "+test.first, "s2 B C "+test.second)
			if diff := cmp.Diff(test.want, strings.Join(ordersThatReachC(t, n), ", ")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func ordersThatReachC(t *testing.T, n *Network) (orders []string) {
	t.Helper()
	for _, order := range []Order{NonStrict, Strict} {
		for _, possible := range []bool{false, true} {
			q := &Question{Order: order, Possible: possible, MaxHops: 4}
			chains, err := n.Shortest(t.Context(), q, 0, 2)
			if err != nil {
				t.Fatal(err)
			}
			if chains.Hops > 0 {
				orders = append(orders, map[Order]string{NonStrict: "non-strict", Strict: "strict"}[order]+map[bool]string{false: " certain", true: " possible"}[possible])
			}
		}
	}
	return orders
}

func TestPossibleDaysFitTheWholeChain(t *testing.T) {
	// Each step may follow the one ahead of it, but no days fit all three.
	n := draw(t, "s1 A B 8 9", "s2 B C ?", "s3 C D 1 2")
	got, err := n.Downstream(t.Context(), &Question{Order: NonStrict, Possible: true, MaxHops: 4}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("B1 C2", names(n, got.All)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestALongerWayMayBeTheOnlyOneInTime(t *testing.T) {
	// The straight way to C arrives too late to go on to D; the way by B does not.
	n := draw(t, "s1 A C 8 9", "s2 A B 1 1", "s3 B C 2 2", "s4 C D 3 3")
	q := &Question{Order: Strict, MaxHops: 4}
	got, err := n.Downstream(t.Context(), q, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("B1 C1 D3", names(n, got.All)); diff != "" {
		t.Errorf("downstream (-want +got)\n%s", diff)
	}
	up, err := n.Upstream(t.Context(), q, 3)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("C1 B2 A3", names(n, up.All)); diff != "" {
		t.Errorf("upstream (-want +got)\n%s", diff)
	}
}

func TestChainsNeverComeBack(t *testing.T) {
	n := draw(t, "s1 A B 1 1", "s2 B A 2 2", "s3 A C 3 3", "s4 C B 4 4")
	q := &Question{Order: NonStrict, MaxHops: 12}
	got, err := n.Downstream(t.Context(), q, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("B1 C1", names(n, got.All)); diff != "" {
		t.Errorf("reached (-want +got)\n%s", diff)
	}
	longest, err := n.Longest(t.Context(), q, -1, -1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("s3 s4, s2 s3", written(n, longest)); diff != "" {
		t.Errorf("longest (-want +got)\n%s", diff)
	}
}

func TestEarliestIsNotShortest(t *testing.T) {
	n := draw(t, "s1 A C 8 9", "s2 A B 1 1", "s3 B C 2 2", "s4 B C 2 2", "s5 A C ?")
	q := &Question{Order: NonStrict, Possible: true, MaxHops: 4}
	chains, day, err := n.Earliest(t.Context(), q, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	page, err := chains.Page(10, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("s2 s3, s2 s4", written(n, page)); diff != "" || day != 2 {
		t.Errorf("day %d, chains (-want +got)\n%s", day, diff)
	}
}

func TestNobodyStandsInsideWhoMayNot(t *testing.T) {
	n := draw(t, "s1 A B 1 1", "s2 B C 2 2", "s3 A D 1 1", "s4 D E 1 1", "s5 E C 2 2")
	q := &Question{Order: NonStrict, MaxHops: 4, Through: func(party int) bool { return party != 1 }}
	got, err := n.Downstream(t.Context(), q, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("B1 D1 E2 C3", names(n, got.All)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTooManyChainsAreRefused(t *testing.T) {
	var lines []string
	for from := 'A'; from < 'L'; from++ {
		for k := range 10 {
			lines = append(lines, fmt.Sprintf("s%c%d %c %c ?", from, k, from, from+1))
		}
	}
	n := draw(t, lines...)
	chains, err := n.Shortest(t.Context(), &Question{MaxHops: 12}, 0, 11)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chains.Count(); !errors.Is(err, ErrWork) {
		t.Errorf("10^11 chains: %v, want ErrWork", err)
	}
}

func TestACancelledQuestionStops(t *testing.T) {
	n := draw(t, "s1 A B 1 1")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := n.Downstream(ctx, &Question{MaxHops: 1}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
