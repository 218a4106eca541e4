package httpserver

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// watch keeps the deadlines of connections. net/http sets five of them for each request, and mostly
// takes them back: each moves a timer of the runtime and may wake a thread, which takes longer than
// answering a small question. Here a deadline is a moment that is noted, and who has let it pass is
// looked for now and then; so it comes up to one look late.
type watch struct {
	net.Listener
	every time.Duration
	last  atomic.Int64 // look, in nanoseconds since 1970

	mu    sync.Mutex
	conns map[*watched]struct{}
	ended chan struct{}
}

// lookAfter is how often connections are looked at: no limit of the server is so short that a
// second more matters.
const lookAfter = time.Second

// watching has the deadlines of all connections of a listener kept until it is closed.
func watching(l net.Listener, every time.Duration) *watch {
	w := &watch{Listener: l, every: every, conns: map[*watched]struct{}{}, ended: make(chan struct{})}
	w.last.Store(time.Now().UnixNano())
	go w.run()
	return w
}

// Accept waits for a connection. Of TCP, which all have that come over a network, it is watched.
func (w *watch) Accept() (net.Conn, error) {
	conn, err := w.Listener.Accept()
	tcp, ok := conn.(*net.TCPConn)
	if err != nil || !ok {
		return conn, err
	}
	c := &watched{TCPConn: tcp, by: w}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns[c] = struct{}{}
	return c, nil
}

// run looks until nobody is watched any longer.
func (w *watch) run() {
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			w.look(now)
		case <-w.ended:
			return
		}
	}
}

func (w *watch) look(now time.Time) {
	w.last.Store(now.UnixNano())
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.conns {
		c.look(now)
	}
}

// stop ends the watch, when no connection is left.
func (w *watch) stop() { close(w.ended) }

// watched is a connection whose deadlines are kept by a watch.
type watched struct {
	*net.TCPConn
	by *watch

	mu          sync.Mutex
	read, write deadline
}

// deadline is when reading or writing ends; the zero time is never.
type deadline struct {
	at     time.Time
	passed bool // and the connection knows
}

// Close ends the connection, and the watch over it.
func (c *watched) Close() error {
	c.by.mu.Lock()
	delete(c.by.conns, c)
	c.by.mu.Unlock()
	return c.TCPConn.Close()
}

// SetDeadline sets both deadlines.
func (c *watched) SetDeadline(at time.Time) error {
	if err := c.SetReadDeadline(at); err != nil {
		return err
	}
	return c.SetWriteDeadline(at)
}

// SetReadDeadline says when reading ends. A moment before the last look ends it at once; by such
// moments net/http interrupts a read.
func (c *watched) SetReadDeadline(at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read.set(at, c.by.last.Load(), c.TCPConn.SetReadDeadline)
}

// SetWriteDeadline says when writing ends.
func (c *watched) SetWriteDeadline(at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.write.set(at, c.by.last.Load(), c.TCPConn.SetWriteDeadline)
}

func (c *watched) look(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.read.look(now, c.TCPConn.SetReadDeadline)
	_ = c.write.look(now, c.TCPConn.SetWriteDeadline) // a connection that is closed needs no end
}

// set notes the deadline. The connection is told what it must know: that this one has passed, or
// that one that had passed holds no more.
func (d *deadline) set(at time.Time, last int64, tell func(time.Time) error) error {
	passed := !at.IsZero() && at.UnixNano() <= last // asking for the time takes longer than all of this
	knew := d.passed
	d.at, d.passed = at, passed
	if passed {
		return tell(at)
	}
	if knew {
		return tell(time.Time{})
	}
	return nil
}

// look tells the connection when its deadline has passed.
func (d *deadline) look(now time.Time, tell func(time.Time) error) error {
	if d.passed || d.at.IsZero() || d.at.After(now) {
		return nil
	}
	d.passed = true
	return tell(d.at)
}
