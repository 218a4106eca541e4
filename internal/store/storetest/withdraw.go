package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
	"nicgraph/internal/withdraw"
)

// Withdrawals checks that what is withdrawn is told nowhere, and that what is shown again is as it was.
func Withdrawals(t *testing.T, open OpenVault) {
	t.Run("what is hidden leaves a number and nothing else", func(t *testing.T) { testHide(t, open) })
	t.Run("what led there only once begins later", func(t *testing.T) { testRepointed(t, open) })
	t.Run("who was written since gets lost links back behind the others", func(t *testing.T) { testShowLater(t, open) })
	t.Run("what cannot come back is told, and nothing changes", func(t *testing.T) { testShowRefused(t, open) })
	t.Run("what is erased is gone from what is hidden, too", func(t *testing.T) { testErase(t, open) })
	t.Run("reasons, keys and proposals that tell of a person go along", func(t *testing.T) { testWords(t, open) })
	t.Run("ids that stand for a person go along", func(t *testing.T) { testWithdrawMerged(t, open) })
	t.Run("who reads meanwhile sees what was before or what is after", func(t *testing.T) { testWithdrawWhileReading(t, open) })
	t.Run("a dry run changes nothing", func(t *testing.T) { testWithdrawDry(t, open) })
	t.Run("what comes back leads to those of which others became part meanwhile", func(t *testing.T) { testMergedMeanwhile(t, open) })
	t.Run("what stands for somebody who is hidden is back with both", func(t *testing.T) { testStandsForHidden(t, open) })
	t.Run("who was merged and parted again leaves no name", func(t *testing.T) { testWithdrawParted(t, open) })
	t.Run("who was deleted is withdrawn from the history", func(t *testing.T) { testWithdrawDeleted(t, open) })
	t.Run("whatever was written", func(t *testing.T) { testAnyWithdrawal(t, open) })
}

