package graph_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/change"
	"nicgraph/internal/computed/computedtest"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
)

// far is a backend that counts what it is asked, and brings the revision along where computed
// fields are about to ask for it, as one does that is far away.
type far struct {
	store.Backend
	reads, revisions int
}

func (f *far) Revision(ctx context.Context) (uint64, error) {
	f.revisions++
	return f.Backend.Revision(ctx)
}

func (f *far) Prepare(p *plan.Plan) (store.Query, error) {
	q, err := f.Backend.Prepare(p)
	return farQuery{q, f, len(plan.AllComputed(p)) > 0}, err
}

type farQuery struct {
	store.Query
	of    *far
	dated bool
}

func (q farQuery) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	q.of.reads++
	result, err := q.Query.Run(ctx, params)
	if err == nil && q.dated {
		result.Revision, err = q.of.Backend.Revision(ctx)
	}
	return result, err
}

func TestNoNodeIsReadThatIsKnownToBeThere(t *testing.T) {
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	backend := &far{Backend: embedded.OpenMemory(domain.Catalog(), nil)}
	node := func(typeName, id string, fields storetest.Fields) change.Node {
		return computedtest.NewNode(t, domain.Catalog(), typeName, id, fields)
	}
	computedtest.Write(t, backend,
		node("Person", "a", storetest.Fields{"name": "A"}), node("Person", "b", storetest.Fields{"name": "B"}), node("Person", "c", storetest.Fields{"name": "C"}),
		node("Practice", "p", storetest.Fields{"name": "P"}),
		node("Learning", "ab", storetest.Fields{"teacher": "a", "learner": "b", "practice": "p"}),
		node("Learning", "bc", storetest.Fields{"teacher": "b", "learner": "c", "practice": "p"}))
	handler := newServer(t, domain.Catalog(), backend)
	for selected, test := range map[string]struct {
		want  string
		reads int
	}{
		`party { id } paths { steps { learning { id } from { id } to { it: id } } }`: {
			`{"party":{"id":"b"},"paths":[{"steps":[{"learning":{"id":"ab"},"from":{"id":"a"},"to":{"it":"b"}}]}]},` +
				`{"party":{"id":"c"},"paths":[{"steps":[{"learning":{"id":"ab"},"from":{"id":"a"},"to":{"it":"b"}},{"learning":{"id":"bc"},"from":{"id":"b"},"to":{"it":"c"}}]}]}`, 1},
		`party { id name } paths { hops steps { to { id } } }`: {
			`{"party":{"id":"b","name":"B"},"paths":[{"hops":1,"steps":[{"to":{"id":"b"}}]}]},` +
				`{"party":{"id":"c","name":"C"},"paths":[{"hops":2,"steps":[{"to":{"id":"b"}},{"to":{"id":"c"}}]}]}`, 2},
		`party { __typename id }`:                   {`{"party":{"__typename":"Person","id":"b"}},{"party":{"__typename":"Person","id":"c"}}`, 2},
		`party { id ... on Person { person: id } }`: {`{"party":{"id":"b","person":"b"}},{"party":{"id":"c","person":"c"}}`, 2},
	} {
		t.Run(selected, func(t *testing.T) {
			question := `{ person(id: "a") { downstream { reached { ` + selected + ` } } } }`
			ask(handler, question) // what lineage reads is kept
			backend.reads, backend.revisions = 0, 0
			w := ask(handler, question)
			if diff := cmp.Diff(`{"data":{"person":{"downstream":{"reached":[`+test.want+`]}}}}`, strings.TrimSpace(w.Body.String())); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if backend.reads != test.reads || backend.revisions != 0 {
				t.Errorf("%d reads and %d looks at the revision, want %d and none", backend.reads, backend.revisions, test.reads)
			}
		})
	}
}
