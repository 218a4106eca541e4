package graph_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"nicgraph/graph"
	"nicgraph/internal/admission"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

// stuck is a backend whose questions are answered when somebody lets them.
type stuck struct {
	store.Backend
	asked chan struct{} // a question has come
	let   chan struct{} // closed to let all be answered
}

type stuckQuery struct {
	store.Query
	*stuck
}

func (s *stuck) Prepare(p *plan.Plan) (store.Query, error) {
	query, err := s.Backend.Prepare(p)
	return stuckQuery{query, s}, err
}

func (q stuckQuery) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	q.asked <- struct{}{}
	<-q.let
	return q.Query.Run(ctx, params)
}

func newStuck(t *testing.T) (*stuck, http.Handler) {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	backend := &stuck{embedded.OpenMemory(domain.Catalog(), nil), make(chan struct{}, 1), make(chan struct{})}
	st := store.New(backend, store.Limits{})
	t.Cleanup(func() { _ = st.Close() })
	edge, err := graph.New(st, domain.Catalog(), graph.Config{Reads: admission.Limits{Places: 1, Wait: 20 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	return backend, handlerOf(t, edge)
}

func TestAQuestionTooManyIsTurnedAwayAndToldWhenToComeAgain(t *testing.T) {
	backend, handler := newStuck(t)
	first := make(chan *httptest.ResponseRecorder)
	go func() { first <- ask(handler, `{ people { totalCount } }`) }()
	<-backend.asked
	w := ask(handler, `{ networks { totalCount } }`)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), `"code":"OVERLOADED"`) {
		t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
	close(backend.let)
	if w := <-first; w.Code != http.StatusOK {
		t.Errorf("the first got %d %s", w.Code, w.Body)
	}
	if w := ask(handler, `{ networks { totalCount } }`); w.Code != http.StatusOK {
		t.Errorf("once there is room: %d %s", w.Code, w.Body)
	}
}