func testHide(t *testing.T, open OpenVault) {
	alone := newHouse(t, open, visits()[0]).told(1)
	h := newHouse(t, open, visits()...)
	before := h.told(8)
	out := h.does(withdraw.Hide, "p", 0)
	if out.Change != 9 || out.Things != 2 || out.Facts != 0 || out.Links != 3 {
		t.Errorf("got %+v", out)
	}
	h.untold("p")
	for _, gone := range []string{"l", "n"} {
		if line := tells(h.told(9), gone); line != "" {
			t.Errorf("%s is told of: %s", gone, line)
		}
	}
	if diff := cmp.Diff(alone, h.told(1)); diff != "" {
		t.Errorf("what was there before (-want +got):\n%s", diff)
	}
	changes, err := h.vault.Changes(t.Context(), &change.Ask{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"homes created 3", " created 0", " created 0", "friends created 2", " created 0", " created 0", " created 0", " created 0", "something was hidden created 0"} {
		if got := fmt.Sprintf("%s created %d", changes[i].Note.Why, changes[i].Summary.Created); got != want {
			t.Errorf("change %d is %q, want %q", i+1, got, want)
		}
	}
	if last := changes[8]; last.Note.By != "root" || last.Summary != (change.Summary{}) {
		t.Errorf("the trace is %+v", last)
	}
	h.hides(9)
	if out := h.does(withdraw.Show, "", 9); out.Change != 10 || out.Things != 2 || out.Links != 3 {
		t.Errorf("shown: %+v", out)
	}
	h.tellsAgain(before, 8)
	h.hides()
	h.sound()
	if _, err := h.try(withdraw.Show, "", 9); fault.KindOf(err) != fault.NotFound {
		t.Errorf("shown twice: %v", err)
	}
}

func testRepointed(t *testing.T, open OpenVault) {
	h := newHouse(t, open,
		write{upserts: map[string]Fields{"Person p": {}, "Person a": {}}},
		write{upserts: map[string]Fields{"Lesson l": {"learner": "p"}, "Person b": {"likes": []string{"l", "a"}}}},
		write{upserts: map[string]Fields{"Lesson l": {"learner": "a"}}},
		write{upserts: map[string]Fields{"Lesson l": {"learner": "a", "note": "x"}}},
	)
	before := h.told(4)
	h.does(withdraw.Hide, "p", 0)
	h.untold("p")
	var got []string
	for number := range 5 {
		text := ""
		for _, n := range h.at(number) {
			text += fmt.Sprintf("%s %d %v; ", n.ID, n.Version(), slices.Concat(n.Links...))
		}
		got = append(got, text)
	}
	want := []string{"", "a 1 []; ", "a 1 []; b 2 [a]; ", "a 1 []; b 3 [l a]; l 3 [a]; ", "a 1 []; b 3 [l a]; l 4 [a]; "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after each change (-want +got):\n%s", diff)
	}
	h.does(withdraw.Show, "", 5)
	h.tellsAgain(before, 4)
}

func testShowLater(t *testing.T, open OpenVault) {
	h := newHouse(t, open,
		write{upserts: map[string]Fields{"Person p": {}, "Person a": {"likes": []string{"p"}, "friend": "p"}, "Person b": {"likes": []string{"p"}, "friend": "p"}, "Person c": {"likes": []string{"p", "a"}}}})
	h.does(withdraw.Hide, "p", 0)
	h.write(write{upserts: map[string]Fields{"Person a": {"likes": []string{"b", "a"}, "friend": "b"}, "Person b": {"nick": "B"}}})
	h.write(write{deletes: []string{"c"}})
	h.does(withdraw.Show, "", 2)
	h.sound()
	var got []string
	for _, n := range h.at(5) {
		got = append(got, fmt.Sprintf("%s%d%v", n.ID, n.Version(), n.Links))
	}
	if diff := cmp.Diff([]string{"a3[[b] [b a p]]", "b3[[p] [p]]", "p1[[] []]"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	entries, err := h.vault.NodeHistory(t.Context(), "c", 0, 10)
	if err != nil || len(entries) != 2 || !slices.Equal(entries[0].Before.Links[1], []string{"p", "a"}) {
		t.Errorf("the history of what is gone: %v, %+v", err, entriesOf(entries))
	}
}

func testShowRefused(t *testing.T, open OpenVault) {
	h := newHouse(t, open, write{upserts: map[string]Fields{
		"Person p": {}, "Person q": {"friend": "p"}, "Person r": {"friend": "x"}, "Person a": {}, "Person x": {}, "Lesson l": {"learner": "p", "teacher": "q"}}})
	refused := func(what string, number int) {
		t.Helper()
		last := int(h.revision())
		before := h.told(last)
		if _, err := h.try(withdraw.Show, "", number); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: %v", what, err)
		}
		if diff := cmp.Diff(before, h.told(last)); diff != "" {
			t.Errorf("%s (-before +after):\n%s", what, diff)
		}
	}
	h.does(withdraw.Hide, "p", 0)
	h.does(withdraw.Hide, "q", 0)
	refused("what leads to somebody who is hidden", 2)
	h.does(withdraw.Show, "", 3)
	h.does(withdraw.Show, "", 2)
	if diff := cmp.Diff(printed(h.at(1)), printed(h.at(5))); diff != "" {
		t.Errorf("both are shown again (-before +after):\n%s", diff)
	}
	h.does(withdraw.Hide, "x", 0)
	h.write(write{upserts: map[string]Fields{"Person x": {}}})
	refused("an id that is used again", 6)
	h.write(write{upserts: map[string]Fields{"Lesson m": {"learner": "a"}, "Lesson k": {"learner": "a", "at": "oak"}, "Place oak": {}}})
	h.does(withdraw.Hide, "a", 0)
	h.write(write{deletes: []string{"oak"}})
	h.does(withdraw.Show, "", 9)
	h.sound()
}

func testErase(t *testing.T, open OpenVault) {
	h := newHouse(t, open, visits()...)
	h.write(write{upserts: map[string]Fields{"Person q": {"likes": []string{"p"}, "nick": "likes Quill"}, "Lesson o": {"learner": "q", "teacher": "p"}, "Lesson x": {"learner": "p", "teacher": "q"}}})
	h.write(write{upserts: map[string]Fields{"Person q": {"likes": []string{"p"}}}})
	h.does(withdraw.Hide, "q", 0)
	h.does(withdraw.Erase, "p", 0)
	h.untold("p")
	h.hides(11)
	all, err := h.vault.Hidden(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(&all[0])
	if err != nil || holdsID(string(raw), "p") || holdsID(string(raw), "x") {
		t.Errorf("what is hidden of another tells of what is erased: %v\n%s", err, raw)
	}
	h.does(withdraw.Show, "", 11)
	h.sound()
	h.does(withdraw.Hide, "b", 0)
	hidden := h.told(14)
	h.does(withdraw.Erase, "", 14)
	h.hides()
	if diff := cmp.Diff(hidden, h.told(14)); diff != "" {
		t.Errorf("erasing what is hidden changes what is told (-before +after):\n%s", diff)
	}
	for _, r := range []withdraw.Request{{Action: withdraw.Erase}, {Action: withdraw.Erase, ID: "a", Number: 1}} {
		if _, err := h.vault.Withdraw(t.Context(), &r); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v: %v", r, err)
		}
	}
	for _, r := range []withdraw.Request{{Action: withdraw.Erase, ID: "nobody"}, {Action: withdraw.Hide, ID: "oak"}, {Action: withdraw.Show, Number: 14}, {Action: withdraw.Erase, Number: 3}} {
		if _, err := h.vault.Withdraw(t.Context(), &r); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v: %v", r, err)
		}
	}
}

func testWords(t *testing.T, open OpenVault) {
	h := newHouse(t, open, visits()...)
	at := moment(3)
	add := func(subject, key, request, text string) int {
		t.Helper()
		p, err := h.vault.AddProposal(t.Context(), proposal.Proposal{Request: json.RawMessage(request), Subject: subject, By: subject, Key: key, Status: proposal.Open,
			Events: []proposal.Event{{Action: proposal.Propose, By: subject, At: at, Text: text}}})
		if err != nil {
			t.Fatal(err)
		}
		return p.Number
	}
	add("ann", "", `{"input":[{"id":"a"}]}`, "about A")
	add("ann", "k", `{"input":[{"id":"b","friend":"p"}]}`, "")
	add("bo", "k", `{"input":[{"id":"b"}]}`, "Quill of the hill!")
	add("bo", "", `{"expect":{"l":3}}`, "")
	add("bo", "", `{"input":[{"id":"b","name":"quilled pp"}]}`, "")
	add("bo", "last", `{"input":[{"name":"ZZYZX QUILL"}]}`, "")
	keyed := &change.Batch{Upserts: h.make(map[string]Fields{"Place elm": {}}), Note: change.Note{Key: "elm of zzyzx quill", Why: "Grüße an p.", At: at}}
	if _, err := h.vault.Apply(t.Context(), keyed, nil); err != nil {
		t.Fatal(err)
	}
	before := proposalsOf(h)
	all := h.told(9)
	h.does(withdraw.Hide, "p", 0)
	h.untold("p")
	if got := proposalsOf(h); !slices.Equal(got, []string{before[1], before[5]}) {
		t.Errorf("proposals that are left: %v", got)
	}
	if number := add("bo", "last", `{}`, ""); number != 7 {
		t.Errorf("the number %d is given again", number)
	}
	h.does(withdraw.Show, "", 10)
	h.tellsAgain(all, 9)
	got := proposalsOf(h)
	if got = got[1:]; got[0] != strings.Replace(before[0], "last", "", 1) || !slices.Equal(got[1:], before[1:]) {
		t.Errorf("proposals, shown again: %v\nwant %v", got, before)
	}
	if out, err := h.vault.Apply(t.Context(), keyed, nil); err != nil || !out.Repeated {
		t.Errorf("the key is forgotten: %+v, %v", out, err)
	}
}

// proposalsOf are the proposals as texts, the newest first.
func proposalsOf(h *house) (all []string) {
	h.Helper()
	found, err := h.vault.Proposals(h.Context(), proposal.Ask{First: 100})
	if err != nil {
		h.Fatal(err)
	}
	for _, p := range found {
		all = append(all, fmt.Sprintf("%d %s %q %s %v", p.Number, p.Subject, p.Key, p.Request, p.Events))
	}
	return all
}

func testWithdrawWhileReading(t *testing.T, open OpenVault) {
	h := newHouse(t, open, visits()...)
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for number := 0; ctx.Err() == nil; number++ {
				if _, err := nodesAt(t, h.vault, h.cat, number%9); err != nil {
					t.Errorf("after change %d: %v", number%9, err)
				}
				entries, err := h.vault.NodeHistory(t.Context(), "p", 0, 10)
				if err != nil || len(entries) != 0 && len(entries) != 2 {
					t.Errorf("the history of p: %v, %+v", err, entriesOf(entries))
				}
			}
		})
	}
	for number := 9; number < 29; number += 2 {
		h.does(withdraw.Hide, "p", 0)
		h.does(withdraw.Show, "", number)
	}
	stop()
	readers.Wait()
}

