package population

import (
	"testing"

	"nicgraph/internal/fault"
)

func TestTooManySharedTiesAreRefused(t *testing.T) {
	in := make([]stake, 2000)
	for i := range in {
		in[i] = stake{member: int32(i), first: ever, last: forever}
	}
	w := Tying{Window: Window{1, 1}}
	if err := w.share(t.Context(), stakes{in: [][]stake{in}}, sharedEvents); fault.KindOf(err) != fault.Limit {
		t.Errorf("got %v", err)
	}
}
