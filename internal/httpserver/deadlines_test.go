package httpserver

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

// pair is a connection that is looked at so often, and its other end.
func pair(t testing.TB, every time.Duration) (*watched, net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := watching(listener, every)
	t.Cleanup(func() { _ = listener.Close(); w.stop() })
	other, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := w.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = conn.Close(), other.Close() }) // they may be closed already
	return conn.(*watched), other
}

func mustSet(t *testing.T, set func(time.Time) error, at time.Time) {
	t.Helper()
	if err := set(at); err != nil {
		t.Fatal(err)
	}
}

func mustPass(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("got %v, want that the deadline has passed", err)
	}
}

func TestReadingEndsAtItsDeadlineAndGoesOnBehindALaterOne(t *testing.T) {
	conn, other := pair(t, 5*time.Millisecond)
	mustSet(t, conn.SetReadDeadline, time.Now().Add(20*time.Millisecond))
	one := make([]byte, 1)
	_, err := conn.Read(one)
	mustPass(t, err)
	mustSet(t, conn.SetReadDeadline, time.Now().Add(time.Hour))
	if _, err := other.Write([]byte("a")); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(one); err != nil || one[0] != 'a' {
		t.Errorf("read %q and %v", one, err)
	}
}

func TestWritingEndsAtItsDeadlineWhenNobodyReads(t *testing.T) {
	conn, _ := pair(t, 5*time.Millisecond)
	mustSet(t, conn.SetDeadline, time.Now().Add(20*time.Millisecond))
	var err error
	for some := make([]byte, 1<<20); err == nil; {
		_, err = conn.Write(some)
	}
	mustPass(t, err)
}

func TestADeadlineInThePastEndsAReadAtOnce(t *testing.T) {
	conn, _ := pair(t, time.Hour)
	ended := make(chan error)
	go func() { _, err := conn.Read(make([]byte, 1)); ended <- err }()
	mustSet(t, conn.SetReadDeadline, time.Unix(1, 0))
	mustPass(t, <-ended)
}

func TestADeadlineThatIsTakenBackIsNone(t *testing.T) {
	conn, other := pair(t, time.Hour)
	mustSet(t, conn.SetReadDeadline, time.Now().Add(time.Millisecond))
	mustSet(t, conn.SetReadDeadline, time.Time{})
	conn.by.look(time.Now().Add(time.Hour))
	if _, err := other.Write([]byte("a")); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
}

func TestAConnectionThatIsClosedIsNoLongerLookedAt(t *testing.T) {
	conn, _ := pair(t, time.Hour)
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if len(conn.by.conns) != 0 {
		t.Errorf("%d are looked at", len(conn.by.conns))
	}
}

func TestWhoNeverEndsAHeaderIsHungUpOn(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := watching(listener, 5*time.Millisecond)
	defer w.stop()
	server := &http.Server{ReadHeaderTimeout: 20 * time.Millisecond}
	go func() { _ = server.Serve(w) }() // until it is closed
	defer server.Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /graphql HTTP/1.1\r\nHost:"); err != nil {
		t.Fatal(err)
	}
	if all, err := io.ReadAll(conn); err != nil || bytes.Contains(all, []byte("200")) {
		t.Errorf("answered with %q and %v", all, err)
	}
}

// BenchmarkDeadlines sets those that net/http sets for a request.
func BenchmarkDeadlines(b *testing.B) {
	conn, _ := pair(b, time.Hour)
	for name, c := range map[string]net.Conn{"plain": conn.TCPConn, "watched": conn} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				now := time.Now()
				_ = c.SetReadDeadline(now.Add(2 * time.Minute))
				_ = c.SetReadDeadline(time.Time{})
				_ = c.SetReadDeadline(now.Add(5 * time.Second))
				_ = c.SetReadDeadline(now.Add(30 * time.Second))
				_ = c.SetWriteDeadline(now.Add(2 * time.Minute))
			}
		})
	}
}

// BenchmarkLook looks at ten thousand connections of which none is late.
func BenchmarkLook(b *testing.B) {
	w := &watch{conns: map[*watched]struct{}{}}
	now := time.Now()
	for range 10_000 {
		w.conns[&watched{TCPConn: new(net.TCPConn), by: w, read: deadline{at: now.Add(time.Hour)}}] = struct{}{}
	}
	for b.Loop() {
		w.look(now)
	}
}
