package graph_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/search"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

// hasty is a backend in which what a search finds first is deleted before it can be read.
type hasty struct {
	store.Backend
	t    *testing.T
	done bool
}

func (h *hasty) Search(ctx context.Context, ask *search.Ask) (search.Page, error) {
	found, err := h.Backend.Search(ctx, ask)
	if !h.done {
		h.done = true
		if _, err := h.Apply(ctx, &change.Batch{Deletes: []string{"doomed"}}, nil); err != nil {
			h.t.Error(err)
		}
	}
	return found, err
}

// steady is a backend that keeps the reads of an answer to one state.
type steady struct {
	store.Backend
	inner *embedded.Store
}

func (s steady) Steady(ctx context.Context) context.Context { return s.inner.Steady(ctx) }

func TestWhatIsDeletedWhileAnAnswerIsWorkedOutIsNoFault(t *testing.T) {
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		wrap func(*hasty, *embedded.Store) store.Backend
		want string
	}{
		"a store that keeps to one state tells all of that": {
			func(h *hasty, inner *embedded.Store) store.Backend { return steady{h, inner} },
			`{"data":{"search":{"totalCount":2,"edges":[{"node":{"id":"doomed"}},{"node":{"id":"lasting"}}]}}}`,
		},
		"of another the question is asked again": {
			func(h *hasty, _ *embedded.Store) store.Backend { return h },
			`{"data":{"search":{"totalCount":1,"edges":[{"node":{"id":"lasting"}}]}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inner := embedded.OpenMemory(domain.Catalog(), nil)
			handler := newServer(t, domain.Catalog(), test.wrap(&hasty{Backend: inner, t: t}, inner))
			if w := ask(handler, `mutation { createSources(input: [{id: "doomed", title: "Some text", publisher: "P"}, {id: "lasting", title: "Some text", publisher: "P"}]) { created } }`); w.Code != http.StatusOK {
				t.Fatal(w.Body)
			}
			w := ask(handler, `{ search(text: "text") { totalCount edges { node { id } } } }`)
			if got := strings.TrimSpace(w.Body.String()); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// rival is a backend in which somebody deletes nodes after some reads that follow a write, once.
type rival struct {
	store.Backend
	t       *testing.T
	deletes []string // nil: nothing is done
	after   int      // reads
	written bool
}

func (r *rival) Apply(ctx context.Context, batch *change.Batch, progress func(done, total int)) (change.Outcome, error) {
	outcome, err := r.Backend.Apply(ctx, batch, progress)
	r.written = true
	r.strike(ctx)
	return outcome, err
}

func (r *rival) Prepare(p *plan.Plan) (store.Query, error) {
	query, err := r.Backend.Prepare(p)
	return countedQuery{query, r.read}, err
}

func (r *rival) Revision(ctx context.Context) (uint64, error) {
	revision, err := r.Backend.Revision(ctx)
	r.read(ctx)
	return revision, err
}

// read counts a read that has been done.
func (r *rival) read(ctx context.Context) {
	if r.written {
		r.after--
	}
	r.strike(ctx)
}

func (r *rival) strike(ctx context.Context) {
	if !r.written || r.deletes == nil || r.after > 0 {
		return
	}
	batch := &change.Batch{Deletes: r.deletes}
	r.deletes = nil
	if _, err := r.Backend.Apply(ctx, batch, nil); err != nil {
		r.t.Error(err)
	}
}

// countedQuery is a query whose backend is told of each read.
type countedQuery struct {
	store.Query
	read func(context.Context)
}

func (q countedQuery) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	result, err := q.Query.Run(ctx, params)
	q.read(ctx)
	return result, err
}

const twoSources = `input: [{id: "doomed", title: "S", publisher: "P"}, {id: "lasting", title: "L", publisher: "P"}]`

func TestAWriterIsToldWhatWasWrittenAlsoOfWhatIsDeletedAtOnce(t *testing.T) {
	for name, test := range map[string]struct{ before, mutation, want string }{
		"what was created is told as it was then": {
			before:   `{ __typename }`,
			mutation: `mutation { createSources(` + twoSources + `) { created change { number } sources { id title citedBy { totalCount } } } }`,
			want: `{"data":{"createSources":{"created":2,"change":{"number":1},"sources":[` +
				`{"id":"doomed","title":"S","citedBy":{"totalCount":0}},{"id":"lasting","title":"L","citedBy":{"totalCount":0}}]}}}`,
		},
		"where nothing had to be written it is carried out again": {
			before:   `mutation { createSources(` + twoSources + `) { created } }`,
			mutation: `mutation { upsertSources(` + twoSources + `) { created unchanged change { number } sources { id } } }`,
			want:     `{"data":{"upsertSources":{"created":1,"unchanged":1,"change":{"number":3},"sources":[{"id":"doomed"},{"id":"lasting"}]}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			handler, r := newRival(t, test.before)
			r.deletes = []string{"doomed"}
			w := ask(handler, test.mutation)
			if diff := cmp.Diff(test.want, strings.TrimSpace(w.Body.String())); diff != "" {
				t.Errorf("answer (-want +got)\n%s", diff)
			}
		})
	}
}

