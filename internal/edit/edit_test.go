package edit_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/edit"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/stored"
)

// desk is an editor over a store in memory that holds one source.
type desk struct {
	*testing.T
	cat    *catalog.Catalog
	editor *edit.Editor
	stored *stored.Reader
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	cat := domain.Catalog()
	st := store.New(embedded.OpenMemory(cat, nil), store.Limits{})
	t.Cleanup(func() { _ = st.Close() })
	d := &desk{T: t, cat: cat, editor: edit.New(st, cat), stored: stored.New(st, cat)}
	d.must(change.Create, "Source", change.Input{"id": "s", "title": "S", "publisher": "P"})
	return d
}

func (d *desk) request(action change.Action, typ string, input ...change.Input) *change.Request {
	t, ok := d.cat.Type(typ)
	if !ok {
		d.Fatalf("no type %s", typ)
	}
	return &change.Request{Action: action, Type: t, Input: input}
}

func (d *desk) do(r *change.Request) (done edit.Done, err error) {
	err = d.editor.Do(d.Context(), r, edit.Writer{Name: "tester", At: time.Unix(1e9, 0)}, func(_ context.Context, what edit.Done) error {
		done = what
		return nil
	})
	return done, err
}

func (d *desk) must(action change.Action, typ string, input ...change.Input) edit.Done {
	d.Helper()
	done, err := d.do(d.request(action, typ, input...))
	if err != nil {
		d.Fatal(err)
	}
	return done
}

func (d *desk) node(typ, id string) *change.Node {
	d.Helper()
	t, _ := d.cat.Type(typ)
	found, err := d.stored.ByID(d.Context(), t, []string{id})
	if err != nil || found[id] == nil {
		d.Fatalf("%s %s: %v", typ, id, err)
	}
	return found[id]
}

func organization(id, name string) change.Input {
	in := change.Input{"name": name, "kind": "SCHOOL", "country": "US", "summary": "x", "sources": []any{"s"}}
	if id != "" {
		in["id"] = id
	}
	return in
}

