package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

func testAliases(t *testing.T, open Open) {
	t.Run("an id whose node was merged stands for the one that stays", func(t *testing.T) { testStandsFor(t, open) })
	t.Run("what was merged twice stands for the last", func(t *testing.T) { testMergedTwice(t, open) })
	t.Run("an alias cannot be the id of a new node", func(t *testing.T) { testTaken(t, open) })
	t.Run("an alias of what is gone is free", func(t *testing.T) { testFree(t, open) })
	t.Run("wrong aliases are refused", func(t *testing.T) { testWrongAliases(t, open) })
}

// newMerged is a world in which b is merged into a, and then a into c.
func newMerged(t *testing.T, open Open) *past {
	t.Helper()
	p := &past{world: newWorld(t, open, nil), moments: [][]change.Node{nil}}
	p.step(&change.Batch{Upserts: p.make(map[string]Fields{"Person a": {}, "Person b": {}, "Person c": {}, "Group d": {}})})
	p.step(&change.Batch{Upserts: p.make(map[string]Fields{"Person a": {"score": 1}}), Deletes: []string{"b"}, Aliases: map[string]string{"b": "a"}})
	p.step(&change.Batch{Deletes: []string{"a"}, Aliases: map[string]string{"a": "c"}})
	return p
}

// stand checks for which nodes ids stand, empty for none: one by one, in a list, and to the letter.
func (w *world) stand(want map[string]string) {
	w.Helper()
	param := plan.Operand{Param: "ids"}
	for id, node := range want {
		asked := ask(w.cat,
			&plan.Find{Types: w.cat.All(), ID: plan.Operand{Param: "id"}, Row: ids(w.cat.All())},
			&plan.FindAll{Types: w.cat.All(), IDs: param, Row: ids(w.cat.All())},
			&plan.FindAll{Types: w.cat.All(), IDs: param, Exact: true, Row: ids(w.cat.All())})
		row := w.run(asked, plan.Params{"id": value.OfID(id), "ids": value.OfList([]value.Value{value.OfID(id)})}).(Row)
		exactly := node
		if node != id {
			exactly = ""
		}
		got := []string{idIn(row.Slots[0]), idIn(row.Slots[1].(Page).Rows[0]), idIn(row.Slots[2].(Page).Rows[0])}
		if diff := cmp.Diff([]string{node, node, exactly}, got); diff != "" {
			w.Errorf("%q by id, in a list, and to the letter (-want +got):\n%s", id, diff)
		}
	}
}

func idIn(tree Tree) string {
	if tree == nil {
		return ""
	}
	return tree.(Row).Slots[0].(string)
}

func testStandsFor(t *testing.T, open Open) {
	p := newMerged(t, open)
	for number, want := range []map[string]string{
		{"a": "", "b": ""}, {"a": "a", "b": "b", "c": "c"}, {"a": "a", "b": "a", "c": "c"}, {"a": "c", "b": "c", "c": "c", "d": "d"},
	} {
		t.Run(fmt.Sprint("after change ", number), func(t *testing.T) {
			then := p.at(number)
			then.T = t
			then.stand(want)
		})
	}
	p.stand(map[string]string{"a": "c", "b": "c", "c": "c", "d": "d", "e": ""})
	group := p.cat.TypesOf("Group")
	wrong := &plan.Find{Types: group, ID: plan.Operand{Const: value.OfID("b")}, Row: ids(group)}
	if got := p.run(ask(p.cat, wrong), nil).(Row).Slots[0]; got != nil {
		t.Errorf("the alias of a person finds %v among groups", got)
	}
	p.sound()
}

func testMergedTwice(t *testing.T, open Open) {
	p := newMerged(t, open)
	got, err := p.backend.Aliases(t.Context())
	want := change.Aliases{"a": {ID: "a", Into: "c", Since: 3}, "b": {ID: "b", Into: "a", Since: 2}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	p.step(&change.Batch{Upserts: p.make(map[string]Fields{"Person a": {}}), Aliases: map[string]string{"a": ""}})
	p.stand(map[string]string{"a": "a", "b": "a", "c": "c"})
	p.at(3).stand(map[string]string{"a": "c", "b": "c", "c": "c"})
	did := [][]change.Alias{nil, nil, {{ID: "b", Into: "a", Since: 2}}, {{ID: "a", Into: "c", Since: 3}}, {{ID: "a", Into: "c", Since: 3, Until: 4}}, nil}
	for number, want := range did {
		got, err := p.backend.Aliased(t.Context(), number)
		if err != nil || !slices.Equal(want, got) {
			t.Errorf("change %d: error %v (-want +got):\n%s", number, err, cmp.Diff(want, got))
		}
	}
	p.sound()
}

func testTaken(t *testing.T, open Open) {
	p := newMerged(t, open)
	_, err := p.backend.Apply(t.Context(), &change.Batch{Upserts: p.make(map[string]Fields{"Person new": {}, "Group b": {}})}, nil)
	if want := `"b" was merged into "c"; write to that one, or choose another id`; fault.KindOf(err) != fault.Conflict || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	p.holds(p.nodes)
	p.stand(map[string]string{"b": "c", "new": ""})
	_, err = p.backend.Preview(t.Context(), &change.Batch{Deletes: []string{"c"}}, func(b store.Backend) error {
		shown := &world{T: t, cat: p.cat, backend: b}
		shown.stand(map[string]string{"a": "", "b": "", "c": ""})
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	p.stand(map[string]string{"b": "c"})
	p.sound()
}

func testFree(t *testing.T, open Open) {
	p := newMerged(t, open)
	p.step(&change.Batch{Deletes: []string{"c"}})
	p.stand(map[string]string{"a": "", "b": "", "c": ""})
	p.step(&change.Batch{Upserts: p.make(map[string]Fields{"Group b": {}})})
	p.stand(map[string]string{"a": "", "b": "b", "c": ""})
	p.step(&change.Batch{Upserts: p.make(map[string]Fields{"Person c": {}})})
	p.stand(map[string]string{"a": "c", "b": "b", "c": "c"})
	p.at(4).stand(map[string]string{"a": "", "b": "", "c": ""})
	p.at(3).stand(map[string]string{"a": "c", "b": "c", "c": "c"})
	p.holds(p.nodes)
	p.sound()
}

func testWrongAliases(t *testing.T, open Open) {
	p := newMerged(t, open)
	for name, batch := range map[string]*change.Batch{
		"of what stays":        {Aliases: map[string]string{"c": "d"}},
		"for what is not":      {Deletes: []string{"c"}, Aliases: map[string]string{"c": "nobody"}},
		"for itself":           {Deletes: []string{"c"}, Aliases: map[string]string{"c": "c"}},
		"for another type":     {Deletes: []string{"c"}, Aliases: map[string]string{"c": "d"}},
		"that end for nothing": {Aliases: map[string]string{"b": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			w := *p.world
			w.T = t
			w.refuses(batch)
		})
	}
	p.holds(p.nodes)
	p.sound()
}
