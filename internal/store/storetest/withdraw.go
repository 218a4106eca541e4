package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
	"nicgraph/internal/search"
	"nicgraph/internal/store"
	nodesof "nicgraph/internal/stored"
	"nicgraph/internal/value"
	"nicgraph/internal/withdraw"
)

// Vault is a store that withdraws records of persons.
type Vault interface {
	store.Backend
	withdraw.Keeper
	proposal.Keeper
}

// Withdrawals checks that what is withdrawn is told nowhere, and that what is shown again is as it was.
func Withdrawals(t *testing.T, open func(t *testing.T, cat *catalog.Catalog) Vault) {
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

// house is a store with a history, from which people are withdrawn.
type house struct {
	*testing.T
	cat   *catalog.Catalog
	vault Vault
}

func newHouse(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault, steps ...write) *house {
	t.Helper()
	cat := Catalog()
	h := &house{t, cat, open(t, cat)}
	for _, step := range steps {
		h.write(step)
	}
	return h
}

func (h *house) write(w write) change.Outcome {
	h.Helper()
	nodes, err := nodesOf(h.cat, w.upserts)
	if err != nil {
		h.Fatal(err)
	}
	out, err := h.vault.Apply(h.Context(), &change.Batch{Upserts: nodes, Deletes: w.deletes, Note: change.Note{By: "ann", Why: w.name, At: moment(1)}}, nil)
	if err != nil {
		h.Fatal(err)
	}
	return out
}

func (h *house) does(action withdraw.Action, id string, number int) withdraw.Outcome {
	h.Helper()
	out, err := h.try(action, id, number)
	if err != nil {
		h.Fatal(err)
	}
	return out
}

func (h *house) try(action withdraw.Action, id string, number int) (withdraw.Outcome, error) {
	note := change.Note{By: "root", Why: "the administrator's own", At: moment(2)}
	return h.vault.Withdraw(h.Context(), &withdraw.Request{Action: action, ID: id, Number: number, Note: note})
}

// told is all that readers can ask of the store up to a change, a line each.
func (h *house) told(upTo int) []string {
	h.Helper()
	all, err := told(h.T, h.vault, h.cat, upTo)
	if err != nil {
		h.Fatal(err)
	}
	return all
}

// told is all that readers can ask of a store up to a change: the graph after each change, what each
// one did, what was done to each node, and what a search would find. The error says what does
// not fit together.
func told(t *testing.T, backend store.Backend, cat *catalog.Catalog, upTo int) (all []string, err error) {
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	changes, err := backend.Changes(t.Context(), &change.Ask{Before: upTo + 1, First: 1000})
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, r := range changes {
		add("change %d by %s, why %q, key %q: %+v", r.Number, r.Note.By, r.Note.Why, r.Note.Key, r.Summary)
		entries, err := backend.Entries(t.Context(), r.Number, "", 1000)
		if err != nil {
			return nil, err
		}
		for _, e := range entriesOf(entries) {
			ids[e.ID] = true
			add("%+v", e)
		}
		aliased, err := backend.Aliased(t.Context(), r.Number)
		if err != nil {
			return nil, err
		}
		for _, a := range aliased {
			add("change %d, alias %+v", r.Number, a)
		}
	}
	for number := range upTo + 1 {
		nodes, err := nodesAt(t, backend, cat, number)
		if err != nil {
			return nil, fmt.Errorf("at change %d: %w", number, err)
		}
		add("after %d: %s", number, printed(nodes))
		past, err := backend.At(t.Context(), number)
		if err != nil {
			return nil, err
		}
		aliases, err := past.Aliases(t.Context())
		if err != nil {
			return nil, err
		}
		for _, id := range slices.Sorted(maps.Keys(aliases)) {
			add("after %d %+v is %s", number, aliases[id], aliases.Node(id))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		entries, err := backend.NodeHistory(t.Context(), id, upTo+1, 1000)
		if err != nil {
			return nil, err
		}
		add("history of %s: %+v", id, entriesOf(entries))
	}
	query, err := search.Parse("zzyzx quill")
	if err != nil {
		return nil, err
	}
	found, err := backend.Search(t.Context(), &search.Ask{Query: query, Types: search.Types(cat), First: 100})
	add("%v found", shownPage(&found))
	return all, err
}

// nodesAt are the nodes that there were after a change. The error says what is wrong with them.
func nodesAt(t *testing.T, backend store.Backend, cat *catalog.Catalog, number int) (nodes []change.Node, err error) {
	past, err := backend.At(t.Context(), number)
	if err != nil {
		return nil, err
	}
	reader := nodesof.New(store.New(past, store.Limits{}), cat)
	for _, typ := range cat.Types {
		for n, err := range reader.Nodes(t.Context(), typ, nil) {
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, n)
		}
	}
	batch := &change.Batch{Upserts: nodes}
	return nodes, batch.Check(func(string) (*catalog.Type, bool) { return nil, false })
}

// tells finds what tells of a person in what is told.
func tells(all []string, id string) string {
	for _, line := range all {
		if strings.Contains(value.Fold(line), "quill") || holdsID(line, id) {
			return line
		}
	}
	return ""
}

// holdsID tells whether an id stands in a text, and not as a part of another one.
func holdsID(text, id string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune("-abcdefghijklmnopqrstuvwxyz0123456789", r) })
	return slices.Contains(words, id)
}

