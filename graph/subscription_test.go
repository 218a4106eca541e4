package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/asktest"
	"nicgraph/internal/auth"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/live"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

// server is a server on a port of its own, with an empty graph that everybody may change.
type server struct {
	*testing.T
	address string
	ctx     context.Context // of all requests, so that no test waits for ever
	stop    context.CancelFunc
	ended   chan error
	written int
	revoked atomic.Bool
}

// serve serves until the test ends. Whoever sends "Bearer good" is let in until it is revoked, whoever
// sends nothing always.
func serve(t *testing.T, change func(*graph.Config, *httpserver.Config)) *server {
	t.Helper()
	return serveOver(t, func(b store.Backend) store.Backend { return b }, change)
}

// serveOver is the same over a backend that a test has bent.
func serveOver(t *testing.T, bend func(store.Backend) store.Backend, change func(*graph.Config, *httpserver.Config)) *server {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	st := store.New(bend(embedded.OpenMemory(domain.Catalog(), nil)), store.Limits{})
	s := &server{T: t, ended: make(chan error, 1)}
	var cancel context.CancelFunc
	s.ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	inner := graph.Config{Allow: func(context.Context) (string, error) { return "ann", nil }}
	outer := httpserver.Config{Logger: slog.New(slog.DiscardHandler), Admit: s.admit}
	if change != nil {
		change(&inner, &outer)
	}
	edge, err := graph.New(st, domain.Catalog(), inner)
	if err != nil {
		t.Fatal(err)
	}
	outer.Schema, outer.Extensions, outer.Documents = edge, edge.Extensions(), edge.Documents()
	handler, err := httpserver.New(outer)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.address, s.stop = listener.Addr().String(), stop
	go func() { s.ended <- httpserver.Serve(ctx, listener, handler); close(s.ended) }()
	t.Cleanup(func() { stop(); <-s.ended; _ = st.Close() })
	return s
}

func (s *server) admit(r *http.Request) (auth.Viewer, error) {
	switch sent := r.Header.Values("Authorization"); {
	case len(sent) == 0:
		return auth.Anonymous(), nil
	case len(sent) == 1 && sent[0] == "Bearer good" && !s.revoked.Load():
		return auth.Viewer{Subject: "token:good", Role: auth.Reader, Scopes: auth.Read}, nil
	default:
		return auth.Viewer{}, fault.New(fault.Unauthenticated, "the token is not valid")
	}
}

// write adds a source, as another change.
func (s *server) write() {
	s.Helper()
	s.written++
	s.mutate(fmt.Sprintf(`mutation { createSources(input: [{id: "s%d", title: "S", publisher: "P"}]) { created } }`, s.written), `"created":1`)
}

func (s *server) mutate(mutation, want string) {
	s.Helper()
	got := asktest.Post(s, "http://"+s.address+"/graphql", asktest.Question{Query: mutation})
	if !strings.Contains(string(got.Body), want) {
		s.Fatalf("%s", got.Body)
	}
}

// streamed is an answer, or what is said instead.
type streamed struct {
	status int
	media  string
	lines  *bufio.Scanner
}

// events asks for a stream of events.
func (s *server) events(query string, headers ...string) streamed {
	s.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	r, err := http.NewRequestWithContext(s.ctx, http.MethodPost, "http://"+s.address+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { resp.Body.Close() })
	return streamed{resp.StatusCode, resp.Header.Get("Content-Type"), bufio.NewScanner(resp.Body)}
}

// text is all that is said.
func (s streamed) text() string {
	var all strings.Builder
	for s.lines.Scan() {
		all.WriteString(s.lines.Text())
	}
	return all.String()
}

// follow is the part of a stream that follows, as a scanner of lines.
func (s *server) follow(query string, headers ...string) *bufio.Scanner {
	s.Helper()
	got := s.events(query, headers...)
	if got.status != http.StatusOK || !strings.HasPrefix(got.media, "text/event-stream") {
		s.Fatalf("%d %s %s", got.status, got.media, got.text())
	}
	return got.lines
}