func TestIDsAreMadeOfNames(t *testing.T) {
	long := strings.Repeat("improvement ", 20)
	for _, test := range []struct{ name, want string }{
		{"Fresno Unified", "fresno-unified"},
		{"  École—du   Nord! ", "ecole-du-nord"},
		{"The Teacher's Guild", "the-teachers-guild"},
		{"9th Grade Success", "9th-grade-success"},
		{"Straße & Sons", "strasse-sons"},
		{"東京", "organization"},
		{"???", "organization-2"},
		{long, strings.TrimSuffix(strings.Repeat("improvement-", 6), "-")},
		{strings.Repeat("x", 200), strings.Repeat("x", 80)},
	} {
		t.Run(test.want, func(t *testing.T) {
			d := newDesk(t)
			if test.want == "organization-2" {
				d.must(change.Create, "Organization", organization("organization", "O"))
			}
			done := d.must(change.Create, "Organization", organization("", test.name))
			if diff := cmp.Diff([]string{test.want}, done.IDs); diff != "" {
				t.Errorf("ids (-want +got)\n%s", diff)
			}
			if err := change.CheckID(done.IDs[0]); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWritersWithoutAVersionLoseNothingOfEachOther(t *testing.T) {
	d := newDesk(t)
	d.must(change.Create, "Organization", organization("o", "O"))
	fields := []string{"city", "region", "country", "website", "name", "summary"}
	var wait sync.WaitGroup
	for _, field := range fields {
		wait.Go(func() {
			for i := range 20 {
				if _, err := d.do(d.request(change.Update, "Organization", change.Input{"id": "o", field: fmt.Sprintf("%s %d", field, i)})); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	o := d.node("Organization", "o")
	for _, field := range fields {
		p, _ := o.Type.Property(field)
		if got, want := o.Values[p.Index].Str, field+" 19"; got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if got, want := o.Version(), 2+20*len(fields); got != want {
		t.Errorf("the version is %d, want %d", got, want)
	}
}

func TestThingsOfOneNameThatComeAtOnceHaveDifferentIDs(t *testing.T) {
	d := newDesk(t)
	var wait sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]bool{}
	for range 15 {
		wait.Go(func() {
			done, err := d.do(d.request(change.Create, "Organization", organization("", "Same"), organization("", "Same")))
			mu.Lock()
			defer mu.Unlock()
			for _, id := range done.IDs {
				ids[id] = true
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if len(ids) != 30 || !ids["same"] || !ids["same-30"] {
		t.Errorf("%d ids: %v", len(ids), ids)
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	many := make([]change.Input, edit.MaxInput+1)
	list := make([]any, 1001)
	for i := range list {
		list[i] = fmt.Sprintf("alias %d", i)
	}
	wordy := organization("", strings.Repeat("x", 501))
	listed := organization("", "O")
	listed["aliases"] = list
	told := organization("", "O")
	told["summary"] = strings.Repeat("x", 20_001)
	for _, test := range []struct {
		name  string
		input []change.Input
		kind  fault.Kind
		says  string
	}{
		{"inputs", many, fault.Limit, "there are 1001 inputs, and one field takes 1000"},
		{"elements of a list", []change.Input{listed}, fault.Limit, "aliases has 1001 elements and may have 1000"},
		{"characters of a name", []change.Input{wordy}, fault.Invalid, "name has 501 characters; at most 500 may stand here"},
		{"characters of a text", []change.Input{told}, fault.Invalid, "summary has 20001 characters; at most 20000 may stand here"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			_, err := d.do(d.request(change.Create, "Organization", test.input...))
			if err == nil || fault.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestAHundredFaultsAreToldAndHowManyMoreThereAre(t *testing.T) {
	d := newDesk(t)
	input := make([]change.Input, 120)
	for i := range input {
		input[i] = organization("", " ")
	}
	_, err := d.do(d.request(change.Create, "Organization", input...))
	each := fault.Each(err)
	if len(each) != 101 || each[100].Error() != "and 20 more faults" {
		t.Errorf("%d faults, the last %v", len(each), each[len(each)-1])
	}
}

func TestTheReasonAndTheKeyAreCheckedToo(t *testing.T) {
	d := newDesk(t)
	r := d.request(change.Create, "Organization", organization("", "O"))
	r.Why, r.Key = strings.Repeat("x", 2001), "a\x00"
	_, err := d.do(r)
	want := []string{"why has 2001 characters; at most 2000 may stand here", "key holds the control character U+0000; remove it"}
	var got []string
	for _, e := range fault.Each(err) {
		got = append(got, e.Error())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got)\n%s", diff)
	}
}

// Finding free ids takes a step for each of them, not one for each that has the same name.
func TestManyOfOneNameTakeAsManySteps(t *testing.T) {
	d := newDesk(t)
	input := make([]change.Input, edit.MaxInput)
	for i := range input {
		input[i] = organization("", "Same")
	}
	cost := testing.AllocsPerRun(1, func() { d.must(change.Create, "Organization", input...) })
	if cost > 500*edit.MaxInput {
		t.Errorf("%.0f allocations for %d inputs", cost, edit.MaxInput)
	}
}

// Who guesses the key of somebody else must not have that one's write taken for done.
func TestAKeyIsItsWritersOwn(t *testing.T) {
	d := newDesk(t)
	do := func(writer, name string) error {
		r := d.request(change.Create, "Organization", organization("", name))
		r.Key = "monday"
		return d.editor.Do(d.Context(), r, edit.Writer{Name: writer, At: time.Unix(1e9, 0)}, func(context.Context, edit.Done) error { return nil })
	}
	if err := do("Mallory", "X"); err != nil {
		t.Fatal(err)
	}
	err := do("Alice", "Y")
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "the key was used by somebody else") {
		t.Errorf("got %v, want a conflict", err)
	}
	if err := do("Mallory", "X"); err != nil {
		t.Errorf("a repetition: %v", err)
	}
}

// Every link that is stored can be cut or followed when what it leads to is deleted, however
// deep what rests on it is.
func TestADeletionTakesAlongWhatRestsOnWhatGoes(t *testing.T) {
	d := newDesk(t)
	d.must(change.Create, "Resource", change.Input{"id": "r", "title": "R", "kind": "GUIDE", "summary": "x", "sources": []any{"s"}})
	d.must(change.Create, "Framework", change.Input{"id": "f", "name": "F", "resource": "r", "summary": "x", "sources": []any{"s"}})
	d.must(change.Create, "Standard", change.Input{"id": "st", "framework": "f", "dimension": "x", "title": "T", "definition": "x", "sources": []any{"s"}})
	d.must(change.Create, "StandardLevel", change.Input{"id": "l", "standard": "st", "level": int64(1), "name": "L", "sources": []any{"s"}})
	r := d.request(change.Delete, "Resource", change.Input{"id": "r"})
	r.WithFacts = true
	done, err := d.do(r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"f", "l", "r", "st"}, done.Deleted); diff != "" {
		t.Errorf("deleted (-want +got)\n%s", diff)
	}
}

func TestAnAnswerThatCannotBeToldSaysThatTheWriteWasDone(t *testing.T) {
	d := newDesk(t)
	r := d.request(change.Create, "Organization", organization("o", "O"))
	err := d.editor.Do(t.Context(), r, edit.Writer{}, func(context.Context, edit.Done) error {
		return fault.New(fault.Timeout, "too slow")
	})
	if want := "this was written, as change 2, but what came of it could not be told: too slow"; fault.KindOf(err) != fault.Timeout || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v", err)
	}
	d.node("Organization", "o")
}

// A deletion finds what rests on a thing by the links that are read from their ends.
func TestEveryStoredLinkIsReadFromItsEnd(t *testing.T) {
	cat := newDesk(t).cat
	for _, from := range cat.Types {
		for _, l := range from.Out {
			for to := range cat.In(l.Targets) {
				if !readsBack(to, l, from) {
					t.Errorf("%s cannot tell which %s lead to it by %s", to.Name, from.Name, l.Name)
				}
			}
		}
	}
}

func readsBack(t *catalog.Type, l *catalog.Link, from *catalog.Type) bool {
	for _, back := range t.Links {
		if back.Shortcut == nil && back.Direction == catalog.In && back.Relationship == l.Relationship && back.Targets.Has(from.ID) {
			return true
		}
	}
	return false
}
