package population

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheWindowCutsSpells(t *testing.T) {
	w := Window{First: 3, Last: 6}
	got := w.Spells([]Adoption{
		{First: 1, last: 2, fact: "before"}, {First: 2, last: 4, fact: "into"}, {First: 3, last: 3, LeftCensored: true, fact: "within"},
		{First: 5, last: 6, fact: "to the end"}, {First: 6, last: noEnd, fact: "on"}, {First: 7, last: noEnd, fact: "after"},
	})
	want := []Spell{
		{First: 0, Last: 1, LeftCensored: true, Fact: "into"}, {First: 0, Last: 0, LeftCensored: true, Fact: "within"},
		{First: 2, Last: -1, Fact: "to the end"}, {First: 3, Last: -1, Fact: "on"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Spell{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
