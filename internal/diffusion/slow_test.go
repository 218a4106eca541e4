package diffusion

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The slow and obvious counterpart: write down every chain without repeated parties, and
// try the days that its dates may mean one by one.

// horizon is beyond every day of the random networks by more than a chain has steps.
const horizon = 12

func everyChain(n *Network, q *Question) []Chain {
	var all []Chain
	var extend func(chain Chain, parties []int)
	extend = func(chain Chain, parties []int) {
		if len(chain) > 0 && inOrder(n, q, chain) {
			all = append(all, slices.Clone(chain))
		}
		if len(chain) == q.MaxHops {
			return
		}
		for i, s := range n.Steps {
			if s.From == parties[len(parties)-1] && !slices.Contains(parties, s.To) {
				extend(append(slices.Clone(chain), int32(i)), append(slices.Clone(parties), s.To))
			}
		}
	}
	for party := range n.Parties {
		extend(nil, []int{party})
	}
	return all
}

func inOrder(n *Network, q *Question, chain Chain) bool {
	switch {
	case q.Order == Ignore:
		return true
	case q.Possible:
		return someDaysFit(n, q, chain, -horizon*2)
	default:
		return certain(n, q, chain)
	}
}

// someDaysFit looks for a day of each step, the first no earlier than the given one.
func someDaysFit(n *Network, q *Question, chain Chain, from int64) bool {
	if len(chain) == 0 {
		return true
	}
	s := n.Steps[chain[0]]
	for day := from; day <= horizon*2; day++ {
		if s.Dated && (day < s.Widened.First || day > s.Widened.Last) {
			continue
		}
		next := day
		if q.Order == Strict {
			next++
		}
		if someDaysFit(n, q, chain[1:], next) {
			return true
		}
	}
	return false
}

// certain tries all days of each two neighbours.
func certain(n *Network, q *Question, chain Chain) bool {
	for k, i := range chain {
		if !n.Steps[i].Dated {
			return false
		}
		if k > 0 && !certainPair(q, n.Steps[chain[k-1]].Widened, n.Steps[i].Widened) {
			return false
		}
	}
	return true
}

func certainPair(q *Question, a, b Span) bool {
	if q.Order == NonStrict && a == b {
		return true
	}
	for x := a.First; x <= a.Last; x++ {
		for y := b.First; y <= b.Last; y++ {
			if y < x || q.Order == Strict && y == x {
				return false
			}
		}
	}
	return true
}

func anyNetwork(t *rapid.T) *Network {
	parties := []string{"a", "b", "c", "d", "e"}
	steps := rapid.SliceOfN(rapid.Custom(anyStep), 0, 9).Draw(t, "steps")
	for i := range steps {
		steps[i].ID = string(rune('A' + i))
	}
	steps = slices.DeleteFunc(steps, func(s Step) bool { return s.From == s.To })
	return NewNetwork(parties, steps)
}

func anyStep(t *rapid.T) Step {
	s := Step{
		From: rapid.IntRange(0, 4).Draw(t, "from"), To: rapid.IntRange(0, 4).Draw(t, "to"),
		Dated: rapid.IntRange(0, 4).Draw(t, "dated") > 0,
	}
	if s.Dated {
		s.Widened.First = rapid.Int64Range(0, 6).Draw(t, "first")
		s.Widened.Last = s.Widened.First + rapid.Int64Range(0, 3).Draw(t, "days")
	}
	return s
}

func anyQuestion(t *rapid.T) *Question {
	return &Question{
		Order:    Order(rapid.IntRange(0, 2).Draw(t, "order")),
		Possible: rapid.Bool().Draw(t, "possible"),
		MaxHops:  rapid.IntRange(1, 5).Draw(t, "maxHops"),
	}
}

func ends(n *Network, chain Chain) (from, to int) {
	return n.Steps[chain[0]].From, n.Steps[chain[len(chain)-1]].To
}

func TestShortestChainsAreWhatTryingAllFinds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, q := anyNetwork(rt), anyQuestion(rt)
		want := map[[2]int][]Chain{}
		for _, chain := range everyChain(n, q) {
			from, to := ends(n, chain)
			pair := [2]int{from, to}
			if known := want[pair]; len(known) == 0 || len(chain) < len(known[0]) {
				want[pair] = nil
			} else if len(chain) > len(known[0]) {
				continue
			}
			want[pair] = append(want[pair], chain)
		}
		got, gotUp := map[[2]int][]Chain{}, map[[2]int][]Chain{}
		for party := range n.Parties {
			down := reach(t, n.Downstream, q, party)
			for _, r := range down.All {
				got[[2]int{party, r.Party}] = all(t, down.Chains(t.Context(), r))
			}
			up := reach(t, n.Upstream, q, party)
			for _, r := range up.All {
				gotUp[[2]int{r.Party, party}] = all(t, up.Chains(t.Context(), r))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("downstream (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff(want, gotUp); diff != "" {
			rt.Fatalf("upstream (-want +got)\n%s", diff)
		}
	})
}

