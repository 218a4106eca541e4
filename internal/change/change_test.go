package change_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// A person may have a friend and must have a home; a home has nothing.
func people() *catalog.Catalog {
	id := func() *catalog.Property { return &catalog.Property{Name: "id", Kind: value.ID, Required: true} }
	person := &catalog.Type{
		Name:       "Person",
		Properties: []*catalog.Property{id(), {Name: "name", Kind: value.Text, Required: true}, {Name: "note", Kind: value.Text}},
		Links: []*catalog.Link{
			{Name: "home", Relationship: "HOME", Target: "Home", Required: true},
			{Name: "friends", Relationship: "FRIEND", Target: "Person", Many: true},
		},
	}
	home := &catalog.Type{Name: "Home", Properties: []*catalog.Property{id()}}
	return catalog.New([]*catalog.Type{person, home}, nil, nil)
}

func person(cat *catalog.Catalog, id, home string, friends ...string) change.Node {
	n := change.Node{Type: cat.Types[0], ID: id, Values: []value.Value{value.OfID(id), value.OfText(id), {}}, Links: [][]string{{home}, friends}}
	if home == "" {
		n.Links[0] = nil
	}
	return n
}

func home(cat *catalog.Catalog, id string) change.Node {
	return change.Node{Type: cat.Types[1], ID: id, Values: []value.Value{value.OfID(id)}}
}

func TestCheck(t *testing.T) {
	cat := people()
	nameless := person(cat, "a", "h")
	nameless.Values[1] = value.Value{}
	two := person(cat, "a", "h")
	two.Links[0] = []string{"h", "old"}
	for _, test := range []struct {
		name  string
		batch change.Batch
		says  []string // none: it is fine
	}{
		{"links may lead to what is there", change.Batch{Upserts: []change.Node{person(cat, "a", "h", "p")}}, nil},
		{"links may lead to what comes in the same batch, in any order", change.Batch{Upserts: []change.Node{person(cat, "a", "new", "b"), person(cat, "b", "new", "a"), home(cat, "new")}}, nil},
		{"a node may link to itself", change.Batch{Upserts: []change.Node{person(cat, "a", "h", "a")}}, nil},
		{"what is there may be written again", change.Batch{Upserts: []change.Node{person(cat, "p", "h")}}, nil},
		{"deletes alone are fine", change.Batch{Deletes: []string{"p", "nobody"}}, nil},
		{"an id twice", change.Batch{Upserts: []change.Node{home(cat, "a"), home(cat, "a")}}, []string{`id "a" is used twice`}},
		{"an id of another type", change.Batch{Upserts: []change.Node{home(cat, "p")}}, []string{`id "p" belongs to a Person already and cannot become a Home`}},
		{"written and deleted", change.Batch{Upserts: []change.Node{home(cat, "a")}, Deletes: []string{"a"}}, []string{`id "a" is both written and deleted`}},
		{"a required value is missing", change.Batch{Upserts: []change.Node{nameless}}, []string{`Person "a" has no name`}},
		{"a required link is missing", change.Batch{Upserts: []change.Node{person(cat, "a", "")}}, []string{`Person "a" has no home`}},
		{"a link to one leads to two", change.Batch{Upserts: []change.Node{two}}, []string{"takes one"}},
		{"a link leads nowhere", change.Batch{Upserts: []change.Node{person(cat, "a", "h", "zed")}}, []string{`links by friends to "zed", which does not exist`}},
		{"a link leads to what goes", change.Batch{Upserts: []change.Node{person(cat, "a", "h", "p")}, Deletes: []string{"p"}}, []string{"does not exist"}},
		{"a link leads to a wrong type", change.Batch{Upserts: []change.Node{person(cat, "a", "p")}}, []string{`to "p", a Person where a Home is wanted`}},
		{"a target is named twice", change.Batch{Upserts: []change.Node{person(cat, "a", "h", "p", "p")}}, []string{`names "p" twice as friends`}},
		{"all faults are told at once", change.Batch{Upserts: []change.Node{person(cat, "a", "", "zed"), home(cat, "p")}}, []string{"has no home", "zed", "cannot become"}},
	} {
		t.Run(test.name, func(t *testing.T) { testCheck(t, cat, test.batch, test.says) })
	}
}

func testCheck(t *testing.T, cat *catalog.Catalog, batch change.Batch, says []string) {
	stored := map[string]*catalog.Type{"h": cat.Types[1], "old": cat.Types[1], "p": cat.Types[0]}
	err := batch.Check(func(id string) (*catalog.Type, bool) {
		found, ok := stored[id]
		return found, ok
	})
	if says == nil {
		if err != nil {
			t.Error(err)
		}
		return
	}
	if err == nil || fault.KindOf(err) != fault.Invalid {
		t.Fatalf("the error is %v", err)
	}
	for _, part := range says {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q: %v", part, err)
		}
	}
}

