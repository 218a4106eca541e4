package mishaps

import (
	"context"
	"flag"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nicgraph/internal/neo4jtest"
)

// restarts is how often Neo4j ends and begins again, by turns as in a crash and in order; before a
// release, `-restarts 10`.
var restarts = flag.Int("restarts", 1, "how often Neo4j ends in the midst of writes and begins again")

func TestNobodyLosesAnythingWhenNeo4jIsRestarted(t *testing.T) {
	server := neo4jtest.Own(t)
	t.Setenv("NEO4J_PASSWORD", server.Password)
	p := serve(t, "--store", "neo4j", "--neo4j-uri", server.URI, "--neo4j-user", server.User, "--timeout", "50s") // a Neo4j that has just begun takes its time
	l := newLoad(4)
	for _, w := range l.writers { // the first statements take Neo4j seconds
		must(t, w.write(t.Context(), p))
	}
	told := follow(t, p)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var wrote, read tally
	var all sync.WaitGroup
	all.Go(func() { l.run(ctx, p, func(err error) bool { return wrote.add(ctx, t, err) }) })
	for range 2 {
		all.Go(func() {
			for read.add(ctx, t, p.ask(ctx, new(any), `{ sources(first: 10) { totalCount nodes { id title } } }`, nil)) {
			}
		})
	}
	for i := range *restarts {
		restart(t, server, p, i)
		wrote.moves(t)
		read.moves(t)
	}
	end()
	all.Wait()
	l.settle(t, p)
	l.check(t, p)
	told.checkAll(t, l.seen)
	t.Logf("%d restarts, %d changes of %d writes, followed with %d breaks; refused: %d writes, %d of %d questions", *restarts, l.seen, l.acknowledged(), told.breaks.Load(), wrote.refused.Load(), read.refused.Load(), read.refused.Load()+read.answered.Load())
}

// restart has Neo4j end and begin again; the server says that it is not ready in between, and
// that it is afterwards.
func restart(t *testing.T, server *neo4jtest.Server, p *program, i int) {
	t.Helper()
	time.Sleep(rand.N(time.Second))
	signal, how := os.Kill, "killed"
	if i%2 == 1 {
		signal, how = os.Interrupt, "ended"
	}
	server.Halt(signal)
	gone := p.untilReady(t, http.StatusServiceUnavailable)
	must(t, server.Run(t.Context()))
	back := p.untilReady(t, http.StatusOK)
	t.Logf("Neo4j was %s: /readyz told it after %s, and that it is back %s after it answered again", how, gone, back)
}

// untilReady waits until /readyz answers as wanted, and tells how long that took.
func (p *program) untilReady(t *testing.T, want int) time.Duration {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		resp, err := client.Get(strings.TrimSuffix(p.address, "/graphql") + "/readyz")
		must(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		must(t, err)
		must(t, resp.Body.Close())
		switch took := time.Since(begun); {
		case resp.StatusCode == want:
			return took.Round(time.Millisecond)
		case took > 2*time.Minute:
			t.Fatalf("/readyz answers %d, want %d", resp.StatusCode, want)
		}
	}
}

// tally counts what was answered and what was refused since the store is away.
type tally struct{ answered, refused atomic.Int64 }

// add counts an answer, and tells whether to go on.
func (c *tally) add(ctx context.Context, t *testing.T, err error) bool {
	switch why := code(err); {
	case ctx.Err() != nil: // it broke off here
	case err == nil:
		c.answered.Add(1)
	case why == "UNAVAILABLE" || why == "TIMEOUT":
		c.refused.Add(1)
		time.Sleep(20 * time.Millisecond)
	default:
		t.Errorf("with Neo4j away: %v", err)
		return false
	}
	return ctx.Err() == nil
}

// moves makes sure that more is answered than until now.
func (c *tally) moves(t *testing.T) {
	t.Helper()
	const more = 8
	begun := time.Now()
	for want := c.answered.Load() + more; c.answered.Load() < want; time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > 2*time.Minute || t.Failed() {
			t.Fatalf("after Neo4j has come back %d were answered, want %d", c.answered.Load()-want+more, more)
		}
	}
}

// settle sends the writes again that were broken off: then it is known what came of them.
func (l *load) settle(t *testing.T, p *program) {
	t.Helper()
	for _, w := range l.writers {
		must(t, w.write(t.Context(), p))
	}
}