// oneLearning is a graph in which a practice has an origin, which is gone with l and doomed-too.
const oneLearning = `mutation {
	createSources(` + twoSources + `) { created }
	createOrganizations(input: [
		{id: "doomed-too", name: "D", kind: SCHOOL, country: "US", summary: "x", sources: ["lasting"]},
		{id: "o", name: "O", kind: SCHOOL, country: "US", summary: "x", sources: ["lasting"]}]) { created }
	createPractices(input: [{id: "p", name: "P", kind: ROUTINE, summary: "x", sources: ["lasting"]}]) { created }
	createLearnings(input: [{id: "l", learner: "o", teacher: "doomed-too", practice: "p", channelKind: COURSE, datePrecision: UNKNOWN,
		confidence: STATED, evidence: "x", sources: ["lasting"]}]) { created }
}`

func TestAWriterIsToldOfOneStateWhateverIsDeletedBetweenTwoReads(t *testing.T) {
	const before = `"rootCount":1,"roots":[{"id":"doomed-too"}]`
	const since = `"rootCount":0,"roots":[]`
	seen := map[string]bool{}
	for reads := range 8 {
		handler, r := newRival(t, oneLearning)
		r.deletes, r.after, r.written = []string{"l", "doomed-too"}, reads, false
		w := ask(handler, `mutation { updatePractices(input: [{id: "p", name: "Q"}]) { updated practices { name origins { rootCount roots { id } } } } }`)
		got := strings.TrimSpace(w.Body.String())
		roots := strings.TrimSuffix(strings.TrimPrefix(got, `{"data":{"updatePractices":{"updated":1,"practices":[{"name":"Q","origins":[{`), `}]}]}}}`)
		if seen[roots] = true; roots != before && roots != since {
			t.Errorf("deleted after %d reads: %s", reads, got)
		}
	}
	if len(seen) != 2 {
		t.Errorf("told was %v", seen)
	}
}

func TestAWriterWhoRepeatsAKeyIsToldWhatIsLeftWhateverIsDeletedBetweenTwoReads(t *testing.T) {
	const mutation = `mutation { createSources(key: "k", ` + twoSources + `) { created sources { id } } }`
	seen := map[string]bool{}
	for reads := range 5 {
		handler, r := newRival(t, mutation)
		r.deletes, r.after, r.written = []string{"doomed"}, reads, false
		got := strings.TrimSpace(ask(handler, mutation).Body.String())
		sources := strings.TrimSuffix(strings.TrimPrefix(got, `{"data":{"createSources":{"created":2,"sources":[`), `]}}}`)
		if seen[sources] = true; sources != `{"id":"doomed"},{"id":"lasting"}` && sources != `{"id":"lasting"}` {
			t.Errorf("deleted after %d reads: %s", reads, got)
		}
	}
	if len(seen) != 2 {
		t.Errorf("told was %v", seen)
	}
}

// forgetful is a rival that cannot go back to what was.
type forgetful struct{ *rival }

func (forgetful) At(context.Context, int) (store.Backend, error) {
	return nil, fault.New(fault.Timeout, "too far")
}

func TestWhatCouldNotBeToldIsOneFault(t *testing.T) {
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	r := &rival{Backend: embedded.OpenMemory(domain.Catalog(), nil), t: t, deletes: []string{"doomed"}}
	w := ask(newServer(t, domain.Catalog(), forgetful{r}), `mutation { createSources(`+twoSources+`) { created sources { id } } __typename }`)
	want := `{"errors":[{"message":"this was written, as change 1, but what came of it could not be told: too far",` +
		`"path":["createSources"],"extensions":{"code":"TIMEOUT"}}],"data":{"createSources":null,"__typename":"Mutation"}}`
	if diff := cmp.Diff(want, strings.TrimSpace(w.Body.String())); diff != "" {
		t.Errorf("answer (-want +got)\n%s", diff)
	}
}

func TestAWriterIsToldOfOneStateWhateverIsWrittenBetweenTwoReads(t *testing.T) {
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	inner := embedded.OpenMemory(domain.Catalog(), nil)
	r := &rival{Backend: inner, t: t}
	handler := newServer(t, domain.Catalog(), steady{r, inner})
	if w := ask(handler, oneLearning); w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	r.deletes, r.after, r.written = []string{"l"}, 1, false
	w := ask(handler, `mutation { updatePractices(input: [{id: "p", name: "Q"}]) { practices { learnings { totalCount } origins { rootCount } } } }`)
	want := `{"data":{"updatePractices":{"practices":[{"learnings":{"totalCount":1},"origins":[{"rootCount":1}]}]}}}`
	if diff := cmp.Diff(want, strings.TrimSpace(w.Body.String())); diff != "" {
		t.Errorf("answer (-want +got)\n%s", diff)
	}
}

// newRival serves a backend to which somebody has sent something before.
func newRival(t *testing.T, before string) (http.Handler, *rival) {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	r := &rival{Backend: embedded.OpenMemory(domain.Catalog(), nil), t: t}
	handler := newServer(t, domain.Catalog(), r)
	if w := ask(handler, before); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "errors") {
		t.Fatal(w.Body)
	}
	return handler, r
}

func newServer(t *testing.T, cat *catalog.Catalog, backend store.Backend) http.Handler {
	t.Helper()
	st := store.New(backend, store.Limits{})
	t.Cleanup(func() { _ = st.Close() })
	edge, err := graph.New(st, cat, graph.Config{Allow: func(context.Context) (string, error) { return "ann", nil }})
	if err != nil {
		t.Fatal(err)
	}
	return handlerOf(t, edge)
}