// untold checks that nothing tells of a person.
func (h *house) untold(id string) {
	h.Helper()
	revision, err := h.vault.Revision(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	if line := tells(h.told(int(revision)), id); line != "" {
		h.Errorf("%s is told of: %s", id, line)
	}
	Audit(h.T, h.vault, h.cat, "")
}

// visits are changes around p, called Quill: some only of p, some of others, some of both.
func visits() []write {
	quill := func(more Fields) Fields {
		f := Fields{"name": "Zzyzx Quill", "aliases": []string{"ZQ", "Quill of the Hill"}}
		maps.Copy(f, more)
		return f
	}
	return []write{
		{name: "homes", upserts: map[string]Fields{"Place oak": {}, "Person a": {}, "Person b": {"likes": []string{"oak"}}}},
		{name: "the first", upserts: map[string]Fields{"Person p": quill(nil)}},
		{name: "a lesson of Zzyzx  Quill", upserts: map[string]Fields{"Lesson l": {"learner": "p", "teacher": "a", "at": "oak"}, "Person b": {"likes": []string{"p", "oak", "l"}, "friend": "p"}}},
		{name: "friends", upserts: map[string]Fields{"Person a": {"friend": "p"}, "Lesson m": {"learner": "b", "teacher": "p"}, "Person c": {}}},
		{name: "told to p", upserts: map[string]Fields{"Person a": {"friend": "p", "nick": "A"}}},
		{name: "left", upserts: map[string]Fields{"Person p": quill(Fields{"nick": "Q"})}},
		{name: "a role of long ago", upserts: map[string]Fields{"Lesson n": {"learner": "p"}}},
		{name: "is gone", deletes: []string{"n"}},
	}
}

func testHide(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
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
	if diff := cmp.Diff(before, h.told(8)); diff != "" {
		t.Errorf("shown again (-before +after):\n%s", diff)
	}
	h.hides()
	Audit(t, h.vault, h.cat, "")
	if _, err := h.try(withdraw.Show, "", 9); fault.KindOf(err) != fault.NotFound {
		t.Errorf("shown twice: %v", err)
	}
}

// hides checks the numbers of what is hidden.
func (h *house) hides(numbers ...int) {
	h.Helper()
	all, err := h.vault.Hidden(h.Context(), 0, 100)
	var got []int
	for _, hidden := range all {
		got = append(got, hidden.Number)
	}
	if err != nil || !slices.Equal(numbers, got) {
		h.Errorf("hidden are %v, %v; want %v", got, err, numbers)
	}
}

func testRepointed(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
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
		nodes, err := nodesAt(t, h.vault, h.cat, number)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, n := range nodes {
			text += fmt.Sprintf("%s %d %v; ", n.ID, n.Version(), slices.Concat(n.Links...))
		}
		got = append(got, text)
	}
	want := []string{"", "a 1 []; ", "a 1 []; b 2 [a]; ", "a 1 []; b 3 [l a]; l 3 [a]; ", "a 1 []; b 3 [l a]; l 4 [a]; "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after each change (-want +got):\n%s", diff)
	}
	h.does(withdraw.Show, "", 5)
	if diff := cmp.Diff(before, h.told(4)); diff != "" {
		t.Errorf("shown again (-before +after):\n%s", diff)
	}
}

