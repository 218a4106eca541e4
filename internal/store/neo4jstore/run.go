package neo4jstore

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/internal/cypher"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
)

// retryTime bounds how long a statement that failed for a passing reason is repeated.
const retryTime = 15 * time.Second

// goneTime is the same for a read while Neo4j cannot be reached at all.
const goneTime = 3 * time.Second

// Prepare makes a plan ready to run.
func (s *Store) Prepare(p *plan.Plan) (store.Query, error) {
	return &query{store: s, from: s, plan: p}, nil
}

type query struct {
	store *Store
	from  reader
	plan  *plan.Plan
	bound []cypher.Statement // nil: written for each run
}

// Bind writes the statements once.
func (q *query) Bind(params plan.Params) (store.Query, error) {
	statements, err := cypher.Query(q.plan, params)
	bound := *q
	bound.bound = statements
	return &bound, err
}

// statements are those for a run.
func (q *query) statements(params plan.Params) ([]cypher.Statement, error) {
	if q.bound != nil {
		return q.bound, nil
	}
	return cypher.Query(q.plan, params)
}

// reader runs a statement that returns at most one record and brings its only value, nil
// when there is none: the store, or a transaction.
type reader interface {
	read(ctx context.Context, st cypher.Statement) (any, error)
}

// tries is how often rows are read of which a part was gone.
const tries = 5

// Run brings the rows, with one statement for a few pages and one for each look-up. A statement of Neo4j does not see
// one state of the graph: of what is deleted while it runs it may have found the node and miss the
// rest, and is then repeated.
func (q *query) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	statements, err := q.statements(params)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		d := newDecoder(q.plan, params)
		err := q.run(ctx, statements, d)
		if !d.torn || try == tries {
			return d.result, err
		}
	}
}

func (q *query) run(ctx context.Context, statements []cypher.Statement, d *decoder) error {
	for _, st := range statements {
		answer, err := q.from.read(ctx, st)
		if err != nil {
			return err
		}
		if err := d.roots(&st, answer); err != nil {
			return err
		}
	}
	return nil
}

// read runs a statement that returns at most one record and brings its only value,
// nil when there is none.
//
// It is an auto-commit transaction, which takes one round trip where a managed one
// takes three. What the managed one would add is here: bookmarks come with the
// session, and a statement that failed for a passing reason is repeated; a read may be.
func (s *Store) read(ctx context.Context, st cypher.Statement) (any, error) {
	begin := time.Now()
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		answer, err := s.readOnce(ctx, st)
		if err == nil || !passing(err) || time.Since(begin)+wait > patience(err) {
			return answer, s.fault(ctx, err)
		}
		if !sleep(ctx, wait+rand.N(wait)) {
			// Not want of time: Neo4j had answered that it cannot, or was not there.
			return nil, s.fault(context.WithoutCancel(ctx), err)
		}
	}
}

// passing tells whether a read that failed may succeed when it is repeated. Neo4j says of what
// is deleted while it is read that it is not found.
func passing(err error) bool {
	server, ok := errors.AsType[*neo4j.Neo4jError](err)
	return neo4j.IsRetryable(err) || ok && server.Code == "Neo.ClientError.Statement.EntityNotFound"
}

// patience is how long a read is repeated after a failure. Whoever asks would rather be
// told soon that nobody answers.
func patience(err error) time.Duration {
	if neo4j.IsConnectivityError(err) {
		return goneTime
	}
	return retryTime
}

// sleep waits and tells whether the whole time has passed.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *Store) readOnce(ctx context.Context, st cypher.Statement) (answer any, err error) {
	s.closing.RLock()
	defer s.closing.RUnlock()
	session := s.session(ctx, neo4j.AccessModeRead)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }() // what it could say has been said by then
	result, err := session.Run(ctx, st.Text, st.Params, timeLeft(ctx)...)
	if err != nil {
		return nil, marked(err)
	}
	for result.Next(ctx) {
		answer = result.Record().Values[0]
	}
	return answer, marked(result.Err())
}

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{
		AccessMode:      mode,
		DatabaseName:    s.config.Database,
		BookmarkManager: s.bookmarks,
		FetchSize:       neo4j.FetchAll, // an answer is one record
	})
}

// timeLeft tells the server how long it may work, so that it stops even when the
// connection does not tell it that nobody waits any longer.
func timeLeft(ctx context.Context) []func(*neo4j.TransactionConfig) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return nil
	}
	return []func(*neo4j.TransactionConfig){neo4j.WithTxTimeout(max(time.Until(deadline), time.Millisecond))}
}

// write runs statements in one transaction and passes over what they return.
func (s *Store) write(ctx context.Context, all ...cypher.Statement) error {
	return s.transact(ctx, func(t *transaction) error {
		for _, st := range all {
			if _, err := t.run(st); err != nil {
				return err
			}
		}
		return nil
	})
}

// transaction is a write that is under way.
type transaction struct {
	ctx context.Context
	tx  neo4j.ManagedTransaction // or one of our own, which has the same methods
}

// transact does work in one transaction, again when it failed for a passing reason.
func (s *Store) transact(ctx context.Context, work func(*transaction) error) error {
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return nil, work(&transaction{ctx: ctx, tx: tx})
	}, timeLeft(ctx)...)
	return s.fault(ctx, err)
}

// run runs a statement and brings the only value of its only record, nil when there
// is none.
func (t *transaction) run(st cypher.Statement) (answer any, err error) {
	result, err := t.tx.Run(t.ctx, st.Text, st.Params)
	if err != nil {
		return nil, marked(err)
	}
	for result.Next(t.ctx) {
		if values := result.Record().Values; len(values) > 0 {
			answer = values[0]
		}
	}
	return answer, marked(result.Err())
}
