package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"
)

// load is what one cell of the table is asked for: the same request again and again, over so
// many connections that stay open, for so long.
type load struct {
	address     string
	body        []byte
	length      int // of the right answer
	connections int
	time        time.Duration
}

// slack is by how much the length of an answer may differ from that of the right one: some
// servers say beside it how long they took.
func (l load) wrong(length int) bool {
	return max(length-l.length, l.length-length) > 64+l.length/50
}

// drive asks until the time is over, in a closed loop, and gives the time that each answer took.
func drive(ctx context.Context, l load) ([]time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, l.time+longest)
	defer cancel()
	all := make([][]time.Duration, l.connections)
	errs := make([]error, l.connections)
	until := time.Now().Add(l.time)
	var working sync.WaitGroup
	for i := range l.connections {
		working.Go(func() { all[i], errs[i] = connection(ctx, l, until) })
	}
	working.Wait()
	return slices.Concat(all...), errors.Join(errs...)
}

// longest is how long an answer may take; a connection always waits for its first one.
const longest = 60 * time.Second

// connection asks over one connection, at least once. Where the server closes it behind each
// answer, the next question opens another, as any client would have to.
func connection(ctx context.Context, l load, until time.Time) ([]time.Duration, error) {
	line := &line{load: l}
	defer line.hangUp()
	var times []time.Duration
	for began := time.Now(); len(times) == 0 || began.Before(until); {
		if err := line.ask(ctx); err != nil {
			return times, err
		}
		now := time.Now()
		times = append(times, now.Sub(began))
		began = now
	}
	return times, nil
}

// line is a connection to a server.
type line struct {
	load    load
	request []byte
	conn    net.Conn // nil: none is open
	answers *bufio.Reader
}

func (c *line) ask(ctx context.Context) error {
	if c.conn == nil {
		if err := c.open(ctx); err != nil {
			return err
		}
	}
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	closed, err := c.load.receive(c.answers)
	if closed {
		c.hangUp()
	}
	return err
}

func (c *line) open(ctx context.Context) (err error) {
	if c.conn, err = new(net.Dialer).DialContext(ctx, "tcp", c.load.address); err != nil {
		c.conn = nil
		return err
	}
	c.answers = bufio.NewReaderSize(c.conn, 64<<10)
	c.request = fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n%s", c.load.address, len(c.load.body), c.load.body)
	deadline, _ := ctx.Deadline() // drive has set one
	return c.conn.SetDeadline(deadline)
}

func (c *line) hangUp() {
	if c.conn != nil {
		_ = c.conn.Close() // what was read is read
		c.conn = nil
	}
}

// receive reads an answer and sees that it is no error: whether it is the right one was seen
// before. It tells whether the server closes the connection.
func (l load) receive(from *bufio.Reader) (closed bool, err error) {
	head, err := readHead(from)
	if err != nil {
		return true, err
	}
	body := head.body(from)
	var start [64]byte
	n, err := io.ReadFull(body, start[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return true, err
	}
	rest, err := io.Copy(io.Discard, body)
	if err != nil {
		return true, err
	}
	switch length := n + int(rest); {
	case head.status != "200" || bytes.HasPrefix(start[:n], []byte(`{"errors"`)):
		return true, fmt.Errorf("answered with %s: %q", head.status, start[:n])
	case l.wrong(length):
		return true, fmt.Errorf("the answer had %d bytes, the right one %d", length, l.length)
	default:
		return head.closed, nil
	}
}
