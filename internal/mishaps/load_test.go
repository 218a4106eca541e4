package mishaps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// load is some writers at once, what they were promised, and the history as it was seen last.
type load struct {
	writers []*writer
	wrote   map[string][]int  // the changes of each id, in order
	want    map[string]source // what is there, by the history
	seen    int               // the newest change that was looked at
	at      time.Time         // its moment

}

// writer writes one thing after the other, each under a key of its own, and goes on only
// when it knows that it is done.
type writer struct {
	name string
	told []int // the number of the change of each write, as the server told it
	seen int   // how many of its writes are in the history
}

// source is what is checked of a source.
type source struct {
	ID, Title string
	Version   int
}

func newLoad(writers int) *load {
	l := &load{wrote: map[string][]int{}, want: map[string]source{}}
	for i := range writers {
		l.writers = append(l.writers, &writer{name: fmt.Sprintf("w%d", i)})
	}
	return l
}

// together is how many sources of a writer carry the key of the same write.
const together = 5

// ids are those that a write writes: some of the writer's, one of all writers, and one that
// each fifth write deletes.
func (w *writer) ids(n int) []string {
	own := w.name + "-own"
	if deletes(n) {
		return []string{own}
	}
	ids := []string{"shared", own}
	for i := range together {
		ids = append(ids, fmt.Sprintf("%s-%d", w.name, i))
	}
	return ids
}

func deletes(n int) bool { return n%5 == 4 }

func (w *writer) key(n int) string { return fmt.Sprintf("%s %d", w.name, n) }

const (
	upsert = `mutation ($key: String!, $input: [SourceCreate!]!) {
  write: upsertSources(key: $key, why: $key, input: $input) { change { number } } }`
	remove = `mutation ($key: String!, $input: [DeleteInput!]!) {
  write: deleteSources(key: $key, why: $key, input: $input) { change { number } } }`
)

// write sends the next write, which may have been sent before.
func (w *writer) write(ctx context.Context, p *program) error {
	n := len(w.told)
	query, input := upsert, []map[string]any{}
	if deletes(n) {
		query = remove
	}
	for _, id := range w.ids(n) {
		one := map[string]any{"id": id}
		if !deletes(n) {
			one["title"], one["publisher"] = w.key(n), "P"
		}
		input = append(input, one)
	}
	var data struct {
		Write struct{ Change struct{ Number int } }
	}
	if err := p.ask(ctx, &data, query, map[string]any{"key": w.key(n), "input": input}); err != nil {
		return fmt.Errorf("write %s: %w", w.key(n), err)
	}
	w.told = append(w.told, data.Write.Change.Number)
	return nil
}

// run lets all writers write until the context ends; after gives each what its write came to,
// and ends the writer with false.
func (l *load) run(ctx context.Context, p *program, after func(error) bool) {
	var all sync.WaitGroup
	for _, w := range l.writers {
		all.Go(func() {
			for ctx.Err() == nil && after(w.write(ctx, p)) {
			}
		})
	}
	all.Wait()
}

// acknowledged counts the writes that the server said were done.
func (l *load) acknowledged() (all int) {
	for _, w := range l.writers {
		all += len(w.told)
	}
	return all
}

// recorded is a change as the server tells it.
type recorded struct {
	Number  int
	At      time.Time
	Why     string
	Entries []struct{ ID string }
}