func TestUpstreamIsDownstreamFromTheOtherEnd(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, q := anyNetwork(rt), anyQuestion(rt)
		want, got := map[[2]int]int{}, map[[2]int]int{}
		for party := range n.Parties {
			for _, r := range reach(t, n.Downstream, q, party).All {
				want[[2]int{party, r.Party}] = r.Hops
			}
			for _, r := range reach(t, n.Upstream, q, party).All {
				got[[2]int{r.Party, party}] = r.Hops
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

func TestLongestChainsAreWhatTryingAllFinds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, q := anyNetwork(rt), anyQuestion(rt)
		q.Order = Order(rapid.IntRange(1, 2).Draw(rt, "an order"))
		var want []Chain
		for _, chain := range everyChain(n, q) {
			if slices.ContainsFunc(chain, func(i int32) bool { return !n.Steps[i].Dated }) {
				continue
			}
			if len(want) > 0 && len(chain) > len(want[0]) {
				want = nil
			}
			if len(want) == 0 || len(chain) == len(want[0]) {
				want = append(want, chain)
			}
		}
		got, err := n.Longest(t.Context(), q, -1, -1)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

func TestEarliestChainsAreWhatTryingAllFinds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, q := anyNetwork(rt), anyQuestion(rt)
		q.Order = Order(rapid.IntRange(1, 2).Draw(rt, "an order"))
		want := map[[2]int][]Chain{}
		days := map[[2]int][2]int64{} // the day, then the hops
		for _, chain := range everyChain(n, q.dated()) {
			if slices.ContainsFunc(chain, func(i int32) bool { return !n.Steps[i].Dated }) {
				continue
			}
			from, to := ends(n, chain)
			pair, rank := [2]int{from, to}, [2]int64{arrives(n, q, chain), int64(len(chain))}
			best, known := days[pair]
			if !known || slices.Compare(rank[:], best[:]) < 0 {
				days[pair], want[pair] = rank, nil
			}
			if days[pair] == rank {
				want[pair] = append(want[pair], chain)
			}
		}
		got := map[[2]int][]Chain{}
		for from := range n.Parties {
			for to := range n.Parties {
				chains, day, err := n.Earliest(t.Context(), q, from, to)
				if err != nil {
					t.Fatal(err)
				}
				pair := [2]int{from, to}
				if found := all(t, chains); len(found) > 0 {
					got[pair] = found
				}
				if chains.Hops > 0 && day != days[pair][0] {
					rt.Fatalf("arrives on day %d, want %d", day, days[pair][0])
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

// arrives is the last day of a certain chain, the earliest day on which the last step of
// a possible one fits.
func arrives(n *Network, q *Question, chain Chain) int64 {
	last := n.Steps[chain[len(chain)-1]].Widened
	if !q.Possible {
		return last.Last
	}
	for day := last.First; ; day++ {
		fixed := Network{Parties: n.Parties, Steps: slices.Clone(n.Steps)}
		fixed.Steps[chain[len(chain)-1]].Widened = Span{day, day}
		if someDaysFit(&fixed, q, chain, -horizon) {
			return day
		}
	}
}

func TestPagesOfChainsAreThePartsOfTheWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, q := anyNetwork(rt), anyQuestion(rt)
		chains, err := n.Shortest(t.Context(), q, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		var got []Chain
		for _, chain := range all(t, chains) {
			page, err := chains.Page(1, len(got))
			if err != nil || len(page) != 1 {
				rt.Fatalf("page %d: %v, %v", len(got), page, err)
			}
			got = append(got, chain)
		}
		if page, err := chains.Page(1, len(got)); len(page) != 0 || err != nil {
			rt.Fatalf("behind the last: %v, %v", page, err)
		}
	})
}

func reach(t *testing.T, search func(context.Context, *Question, int) (*Reach, error), q *Question, party int) *Reach {
	t.Helper()
	reached, err := search(t.Context(), q, party)
	if err != nil {
		t.Fatal(err)
	}
	return reached
}

func all(t *testing.T, c *Chains) []Chain {
	t.Helper()
	page, err := c.Page(maxCount, 0)
	if err != nil {
		t.Fatal(err)
	}
	return page
}
