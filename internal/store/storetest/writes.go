package storetest

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// write is a batch on the lessons and what becomes of them.
type write struct {
	name    string
	upserts map[string]Fields
	deletes []string
	want    change.Summary
}

// writes are batches that a store takes.
func writes() []write {
	return []write{
		{name: "a repeated write changes nothing", upserts: lessons(), want: change.Summary{Unchanged: 9}},
		{name: "an empty batch changes nothing"},
		{name: "a new node is created, an old one updated", upserts: map[string]Fields{"Person new": {"likes": []string{"kim", "new"}}, "Person pat": {"score": 3}},
			want: change.Summary{Created: 1, Updated: 1}},
		{name: "what an update leaves out is gone", upserts: map[string]Fields{"Person kim": {}}, want: change.Summary{Updated: 1}},
		{name: "the order of a link's targets is kept", upserts: map[string]Fields{"Person kim": {"friend": "pat", "likes": []string{"kim", "pat", "oak"}}}, want: change.Summary{Updated: 1}},
		{name: "a link to one is turned elsewhere", upserts: map[string]Fields{"Person kim": {"friend": "gus", "likes": []string{"pat", "oak", "kim"}}}, want: change.Summary{Updated: 1}},
		{name: "every kind of value is kept", upserts: map[string]Fields{"Person all": {"name": "", "nick": "Zoë 😀 \\'\"`\n", "score": -2147483648, "height": -0.1, "awake": false, "born": "2013~/2014-02", "aliases": []string{"", "b", "b"}, "mood": "SAD"}},
			want: change.Summary{Created: 1}},
		{name: "new nodes may link in a circle", upserts: map[string]Fields{"Person one": {"friend": "two"}, "Person two": {"friend": "one"}}, want: change.Summary{Created: 2}},
		{name: "a node to which nothing links can go", deletes: []string{"l1"}, want: change.Summary{Deleted: 1}},
		{name: "a node may go together with what links to it", deletes: []string{"pat", "kim", "l1", "l2", "l3", "l4"}, want: change.Summary{Deleted: 6}},
		{name: "a node may go when the last link to it goes in the same batch", upserts: map[string]Fields{"Place ash": {}, "Lesson l1": {"learner": "kim"}, "Lesson l3": {"learner": "pat"}, "Person kim": {"friend": "pat"}},
			deletes: []string{"oak"}, want: change.Summary{Updated: 4, Deleted: 1}},
		{name: "to delete what does not exist changes nothing", deletes: []string{"nobody"}},
	}
}

// refused are batches that a store must not take, not even in part.
func refused() []write {
	return []write{
		{name: "a link to nothing", upserts: map[string]Fields{"Person new": {}, "Person kim": {"friend": "nobody"}}},
		{name: "a link to a wrong type", upserts: map[string]Fields{"Person new": {}, "Person kim": {"friend": "oak"}}},
		{name: "a link named twice", upserts: map[string]Fields{"Person new": {}, "Person kim": {"likes": []string{"pat", "pat"}}}},
		{name: "a link to one with two ends", upserts: map[string]Fields{"Person new": {}, "Person kim": {"friend": []string{"pat", "gus"}}}},
		{name: "a required property that is missing", upserts: map[string]Fields{"Person new": {}, "Person kim": {"name": nil}}},
		{name: "a required link that is missing", upserts: map[string]Fields{"Person new": {}, "Lesson l9": {}}},
		{name: "an id that another type has", upserts: map[string]Fields{"Person new": {}, "Group pat": {}}},
		{name: "an id written and deleted", upserts: map[string]Fields{"Person new": {}, "Person zed": {}}, deletes: []string{"zed"}},
		{name: "a link to what goes", upserts: map[string]Fields{"Person new": {"friend": "gus"}}, deletes: []string{"gus"}},
		{name: "the end of a node that others link to", upserts: map[string]Fields{"Person new": {}}, deletes: []string{"l4", "pat"}},
	}
}

func testWrites(t *testing.T, open Open) {
	for _, wr := range writes() {
		t.Run(wr.name, func(t *testing.T) { testWrite(t, open, wr) })
	}
	for _, wr := range refused() {
		t.Run("refused whole: "+wr.name, func(t *testing.T) { testRefused(t, open, wr) })
	}
	t.Run("an id given twice is refused", func(t *testing.T) { testTwice(t, open) })
	t.Run("a node comes back after it went, as another type too", func(t *testing.T) { testComeBack(t, open) })
	t.Run("a store is empty until something is written and after all is gone", func(t *testing.T) { testEmpty(t, open) })
	t.Run("progress counts up to the total", func(t *testing.T) { testProgress(t, open) })
	t.Run("writes at the same time all arrive", func(t *testing.T) { testAtOnce(t, open) })
}

func testWrite(t *testing.T, open Open, wr write) {
	w := newWorld(t, open, lessons())
	batch := &change.Batch{Upserts: w.make(wr.upserts), Deletes: wr.deletes}
	before := w.revision()
	if got := w.apply(batch); got != wr.want {
		t.Errorf("got %+v, want %+v", got, wr.want)
	}
	changed := wr.want != change.Summary{Unchanged: wr.want.Unchanged}
	revision := w.revision()
	if moved := revision != before; moved != changed {
		t.Errorf("the revision moved: %t, want %t", moved, changed)
	}
	w.holds(w.nodes)
	if got, want := w.apply(batch), (change.Summary{Unchanged: len(batch.Upserts)}); got != want {
		t.Errorf("repeated: got %+v, want %+v", got, want)
	}
	w.holds(w.nodes)
	if w.revision() != revision {
		t.Error("the revision moved though nothing changed")
	}
}

