package main

import (
	"runtime"
	"testing"
)

// garbage makes some of it, and tells how often it was collected meanwhile.
func garbage(bytes int) (collections uint32) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range bytes >> 10 {
		wasted = make([]byte, 1<<10)
	}
	runtime.ReadMemStats(&after)
	return after.NumGC - before.NumGC
}

var wasted []byte

func TestAServerCollectsLessOften(t *testing.T) {
	nothing := func(string) (string, bool) { return "", false }
	runtime.GC() // what other tests have left
	eagerly := garbage(2 * roomOfServer)
	room := makeRoom(nothing)
	runtime.GC() // from now on it is known
	calmly := garbage(2 * roomOfServer)
	room.giveBack()
	if calmly > 3 || calmly >= eagerly {
		t.Errorf("%d collections with room, %d without", calmly, eagerly)
	}
}

func TestWhoeverSetsTheCollectorIsObeyed(t *testing.T) {
	for _, set := range []string{"GOGC", "GOMEMLIMIT"} {
		if room := makeRoom(func(name string) (string, bool) { return "50", name == set }); room != nil {
			t.Errorf("%s: %d bytes of room", set, len(room))
		}
	}
}