// event is the data of the next event under its name, empty at the end.
func event(lines *bufio.Scanner) (name, data string) {
	for lines.Scan() {
		switch key, value, _ := strings.Cut(lines.Text(), ": "); {
		case key == "event":
			name = value
		case name != "" && strings.HasPrefix(key, "data"):
			return name, value
		}
	}
	return "", ""
}

const newNumbers = `subscription { changes { change { number } } }`

func TestEventsTellOfChangesAndGoOnWhereTheyWereLeft(t *testing.T) {
	s := serve(t, nil)
	s.write()
	first := s.follow(`subscription { changes { change { number by created } entries { id type action } } }`)
	s.write()
	s.write()
	for number := 2; number <= 3; number++ {
		want := fmt.Sprintf(`{"data":{"changes":{"change":{"number":%d,"by":"ann","created":1},"entries":[{"id":"s%d","type":"SOURCE","action":"CREATED"}]}}}`, number, number)
		if name, got := event(first); name != "next" || got != want {
			t.Errorf("got %s %s, want %s", name, got, want)
		}
	}
	again := s.follow(`subscription { changes(after: 1) { change { number } } }`)
	for number := 2; number <= 3; number++ {
		if _, got := event(again); got != fmt.Sprintf(`{"data":{"changes":{"change":{"number":%d}}}}`, number) {
			t.Errorf("got %s, want change %d", got, number)
		}
	}
}

func TestASubscriptionTellsOnlyWhatItAskedFor(t *testing.T) {
	s := serve(t, nil)
	s.write()
	s.mutate(`mutation { createSources(input: [{id: "a", title: "S", publisher: "P"}, {id: "b", title: "S", publisher: "P"}]) { created } }`, `"created":2`)
	s.write()
	lines := s.follow(`subscription { changes(after: 0, where: {types: [SOURCE], ids: ["b", "s2"], by: ["ann"]}) { change { number created } entries { id node { ... on Source { title } } fields { field after } } } }`)
	for _, want := range []string{
		`{"data":{"changes":{"change":{"number":2,"created":2},"entries":[{"id":"b","node":{"title":"S"},"fields":[{"field":"title","before":null,"after":"S"}`,
		`{"data":{"changes":{"change":{"number":3,"created":1},"entries":[{"id":"s2",`,
	} {
		_, got := event(lines)
		if want = strings.ReplaceAll(want, `"before":null,`, ""); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s …", got, want)
		}
	}
}

func TestSubscriptionsAreRefusedAsQuestionsAre(t *testing.T) {
	s := serve(t, func(c *graph.Config, _ *httpserver.Config) { c.MaxCost = 1000 })
	for name, test := range map[string]struct {
		query, code string
	}{
		"a number to come":     {`subscription { changes(after: 700) { change { number } } }`, "BAD_USER_INPUT"},
		"a negative number":    {`subscription { changes(after: -1) { change { number } } }`, "BAD_USER_INPUT"},
		"two fields":           {`subscription { changes { change { number } } again: changes { change { number } } }`, "BAD_USER_INPUT"},
		"none":                 {`subscription { changes @skip(if: true) { change { number } } }`, "BAD_USER_INPUT"},
		"an unknown type":      {`subscription { changes(where: {types: [COW]}) { change { number } } }`, "BAD_USER_INPUT"},
		"one that costs much":  {`subscription { changes { entries(first: 1000) { node { ... on Source { citedBy(first: 1000) { nodes { id } } } } } } }`, "LIMIT_EXCEEDED"},
		"too deep":             {`subscription { changes { ` + strings.Repeat("change { entries { ", 20) + "id" + strings.Repeat(" } }", 20) + ` } }`, "LIMIT_EXCEEDED"},
		"entries without pity": {`subscription { changes(after: 0) { entries(first: 1001) { id } } }`, "LIMIT_EXCEEDED"},
	} {
		t.Run(name, func(t *testing.T) {
			s.write()
			got := s.events(test.query)
			var text string
			if got.status == http.StatusOK {
				_, text = event(got.lines)
			} else {
				text = got.text()
			}
			if !strings.Contains(text, test.code) || strings.Contains(text, `"data"`) {
				t.Errorf("%d %s, want %s", got.status, text, test.code)
			}
		})
	}
}

