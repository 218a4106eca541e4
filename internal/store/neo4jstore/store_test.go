package neo4jstore_test

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/neo4jstore"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// people makes a batch of persons with the given ids.
func people(t testing.TB, cat *catalog.Catalog, ids ...string) *change.Batch {
	t.Helper()
	b := &change.Batch{}
	for _, id := range ids {
		n, err := storetest.NewNode(cat, "Person", id, storetest.Fields{"name": "Person " + id})
		if err != nil {
			t.Fatal(err)
		}
		b.Upserts = append(b.Upserts, n)
	}
	return b
}

func apply(t testing.TB, s *neo4jstore.Store, b *change.Batch) change.Summary {
	t.Helper()
	sum, err := s.Apply(t.Context(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sum.Summary
}

// names asks for the names of all persons in an order.
func names(t testing.TB, s *neo4jstore.Store, cat *catalog.Catalog, order ...plan.Key) ([]string, error) {
	t.Helper()
	set := cat.TypesOf("Person")
	p := &plan.Plan{Catalog: cat, Query: plan.Row{Slots: []plan.Slot{{Read: &plan.Many{
		From: plan.Scan{Types: set}, Order: append(order, plan.Key{Property: "id", Kind: value.ID}), Rows: true,
		Row: plan.Row{Types: set, Slots: []plan.Slot{{Types: set, Read: plan.Property{Name: "name"}}}},
	}}}}}
	q, err := s.Prepare(p)
	if err != nil {
		t.Fatal(err)
	}
	result, err := q.Run(t.Context(), nil)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, row := range storetest.TreeOf(p, result).(storetest.Row).Slots[0].(storetest.Page).Rows {
		all = append(all, row.(storetest.Row).Slots[0].(string))
	}
	return all, nil
}

func TestOpenSaysInOneSentenceWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct {
		uri  string
		kind fault.Kind
		says string
	}{
		"nothing listens there":   {"bolt://127.0.0.1:1", fault.Unavailable, "Neo4j at bolt://127.0.0.1:1 cannot be reached"},
		"nobody routes there":     {"neo4j://127.0.0.1:1", fault.Unavailable, "Neo4j at neo4j://127.0.0.1:1 cannot be reached"},
		"no address of a Neo4j":   {"http://127.0.0.1", fault.Invalid, `"http://127.0.0.1" is not the address of a Neo4j`},
		"no address of any thing": {"", fault.Invalid, `"" is not the address of a Neo4j`},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			began := time.Now()
			_, err := neo4jstore.Open(ctx, neo4jstore.Config{URI: test.uri}, storetest.Catalog())
			if fault.KindOf(err) != test.kind || err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want a fault of kind %d that says %s", err, test.kind, test.says)
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it took %s to say so", took)
			}
		})
	}
}

func TestAWrongPasswordIsSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a Neo4j of its own")
	}
	server, err := neo4jtest.Launch(t.Context(), "right-password")
	if errors.Is(err, neo4jtest.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	right := config(server)
	wrong := right
	wrong.Password = "wrong-password"
	_, err = neo4jstore.Open(t.Context(), wrong, storetest.Catalog())
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), `does not let user "neo4j" in`) {
		t.Errorf("got %v", err)
	}
	s, err := neo4jstore.Open(t.Context(), right, storetest.Catalog())
	for tries := 1; fault.KindOf(err) == fault.Unavailable && tries < 5; tries++ { // it has just begun, perhaps on a busy machine
		s, err = neo4jstore.Open(t.Context(), right, storetest.Catalog())
	}
	if err != nil {
		t.Fatal("with the right password:", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestRoutingAddressesWork(t *testing.T) {
	server := neo4jtest.Start(t)
	neo4jtest.Clear(t, server)
	cfg := config(server)
	cfg.URI = strings.Replace(cfg.URI, "bolt://", "neo4j://", 1)
	cat := storetest.Catalog()
	s, err := neo4jstore.Open(t.Context(), cfg, cat)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	apply(t, s, people(t, cat, "a"))
	if got, err := names(t, s, cat); err != nil || !slices.Equal(got, []string{"Person a"}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAStoreOfANewerVersionIsRefused(t *testing.T) {
	server := neo4jtest.Start(t)
	open(t, server, storetest.Catalog())
	raw(t, server, "MATCH (m:NicgraphMeta) SET m.format = 99")
	defer raw(t, server, "MATCH (m:NicgraphMeta) SET m.format = 3")
	_, err := neo4jstore.Open(t.Context(), config(server), storetest.Catalog())
	if err == nil || !strings.Contains(err.Error(), "written by a newer nicgraph") {
		t.Errorf("got %v", err)
	}
}

func TestAnOlderStoreIsBroughtUpToDate(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	s := open(t, server, cat)
	b := &change.Batch{}
	for id, born := range map[string]any{"about": "2013~", "school": "2013-08/2014-07", "year": "2013", "unknown": nil} {
		n, err := storetest.NewNode(cat, "Person", id, storetest.Fields{"born": born})
		if err != nil {
			t.Fatal(err)
		}
		b.Upserts = append(b.Upserts, n)
	}
	apply(t, s, b)
	const stored = "MATCH (n:Person) RETURN [n.id, n.born_from, n.born_to, n.born_written_from, n.born_written_to] ORDER BY n.id"
	want := raw(t, server, stored)
	raw(t, server, "MATCH (n:Person) REMOVE n.born_to, n.born_written_from, n.born_written_to")
	raw(t, server, "MATCH (m:NicgraphMeta) SET m.format = 2")
	again, err := neo4jstore.Open(t.Context(), config(server), cat)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if diff := cmp.Diff(want, raw(t, server, stored)); diff != "" {
		t.Errorf("dates (-as written now +as brought up to date):\n%s", diff)
	}
}

func TestWhatAnOlderVersionWroteIsFoundWhereItsValuesAreMissing(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	apply(t, open(t, server, cat), people(t, cat, "a", "b"))
	raw(t, server, "MATCH (n:Person) REMOVE n.nick_none")
	raw(t, server, "MATCH (m:NicgraphMeta) SET m.format = 1")
	s, err := neo4jstore.Open(t.Context(), config(server), cat)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := names(t, s, cat, plan.Key{Property: "nick", Kind: value.Text}); err != nil || !slices.Equal(got, []string{"Person a", "Person b"}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestEveryChangeAndNothingElseMovesTheRevision(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	s := open(t, server, cat)
	revision := func() uint64 {
		r, err := s.Revision(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := revision()
	apply(t, s, people(t, cat, "a", "b"))
	if got := revision(); got != before+1 {
		t.Errorf("after a change: revision %d, want %d", got, before+1)
	}
	if sum := apply(t, s, people(t, cat, "a", "b")); sum != (change.Summary{Unchanged: 2}) {
		t.Errorf("the same again: %+v", sum)
	}
	if got := revision(); got != before+1 {
		t.Errorf("after the same again: revision %d, want %d", got, before+1)
	}
}

func TestWhatOthersAddStays(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	s := open(t, server, cat)
	apply(t, s, people(t, cat, "a"))
	raw(t, server, "MATCH (n:Person {id: 'a'}) SET n:Theirs, n.theirs = 7")
	b := people(t, cat, "a")
	b.Upserts[0].Values[1] = value.OfText("Other name")
	apply(t, s, b)
	got := raw(t, server, "MATCH (n:Theirs {id: 'a', name: 'Other name', theirs: 7}) RETURN count(n)")
	if len(got) != 1 || got[0] != int64(1) {
		t.Errorf("their label and property are gone: %v", got)
	}
}

// raw runs a statement past the store and brings its values.
func raw(t testing.TB, server *neo4jtest.Server, text string) []any {
	t.Helper()
	driver, err := server.Driver()
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(context.Background())
	result, err := neo4j.ExecuteQuery(context.Background(), driver, text, nil, neo4j.EagerResultTransformer)
	if err != nil {
		t.Fatal(err)
	}
	var values []any
	for _, record := range result.Records {
		values = append(values, record.Values...)
	}
	return values
}

func TestALostConnectionIsMadeAnew(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	s, cut := openBehind(t, server, cat)
	apply(t, s, people(t, cat, "a"))
	cut.all()
	if got, err := names(t, s, cat); err != nil || len(got) != 1 {
		t.Errorf("read after the cut: %v, %v", got, err)
	}
	cut.all()
	apply(t, s, people(t, cat, "a", "b"))
	if got, err := names(t, s, cat); err != nil || len(got) != 2 {
		t.Errorf("read after the second cut: %v, %v", got, err)
	}
}

func TestADatabaseThatIsGoneIsCalledUnavailableNotSlow(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	backend, wire := openBehind(t, server, cat)
	s := store.New(backend, store.Limits{Timeout: time.Second})
	all := &plan.Plan{Catalog: cat, Query: plan.Row{Slots: []plan.Slot{{Read: &plan.Many{
		From: plan.Scan{Types: cat.TypesOf("Person")}, Order: []plan.Key{{Property: "id", Kind: value.ID}}, Rows: true,
	}}}}}
	prepared, err := s.Prepare(all)
	if err != nil {
		t.Fatal(err)
	}
	wire.listener.Close()
	wire.all()
	if _, err := prepared.Run(t.Context(), nil); fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("got %v, want that Neo4j cannot be reached", err)
	}
}

// Whoever waits for changes asks in the background, where a panic would end the program.
func TestOfADatabaseThatSomebodyEmptiedNoRevisionIsTold(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	s := open(t, server, cat)
	raw(t, server, "MATCH (n) DETACH DELETE n")
	if revision, err := s.Revision(t.Context()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got revision %d, %v; want that the graph is gone", revision, err)
	}
	if _, err := s.Apply(t.Context(), people(t, cat, "a"), nil); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("writing: got %v; want that the graph is gone", err)
	}
}

func TestABatchThatIsCutOffIsWholeOrNotThere(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	s, cut := openBehind(t, server, cat)
	for round := range 5 {
		var ids []string
		for i := range 300 {
			ids = append(ids, string(rune('a'+round))+"-"+strings.Repeat("x", i%7)+time.Duration(i).String())
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			time.Sleep(time.Duration(round*15) * time.Millisecond)
			cut.all()
		}()
		sum, err := s.Apply(t.Context(), people(t, cat, ids...), nil)
		<-done
		if err == nil && sum.Created != len(ids) && sum.Unchanged != len(ids) {
			t.Errorf("round %d: %+v", round, sum)
		}
		all := beginningWith(t, server, string(rune('a'+round)))
		for until := time.Now().Add(10 * time.Second); all != 0 && all != len(ids) && time.Now().Before(until); {
			all = beginningWith(t, server, string(rune('a'+round))) // a commit becomes visible bit by bit, and may go on when the wire is cut
		}
		if all != 0 && all != len(ids) || err == nil && all != len(ids) {
			t.Errorf("round %d: %d of %d are there; Apply said %v", round, all, len(ids), err)
		}
	}
}

// beginningWith counts the persons whose id begins with a letter.
func beginningWith(t testing.TB, server *neo4jtest.Server, letter string) int {
	t.Helper()
	got := raw(t, server, "MATCH (n:Person) WHERE n.id STARTS WITH '"+letter+"-' RETURN count(n)")
	return int(got[0].(int64))
}

func TestACancelledReadEndsOnTheServerToo(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	s := open(t, server, cat)
	var ids []string
	for i := range 1500 {
		ids = append(ids, "p-"+time.Duration(i).String())
	}
	apply(t, s, people(t, cat, ids...))
	for name, end := range map[string]func() (context.Context, context.CancelFunc){
		"by its caller": func() (context.Context, context.CancelFunc) { return cancelAfter(t, 300*time.Millisecond) },
		"by its deadline": func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(t.Context(), 300*time.Millisecond)
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := end()
			defer cancel()
			q, err := s.Prepare(slowPlan(cat))
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if _, err := q.Run(ctx, nil); err == nil {
				t.Fatal("the question was answered; it was to take long")
			}
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("the caller waited %s", took)
			}
			for until := time.Now().Add(10 * time.Second); running(t, server) > 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(until) {
					t.Fatal("the server still works on it")
				}
			}
		})
	}
}

func cancelAfter(t testing.TB, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(d, cancel)
	return ctx, cancel
}

// slowPlan compares every person with every other, and those again.
func slowPlan(cat *catalog.Catalog) *plan.Plan {
	set := cat.TypesOf("Person")
	id := []plan.Key{{Property: "id", Kind: value.ID}}
	var inner plan.Read = plan.Property{Name: "id"}
	for range 3 {
		inner = &plan.Many{
			From: plan.Scan{Types: set}, Order: id, Rows: true, First: plan.Operand{Const: value.OfInt(1000)},
			Row: plan.Row{Types: set, Slots: []plan.Slot{{Types: set, Read: inner}}},
		}
	}
	return &plan.Plan{Catalog: cat, Query: plan.Row{Slots: []plan.Slot{{Read: inner}}}}
}

// running counts the server's transactions that read persons.
func running(t testing.TB, server *neo4jtest.Server) int {
	t.Helper()
	got := raw(t, server, "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'COLLECT' AND NOT currentQuery STARTS WITH 'SHOW' RETURN count(*)")
	return int(got[0].(int64))
}

// wire passes bytes on between a client and a server, and can be cut.
type wire struct {
	mu    sync.Mutex
	conns []net.Conn

	listener net.Listener
}

// openBehind opens an empty store behind a wire.
func openBehind(t testing.TB, server *neo4jtest.Server, cat *catalog.Catalog) (*neo4jstore.Store, *wire) {
	t.Helper()
	neo4jtest.Clear(t, server)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	w := &wire{listener: listener}
	go w.serve(listener, strings.TrimPrefix(server.URI, "bolt://"))
	cfg := config(server)
	cfg.URI = "bolt://" + listener.Addr().String()
	s, err := neo4jstore.Open(t.Context(), cfg, cat)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, w
}

func (w *wire) serve(listener net.Listener, to string) {
	for {
		near, err := listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", to)
		if err != nil {
			near.Close()
			continue
		}
		w.mu.Lock()
		w.conns = append(w.conns, near, far)
		w.mu.Unlock()
		go pass(near, far)
		go pass(far, near)
	}
}

func pass(to, from net.Conn) {
	_, _ = io.Copy(to, from) // a cut is what the tests want
	to.Close()
}

// all cuts every connection that there is now.
func (w *wire) all() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}
