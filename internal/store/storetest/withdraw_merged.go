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

// testWithdrawParted hides some of three who were merged, one into the next, and parted again, and shows them in any order.
func testWithdrawParted(t *testing.T, open OpenVault) {
	for _, steps := range []string{
		"-p +p", "-a -p +a +p", "-a -p +p +a", "-p -a +a +p", "-b -p +b +p", "-b -a -p +b +a +p", "-b -a -p +p +a +b", "-p -a -b +b +a +p",
	} {
		t.Run(steps, func(t *testing.T) {
			h, before := newParted(t, open)
			h.takes(steps)
			h.tellsAgain(before, 5)
		})
	}
	for _, steps := range []string{
		"-a xp +a", "-b -a -p xp +b +a", "-p -a +p -p", "-b -p -a +p +b +a -a -p",
		"-p xa +p -p", "-b -p -a +a xa +b", "-p +p -p -a +p xa -p", "-b -p -a +p -p xa +p +b -p",
	} {
		t.Run(steps, func(t *testing.T) {
			h, _ := newParted(t, open)
			h.takes(steps)
		})
	}
	t.Run("a name that came by way of another who is still hidden", func(t *testing.T) {
		h, _ := newParted(t, open)
		h.takes("-b -p -a +b +p +a")
		want := "Person b name=\"b\" aliases=[\"BB\" \"ZQ\" \"Zzyzx Quill\" \"AA\"] version=3\n"
		if diff := cmp.Diff(want, printed(h.at(3))); diff != "" {
			t.Errorf("after change 3 (-want +got):\n%s", diff)
		}
	})
}

// takes hides persons (-), shows them (+) and erases them (x), and checks what is told of them meanwhile.
func (h *house) takes(steps string) {
	h.Helper()
	hidden := map[rune]int{}
	for step := range strings.FieldsSeq(steps) {
		person := rune(step[1])
		number, is := hidden[person]
		id := string(person)
		if is {
			id = ""
		}
		switch step[0] {
		case '-':
			hidden[person] = h.does(withdraw.Hide, id, 0).Change
		case '+':
			h.does(withdraw.Show, "", number)
			delete(hidden, person)
		case 'x':
			h.does(withdraw.Erase, id, number)
			hidden[person] = 0
		}
		h.leavesUnnamed(hidden)
	}
	h.sound()
}

// newParted is a house in which p was merged into a and a into b, both for a while, with what is told of it.
func newParted(t *testing.T, open OpenVault) (h *house, before []string) {
	t.Helper()
	h = newHouse(t, open, write{upserts: map[string]Fields{
		"Person p": {"name": "Zzyzx Quill", "aliases": []string{"ZQ"}}, "Person a": {"aliases": []string{"AA"}}, "Person b": {"aliases": []string{"BB"}}}})
	merge := func(remove, keep string, names ...string) {
		t.Helper()
		nodes := h.make(map[string]Fields{"Person " + keep: {"aliases": names}})
		h.apply(&change.Batch{Upserts: nodes, Deletes: []string{remove}, Aliases: map[string]string{remove: keep}, Note: change.Note{At: moment(1)}})
	}
	merge("p", "a", "AA", "ZQ", "Zzyzx Quill")
	merge("a", "b", "AA", "BB", "ZQ", "Zzyzx Quill")
	h.parts("a", map[string]Fields{"Person a": {"aliases": []string{"AA", "ZQ", "Zzyzx Quill"}}, "Person b": {"aliases": []string{"BB"}}})
	h.parts("p", map[string]Fields{"Person p": {"name": "Zzyzx Quill", "aliases": []string{"ZQ"}}, "Person a": {"aliases": []string{"AA"}}})
	return h, h.told(5)
}

// leavesUnnamed checks that of p, a and b those names are told, at any time, that are not hidden.
func (h *house) leavesUnnamed(hidden map[rune]int) {
	h.Helper()
	changes, err := h.vault.Changes(h.Context(), &change.Ask{Backward: true, First: 1})
	if err != nil {
		h.Fatal(err)
	}
	all := strings.Join(h.told(changes[0].Number), "\n")
	for person, names := range map[rune][]string{'p': {"ZQ", "Zzyzx Quill"}, 'a': {"AA"}, 'b': {"BB"}} {
		_, is := hidden[person]
		for _, name := range names {
			if strings.Contains(all, name) == is {
				h.Errorf("%c is hidden: %t, and %s is told: %[2]t\n%[4]s", person, is, name, all)
			}
		}
	}
}