func TestQuestionsAreAnsweredAsEventsTooAndNotByAGet(t *testing.T) {
	s := serve(t, nil)
	lines := s.follow(`{ __typename }`)
	for _, want := range [][2]string{{"next", `{"data":{"__typename":"Query"}}`}, {"complete", ""}} {
		if name, got := event(lines); name != want[0] || got != want[1] {
			t.Errorf("got %s %s, want %s", name, got, want)
		}
	}
	r, err := http.NewRequest(http.MethodGet, "http://"+s.address+"/graphql?query=subscription%7Bchanges%7Bchange%7Bnumber%7D%7D%7D", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a GET: %d", resp.StatusCode)
	}
}

func TestAStreamEndsWithItsTokenAndWithTheServer(t *testing.T) {
	s := serve(t, func(_ *graph.Config, c *httpserver.Config) { c.Live.Ping = 20 * time.Millisecond })
	known := s.follow(newNumbers, "Authorization", "Bearer good")
	unknown := s.follow(newNumbers)
	s.revoked.Store(true)
	if _, got := event(known); !strings.Contains(got, `"code":"UNAUTHENTICATED"`) {
		t.Errorf("the token was revoked, and the stream told %s", got)
	}
	s.write()
	if _, got := event(unknown); !strings.Contains(got, `"number":1`) {
		t.Errorf("the other got %s", got)
	}
	if got := s.events(newNumbers, "Authorization", "Bearer good"); got.status != http.StatusUnauthorized {
		t.Errorf("a new stream: %d", got.status)
	}
	s.stop()
	if _, got := event(unknown); !strings.Contains(got, `"code":"UNAVAILABLE"`) || !strings.Contains(got, "shutting down") {
		t.Errorf("the server stops, and the stream told %s", got)
	}
	if name, _ := event(unknown); name != "complete" {
		t.Errorf("the stream ended with %q", name)
	}
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
}

// Readers that stop reading are cut off; the others have not noticed.
func TestAReaderThatDoesNotReadIsCutOff(t *testing.T) {
	for name, stall := range map[string]func(*server){"events": (*server).stallEvents, "a socket": (*server).stallSocket} {
		t.Run(name, func(t *testing.T) {
			var log said
			s := serve(t, func(_ *graph.Config, c *httpserver.Config) {
				c.Live.Blocked, c.Logger = 300*time.Millisecond, slog.New(slog.NewTextHandler(&log, nil))
			})
			stall(s)
			s.untilOpen(1)
			busy := s.follow(newNumbers)
			busy.Buffer(nil, 1<<20)
			number := 0
			for deadline := time.Now().Add(time.Minute); s.open() >= 2; {
				number++
				s.writeMuch(number)
				if _, got := event(busy); got != fmt.Sprintf(`{"data":{"changes":{"change":{"number":%d}}}}`, number) {
					t.Fatalf("the busy one got %s, want change %d", got, number)
				}
				if time.Now().After(deadline) {
					t.Fatalf("after %d changes %d subscriptions are open", number, s.open())
				}
			}
			t.Logf("cut off after %d changes", number)
			for deadline := time.Now().Add(time.Minute); !strings.Contains(log.text(), "outcome=slow"); time.Sleep(5 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("the log does not tell why:\n%s", log.text())
				}
			}
		})
	}
}

// said is a log that is read while it is written.
type said struct {
	mu  sync.Mutex
	all strings.Builder
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(p)
}

func (s *said) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// allOfIt asks for so much that what nobody reads soon piles up.
const allOfIt = `{"query":"subscription { changes(after: 0) { change { number } entries { id fields { field after } } } }"}`

// narrow opens a connection that takes little before it is read.
func (s *server) narrow(ctx context.Context, _, _ string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.address)
	if err != nil {
		return nil, err
	}
	s.Cleanup(func() { _ = conn.Close() })
	return conn, conn.(*net.TCPConn).SetReadBuffer(4096)
}