// check compares the history with what the writers were promised, and the graph with the history.
func (l *load) check(t *testing.T, p *program) {
	t.Helper()
	for _, c := range l.news(t, p) {
		if c.Number != l.seen+1 || c.At.Before(l.at) {
			t.Fatalf("change %d of %s comes behind change %d of %s", c.Number, c.At, l.seen, l.at)
		}
		l.seen, l.at = c.Number, c.At
		if err := l.replay(&c); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range l.writers {
		if w.seen != len(w.told) && w.seen != len(w.told)+1 {
			t.Errorf("%s was told of %d writes, and the history has %d", w.name, len(w.told), w.seen)
		}
	}
	if diff := cmp.Diff(l.want, present(t, p)); diff != "" {
		t.Errorf("the graph is not what its history says (-want +got):\n%s", diff)
	}
	l.checkHistories(t, p)
}

// news are the changes behind the last one seen, in order. They come in small pages, since
// each brings what it did.
func (l *load) news(t *testing.T, p *program) (all []recorded) {
	t.Helper()
	for after := any(nil); ; {
		var data struct {
			Changes struct {
				Nodes    []recorded
				PageInfo struct {
					EndCursor   string
					HasNextPage bool
				}
			}
		}
		learn(t, p, &data, `query ($after: String) { changes(first: 100, after: $after) {
  nodes { number at why entries(first: 10) { id } } pageInfo { endCursor hasNextPage } } }`, map[string]any{"after": after})
		for _, c := range data.Changes.Nodes {
			if c.Number > l.seen {
				all = append(all, c)
			}
		}
		if n := data.Changes.Nodes; !data.Changes.PageInfo.HasNextPage || n[len(n)-1].Number <= l.seen {
			slices.Reverse(all)
			return all
		}
		after = data.Changes.PageInfo.EndCursor
	}
}

// replay makes a change again on what is wanted, and says why it cannot be.
func (l *load) replay(c *recorded) error {
	name, rest, _ := strings.Cut(c.Why, " ")
	at := slices.IndexFunc(l.writers, func(w *writer) bool { return w.name == name })
	n, err := strconv.Atoi(rest)
	if err != nil || at < 0 {
		return fmt.Errorf("nobody wrote change %d, %q", c.Number, c.Why)
	}
	w := l.writers[at]
	switch {
	case n != w.seen:
		return fmt.Errorf("change %d is write %d of %s; it was to be %d: one was lost or done twice", c.Number, n, name, w.seen)
	case n < len(w.told) && w.told[n] != c.Number:
		return fmt.Errorf("%s was told that %q is change %d; it is %d", name, c.Why, w.told[n], c.Number)
	}
	w.seen++
	return l.redo(c, w, n)
}

func (l *load) redo(c *recorded, w *writer, n int) error {
	var got []string
	for _, entry := range c.Entries {
		got = append(got, entry.ID)
	}
	ids := w.ids(n)
	slices.Sort(ids)
	if !slices.Equal(ids, got) {
		return fmt.Errorf("change %d, %q, did something to %q; it was to do it to %q", c.Number, c.Why, got, ids)
	}
	for _, id := range ids {
		l.wrote[id] = append(l.wrote[id], c.Number)
		l.want[id] = source{id, c.Why, c.Number}
		if deletes(n) {
			delete(l.want, id)
		}
	}
	return nil
}

// present is the graph as it is read.
func present(t *testing.T, p *program) map[string]source {
	t.Helper()
	var data struct{ Sources struct{ Nodes []source } }
	learn(t, p, &data, `{ sources(first: 1000) { nodes { id title version } } }`, nil)
	all := map[string]source{}
	for _, s := range data.Sources.Nodes {
		all[s.ID] = s
	}
	return all
}

// checkHistories looks at the last changes of what everybody writes, and of what comes and goes.
func (l *load) checkHistories(t *testing.T, p *program) {
	t.Helper()
	const last = 50
	for _, id := range []string{"shared", "w0-own"} {
		if len(l.wrote[id]) == 0 {
			continue
		}
		var data struct {
			History struct {
				Nodes []struct{ Change struct{ Number int } }
			}
		}
		learn(t, p, &data, `query ($id: ID!, $first: Int) { history(id: $id, first: $first) { nodes { change { number } } } }`,
			map[string]any{"id": id, "first": last})
		var got []int
		for _, entry := range data.History.Nodes {
			got = append(got, entry.Change.Number)
		}
		want := slices.Clone(l.wrote[id][max(0, len(l.wrote[id])-last):])
		slices.Reverse(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("history of %s (-want +got):\n%s", id, diff)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// learn asks a question until it is answered.
func learn(t *testing.T, p *program, data any, query string, variables map[string]any) {
	t.Helper()
	must(t, insist(func() error { return p.ask(t.Context(), data, query, variables) }))
}

// insist asks again as long as the answer is that there is none now: a machine that is busy needs its time to
// find its way to Neo4j again.
func insist(ask func() error) (err error) {
	for range 20 { // each takes the server seconds
		if err = ask(); !passes(err) {
			return err
		}
	}
	return err
}

// passes tells whether somebody who is told this had better ask again.
func passes(err error) bool { return code(err) == "UNAVAILABLE" || code(err) == "TIMEOUT" }

// code is that of an answer, empty when there was none.
func code(err error) string {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.Code
	}
	return ""
}
