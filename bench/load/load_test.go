package load

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const trivial = `{"data":{"__typename":"Query"}}`

// saying is the address of a server that always says the same.
func saying(t *testing.T, text string) string {
	t.Helper()
	return serving(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
}

func serving(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

func TestLoadCountsRightAnswers(t *testing.T) {
	took, err := Drive(t.Context(), Load{Addresses: []string{saying(t, trivial)}, Body: []byte(`{}`), Length: len(trivial), Connections: 3, Time: 20 * time.Millisecond})
	if err != nil || len(took) < 3 {
		t.Errorf("%d answers and error %v, want at least one of each connection", len(took), err)
	}
}

func TestConnectionsAreDividedAmongServers(t *testing.T) {
	asked := make(chan int, 3)
	server := func(i int) string {
		return serving(t, func(w http.ResponseWriter, _ *http.Request) { asked <- i; _, _ = w.Write([]byte(trivial)) })
	}
	if _, err := Drive(t.Context(), Load{Addresses: []string{server(0), server(1)}, Length: len(trivial), Connections: 3}); err != nil {
		t.Fatal(err)
	}
	if sum := <-asked + <-asked + <-asked; sum != 1 {
		t.Errorf("the second of two servers was asked over %d of 3 connections, want 1", sum)
	}
}

func TestLoadGoesOnWhereTheServerClosesItsConnections(t *testing.T) {
	closing := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		_, _ = w.Write([]byte(trivial))
	})
	took, err := Drive(t.Context(), Load{Addresses: []string{closing}, Length: len(trivial), Connections: 1, Time: 20 * time.Millisecond})
	if err != nil || len(took) < 2 {
		t.Errorf("%d answers and error %v, want several", len(took), err)
	}
}

func TestLoadEndsAtAWrongAnswer(t *testing.T) {
	for name, said := range map[string]string{
		"an error":     `{"errors":[{"message":"out of memory"}]}`,
		"a longer one": `{"data":{"people":[` + strings.Repeat(`"ann",`, 100) + `"bob"]}}`,
		"none":         "",
	} {
		_, err := Drive(t.Context(), Load{Addresses: []string{saying(t, said)}, Length: 40, Connections: 1, Time: time.Millisecond})
		if err == nil {
			t.Errorf("%s passed as right", name)
		}
	}
}

func TestLoadEndsWhenItIsNoLongerWanted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Drive(ctx, Load{Addresses: []string{saying(t, "{}")}, Connections: 1, Time: time.Hour}); err == nil {
		t.Error("it went on")
	}
}

func TestWhoWaitsForAnAnswerWaitsNoLongerThanItIsWanted(t *testing.T) {
	asked, done := make(chan bool), make(chan bool)
	silent := serving(t, func(http.ResponseWriter, *http.Request) { asked <- true; <-done })
	defer close(done)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	line := NewLine(silent)
	if _, err := line.Ask(ctx, []byte(`{}`)); err == nil || ctx.Err() == nil {
		t.Errorf("error %v, want one when the context has ended", err)
	}
}

func TestARefusalIsToldWithItsStatus(t *testing.T) {
	line := NewLine(serving(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "too much to do", http.StatusServiceUnavailable)
	}))
	defer line.HangUp()
	answer, err := line.Ask(t.Context(), nil)
	if err != nil || answer.Status != "503" || answer.Good() {
		t.Errorf("answer %+v, error %v; want a refusal with 503", answer, err)
	}
}

func TestAnAnswerIsGivenWhole(t *testing.T) {
	long := `{"data":"` + strings.Repeat("a", 10_000) + `"}`
	status, answer, err := Once(t.Context(), saying(t, long), nil)
	if err != nil || status != http.StatusOK || string(answer) != long {
		t.Errorf("status %d, %d bytes, error %v; want 200 with %d bytes", status, len(answer), err, len(long))
	}
}

// echoless is a server that allocates nothing, so that all that is counted is the generator's.
func echoless(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		requests := bufio.NewReader(conn)
		for {
			for {
				line, err := requests.ReadSlice('\n')
				if err != nil {
					return
				}
				if len(line) == len("\r\n") {
					break
				}
			}
			if _, err := conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 31\r\n\r\n" + trivial)); err != nil {
				return
			}
		}
	}()
	return l.Addr().String()
}

func TestTheGeneratorTakesFewAllocationsForAnAnswer(t *testing.T) {
	line := NewLine(echoless(t))
	defer line.HangUp()
	got := testing.AllocsPerRun(100, func() {
		if _, err := line.Ask(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	})
	if got > 5 {
		t.Errorf("%g allocations for an answer, want at most 5", got)
	}
}

func BenchmarkAsk(b *testing.B) {
	line := NewLine(echoless(b))
	defer line.HangUp()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := line.Ask(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
	}
}