func (s *server) stallEvents() {
	idle, err := s.narrow(s.ctx, "", "")
	if err != nil {
		s.Fatal(err)
	}
	fmt.Fprintf(idle, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: %d\r\n\r\n%s", len(allOfIt), allOfIt)
}

func (s *server) stallSocket() {
	client := &http.Client{Transport: &http.Transport{DialContext: s.narrow}}
	conn, _, err := websocket.Dial(s.ctx, "ws://"+s.address+"/graphql", &websocket.DialOptions{HTTPClient: client, Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // the library does
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = conn.CloseNow() })
	s.send(conn, message{Type: "connection_init"})
	s.send(conn, message{ID: "1", Type: "subscribe", Payload: json.RawMessage(allOfIt)})
}

// writeMuch makes a change of many sources with long titles.
func (s *server) writeMuch(number int) {
	s.Helper()
	title := strings.Repeat("long ", 80)
	var inputs strings.Builder
	for i := range 20 {
		fmt.Fprintf(&inputs, `{id: "n%d-%d", title: "%s", publisher: "P"}`, number, i, title)
	}
	s.mutate(`mutation { createSources(input: [`+inputs.String()+`]) { created } }`, `"created":20`)
}

// open is how many subscriptions the server says are open.
func (s *server) open() (n int) {
	s.Helper()
	resp, err := http.Get("http://" + s.address + "/metrics")
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if _, err := fmt.Sscanf(lines.Text(), "nicgraph_subscriptions_open %d", &n); err == nil {
			return n
		}
	}
	s.Fatal("the server does not tell")
	return 0
}

// untilOpen waits until as many subscriptions are open.
func (s *server) untilOpen(want int) {
	s.Helper()
	for deadline := time.Now().Add(time.Minute); s.open() != want; {
		if time.Now().After(deadline) {
			s.Fatalf("%d subscriptions are open, want %d", s.open(), want)
		}
	}
}

// counted is a backend that takes its time to tell what changes did, and counts who asks at once.
type counted struct {
	store.Backend
	now, most atomic.Int64
}

func (c *counted) Entries(ctx context.Context, number int, after string, first int) ([]change.Entry, error) {
	if now := c.now.Add(1); now > c.most.Load() {
		c.most.Store(now)
	}
	defer c.now.Add(-1)
	time.Sleep(5 * time.Millisecond)
	return c.Backend.Entries(ctx, number, after, first)
}

func TestChangesAreToldToSoManyAtOnceAsMayAsk(t *testing.T) {
	const readers, places = 12, 2
	backend := &counted{}
	s := serveOver(t, func(b store.Backend) store.Backend { backend.Backend = b; return backend },
		func(c *graph.Config, _ *httpserver.Config) { c.Reads.Places = places })
	var all []*bufio.Scanner
	for range readers {
		all = append(all, s.follow(`subscription { changes { change { number } entries { id } } }`))
	}
	s.write()
	for _, lines := range all {
		if _, got := event(lines); got != `{"data":{"changes":{"change":{"number":1},"entries":[{"id":"s1"}]}}}` {
			t.Errorf("got %s", got)
		}
	}
	if most := backend.most.Load(); most > places {
		t.Errorf("%d changes were told at once, want at most %d", most, places)
	}
}

// fleeting is a backend in which nodes are deleted after some reads that follow a look at what a
// change did, once.
type fleeting struct {
	store.Backend
	store.Waker // lest it is asked for its revision all the time
	*testing.T
	deletes []string
	told    atomic.Bool
	left    atomic.Int64 // reads
}

func (f *fleeting) Entries(ctx context.Context, number int, after string, first int) ([]change.Entry, error) {
	f.told.Store(true)
	return f.Backend.Entries(ctx, number, after, first)
}

func (f *fleeting) Revision(ctx context.Context) (uint64, error) {
	revision, err := f.Backend.Revision(ctx)
	f.read(ctx)
	return revision, err
}

