package httpserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	gqlgen "github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"

	"nicgraph/internal/auth"
	"nicgraph/internal/fault"
)

// protocol is the one that clients speak (github.com/enisdenjo/graphql-ws, PROTOCOL.md).
const protocol = "graphql-transport-ws"

// The codes with which a WebSocket is closed.
const (
	closeGoingAway       = 1001
	closeBadRequest      = 4400
	closeUnauthenticated = 4401
	closeInitTimeout     = 4408
	closeUnavailable     = 4503
)

// sockets carries any number of operations over a WebSocket, by gqlgen's transport. What that leaves
// open is bounded here: who may open one, how long a write may wait, what a message may hold.
type sockets struct {
	lasting
	maxBody int64
	open    atomic.Int64
}

func newSockets(l lasting, maxBody int64) *sockets { return &sockets{lasting: l, maxBody: maxBody} }

func (s *sockets) methods() string { return http.MethodGet }

func (s *sockets) serve(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) served {
	stopping := stoppingOf(r.Context())
	if stopping == nil {
		stopping = newDrain()
	}
	stopping.open.Add(1)
	defer stopping.open.Add(-1)
	s.open.Add(1)
	defer s.open.Add(-1)
	if err := s.check(r); err != nil {
		return send(w, r, replyToRefusal(err, mediaResponse))
	}
	return s.carry(w, r, exec)
}

// check refuses a WebSocket that must not be opened. For a browser opening one is a GET, which a page
// of any origin may send, but it is answered with more than a picture of the page's own.
func (s *sockets) check(r *http.Request) *refusal {
	asked := r.Clone(r.Context())
	asked.Method = http.MethodPost
	if refused, ok := errors.AsType[*refusal](s.endpoint.checkOrigin(asked)); ok {
		return refused
	}
	if !speaks(r) {
		return badInput("A WebSocket here must speak %s: name it in Sec-WebSocket-Protocol.", protocol)
	}
	if s.open.Load() > int64(s.limits.Sockets) {
		return refuse(http.StatusServiceUnavailable, codeLimit, "This server keeps %d WebSockets open and no more. Try again later.", s.limits.Sockets)
	}
	return nil
}

func speaks(r *http.Request) bool {
	for _, name := range strings.Split(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",") {
		if strings.TrimSpace(name) == protocol {
			return true
		}
	}
	return false
}

// carry opens the WebSocket and returns when it is closed.
func (s *sockets) carry(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) served {
	c := &connection{sockets: s, request: r, carried: &carried{GraphExecutor: exec, lasting: &s.lasting, until: r.Context(), most: int32(s.limits.Operations)}}
	c.carried.ended = func(done served, took time.Duration) { s.api.ended(r.Context(), done, took) }
	socket := gqlgen.Websocket{
		Implementation:   c,
		InitFunc:         c.admit,
		InitTimeout:      s.limits.InitTimeout,
		PingPongInterval: s.limits.Ping,
		PayloadReadLimit: &s.maxBody,
	}
	socket.Do(w, r, c.carried)
	if c.leave != nil {
		c.leave()
	}
	return served{status: http.StatusSwitchingProtocols, code: c.outcome(), viewer: c.carried.viewer, socket: true}
}

// connection is one WebSocket.
type connection struct {
	*sockets
	request *http.Request
	carried *carried
	leave   context.CancelFunc
	slow    atomic.Bool
}

func (c *connection) outcome() string {
	if c.slow.Load() {
		return "slow"
	}
	return "ok"
}

// grace is the time between telling operations that the connection ends and ending it.
const grace = 200 * time.Millisecond

// admit takes the token out of connection_init, where browsers can put one, or else from the request
// that opened the connection. The context that it returns is that of all operations.
func (c *connection) admit(ctx context.Context, payload gqlgen.InitPayload) (context.Context, *gqlgen.InitPayload, error) {
	asked := c.request.Clone(ctx)
	if token := payload.Authorization(); token != "" {
		asked.Header.Add("Authorization", token)
	}
	if c.api.admit != nil {
		viewer, err := c.api.admit(asked)
		if err != nil {
			return c.turnAway(ctx, err)
		}
		c.carried.viewer = viewer.Subject
		ctx = auth.With(ctx, viewer)
	}
	until, leave := c.until(ctx, asked)
	c.carried.until, c.leave = until, leave
	open, closeNow := context.WithCancel(ctx)
	context.AfterFunc(until, func() { time.AfterFunc(grace, closeNow) })
	return open, nil, nil
}