func testWithdrawDeleted(t *testing.T, open OpenVault) {
	h := newHouse(t, open, visits()...)
	h.write(write{upserts: map[string]Fields{"Person a": {}, "Person b": {}}, deletes: []string{"p", "l", "m"}})
	before := h.told(9)
	h.does(withdraw.Hide, "p", 0)
	h.untold("p")
	h.hides(10)
	h.does(withdraw.Show, "", 10)
	h.tellsAgain(before, 9)
	h.does(withdraw.Erase, "p", 0)
	h.untold("p")
	h.write(write{upserts: map[string]Fields{"Person x": {}}})
	h.write(write{deletes: []string{"x"}})
	h.write(write{upserts: map[string]Fields{"Place x": {}}})
	if _, err := h.try(withdraw.Hide, "x", 0); fault.KindOf(err) != fault.NotFound {
		t.Errorf("whose id is another's: %v", err)
	}
}

func testWithdrawDry(t *testing.T, open OpenVault) {
	h := newHouse(t, open, visits()...)
	before := h.told(8)
	out, err := h.vault.Withdraw(t.Context(), &withdraw.Request{Action: withdraw.Hide, ID: "p", DryRun: true})
	if err != nil || out.Change != 0 || out.Things != 2 || out.Links != 3 {
		t.Errorf("got %+v, %v", out, err)
	}
	if diff := cmp.Diff(before, h.told(8)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	h.hides()
}