func (f *fleeting) Prepare(p *plan.Plan) (store.Query, error) {
	query, err := f.Backend.Prepare(p)
	return countedQuery{query, f.read}, err
}

// read counts a read that has been done.
func (f *fleeting) read(ctx context.Context) {
	if !f.told.Load() || f.left.Add(-1) != 0 {
		return
	}
	if _, err := f.Apply(context.WithoutCancel(ctx), &change.Batch{Deletes: f.deletes}, nil); err != nil {
		f.Error(err)
	}
}

func TestAChangeIsToldAnewWhereWhatItNamesIsDeletedBetweenTwoReads(t *testing.T) {
	const before = `"rootCount":1,"roots":[{"id":"doomed-too"}]`
	const since = `"rootCount":0,"roots":[]`
	seen := map[string]bool{}
	for reads := range 8 {
		backend := &fleeting{T: t, deletes: []string{"l", "doomed-too"}}
		backend.left.Store(int64(1 + reads))
		s := serveOver(t, func(b store.Backend) store.Backend {
			backend.Backend, backend.Waker = b, b.(store.Waker)
			return backend
		}, nil)
		s.mutate(oneLearning, `"created":1`)
		lines := s.follow(`subscription { changes(where: {by: "ann"}) { entries { node { ... on Practice { origins { rootCount roots { id } } } } } } }`)
		s.mutate(`mutation { updatePractices(input: [{id: "p", name: "Q"}]) { updated } }`, `"updated":1`)
		_, got := event(lines)
		roots := strings.TrimSuffix(strings.TrimPrefix(got, `{"data":{"changes":{"entries":[{"node":{"origins":[{`), `}]}}]}}}`)
		if seen[roots] = true; roots != before && roots != since {
			t.Errorf("deleted after %d reads: %s", 1+reads, got)
		}
	}
	if len(seen) != 2 {
		t.Errorf("told was %v", seen)
	}
}

// message is one of the protocol graphql-transport-ws.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket opens a WebSocket, or tells with which status that was refused.
func (s *server) socket(header http.Header, protocols ...string) (conn *websocket.Conn, status int, err error) {
	conn, resp, err := websocket.Dial(s.ctx, "ws://"+s.address+"/graphql", &websocket.DialOptions{HTTPHeader: header, Subprotocols: protocols})
	if err == nil {
		s.Cleanup(func() { _ = conn.CloseNow() })
	}
	if resp == nil {
		s.Fatal(err)
	}
	if resp.Body != nil {
		_ = resp.Body.Close()
	}
	return conn, resp.StatusCode, err
}

// greeted is a WebSocket whose connection_init was taken.
func (s *server) greeted(payload string) *websocket.Conn {
	s.Helper()
	conn, _, err := s.socket(nil, "graphql-transport-ws")
	if err != nil {
		s.Fatal(err)
	}
	s.send(conn, message{Type: "connection_init", Payload: json.RawMessage(payload)})
	if got := s.receive(conn); got.Type != "connection_ack" {
		s.Fatalf("got %+v", got)
	}
	return conn
}

func (s *server) send(conn *websocket.Conn, m message) {
	s.Helper()
	if err := wsjson.Write(s.ctx, conn, m); err != nil {
		s.Fatal(err)
	}
}

// receive is the next message but pings.
func (s *server) receive(conn *websocket.Conn) (m message) {
	s.Helper()
	for m.Type == "" || m.Type == "ping" {
		m = message{}
		if err := wsjson.Read(s.ctx, conn, &m); err != nil {
			s.Fatal(err)
		}
	}
	return m
}

// closed is the code with which the server closes.
func (s *server) closed(conn *websocket.Conn) int {
	for {
		if _, _, err := conn.Read(s.ctx); err != nil {
			return int(websocket.CloseStatus(err))
		}
	}
}

func subscribe(id string) message {
	return message{ID: id, Type: "subscribe", Payload: json.RawMessage(`{"query":"` + newNumbers + `"}`)}
}

