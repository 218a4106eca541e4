package mishaps

import (
	"flag"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nicgraph/internal/neo4jtest"
)

// cuts is how often the wire to Neo4j is cut, each third time for a while; before a release,
// `-cuts 100`.
var cuts = flag.Int("cuts", 3, "how often the wire to Neo4j is cut in the midst of writes")

func TestWritesUnderAKeyAreDoneOnceWhateverTheWireToNeo4jDoes(t *testing.T) {
	server := neo4jtest.Start(t)
	w := newWire(t, strings.TrimPrefix(server.URI, "bolt://"))
	t.Setenv("NEO4J_PASSWORD", server.Password)
	p := serve(t, "--store", "neo4j", "--neo4j-uri", "bolt://"+w.listener.Addr().String(), "--neo4j-user", server.User)
	l := newLoad(4)
	for _, one := range l.writers { // the first statements take Neo4j seconds
		must(t, insist(func() error { return one.write(t.Context(), p) }))
	}
	var over atomic.Bool
	var repeats atomic.Int64
	done := make(chan struct{}, 1)
	go func() {
		defer over.Store(true)
		w.cutOften(*cuts, done)
	}()
	l.run(t.Context(), p, func(err error) bool {
		switch {
		case err == nil:
			select {
			case done <- struct{}{}:
			default:
			}
		case passes(err):
			repeats.Add(1)
		default:
			t.Errorf("with the wire cut: %v", err)
		}
		return err != nil || !over.Load()
	})
	l.check(t, p)
	w.cut()
	l.check(t, p)
	if l.seen != l.acknowledged() {
		t.Errorf("%d changes of %d writes", l.seen, l.acknowledged())
	}
	t.Logf("%d cuts, %d changes, %d writes sent again by their writers", *cuts, l.seen, repeats.Load())
}

// wire passes bytes on between the program and a server behind it, and can be cut.
type wire struct {
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
	dead     bool
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	w := &wire{listener: listener}
	go w.pass(to)
	return w
}

func (w *wire) pass(to string) {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", to)
		if err != nil || !w.add(near, far) {
			_ = near.Close()
			continue
		}
		go carry(near, far)
		go carry(far, near)
	}
}

// add notes a connection, if the wire carries any now.
func (w *wire) add(near, far net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		_ = far.Close()
		return false
	}
	w.conns = append(w.conns, near, far)
	return true
}

func carry(to, from net.Conn) {
	_, _ = io.Copy(to, from) // a cut is what the test wants
	_ = to.Close()
}

// cutOften cuts the wire, each time at a random moment after some write was done; each third
// time nothing passes for a second.
func (w *wire) cutOften(times int, done <-chan struct{}) {
	for i := range times {
		<-done
		time.Sleep(rand.N(400 * time.Millisecond))
		away := i%3 == 2
		w.carries(!away)
		w.cut()
		if away {
			time.Sleep(time.Second)
			w.carries(true)
		}
	}
}

func (w *wire) carries(any bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = !any
}

// cut closes every connection that there is.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		_ = c.Close()
	}
	w.conns = nil
}
