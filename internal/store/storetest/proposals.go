package storetest

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
)

// Proposals checks what a keeper of proposals promises. There are none at first.
func Proposals(t *testing.T, k proposal.Keeper) {
	t.Run("a new place holds none", func(t *testing.T) { testNoProposals(t, k) })
	t.Run("what is kept comes back", func(t *testing.T) { testProposals(t, k) })
	t.Run("a key is kept once for each proposer", func(t *testing.T) { testProposalKeys(t, k) })
	t.Run("changes at the same time do not lose each other", func(t *testing.T) { testProposalChanges(t, k) })
	t.Run("each proposal has a number of its own", func(t *testing.T) { testProposalNumbers(t, k) })
}

func testNoProposals(t *testing.T, k proposal.Keeper) {
	if got := listed(t, k, proposal.Ask{First: 10}); len(got) > 0 {
		t.Errorf("got %v, want none", got)
	}
	_, err := k.ChangeProposal(t.Context(), 1, func(*proposal.Proposal) error { t.Error("a proposal that is not there was changed"); return nil })
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v, want that there is no such proposal", err)
	}
}

// newProposal keeps a proposal.
func newProposal(t *testing.T, k proposal.Keeper, subject, key string) proposal.Proposal {
	t.Helper()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p, err := k.AddProposal(t.Context(), proposal.Proposal{
		Request: json.RawMessage(`{"action":"create","input":[{"name":"O'Neil \"$id\" ü"}]}`), Subject: subject, By: subject, Key: key, Status: proposal.Open,
		Events: []proposal.Event{{Action: proposal.Propose, By: subject, At: at, Text: "because"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func listed(t *testing.T, k proposal.Keeper, ask proposal.Ask) []proposal.Proposal {
	t.Helper()
	got, err := k.Proposals(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func testProposals(t *testing.T, k proposal.Keeper) {
	a, b, c := newProposal(t, k, "ann", ""), newProposal(t, k, "bob", ""), newProposal(t, k, "ann", "")
	if a.Number != 1 || b.Number != 2 || c.Number != 3 {
		t.Errorf("the numbers are %d, %d, %d", a.Number, b.Number, c.Number)
	}
	_, err := k.ChangeProposal(t.Context(), 2, func(p *proposal.Proposal) error { p.Status = proposal.Approved; return errors.New("no") })
	if err == nil {
		t.Error("a change that gives an error is made")
	}
	c, err = k.ChangeProposal(t.Context(), 3, func(p *proposal.Proposal) error { p.Status, p.Change = proposal.Approved, 7; return nil })
	if err != nil || c.Change != 7 {
		t.Fatal(c, err)
	}
	for name, test := range map[string]struct {
		ask  proposal.Ask
		want []proposal.Proposal
	}{
		"all":                 {proposal.Ask{First: 10}, []proposal.Proposal{c, b, a}},
		"some":                {proposal.Ask{First: 2}, []proposal.Proposal{c, b}},
		"none":                {proposal.Ask{}, nil},
		"those before one":    {proposal.Ask{First: 10, Before: 3}, []proposal.Proposal{b, a}},
		"none before the 1st": {proposal.Ask{First: 10, Before: 1}, nil},
		"those of somebody":   {proposal.Ask{First: 10, Subject: "ann"}, []proposal.Proposal{c, a}},
		"those of a status":   {proposal.Ask{First: 10, Status: proposal.Open}, []proposal.Proposal{b, a}},
		"one":                 {proposal.Ask{First: 10, Number: 2}, []proposal.Proposal{b}},
		"one of another":      {proposal.Ask{First: 10, Number: 2, Subject: "ann"}, nil},
		"one that is not":     {proposal.Ask{First: 10, Number: 9}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, listed(t, k, test.ask), emptyIsNone); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// emptyIsNone takes an empty list for none.
var emptyIsNone = cmp.Transformer("none", func(all []proposal.Proposal) []proposal.Proposal { return slices.Concat(all) })

func testProposalKeys(t *testing.T, k proposal.Keeper) {
	first := newProposal(t, k, "ann", "k")
	if again := newProposal(t, k, "ann", "k"); again.Number != first.Number {
		t.Errorf("the same key is proposal %d and proposal %d", first.Number, again.Number)
	}
	if other := newProposal(t, k, "bob", "k"); other.Number == first.Number {
		t.Error("two proposers share a key")
	}
}

func testProposalChanges(t *testing.T, k proposal.Keeper) {
	p := newProposal(t, k, "ann", "")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := k.ChangeProposal(t.Context(), p.Number, func(p *proposal.Proposal) error { p.Change++; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := listed(t, k, proposal.Ask{Number: p.Number, First: 1}); got[0].Change != 8 {
		t.Errorf("%d of 8 changes are kept", got[0].Change)
	}
}

func testProposalNumbers(t *testing.T, k proposal.Keeper) {
	var all sync.WaitGroup
	numbers := make([]int, 8)
	for i := range numbers {
		all.Go(func() { numbers[i] = newProposal(t, k, "many", "").Number })
	}
	all.Wait()
	slices.Sort(numbers)
	if len(slices.Compact(numbers)) != 8 {
		t.Errorf("the numbers are %v", numbers)
	}
}