func TestASocketCarriesSubscriptionsAndQuestions(t *testing.T) {
	s := serve(t, nil)
	conn := s.greeted(`{"Authorization":"Bearer good"}`)
	s.send(conn, subscribe("1"))
	s.send(conn, message{ID: "2", Type: "subscribe", Payload: json.RawMessage(`{"query":"{ __typename }"}`)})
	for _, want := range []message{{"2", "next", json.RawMessage(`{"data":{"__typename":"Query"}}`)}, {ID: "2", Type: "complete"}} {
		if diff := cmp.Diff(want, s.receive(conn)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	s.write()
	if got := s.receive(conn); got.ID != "1" || string(got.Payload) != `{"data":{"changes":{"change":{"number":1}}}}` {
		t.Errorf("got %s %s", got.Type, got.Payload)
	}
	s.send(conn, message{ID: "1", Type: "complete"})
	s.untilOpen(0)
}

func TestASocketIsRefusedOrClosedWithAReason(t *testing.T) {
	s := serve(t, func(_ *graph.Config, c *httpserver.Config) {
		c.Live.InitTimeout, c.Live.Operations = 50*time.Millisecond, 2
	})
	t.Run("a page of another origin", func(t *testing.T) {
		_, status, err := s.socket(http.Header{"Origin": {"https://evil.example"}}, "graphql-transport-ws")
		if err == nil || status != http.StatusForbidden {
			t.Errorf("%d, %v", status, err)
		}
	})
	t.Run("another protocol", func(t *testing.T) {
		_, status, err := s.socket(nil, "graphql-ws")
		if err == nil || status != http.StatusBadRequest {
			t.Errorf("%d, %v", status, err)
		}
	})
	for name, test := range map[string]struct {
		say  string
		code int
	}{
		"nothing is said":      {"", 4408},
		"a bad token":          {`{"type":"connection_init","payload":{"Authorization":"Bearer bad"}}`, 4401},
		"a message too deep":   {strings.Repeat("[", 100), 4400},
		"a message of no JSON": {`{`, 1002},
	} {
		t.Run(name, func(t *testing.T) {
			conn, _, err := s.socket(nil, "graphql-transport-ws")
			if err != nil {
				t.Fatal(err)
			}
			if test.say != "" {
				if err := conn.Write(s.ctx, websocket.MessageText, []byte(test.say)); err != nil {
					t.Fatal(err)
				}
			}
			if got := s.closed(conn); got != test.code {
				t.Errorf("closed with %d, want %d", got, test.code)
			}
		})
	}
	t.Run("one subscription too many", func(t *testing.T) {
		conn := s.greeted(`{}`)
		for _, id := range []string{"1", "2", "3"} {
			s.send(conn, subscribe(id))
		}
		if got := s.receive(conn); got.ID != "3" || !strings.Contains(string(got.Payload), "LIMIT_EXCEEDED") {
			t.Errorf("got %s %s %s", got.ID, got.Type, got.Payload)
		}
	})
}

func TestASocketIsToldThatTheServerStops(t *testing.T) {
	s := serve(t, func(c *graph.Config, _ *httpserver.Config) { c.Live = live.Limits{Readers: 1} })
	conn := s.greeted(`{}`)
	s.send(conn, subscribe("1"))
	s.untilOpen(1)
	s.send(conn, subscribe("2"))
	if got := s.receive(conn); got.ID != "2" || !strings.Contains(string(got.Payload), "LIMIT_EXCEEDED") {
		t.Errorf("one subscription too many for the server: %s %s", got.ID, got.Payload)
	}
	if got := s.receive(conn); got.ID != "2" || got.Type != "complete" {
		t.Errorf("got %s %s", got.ID, got.Type)
	}
	s.stop()
	if got := s.receive(conn); got.ID != "1" || !strings.Contains(string(got.Payload), "shutting down") {
		t.Errorf("got %s %s", got.Type, got.Payload)
	}
	if got := s.closed(conn); got != 1001 {
		t.Errorf("closed with %d", got)
	}
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
}
