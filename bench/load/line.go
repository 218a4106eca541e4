package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Line is a connection to a server, over which one operation after the other is asked. Where the
// server closes it behind an answer, the next question opens another, as any client would have to.
type Line struct {
	address string
	conn    net.Conn // nil: none is open
	release func() bool
	answers *bufio.Reader
	request []byte
	start   [64]byte
}

// NewLine is a connection that the first question opens.
func NewLine(address string) *Line { return &Line{address: address} }

// Answer is what is seen of an answer while it passes by.
type Answer struct {
	Status string // three digits
	Length int
	Start  []byte // of the body; it holds until the next question
}

// Good tells whether it brings data and no errors.
func (a *Answer) Good() bool {
	return a.Status == "200" && !bytes.HasPrefix(a.Start, []byte(`{"errors"`))
}

// Ask sends an operation and reads the answer to its end, or until the context ends; the
// connection belongs to the context in which it was opened.
func (l *Line) Ask(ctx context.Context, body []byte) (a Answer, err error) {
	if l.conn == nil {
		if err := l.open(ctx); err != nil {
			return a, err
		}
	}
	l.request = append(l.request[:0], "POST /graphql HTTP/1.1\r\nHost: "...)
	l.request = append(l.request, l.address...)
	l.request = append(l.request, "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: "...)
	l.request = strconv.AppendInt(l.request, int64(len(body)), 10)
	l.request = append(l.request, "\r\n\r\n"...)
	l.request = append(l.request, body...)
	closed := true
	if _, err = l.conn.Write(l.request); err == nil {
		a, closed, err = l.receive()
	}
	if closed {
		l.HangUp()
	}
	return a, err
}

func (l *Line) open(ctx context.Context) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", l.address)
	if err != nil {
		return err
	}
	l.conn, l.answers = conn, bufio.NewReaderSize(conn, 64<<10)
	l.release = context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // who waits is told
	return nil
}

// HangUp closes the connection.
func (l *Line) HangUp() {
	if l.conn != nil {
		l.release()
		_ = l.conn.Close() // what was read is read
		l.conn = nil
	}
}

// receive reads an answer; it also tells whether the connection is of no more use.
func (l *Line) receive() (a Answer, closed bool, err error) {
	head, err := readHead(l.answers)
	if err != nil {
		return a, true, err
	}
	body := head.body(l.answers)
	n, err := io.ReadFull(body, l.start[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return a, true, err
	}
	rest, err := io.Copy(io.Discard, body)
	return Answer{Status: head.status, Length: n + int(rest), Start: l.start[:n]}, head.closed || err != nil, err
}

// Once asks a server something and gives the answer whole.
func Once(ctx context.Context, address string, body []byte) (status int, answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/graphql", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Encoding", "identity") // as over a line
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }() // what was read is read
	if answer, err = io.ReadAll(response.Body); err != nil {
		return 0, nil, fmt.Errorf("read the answer: %w", err)
	}
	return response.StatusCode, answer, nil
}
