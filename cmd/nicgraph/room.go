package main

import "runtime"

// room is memory that a server holds and never touches. The collector runs when as much garbage has
// gathered as is held: a few megabytes of graph would have it run dozens of times in a second of small
// questions. With room it runs once for this much garbage at least, and for a large graph as before;
// a percentage would have to follow the graph as it grows. What is never touched takes no memory of
// the machine, but for the garbage that gathers instead.
type room []byte

// roomOfServer is enough for some ten thousand small questions between two collections.
const roomOfServer = 64 << 20

// makeRoom makes room, unless the environment says how eagerly garbage is to be collected.
func makeRoom(lookup func(string) (string, bool)) room {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		if _, set := lookup(name); set {
			return nil
		}
	}
	return make(room, roomOfServer)
}

// giveBack ends it.
func (r room) giveBack() { runtime.KeepAlive(r) }
