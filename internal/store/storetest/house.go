package storetest

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/proposal"
	"nicgraph/internal/store"
	"nicgraph/internal/withdraw"
)

// Vault is a store that withdraws records of persons.
type Vault interface {
	store.Backend
	withdraw.Keeper
	proposal.Keeper
}

// OpenVault makes an empty store for a catalog. It lasts as long as the test.
type OpenVault func(t *testing.T, cat *catalog.Catalog) Vault

// house is a world from which people are withdrawn. What it should hold is known until then.
type house struct {
	*world
	vault Vault
}

func newHouse(t *testing.T, open OpenVault, steps ...write) *house {
	t.Helper()
	cat := Catalog()
	vault := open(t, cat)
	h := &house{&world{T: t, cat: cat, backend: vault}, vault}
	for _, step := range steps {
		h.write(step)
	}
	return h
}

func (h *house) write(w write) {
	h.Helper()
	h.apply(&change.Batch{Upserts: h.make(w.upserts), Deletes: w.deletes, Note: change.Note{By: "ann", Why: w.name, At: moment(1)}})
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

// tellsAgain checks that those who are shown again are told of as before.
func (h *house) tellsAgain(before []string, upTo int) {
	h.Helper()
	if diff := cmp.Diff(before, h.told(upTo)); diff != "" {
		h.Errorf("shown again (-before +after):\n%s", diff)
	}
}

// at is the graph after a change.
func (h *house) at(number int) []change.Node {
	h.Helper()
	nodes, err := nodesAt(h.T, h.vault, h.cat, number)
	if err != nil {
		h.Fatal(err)
	}
	return nodes
}

// untold checks that nothing tells of a person.
func (h *house) untold(id string) {
	h.Helper()
	if line := tells(h.told(int(h.revision())), id); line != "" {
		h.Errorf("%s is told of: %s", id, line)
	}
	h.sound()
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