func TestCheckTellsTwentyFaultsAndHowManyMoreThereAre(t *testing.T) {
	cat := people()
	var batch change.Batch
	for i := range 25 {
		batch.Upserts = append(batch.Upserts, person(cat, string(rune('a'+i)), ""))
	}
	err := batch.Check(func(string) (*catalog.Type, bool) { return nil, false })
	if err == nil || strings.Count(err.Error(), "has no home") != 20 || !strings.Contains(err.Error(), "and 5 more") {
		t.Errorf("the error is %v", err)
	}
}

func TestNodesAreEqualWhenNothingDiffers(t *testing.T) {
	cat := people()
	base := person(cat, "a", "h", "b", "c")
	value1 := person(cat, "a", "h", "b", "c")
	value1.Values[2] = value.OfText("")
	for _, test := range []struct {
		name  string
		other change.Node
		want  bool
	}{
		{"the same", person(cat, "a", "h", "b", "c"), true},
		{"another id", person(cat, "x", "h", "b", "c"), false},
		{"a value more", value1, false},
		{"another order of targets", person(cat, "a", "h", "c", "b"), false},
		{"a target less", person(cat, "a", "h", "b"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := base.Equal(&test.other); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestSummariesAddUp(t *testing.T) {
	got := change.Summary{Created: 1, Updated: 2, Unchanged: 3, Deleted: 4}.Add(change.Summary{Created: 10, Updated: 20, Unchanged: 30, Deleted: 40})
	if want := (change.Summary{Created: 11, Updated: 22, Unchanged: 33, Deleted: 44}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestARequestIsReadAsItWasWritten(t *testing.T) {
	cat := people()
	want := &change.Request{
		Action: change.Upsert, Type: cat.Types[0], WithFacts: true, Why: "w", Key: "k", DryRun: true,
		Input: []change.Input{{"id": "a", "name": "A", "note": nil, "age": int64(3), "height": 1.5, "awake": true, "friends": []any{"b", "c"}}},
	}
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := change.ReadRequest(cat, raw)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Input, got.Input); diff != "" {
		t.Errorf("input (-want +got)\n%s", diff)
	}
	if got.String() != want.String() || got.Why != "w" || got.Key != "k" {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, wrong := range []string{`{`, `{"action":"create","type":"Cloud"}`, `{"action":"hide","type":"Person"}`} {
		if _, err := change.ReadRequest(cat, []byte(wrong)); err == nil {
			t.Errorf("%s was read", wrong)
		}
	}
}

func TestATextIsWhatItLooksLike(t *testing.T) {
	for _, text := range []string{
		"Ann \u202eelpmaxE", "a\u202ab", "a\u2066b\u2069", "a\u2028b", "a\u2029b", "\ufeffa", "a\U000e0001b", "a\ufff9b", "a\x00", "a\x1b[31m", "a\r\nb", "a\u0085b", "a\x7f", "a\xff",
	} {
		if err := change.CheckText(text, 100); err == nil {
			t.Errorf("%+q may stand in the graph", text)
		}
	}
	for _, text := range []string{
		"two\nlines\tand a tab", "می\u200cخواهم", "क्\u200dष", "\u200fעברית", "שלום", "👩\u200d🏫", "🏴\U000e0067\U000e0062\U000e007f", "Ünï çødé", "a`b'c\"d\\e$f{g}",
	} {
		if err := change.CheckText(text, 100); err != nil {
			t.Errorf("%+q: %v", text, err)
		}
	}
}

func TestANodeGetsAVersionAndTheOneBeforeKeepsIts(t *testing.T) {
	version := &catalog.Property{Name: catalog.Version, Kind: value.Int, Managed: true}
	cat := catalog.New([]*catalog.Type{{Name: "Home", Properties: []*catalog.Property{{Name: "id", Kind: value.ID, Required: true}, version}}}, nil, nil)
	old := &change.Node{Type: cat.Types[0], ID: "a", Values: []value.Value{value.OfID("a"), value.OfInt(3)}}
	if got := old.WithVersion(5); got.Version() != 5 || old.Version() != 3 || !got.Equal(old) {
		t.Errorf("got %+v of %+v", got, old)
	}
	if unversioned := home(people(), "h"); !unversioned.WithVersion(5).Equal(&unversioned) {
		t.Error("a node whose type has no version is another one")
	}
	if got := (*change.Node)(nil).WithVersion(5); got != nil {
		t.Errorf("nothing became %+v", got)
	}
}
