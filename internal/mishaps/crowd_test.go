package mishaps

import (
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
)

// crowd is how many connections stay open; for the largest, `-crowd 10000`, which takes a
// limit of open files above that.
var crowd = flag.Int("crowd", 1000, "how many connections do nothing while others ask")

// perConnection bounds what an idle connection holds of the server's memory, in kB.
const perConnection = 64

func TestACrowdThatDoesNothingHindersNobody(t *testing.T) {
	p := serve(t, "--data", t.TempDir())
	l := newLoad(4)
	must(t, l.writers[0].write(t.Context(), p))
	before := resident(t, p)
	for range *crowd {
		conn := dial(t, p)
		fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
	}
	slow := stalled(t, p)
	for range 25 {
		for _, w := range l.writers {
			must(t, w.write(t.Context(), p))
		}
	}
	l.check(t, p)
	grown := resident(t, p) - before
	t.Logf("%d idle connections and %d slow readers: %d kB more, %.1f kB each", *crowd, slow, grown, float64(grown)/float64(*crowd))
	if most := 32<<10 + *crowd*perConnection; grown > most {
		t.Errorf("%d idle connections took %d kB, want at most %d", *crowd, grown, most)
	}
}

// stalled opens connections that ask for long answers, more of them than the system keeps
// for a reader, and never read one. It tells how many.
func stalled(t *testing.T, p *program) int {
	t.Helper()
	const readers, answers = 10, 20
	const body = `{"query": "{ __schema { types { name description fields { name description args { name description } } } } }"}`
	for range readers {
		conn := dial(t, p)
		must(t, conn.(*net.TCPConn).SetReadBuffer(4096))
		for range answers {
			fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		}
	}
	return readers
}

func dial(t *testing.T, p *program) net.Conn {
	t.Helper()
	at, err := url.Parse(p.address)
	must(t, err)
	conn, err := net.Dial("tcp", at.Host)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// resident is the memory that a process holds, in kB.
func resident(t *testing.T, p *program) (kB int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Skipf("this system does not tell what a process holds: %v", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	_, err = fmt.Sscan(rest, &kB)
	must(t, err)
	return kB
}

func TestManyWhoWriteAtOnceAreAllServed(t *testing.T) {
	p := serve(t, "--data", t.TempDir())
	l := newLoad(64)
	var all sync.WaitGroup
	for _, w := range l.writers {
		all.Go(func() {
			for range 5 {
				if err := w.write(t.Context(), p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	l.check(t, p)
}
