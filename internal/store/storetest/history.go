package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/audit"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

func testHistory(t *testing.T, open Open) {
	t.Run("changes are kept with who, when and why", func(t *testing.T) { testChanges(t, open) })
	t.Run("a change tells what it did to each node", func(t *testing.T) { testEntries(t, open) })
	t.Run("a node has a history, also when it is gone or came back", func(t *testing.T) { testNodeHistory(t, open) })
	t.Run("the graph is as it was after any change", func(t *testing.T) { testAt(t, open) })
	t.Run("a state of the past stays while others write", func(t *testing.T) { testAtWhileWriting(t, open) })
	t.Run("a check finds nothing wrong", func(t *testing.T) { testAudit(t, open) })
	t.Run("a preview shows what would be and keeps nothing", func(t *testing.T) { testPreview(t, open) })
	t.Run("a preview refuses what a write refuses", func(t *testing.T) { testPreviewRefused(t, open) })
	t.Run("a key is applied once", func(t *testing.T) { testKey(t, open) })
	t.Run("versions that are expected are kept", func(t *testing.T) { testExpect(t, open) })
}

// past is a world with everything that its history should tell.
type past struct {
	*world
	changes []change.Recorded
	moments [][]change.Node // the graph after each change; the first is before all
}

// steps are changes in which nodes come, change, go, and come back as another type.
func steps() []write {
	return []write{
		{upserts: map[string]Fields{"Person a": {"nick": "one", "aliases": []string{"x", "y"}}, "Person b": {"friend": "a", "likes": []string{"a", "b"}}, "Place oak": {}}},
		{upserts: map[string]Fields{"Person a": {"nick": "two", "born": "2013~", "height": 0.1}, "Person c": {"friend": "b"}, "Place oak": {}}},
		{upserts: map[string]Fields{"Person b": {"likes": []string{"b"}}}, deletes: []string{"a"}},
		{upserts: map[string]Fields{"Group a": {"score": 3}, "Lesson l": {"learner": "a", "teacher": "c", "at": "oak", "on": "2014"}}},
		{upserts: map[string]Fields{"Person b": {"likes": []string{"oak", "a", "b"}, "friend": "a"}}},
		{upserts: map[string]Fields{"Person b": {}}, deletes: []string{"a", "l"}},
		{upserts: map[string]Fields{"Person a": {"nick": "three"}}, deletes: []string{"oak"}},
	}
}

func newPast(t *testing.T, open Open) *past {
	t.Helper()
	p := &past{world: newWorld(t, open, nil), moments: [][]change.Node{nil}}
	for i, step := range steps() {
		note := change.Note{By: []string{"ann", "bo", ""}[i%3], Why: fmt.Sprint("step ", i+1), At: moment(i), Key: fmt.Sprint("key ", i+1)}
		p.step(&change.Batch{Upserts: p.make(step.upserts), Deletes: step.deletes, Note: note})
	}
	return p
}

// moment is the time of a step; the fourth has a clock that went back.
func moment(i int) time.Time {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	if i == 3 {
		return at
	}
	return at.Add(time.Duration(i) * time.Hour)
}

func (p *past) step(batch *change.Batch) {
	p.Helper()
	out := p.applied(batch)
	want := change.Recorded{Number: len(p.changes) + 1, Note: batch.Note, Summary: out.Summary}
	if len(p.changes) > 0 && want.Note.At.Before(p.changes[len(p.changes)-1].Note.At) {
		want.Note.At = p.changes[len(p.changes)-1].Note.At
	}
	if out.Change != want.Number {
		p.Fatalf("the change has number %d, want %d", out.Change, want.Number)
	}
	p.changes = append(p.changes, want)
	p.moments = append(p.moments, p.nodes)
}

