package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
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

// load is what is asked of the server for a while.
type load struct {
	question         func(turn int) string
	readers, writers int
	span, pause      time.Duration
}

// result is what came of it.
type result struct {
	mu      sync.Mutex
	reads   []time.Duration // of questions that were answered
	refused []time.Duration // of those that were turned away
	writes  int             // acknowledged
	held    int             // bytes, the most that the server held
	err     error           // the first that is neither
}

func (r *result) read(of int) time.Duration { return percentile(r.reads, of) }

// problem is what must not have happened.
func (r *result) problem() error {
	if r.err == nil && len(r.reads) == 0 {
		return errors.New("nobody was answered")
	}
	return r.err
}

// measure has the server asked by many at once.
func (s *server) measure(ctx context.Context, l load) *result {
	ctx, cancel := context.WithTimeout(ctx, l.span)
	defer cancel()
	r := &result{}
	var all sync.WaitGroup
	for i := range l.readers {
		all.Go(func() { s.readAll(ctx, r, i, l) })
	}
	for i := range l.writers {
		all.Go(func() { s.writeAll(ctx, r, i, l.pause) })
	}
	all.Go(func() { s.watch(ctx, r) })
	all.Wait()
	return r
}

// readAll asks one question after the other until the time is over.
func (s *server) readAll(ctx context.Context, r *result, first int, l load) {
	pause(ctx, l.pause*time.Duration(first)/time.Duration(l.readers))
	for i := first; ctx.Err() == nil; i++ {
		began := time.Now()
		status, err := s.ask(ctx, l.question(i))
		took := time.Since(began)
		r.mu.Lock()
		switch {
		case ctx.Err() != nil: // it was cut off
		case err != nil && r.err == nil:
			r.err = err
		case status == http.StatusServiceUnavailable:
			r.refused = append(r.refused, took)
		default:
			r.reads = append(r.reads, took)
		}
		r.mu.Unlock()
		if status == http.StatusServiceUnavailable {
			pause(ctx, time.Second) // as Retry-After says
		}
		pause(ctx, l.pause)
	}
}

// writeAll writes one source anew, time and again.
func (s *server) writeAll(ctx context.Context, r *result, writer int, rest time.Duration) {
	for i := 0; ctx.Err() == nil; i++ {
		status, err := s.ask(ctx, fmt.Sprintf(`mutation { upsertSources(input: [{id: "load-%d", title: "Load %d", publisher: "bench"}]) { change { number } } }`, writer, time.Now().UnixNano()))
		r.mu.Lock()
		switch {
		case ctx.Err() != nil:
		case err != nil && r.err == nil:
			r.err = err
		case status == http.StatusOK:
			r.writes++
		}
		r.mu.Unlock()
		pause(ctx, rest)
	}
}

// watch notes the most memory that the server holds.
func (s *server) watch(ctx context.Context, r *result) {
	for ctx.Err() == nil {
		held := s.held()
		r.mu.Lock()
		r.held = max(r.held, held)
		r.mu.Unlock()
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

// ask sends an operation and reads the answer: data, or a refusal for there being too much to do.
func (s *server) ask(ctx context.Context, query string) (status int, err error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		return 0, fmt.Errorf("ask: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, fmt.Errorf("read the answer: %w", err)
	}
	if response.StatusCode != http.StatusServiceUnavailable && !bytes.HasPrefix(answer, []byte(`{"data":`)) {
		return 0, fmt.Errorf("status %d: %.300s", response.StatusCode, answer)
	}
	return response.StatusCode, nil
}
