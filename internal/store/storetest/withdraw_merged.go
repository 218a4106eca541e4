package storetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/change"
	"nicgraph/internal/withdraw"
)

func testWithdrawMerged(t *testing.T, open OpenVault) {
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
	h.tellsAgain(before, 6)
	h.sound()
	h.does(withdraw.Erase, "quinn", 0)
	h.untold("p")
	h.untold("quinn")
}

// merges deletes some who stand for others from then on.
func (h *house) merges(into map[string]string) {
	h.Helper()
	h.apply(&change.Batch{Deletes: slices.Sorted(maps.Keys(into)), Aliases: into, Note: change.Note{Why: "merged quinn into p", At: moment(1)}})
}

// parts ends that an id stands for another, and writes nodes as they are then.
func (h *house) parts(id string, nodes map[string]Fields) {
	h.Helper()
	h.apply(&change.Batch{Upserts: h.make(nodes), Aliases: map[string]string{id: ""}, Note: change.Note{At: moment(1)}})
}

func testMergedMeanwhile(t *testing.T, open OpenVault) {
	h := newHouse(t, open, write{upserts: map[string]Fields{
		"Person p": {}, "Person a": {}, "Person b": {}, "Person c": {}, "Lesson l": {"learner": "p", "teacher": "b"}, "Lesson m": {"learner": "p", "teacher": "c"}}})
	h.does(withdraw.Hide, "p", 0)
	h.merges(map[string]string{"b": "a"})
	h.write(write{upserts: map[string]Fields{"Person a": {"nick": "A"}}})
	h.merges(map[string]string{"a": "c"})
	h.parts("a", map[string]Fields{"Person a": {}})
	h.does(withdraw.Show, "", 2)
	h.sound()
	var got []string
	for number := 2; number <= 7; number++ {
		text := ""
		for _, n := range h.at(number) {
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

func testStandsForHidden(t *testing.T, open OpenVault) {
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
			h.sound()
		}
		h.tellsAgain(before, 2)
	}
	h, _ := hidden()
	h.does(withdraw.Show, "", 3)
	h.does(withdraw.Erase, "", 4)
	h.sound()
	if aliases, err := h.vault.Aliases(t.Context()); err != nil || len(aliases) > 0 {
		t.Errorf("what stands for what is erased: %v, %v", aliases, err)
	}
}

func testWithdrawParted(t *testing.T, open OpenVault) {
	h := newHouse(t, open, write{upserts: map[string]Fields{"Person p": {"name": "Zzyzx Quill", "aliases": []string{"ZQ"}}, "Person a": {"aliases": []string{"AA"}}, "Person b": {}}})
	merge := func(remove, keep string, names ...string) {
		t.Helper()
		nodes := h.make(map[string]Fields{"Person " + keep: {"aliases": names}})
		h.apply(&change.Batch{Upserts: nodes, Deletes: []string{remove}, Aliases: map[string]string{remove: keep}, Note: change.Note{At: moment(1)}})
	}
	merge("p", "a", "AA", "ZQ", "Zzyzx Quill")
	merge("a", "b", "AA", "ZQ", "Zzyzx Quill")
	h.parts("a", map[string]Fields{"Person a": {"aliases": []string{"AA", "ZQ", "Zzyzx Quill"}}, "Person b": {}})
	h.parts("p", map[string]Fields{"Person p": {"name": "Zzyzx Quill", "aliases": []string{"ZQ"}}, "Person a": {"aliases": []string{"AA"}}})
	before := h.told(5)
	h.does(withdraw.Hide, "p", 0)
	h.untold("p")
	if all := strings.Join(h.told(6), "\n"); strings.Contains(all, "ZQ") || !strings.Contains(all, "AA") {
		t.Errorf("of the other names of both, only those of who stays should be told:\n%s", all)
	}
	h.does(withdraw.Show, "", 6)
	h.tellsAgain(before, 5)
}
