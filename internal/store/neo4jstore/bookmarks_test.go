package neo4jstore

import (
	"context"
	"slices"
	"testing"
)

func TestABookmarkIsWaitedForOnce(t *testing.T) {
	var w waits
	ctx := context.Background()
	sends := func(want ...string) []string {
		t.Helper()
		got, err := w.GetBookmarks(ctx)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("sends %q (%v), want %q", got, err, want)
		}
		return got
	}
	returns := func(sent []string, b string) {
		t.Helper()
		if err := w.UpdateBookmarks(ctx, sent, []string{b}); err != nil {
			t.Fatal(err)
		}
	}

	returns(sends(), "write 1")
	first, second := sends("write 1"), sends("write 1") // at the same time
	returns(first, "write 1")
	sends()
	returns(second, "write 1")
	sends()

	third := sends()
	returns(nil, "write 2")
	returns(third, "write 1") // it ended before the write
	returns(sends("write 2"), "write 2")
	sends()

	returns(nil, "write 3")
	returns(nil, "write 4")
	sends("write 3", "write 4") // and fails, so that nothing is heard of it
	late := sends("write 3", "write 4")
	returns(nil, "write 5")
	returns(late, "write 5")
	sends("write 5")
}

func TestBookmarksCostNothingWhileNobodyWrites(t *testing.T) {
	var w waits
	ctx := context.Background()
	returned := []string{"write"}
	_ = w.UpdateBookmarks(ctx, returned, returned)
	allocations := testing.AllocsPerRun(100, func() {
		sent, _ := w.GetBookmarks(ctx)
		_ = w.UpdateBookmarks(ctx, sent, returned)
	})
	if allocations > 0 {
		t.Errorf("%v allocations", allocations)
	}
}
