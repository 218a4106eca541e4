package natural

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestIdsComeInTheirNaturalOrder(t *testing.T) {
	want := []string{"", "1", "2", "10", "a", "a01", "a1", "a2", "a02b", "a2c", "a10", "a10-2", "a10-10", "b", "b18446744073709551617"}
	if diff := cmp.Diff(want, Sort(slices.Sorted(slices.Values(want)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTheNaturalOrderIsOne(t *testing.T) {
	texts := rapid.StringMatching(`[ab019-]{0,5}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := texts.Draw(t, "a"), texts.Draw(t, "b"), texts.Draw(t, "c")
		switch {
		case Compare(a, b) != -Compare(b, a):
			t.Errorf("%q and %q are not told apart the same way round", a, b)
		case (Compare(a, b) == 0) != (a == b):
			t.Errorf("%q and %q are the same", a, b)
		case Compare(a, b) < 0 && Compare(b, c) < 0 && Compare(a, c) >= 0:
			t.Errorf("%q < %q < %q, but not %q < %q", a, b, c, a, c)
		}
	})
}