func testChanges(t *testing.T, open Open) {
	p := newPast(t, open)
	ann := "ann"
	for _, test := range []struct {
		name string
		ask  change.Ask
		want []int
	}{
		{"all, the oldest first", change.Ask{First: 100}, []int{1, 2, 3, 4, 5, 6, 7}},
		{"all, the newest first", change.Ask{First: 100, Backward: true}, []int{7, 6, 5, 4, 3, 2, 1}},
		{"the first two", change.Ask{First: 2}, []int{1, 2}},
		{"two after one", change.Ask{First: 2, After: 3}, []int{4, 5}},
		{"those between two", change.Ask{First: 100, After: 2, Before: 5}, []int{3, 4}},
		{"the last before one", change.Ask{First: 1, Before: 5, Backward: true}, []int{4}},
		{"none between two that follow each other", change.Ask{First: 100, After: 4, Before: 5}, nil},
		{"by one", change.Ask{First: 100, By: &ann}, []int{1, 4, 7}},
		{"since a moment", change.Ask{First: 100, Since: moment(4)}, []int{5, 6, 7}},
		{"until a moment, whatever the clock said", change.Ask{First: 100, Until: moment(2)}, []int{1, 2, 3, 4}},
		{"the last until a moment", change.Ask{First: 1, Until: moment(1).Add(time.Minute), Backward: true}, []int{2}},
		{"beyond the last", change.Ask{First: 100, After: 7}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := p.backend.Changes(t.Context(), &test.ask)
			var want []change.Recorded
			for _, number := range test.want {
				want = append(want, p.changes[number-1])
			}
			if diff := cmp.Diff(want, slices.Concat([]change.Recorded(nil), got)); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// entry is an entry as texts, so that differences can be read.
type entry struct {
	Change            int
	ID, Before, After string
}

func entriesOf(all []change.Entry) (texts []entry) {
	for _, e := range all {
		texts = append(texts, entry{e.Change, e.ID, stateText(e.Before), stateText(e.After)})
	}
	return texts
}

func stateText(n *change.Node) string {
	if n == nil {
		return "nothing"
	}
	return printed([]change.Node{*n})
}

// did is what a change should say that it did.
func (p *past) did(number int) (all []entry) {
	before, after := p.moments[number-1], p.moments[number]
	ids := map[string]bool{}
	for _, n := range slices.Concat(before, after) {
		ids[n.ID] = true
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		was, is := find(before, id), find(after, id)
		if was == nil || is == nil || !was.Equal(is) {
			all = append(all, entry{number, id, stateText(was), stateText(is)})
		}
	}
	return all
}

func testEntries(t *testing.T, open Open) {
	p := newPast(t, open)
	for number := range len(p.changes) + 3 {
		var want []entry
		if number > 0 && number <= len(p.changes) {
			want = p.did(number)
		}
		for _, first := range []int{1, 2, 100} {
			var got []entry
			for after, more := "", true; more; {
				page, err := p.backend.Entries(t.Context(), number, after, first)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, entriesOf(page)...)
				if more = len(page) == first; more {
					after = page[first-1].ID
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("change %d, %d at a time (-want +got):\n%s", number, first, diff)
			}
		}
	}
}

func testNodeHistory(t *testing.T, open Open) {
	p := newPast(t, open)
	for _, id := range []string{"a", "b", "c", "l", "oak", "nobody"} {
		var want []entry
		for number := len(p.changes); number > 0; number-- {
			for _, e := range p.did(number) {
				if e.ID == id {
					want = append(want, e)
				}
			}
		}
		for _, first := range []int{1, 100} {
			if diff := cmp.Diff(want, p.historyOf(id, first)); diff != "" {
				t.Errorf("%s, %d at a time (-want +got):\n%s", id, first, diff)
			}
		}
		between, err := p.backend.NodeHistory(t.Context(), id, 4, 100)
		older := slices.DeleteFunc(slices.Clone(want), func(e entry) bool { return e.Change >= 4 })
		if diff := cmp.Diff(older, entriesOf(between)); err != nil || len(older)+len(between) > 0 && diff != "" {
			t.Errorf("%s before change 4: error %v (-want +got):\n%s", id, err, diff)
		}
	}
}

func (p *past) historyOf(id string, first int) (all []entry) {
	p.Helper()
	for before, more := 0, true; more; {
		page, err := p.backend.NodeHistory(p.Context(), id, before, first)
		if err != nil {
			p.Fatal(err)
		}
		all = append(all, entriesOf(page)...)
		if more = len(page) == first; more {
			before = page[first-1].Change
		}
	}
	return all
}

func testAt(t *testing.T, open Open) {
	p := newPast(t, open)
	for _, number := range []int{7, 0, 3, 5, 1, 2, 4, 6, 3} {
		then := p.at(number)
		then.holds(p.moments[number])
		if revision := then.revision(); revision != uint64(number) {
			t.Errorf("at change %d the revision is %d", number, revision)
		}
		if empty, err := then.backend.Empty(t.Context()); err != nil || empty != (number == 0) {
			t.Errorf("at change %d Empty is %t, %v", number, empty, err)
		}
		p.answersAs(then, p.moments[number])
		then.refuses(&change.Batch{Upserts: p.make(map[string]Fields{"Person new": {}})})
	}
	for _, number := range []int{-1, 8} {
		if _, err := p.backend.At(t.Context(), number); fault.KindOf(err) != fault.NotFound {
			t.Errorf("at change %d: error %v", number, err)
		}
	}
	p.holds(p.nodes)
}

// at is the world after a change.
func (p *past) at(number int) *world {
	p.Helper()
	then, err := p.backend.At(p.Context(), number)
	if err != nil {
		p.Fatalf("at change %d: %v", number, err)
	}
	return &world{T: p.T, cat: p.cat, backend: then, nodes: p.moments[number]}
}

// answersAs checks that a state is asked by index, by link and by id as one that has the nodes.
func (p *past) answersAs(w *world, nodes []change.Node) {
	p.Helper()
	people := list(w.cat, "Person")
	people.Order = []plan.Key{{Property: "nick", Kind: value.Text, Desc: true}, {Property: "id", Kind: value.ID}}
	person, _ := w.cat.Type("Person")
	likes, _ := person.Link("likes")
	liked := list(w.cat, "Person")
	liked.Where = plan.Linked{Link: likes, Where: plan.Compare{Property: "id", Kind: value.ID, Op: plan.Eq, Operand: plan.Operand{Const: value.OfID("b")}}}
	a := &plan.Find{Types: w.cat.All(), ID: plan.Operand{Const: value.OfID("a")}, Row: ids(w.cat.All(), plan.Property{Name: "version"})}
	asked := ask(w.cat, people, liked, a)
	want, err := Evaluate(nodes, asked, nil)
	if err != nil {
		p.Fatal(err)
	}
	if diff := cmp.Diff(want, w.run(asked, nil)); diff != "" {
		p.Errorf("it answers otherwise (-want +got):\n%s", diff)
	}
}

func testAtWhileWriting(t *testing.T, open Open) {
	p := newPast(t, open)
	ctx, stop := context.WithCancel(t.Context())
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := 0; i < 40 && ctx.Err() == nil; i++ {
			nodes, err := nodesOf(p.cat, map[string]Fields{"Person b": {"score": i, "likes": []string{"a", "c"}}, fmt.Sprint("Person new", i): {"likes": []string{"b"}}})
			if err == nil {
				_, err = p.backend.Apply(t.Context(), &change.Batch{Upserts: nodes}, nil)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	held := p.at(2)
	for range 5 {
		for number := range len(p.moments) {
			p.at(number).holds(p.moments[number])
		}
		held.holds(p.moments[2])
	}
	stop()
	writer.Wait()
	held.holds(p.moments[2])
}

func testAudit(t *testing.T, open Open) {
	p := newPast(t, open)
	Audit(t, p.backend, p.cat, "3 things and facts, 1 links, 7 changes with 15 entries, 0 faults")
}

// sound checks that a check finds nothing wrong.
func (w *world) sound() {
	w.Helper()
	Audit(w.T, w.backend, w.cat, "")
}

// Audit checks a store, which must have nothing wrong; the report must be as wanted, unless
// that is empty.
func Audit(t *testing.T, backend store.Backend, cat *catalog.Catalog, want string) {
	t.Helper()
	report, err := audit.Check(t.Context(), store.New(backend, store.Limits{}), cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() || want != "" && want != report.String() {
		t.Errorf("%s; want %s\n%s", report, want, strings.Join(report.Faults, "\n"))
	}
}

// faultsOf is what a check finds wrong with a store.
func faultsOf(t *testing.T, backend store.Backend, cat *catalog.Catalog) (string, error) {
	report, err := audit.Check(t.Context(), store.New(backend, store.Limits{}), cat, nil)
	return strings.Join(report.Faults, "\n"), err
}

func testPreview(t *testing.T, open Open) {
	for _, wr := range writes() {
		t.Run(wr.name, func(t *testing.T) {
			w := newWorld(t, open, lessons())
			batch := &change.Batch{Upserts: w.make(wr.upserts), Deletes: wr.deletes}
			before := w.revision()
			out, err := w.backend.Preview(t.Context(), batch, func(b store.Backend) error {
				shown := &world{T: t, cat: w.cat, backend: b}
				shown.holds(applied(w.nodes, batch, int(before)+1))
				if shown.revision() < store.Passing {
					t.Error("what passes has the revision of what stays")
				}
				shown.refuses(batch)
				return nil
			})
			if err != nil || out.Summary != wr.want {
				t.Errorf("got %+v, error %v, want %+v", out.Summary, err, wr.want)
			}
			if w.revision() != before {
				t.Error("the preview was kept")
			}
			w.holds(w.nodes)
			if got := w.apply(batch); got != wr.want {
				t.Errorf("afterwards: got %+v, want %+v", got, wr.want)
			}
			w.holds(w.nodes)
		})
	}
}

func testPreviewRefused(t *testing.T, open Open) {
	w := newWorld(t, open, lessons())
	seen := func(store.Backend) error { t.Error("it was shown"); return nil }
	for _, wr := range refused() {
		batch := &change.Batch{Upserts: w.make(wr.upserts), Deletes: wr.deletes}
		if _, err := w.backend.Preview(t.Context(), batch, seen); err == nil {
			t.Errorf("%s: it was taken", wr.name)
		}
	}
	w.holds(w.nodes)
	failed := fault.New(fault.Forbidden, "the reader has seen enough")
	_, err := w.backend.Preview(t.Context(), &change.Batch{Upserts: w.make(map[string]Fields{"Person new": {}})}, func(store.Backend) error { return failed })
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the error of who looks is lost: %v", err)
	}
	w.holds(w.nodes)
}

func testKey(t *testing.T, open Open) {
	w := newWorld(t, open, map[string]Fields{"Person a": {}})
	batch := &change.Batch{Upserts: w.make(map[string]Fields{"Person b": {}}), Note: change.Note{Key: "once"}}
	first := w.applied(batch)
	w.apply(&change.Batch{Deletes: []string{"b"}})
	again, err := w.backend.Apply(t.Context(), batch, nil)
	want := change.Outcome{Summary: first.Summary, Change: first.Change, Repeated: true}
	if diff := cmp.Diff(want, again); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	w.holds(w.nodes)
}

func testExpect(t *testing.T, open Open) {
	w := newWorld(t, open, map[string]Fields{"Person a": {}})
	w.apply(&change.Batch{Upserts: w.make(map[string]Fields{"Person a": {"score": 1}}), Expect: map[string]int{"a": 1, "b": change.Absent}})
	for _, wrong := range []map[string]int{{"a": 1}, {"a": change.Absent}, {"b": 1}} {
		_, err := w.backend.Apply(t.Context(), &change.Batch{Upserts: w.make(map[string]Fields{"Person a": {"score": 2}}), Expect: wrong}, nil)
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("%v: error %v", wrong, err)
		}
	}
	w.holds(w.nodes)
}
