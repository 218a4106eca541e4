package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"nicgraph/bench/load"
	"nicgraph/bench/machine"
)

// questions are what readers ask, in turn: an object by its place, a page with what hangs
// below it, counts, facets, a filter over neighbours, a search, and a lineage.
var questions = []string{
	`{ networks(first: 1) { nodes { id name } } }`,
	`{ networks(first: 20) { totalCount nodes { name members(first: 10) { totalCount nodes { __typename id name } } } } }`,
	`{ organizations(first: 50, orderBy: [{name: ASC}]) { nodes { id name country } pageInfo { endCursor hasNextPage } } }`,
	`{ people { totalCount } practices { totalCount } learnings { totalCount } }`,
	`{ learnings(where: {learner: {type: {eq: ORGANIZATION}}}, first: 25) { totalCount nodes { started learner { name } teacher { name } practice { name } } } }`,
	`{ practices(first: 10, orderBy: [{learnings: {count: DESC}}]) { nodes { name learnings { totalCount } } } }`,
	`{ search(text: "improvement", first: 10) { nodes { __typename id } } }`,
}

// dear is what a crowd asks: much work for a short answer, and another one each time, so that nothing
// that was found before answers it.
const dear = `{
	learnings { totalCount }
	parties(where: {learners: {some: {learners: {some: {learners: {some: {name: {contains: "q%d"}}}}}}}}) { totalCount }
	organizations(first: 3, orderBy: [{learners: {count: DESC}}, {name: ASC}]) { nodes { learners { totalCount } } }
}`

// demand is what is asked of the server, by how many at once.
type demand struct {
	question         func(turn int) string
	readers, writers int
	pause            time.Duration // of everybody between two questions or writes
}

// result is what came of it.
type result struct {
	span    time.Duration
	reads   []time.Duration // of questions that were answered
	refused []time.Duration // of those that were turned away
	writes  int             // acknowledged
	held    int             // bytes, the most that the server held
	err     error           // the first that is neither
}

func (r *result) read(of int) time.Duration { return percentile(r.reads, of) }

func (r *result) perSecond(n int) float64 { return float64(n) / r.span.Seconds() }

// problem is what must not have happened.
func (r *result) problem() error {
	if r.err == nil && len(r.reads) == 0 {
		return errors.New("nobody was answered")
	}
	return r.err
}

// work is many who ask a server at once.
type work struct {
	server *server
	demand demand
	all    sync.WaitGroup

	mu    sync.Mutex
	since time.Time
	found result // since then
}

// begin has the server asked until the context ends.
func (s *server) begin(ctx context.Context, d demand) *work {
	w := &work{server: s, demand: d, since: time.Now()}
	for i := range d.readers {
		w.all.Go(func() { w.readAll(ctx, i) })
	}
	for i := range d.writers {
		w.all.Go(func() { w.writeAll(ctx, i) })
	}
	w.all.Go(func() { w.watch(ctx) })
	return w
}

// take gives what came of it until now, and begins anew.
func (w *work) take() *result {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, now := w.found, time.Now()
	r.span = now.Sub(w.since)
	w.found, w.since = result{}, now
	return &r
}

// measure has the server asked for a while.
func (s *server) measure(ctx context.Context, span time.Duration, d demand) (*result, error) {
	limited, cancel := context.WithTimeout(ctx, span)
	defer cancel()
	w := s.begin(limited, d)
	w.all.Wait()
	r := w.take()
	return r, errors.Join(ctx.Err(), r.problem())
}

// readAll asks one question after the other until the time is over.
func (w *work) readAll(ctx context.Context, first int) {
	pause(ctx, w.demand.pause*time.Duration(first)/time.Duration(w.demand.readers))
	i := first - 1
	w.askAll(ctx, func() string { i++; return w.demand.question(i) }, func(r *result, took time.Duration) { r.reads = append(r.reads, took) })
}

// writeAll writes one source anew, time and again.
func (w *work) writeAll(ctx context.Context, writer int) {
	w.askAll(ctx, func() string {
		return fmt.Sprintf(`mutation { upsertSources(input: [{id: "load-%d", title: "Load %d", publisher: "bench"}]) { change { number } } }`, writer, time.Now().UnixNano())
	}, func(r *result, _ time.Duration) { r.writes++ })
}

// askAll asks one operation after the other over a connection, and has what was answered counted.
func (w *work) askAll(ctx context.Context, next func() string, count func(*result, time.Duration)) {
	line := load.NewLine(w.server.address)
	defer line.HangUp()
	for ctx.Err() == nil {
		began := time.Now()
		answer, err := line.Ask(ctx, request(next()))
		took := time.Since(began)
		refused := err == nil && answer.Status == "503"
		if err == nil && !refused && !answer.Good() {
			err = fmt.Errorf("answered with %s: %s", answer.Status, answer.Start)
		}
		switch {
		case ctx.Err() != nil:
			return // it was cut off
		case err != nil:
			w.note(func(r *result) { r.err = cmp.Or(r.err, err) })
			return
		case refused:
			w.note(func(r *result) { r.refused = append(r.refused, took) })
			pause(ctx, time.Second) // as Retry-After says
		default:
			w.note(func(r *result) { count(r, took) })
		}
		pause(ctx, w.demand.pause)
	}
}

func (w *work) note(what func(*result)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	what(&w.found)
}

func request(operation string) []byte {
	body, err := json.Marshal(map[string]string{"query": operation})
	if err != nil {
		panic(err) // texts can be written
	}
	return body
}

// watch notes the most memory that the server holds.
func (w *work) watch(ctx context.Context) {
	for ctx.Err() == nil {
		held, _ := machine.Resident(w.server.process.ID())
		w.note(func(r *result) { r.held = max(r.held, held) })
		pause(ctx, 100*time.Millisecond)
	}
}

func pause(ctx context.Context, span time.Duration) {
	if span <= 0 {
		return
	}
	select {
	case <-time.After(span):
	case <-ctx.Done():
	}
}

// percentile is the time that so many of a hundred are within; 0 of none.
func percentile(times []time.Duration, of int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[(len(sorted)-1)*of/100].Round(10 * time.Microsecond)
}