// turnAway closes the connection with the reason. What exactly is wrong with a token is for the log.
func (c *connection) turnAway(ctx context.Context, err error) (context.Context, *gqlgen.InitPayload, error) {
	code := closeUnavailable
	if fault.KindOf(err) == fault.Unauthenticated {
		code = closeUnauthenticated
		c.api.log.InfoContext(ctx, "turned away", "error", err, "request_id", RequestID(ctx))
	}
	shown := c.endpoint.present(ctx, err)
	return gqlgen.AppendCloseReason(gqlgen.WithWebsocketCloseCode(ctx, code), shown.Message), nil, shown
}

// Accept opens the WebSocket. The origin has been looked at.
func (c *connection) Accept(w http.ResponseWriter, r *http.Request, _ gqlgen.WebsocketAcceptOptions) (gqlgen.WebsocketConn, error) {
	library := gqlgen.CoderWebsocketImplementation{AcceptOptions: websocket.AcceptOptions{InsecureSkipVerify: true}}
	conn, err := library.Accept(w, r, gqlgen.WebsocketAcceptOptions{Subprotocols: []string{protocol}})
	if err != nil {
		return nil, fmt.Errorf("open a WebSocket: %w", err)
	}
	return &bounded{WebsocketConn: conn, connection: c}, nil
}

// bounded is a WebSocket whose writes do not wait for ever, and whose messages hold no more than
// requests may.
type bounded struct {
	gqlgen.WebsocketConn
	*connection
}

// NextReader brings the next message.
func (b *bounded) NextReader() (int, io.Reader, error) {
	kind, r, err := b.WebsocketConn.NextReader()
	if err != nil {
		return kind, nil, err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return kind, nil, err
	}
	deep, values := measure(text)
	if deep > deepestJSON || values > mostJSON || !utf8.Valid(text) {
		_ = b.WriteClose(closeBadRequest, "the message is no UTF-8, holds too many values or nests too deep")
		return kind, nil, gqlgen.ErrWebsocketClosed
	}
	return kind, bytes.NewReader(text), nil
}

// WriteJSON writes a message. A reader who does not read in time is cut off.
func (b *bounded) WriteJSON(v any) error {
	late := time.AfterFunc(b.limits.Blocked, func() {
		b.slow.Store(true)
		_ = b.Close() // the write fails
	})
	defer late.Stop()
	return b.WebsocketConn.WriteJSON(v)
}

// longestReason is how many bytes a WebSocket may be closed with (RFC 6455, section 5.5).
const longestReason = 123

// WriteClose closes with the codes of the protocol.
func (b *bounded) WriteClose(code int, reason string) error {
	switch why, ended := errors.AsType[*fault.Error](context.Cause(b.carried.until)); {
	case ended && why.Kind == fault.Unauthenticated:
		code, reason = closeUnauthenticated, why.Message
	case ended:
		code, reason = closeGoingAway, why.Message
	case reason == "connection initialisation timeout":
		code = closeInitTimeout
	}
	return b.WebsocketConn.WriteClose(code, strings.ToValidUTF8(reason[:min(len(reason), longestReason)], ""))
}

// SetReadLimit bounds the bytes of a message.
func (b *bounded) SetReadLimit(limit int64) {
	if conn, ok := b.WebsocketConn.(gqlgen.WebsocketReadLimiter); ok {
		conn.SetReadLimit(limit)
	}
}

// SetReadDeadline says until when the next message must be there.
func (b *bounded) SetReadDeadline(t time.Time) error {
	if conn, ok := b.WebsocketConn.(gqlgen.WebsocketReadDeadliner); ok {
		return conn.SetReadDeadline(t)
	}
	return nil
}