func testShowLater(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
	h := newHouse(t, open,
		write{upserts: map[string]Fields{"Person p": {}, "Person a": {"likes": []string{"p"}, "friend": "p"}, "Person b": {"likes": []string{"p"}, "friend": "p"}, "Person c": {"likes": []string{"p", "a"}}}})
	h.does(withdraw.Hide, "p", 0)
	h.write(write{upserts: map[string]Fields{"Person a": {"likes": []string{"b", "a"}, "friend": "b"}, "Person b": {"nick": "B"}}})
	h.write(write{deletes: []string{"c"}})
	h.does(withdraw.Show, "", 2)
	Audit(t, h.vault, h.cat, "")
	nodes, err := nodesAt(t, h.vault, h.cat, 5)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range nodes {
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

func testShowRefused(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
	h := newHouse(t, open, write{upserts: map[string]Fields{
		"Person p": {}, "Person q": {"friend": "p"}, "Person r": {"friend": "x"}, "Person a": {}, "Person x": {}, "Lesson l": {"learner": "p", "teacher": "q"}}})
	refused := func(what string, number int) {
		t.Helper()
		revision, _ := h.vault.Revision(t.Context())
		before := h.told(int(revision))
		if _, err := h.try(withdraw.Show, "", number); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: %v", what, err)
		}
		if diff := cmp.Diff(before, h.told(int(revision))); diff != "" {
			t.Errorf("%s (-before +after):\n%s", what, diff)
		}
	}
	h.does(withdraw.Hide, "p", 0)
	h.does(withdraw.Hide, "q", 0)
	refused("what leads to somebody who is hidden", 2)
	h.does(withdraw.Show, "", 3)
	h.does(withdraw.Show, "", 2)
	if nodes, err := nodesAt(t, h.vault, h.cat, 5); err != nil || printed(nodes) != printed(first(nodesAt(t, h.vault, h.cat, 1))) {
		t.Errorf("both are shown again: %v\n%s", err, printed(nodes))
	}
	h.does(withdraw.Hide, "x", 0)
	h.write(write{upserts: map[string]Fields{"Person x": {}}})
	refused("an id that is used again", 6)
	h.write(write{upserts: map[string]Fields{"Lesson m": {"learner": "a"}, "Lesson k": {"learner": "a", "at": "oak"}, "Place oak": {}}})
	h.does(withdraw.Hide, "a", 0)
	h.write(write{deletes: []string{"oak"}})
	h.does(withdraw.Show, "", 9)
	Audit(t, h.vault, h.cat, "")
}

func first[A, B any](a A, _ B) A { return a }

func testErase(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
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
	Audit(t, h.vault, h.cat, "")
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

func testWords(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
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
	keyed := &change.Batch{Upserts: first(nodesOf(h.cat, map[string]Fields{"Place elm": {}})), Note: change.Note{Key: "elm of zzyzx quill", Why: "Grüße an p.", At: at}}
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
	if diff := cmp.Diff(all, h.told(9)); diff != "" {
		t.Errorf("shown again (-before +after):\n%s", diff)
	}
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

// merges deletes some who stand for others from then on.
func (h *house) merges(into map[string]string) {
	h.Helper()
	batch := &change.Batch{Aliases: into, Note: change.Note{Why: "merged quinn into p", At: moment(1)}}
	batch.Deletes = slices.Sorted(maps.Keys(into))
	if _, err := h.vault.Apply(h.Context(), batch, nil); err != nil {
		h.Fatal(err)
	}
}

func testWithdrawMerged(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
	h := newHouse(t, open,
		write{upserts: map[string]Fields{"Person p": {"name": "Zzyzx Quill"}, "Person quinn": {"name": "Quinn Quill"}, "Person quin": {}, "Place oak": {}, "Place elm": {}}},
		write{upserts: map[string]Fields{"Person a": {"likes": []string{"quinn"}}, "Person b": {}}},
		write{upserts: map[string]Fields{"Person a": {"likes": []string{"p"}}}})
	h.merges(map[string]string{"quin": "quinn", "elm": "oak"})
	h.merges(map[string]string{"quinn": "p"})
	h.write(write{name: "about Quinn  Quill", upserts: map[string]Fields{"Place fir": {}}})
	before := h.told(6)
	out := h.does(withdraw.Hide, "quin", 0) // who is p
	if !slices.Equal(out.Traces.IDs, []string{"p", "quin", "quinn"}) {
		t.Errorf("got %+v", out)
	}
	for _, id := range []string{"p", "quinn", "quin"} {
		h.untold(id)
	}
	if aliases, err := h.vault.Aliases(t.Context()); err != nil || len(aliases) != 1 || aliases.Node("elm") != "oak" {
		t.Errorf("aliases that are left: %v, %v", aliases, err)
	}
	h.does(withdraw.Show, "", 7)
	if diff := cmp.Diff(before, h.told(6)); diff != "" {
		t.Errorf("shown again (-before +after):\n%s", diff)
	}
	Audit(t, h.vault, h.cat, "")
	h.does(withdraw.Erase, "quinn", 0)
	h.untold("p")
	h.untold("quinn")
}

func testWithdrawWhileReading(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
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

func testMergedMeanwhile(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
	h := newHouse(t, open, write{upserts: map[string]Fields{
		"Person p": {}, "Person a": {}, "Person b": {}, "Person c": {}, "Lesson l": {"learner": "p", "teacher": "b"}, "Lesson m": {"learner": "p", "teacher": "c"}}})
	h.does(withdraw.Hide, "p", 0)
	h.merges(map[string]string{"b": "a"})
	h.write(write{upserts: map[string]Fields{"Person a": {"nick": "A"}}})
	h.merges(map[string]string{"a": "c"})
	back := &change.Batch{Upserts: first(nodesOf(h.cat, map[string]Fields{"Person a": {}})), Aliases: map[string]string{"a": ""}, Note: change.Note{At: moment(1)}}
	if _, err := h.vault.Apply(t.Context(), back, nil); err != nil {
		t.Fatal(err)
	}
	h.does(withdraw.Show, "", 2)
	Audit(t, h.vault, h.cat, "")
	var got []string
	for number := 2; number <= 7; number++ {
		nodes, err := nodesAt(t, h.vault, h.cat, number)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, n := range nodes {
			if n.Type.Name == "Lesson" {
				text += fmt.Sprintf("%s%d%v ", n.ID, n.Version(), n.Links)
			}
		}
		got = append(got, text)
	}
	want := []string{"l1[[p] [b] []] m1[[p] [c] []] ", "l3[[p] [a] []] m1[[p] [c] []] ", "l3[[p] [a] []] m1[[p] [c] []] ",
		"l5[[p] [c] []] m1[[p] [c] []] ", "l6[[p] [a] []] m1[[p] [c] []] ", "l6[[p] [a] []] m1[[p] [c] []] "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after each change from the hiding on (-want +got):\n%s", diff)
	}
}

func testStandsForHidden(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
	hidden := func() (h *house, before []string) {
		h = newHouse(t, open, write{upserts: map[string]Fields{"Person p": {}, "Person q": {}, "Lesson l": {"learner": "p"}, "Lesson m": {"learner": "q"}}})
		h.merges(map[string]string{"m": "l"})
		before = h.told(2)
		h.does(withdraw.Hide, "q", 0) // with m
		h.does(withdraw.Hide, "p", 0) // with l
		return h, before
	}
	for _, numbers := range [][]int{{3, 4}, {4, 3}} {
		h, before := hidden()
		for _, number := range numbers {
			h.does(withdraw.Show, "", number)
			Audit(t, h.vault, h.cat, "")
		}
		if diff := cmp.Diff(before, h.told(2)); diff != "" {
			t.Errorf("%v shown again (-before +after):\n%s", numbers, diff)
		}
	}
	h, _ := hidden()
	h.does(withdraw.Show, "", 3)
	h.does(withdraw.Erase, "", 4)
	Audit(t, h.vault, h.cat, "")
	if aliases, err := h.vault.Aliases(t.Context()); err != nil || len(aliases) > 0 {
		t.Errorf("what stands for what is erased: %v, %v", aliases, err)
	}
}

func testWithdrawParted(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
	h := newHouse(t, open, write{upserts: map[string]Fields{"Person p": {"name": "Zzyzx Quill", "aliases": []string{"ZQ"}}, "Person a": {"aliases": []string{"AA"}}, "Person b": {}}})
	merge := func(remove, keep string, names ...string) {
		t.Helper()
		nodes := first(nodesOf(h.cat, map[string]Fields{"Person " + keep: {"aliases": names}}))
		batch := &change.Batch{Upserts: nodes, Deletes: []string{remove}, Aliases: map[string]string{remove: keep}, Note: change.Note{At: moment(1)}}
		if _, err := h.vault.Apply(t.Context(), batch, nil); err != nil {
			t.Fatal(err)
		}
	}
	part := func(id string, nodes map[string]Fields) {
		t.Helper()
		batch := &change.Batch{Upserts: first(nodesOf(h.cat, nodes)), Aliases: map[string]string{id: ""}, Note: change.Note{At: moment(1)}}
		if _, err := h.vault.Apply(t.Context(), batch, nil); err != nil {
			t.Fatal(err)
		}
	}
	merge("p", "a", "AA", "ZQ", "Zzyzx Quill")
	merge("a", "b", "AA", "ZQ", "Zzyzx Quill")
	part("a", map[string]Fields{"Person a": {"aliases": []string{"AA", "ZQ", "Zzyzx Quill"}}, "Person b": {}})
	part("p", map[string]Fields{"Person p": {"name": "Zzyzx Quill", "aliases": []string{"ZQ"}}, "Person a": {"aliases": []string{"AA"}}})
	before := h.told(5)
	h.does(withdraw.Hide, "p", 0)
	h.untold("p")
	if all := strings.Join(h.told(6), "\n"); strings.Contains(all, "ZQ") || !strings.Contains(all, "AA") {
		t.Errorf("of the other names of both, only those of who stays should be told:\n%s", all)
	}
	h.does(withdraw.Show, "", 6)
	if diff := cmp.Diff(before, h.told(5)); diff != "" {
		t.Errorf("shown again (-before +after):\n%s", diff)
	}
}

func testWithdrawDeleted(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
	h := newHouse(t, open, visits()...)
	h.write(write{upserts: map[string]Fields{"Person a": {}, "Person b": {}}, deletes: []string{"p", "l", "m"}})
	before := h.told(9)
	h.does(withdraw.Hide, "p", 0)
	h.untold("p")
	h.hides(10)
	h.does(withdraw.Show, "", 10)
	if diff := cmp.Diff(before, h.told(9)); diff != "" {
		t.Errorf("shown again (-before +after):\n%s", diff)
	}
	h.does(withdraw.Erase, "p", 0)
	h.untold("p")
	h.write(write{upserts: map[string]Fields{"Person x": {}}})
	h.write(write{deletes: []string{"x"}})
	h.write(write{upserts: map[string]Fields{"Place x": {}}})
	if _, err := h.try(withdraw.Hide, "x", 0); fault.KindOf(err) != fault.NotFound {
		t.Errorf("whose id is another's: %v", err)
	}
}

func testWithdrawDry(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
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

// testAnyWithdrawal writes random graphs one over the other, with people called Quill in them, and
// hides, shows and erases these.
func testAnyWithdrawal(t *testing.T, open func(*testing.T, *catalog.Catalog) Vault) {
	rapid.Check(t, func(rt *rapid.T) {
		d := &drawer{T: rt, cat: Catalog(), merges: true}
		a := &archive{drawer: d, t: t, vault: open(t, d.cat), hidden: map[int]string{}}
		for range 2 + d.upTo("changes", 3) {
			a.change()
		}
		for range 1 + d.upTo("withdrawals", 3) {
			a.withdraw()
			if d.chance("a change", 30) {
				a.change()
			}
		}
		a.showAll()
	})
}

// archive is a store from which people are withdrawn at random.
type archive struct {
	*drawer
	t      *testing.T
	vault  Vault
	last   int            // the newest change
	hidden map[int]string // ids by the number of the hiding
	taken  []string       // ids of who is hidden or erased
	wrote  bool           // since the first withdrawal
	before []string       // what was told before it
	erased bool
}

// change writes a random graph. People are called Quill; who is hidden does not come back.
func (a *archive) change() {
	held, err := nodesAt(a.t, a.vault, a.cat, a.last)
	if err != nil {
		a.Fatalf("%v", err)
	}
	aliases, err := a.vault.Aliases(a.t.Context())
	if err != nil {
		a.Fatalf("%v", err)
	}
	merged := map[string]string{}
	for id, alias := range aliases {
		merged[id] = alias.Into
	}
	a.nodes = a.draw()
	for _, id := range a.taken {
		a.leaveOut(id)
	}
	for i := range a.nodes {
		n := &a.nodes[i]
		if p, ok := n.Type.Property("name"); ok && n.Type.Name == "Person" {
			n.Values[p.Index] = value.OfText("Zzyzx Quill")
		}
	}
	a.wrote = a.wrote || len(a.taken) > 0
	if number := a.become(a.t, a.vault, graph{nodes: held, merged: merged}); number > 0 {
		a.last = number
	}
}

// leaveOut takes a node, and what cannot be without it, out of the graph to be written.
func (a *archive) leaveOut(id string) {
	var bare []string
	a.nodes = slices.DeleteFunc(a.nodes, func(n change.Node) bool { return n.ID == id })
	for _, n := range a.nodes {
		for _, l := range n.Type.Out {
			n.Links[l.Index] = slices.DeleteFunc(slices.Clone(n.Links[l.Index]), func(target string) bool { return target == id })
			if l.Required && len(n.Links[l.Index]) == 0 {
				bare = append(bare, n.ID)
			}
		}
	}
	for _, id := range bare {
		a.leaveOut(id)
	}
}

// withdraw hides or erases somebody who is there, or was.
func (a *archive) withdraw() {
	people := a.people()
	if len(people) == 0 {
		return
	}
	if a.before == nil {
		a.before = a.told()
	}
	id := pick(a.drawer, "person", people)
	r := &withdraw.Request{Action: withdraw.Hide, ID: id, Note: change.Note{At: moment(1)}}
	if a.chance("erase", 20) {
		r.Action, a.erased = withdraw.Erase, true
	}
	out, err := a.vault.Withdraw(a.t.Context(), r)
	if err != nil {
		a.Fatalf("%s: %v", r, err)
	}
	a.last = out.Change
	a.taken = append(a.taken, id)
	if r.Action == withdraw.Hide {
		a.hidden[out.Change] = id
	}
	all := a.told()
	for _, line := range all {
		for _, id := range a.taken {
			if holdsID(line, id) {
				a.Fatalf("%s is told of: %s\nbefore:\n%s", id, line, strings.Join(a.before, "\n"))
			}
		}
	}
}

// people are the ids of those who are there, and of those who were and whose ids nobody else has.
func (a *archive) people() []string {
	var now, all []change.Node
	for number := range a.last + 1 {
		nodes, err := nodesAt(a.t, a.vault, a.cat, number)
		if err != nil {
			a.Fatalf("%v", err)
		}
		now, all = nodes, append(all, nodes...)
	}
	others := idsOf(now, a.cat.All()&^a.cat.TypesOf("Person"))
	people := slices.Sorted(slices.Values(idsOf(all, a.cat.TypesOf("Person"))))
	return slices.DeleteFunc(slices.Compact(people), func(id string) bool { return slices.Contains(others, id) })
}

// told is all that readers can ask, which must fit together.
func (a *archive) told() []string {
	all, err := told(a.t, a.vault, a.cat, a.last)
	if err != nil {
		a.Fatalf("%v", err)
	}
	report, err := faultsOf(a.t, a.vault, a.cat)
	if err != nil || report != "" {
		a.Fatalf("%v\n%s\n%s", err, report, strings.Join(all, "\n"))
	}
	return all
}

// showAll shows everybody again, the last one first. When nothing else was written, all is as before.
func (a *archive) showAll() {
	for _, number := range slices.Backward(slices.Sorted(maps.Keys(a.hidden))) {
		out, err := a.vault.Withdraw(a.t.Context(), &withdraw.Request{Action: withdraw.Show, Number: number, Note: change.Note{At: moment(1)}})
		switch {
		case fault.KindOf(err) == fault.Conflict && a.wrote: // what the facts must lead to is gone
			continue
		case err != nil:
			a.Fatalf("show %d: %v", number, err)
		}
		a.last = out.Change
		all := a.told()
		if !slices.ContainsFunc(all, func(line string) bool { return holdsID(line, a.hidden[number]) }) {
			a.Fatalf("%s is not there again", a.hidden[number])
		}
	}
	if a.before == nil || a.wrote || a.erased {
		return
	}
	again, err := told(a.t, a.vault, a.cat, a.last-2*len(a.hidden))
	if err != nil {
		a.Fatalf("%v", err)
	}
	if diff := cmp.Diff(a.before, again); diff != "" {
		a.Fatalf("not as before (-before +after):\n%s", diff)
	}
}