func (w *world) revision() uint64 {
	w.Helper()
	revision, err := w.backend.Revision(w.Context())
	if err != nil {
		w.Fatal("revision:", err)
	}
	return revision
}

// applied is what a batch makes of a graph: a node that differs has the number of the change
// as its version, and one that does not keeps its own.
func applied(nodes []change.Node, batch *change.Batch, number int) []change.Node {
	var after []change.Node
	for i := range batch.Upserts {
		n := &batch.Upserts[i]
		if old := find(nodes, n.ID); old != nil && old.Equal(n) {
			after = append(after, *old)
			continue
		}
		after = append(after, *n.WithVersion(number))
	}
	for _, n := range nodes {
		if find(batch.Upserts, n.ID) == nil && !slices.Contains(batch.Deletes, n.ID) {
			after = append(after, n)
		}
	}
	return after
}

func testRefused(t *testing.T, open Open, wr write) {
	w := newWorld(t, open, lessons())
	w.refuses(&change.Batch{Upserts: w.make(wr.upserts), Deletes: wr.deletes})
	w.holds(w.nodes)
}

func (w *world) refuses(batch *change.Batch) {
	w.Helper()
	_, err := w.backend.Apply(w.Context(), batch, nil)
	if err == nil {
		w.Fatal("it was taken")
	}
	if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
		w.Errorf("the error says nothing to the person who asked: %v", err)
	}
}

func testTwice(t *testing.T, open Open) {
	w := newWorld(t, open, lessons())
	twice := append(w.make(map[string]Fields{"Person new": {}}), w.make(map[string]Fields{"Person new": {"score": 1}})...)
	w.refuses(&change.Batch{Upserts: twice})
	w.holds(w.nodes)
}

func testComeBack(t *testing.T, open Open) {
	w := newWorld(t, open, map[string]Fields{"Person a": {"nick": "old", "score": 1}, "Person b": {}})
	w.apply(&change.Batch{Deletes: []string{"a"}})
	w.holds(w.nodes)
	again := map[string]Fields{"Person a": {"score": 2, "friend": "b"}, "Person b": {"friend": "a"}}
	w.apply(&change.Batch{Upserts: w.make(again)})
	w.holds(w.nodes)
	w.apply(&change.Batch{Deletes: []string{"a", "b"}})
	other := map[string]Fields{"Group a": {"score": 3}, "Person b": {"friend": "a"}}
	w.apply(&change.Batch{Upserts: w.make(other)})
	w.holds(w.nodes)
}

func testEmpty(t *testing.T, open Open) {
	w := newWorld(t, open, nil)
	for _, step := range []struct {
		batch change.Batch
		want  bool
	}{
		{change.Batch{}, true},
		{change.Batch{Upserts: w.make(map[string]Fields{"Person a": {}})}, false},
		{change.Batch{Deletes: []string{"a"}}, true},
	} {
		w.apply(&step.batch)
		got, err := w.backend.Empty(t.Context())
		if err != nil || got != step.want {
			t.Errorf("Empty is %t, %v; want %t", got, err, step.want)
		}
	}
	if err := w.backend.Ready(t.Context()); err != nil {
		t.Error("not ready:", err)
	}
}

func testProgress(t *testing.T, open Open) {
	w := newWorld(t, open, nil)
	last, wrong := 0, ""
	_, err := w.backend.Apply(t.Context(), &change.Batch{Upserts: w.make(lessons())}, func(done, total int) {
		if done < last || done > total || total != len(lessons()) {
			wrong = fmt.Sprintf("%d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil || wrong != "" || last != len(lessons()) {
		t.Errorf("ended at %d of %d (%s), error %v", last, len(lessons()), wrong, err)
	}
}

func testAtOnce(t *testing.T, open Open) {
	w := newWorld(t, open, map[string]Fields{"Person hub": {}})
	want := map[string]Fields{"Person hub": {}}
	var group sync.WaitGroup
	for writer := range 4 {
		for i := range 5 {
			want[fmt.Sprintf("Person p-%d-%d", writer, i)] = Fields{"score": i, "friend": "hub", "likes": []string{"hub"}}
		}
	}
	for writer := range 4 {
		group.Go(func() {
			for i := range 5 {
				name := fmt.Sprintf("Person p-%d-%d", writer, i)
				nodes, err := nodesOf(w.cat, map[string]Fields{name: want[name]})
				if err == nil {
					_, err = w.backend.Apply(t.Context(), &change.Batch{Upserts: nodes}, nil)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	w.nodes = w.make(want)
	w.takeVersions()
	w.holds(w.nodes)
}

// takeVersions takes over the versions of what the store holds, where only the store knows in
// which order the writers came. No two of their changes may have one number.
func (w *world) takeVersions() {
	w.Helper()
	many := list(w.cat, "Node")
	many.Row = ids(w.cat.All(), plan.Property{Name: catalog.Version})
	versions := map[string]int{}
	for _, row := range w.run(ask(w.cat, many), nil).(Row).Slots[0].(Page).Rows {
		slots := row.(Row).Slots
		versions[slots[0].(string)] = int(slots[1].(int64))
	}
	for i := range w.nodes {
		w.nodes[i] = *w.nodes[i].WithVersion(versions[w.nodes[i].ID])
	}
	if got := slices.Sorted(maps.Values(versions)); !slices.Equal(got, slices.Compact(slices.Clone(got))) {
		w.Errorf("two changes have the same number: %v", got)
	}
}
