package model

import (
	"strings"
	"testing"
)

func TestDateReadsAndWritesEDTF(t *testing.T) {
	var d Date
	if err := d.UnmarshalGQL("2013-09~"); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	d.MarshalGQL(&b)
	if got, want := b.String(), `"2013-09~"`; got != want {
		t.Errorf("written as %s, want %s", got, want)
	}
}

func TestDateRefusesWhatIsNoDate(t *testing.T) {
	for _, v := range []any{"soon", "2013-13", 2013, nil} {
		var d Date
		if err := d.UnmarshalGQL(v); err == nil {
			t.Errorf("UnmarshalGQL(%#v) gave %q, want an error", v, d)
		}
	}
}
