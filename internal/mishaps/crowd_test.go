package mishaps

import (
	"bufio"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// crowd is how many connections stay open, besides a tenth of as many subscriptions; for the
// largest, `-crowd 10000`, which takes a limit of open files above that.
var crowd = flag.Int("crowd", 1000, "how many connections do nothing while others ask")

// perConnection bounds what an idle connection holds of the server's memory, in kB.
const perConnection = 64

// perSubscription is the same for a subscription to which nothing is told.
const perSubscription = 128

func TestACrowdThatDoesNothingHindersNobody(t *testing.T) {
	p := serve(t, "--data", t.TempDir())
	l := newLoad(4)
	must(t, l.writers[0].write(t.Context(), p))
	alone := askOften(t, p)
	before := resident(t, p)
	for range *crowd {
		conn := dial(t, p)
		fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
	}
	idle := askOften(t, p)
	withIdle := resident(t, p)
	subscriptions := *crowd / 10
	for range subscriptions {
		subscribe(t, p)
	}
	subscribed := askOften(t, p)
	withAll := resident(t, p)
	slow := stalled(t, p)
	told := follow(t, p)
	for range 25 {
		for _, w := range l.writers {
			must(t, w.write(t.Context(), p))
		}
	}
	l.check(t, p)
	told.checkAll(t, l.seen)
	t.Logf("%d idle connections: %.1f kB each; %d subscriptions: %.1f kB each; and %d slow readers", *crowd, each(withIdle-before, *crowd), subscriptions, each(withAll-withIdle, subscriptions), slow)
	t.Logf("a question takes %s alone, %s beside the connections, %s beside the subscriptions too", alone, idle, subscribed)
	if most := 32<<10 + *crowd*perConnection + subscriptions*perSubscription; withAll-before > most {
		t.Errorf("all of them took %d kB, want at most %d", withAll-before, most)
	}
}

func each(kB, all int) float64 { return float64(kB) / float64(max(all, 1)) }

// askOften asks something small a few hundred times, one after the other, and tells how long the one
// in the middle took.
func askOften(t *testing.T, p *program) time.Duration {
	t.Helper()
	took := make([]time.Duration, 301)
	for i := range took {
		begun := time.Now()
		must(t, p.ask(t.Context(), new(any), `{ sources(first: 1) { nodes { id title } } }`, nil))
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	return took[len(took)/2].Round(time.Microsecond)
}

// subscribe opens a subscription to which nothing is told, and waits until it is open.
func subscribe(t *testing.T, p *program) {
	t.Helper()
	conn := dial(t, p)
	const body = `{"query": "subscription { changes(where: {by: [\"nobody\"]}) { change { number } } }"}`
	fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	status, err := bufio.NewReaderSize(conn, 64).ReadString('\n')
	must(t, err)
	if !strings.Contains(status, " 200 ") {
		t.Fatalf("subscribe: %s", status)
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
			fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
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
