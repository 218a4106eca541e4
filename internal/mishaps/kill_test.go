package mishaps

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"
)

// kills is how often the server is killed: 25 tell a slip; before a release, `-kills 1000`.
var kills = flag.Int("kills", 25, "how often the server is killed in the midst of writes")

func TestNoAcknowledgedChangeIsLostToAKillAndNoneIsHalfOrDoneTwice(t *testing.T) {
	dir, l := t.TempDir(), newLoad(4)
	open := 0 // writes that were done but not answered
	for kill := range *kills {
		p := serve(t, "--data", dir)
		l.check(t, p)
		if t.Failed() {
			t.Fatalf("after %d kills", kill)
		}
		open += l.seen - l.acknowledged()
		time.AfterFunc(rand.N(120*time.Millisecond), func() { _ = p.cmd.Process.Kill() })
		l.run(t.Context(), p, func(err error) bool { return err == nil })
		p.kill()
	}
	l.check(t, serve(t, "--data", dir))
	t.Logf("%d kills, %d changes, %d of them done but not answered", *kills, l.seen, open)
	if l.seen < *kills {
		t.Errorf("%d changes in %d runs: the kills came before the writes", l.seen, *kills)
	}
}
