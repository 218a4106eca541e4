package review_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nicgraph/graph"
	"nicgraph/internal/auth"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/edit"
	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
	"nicgraph/internal/review"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

var (
	ann = auth.Viewer{Subject: "ann", Name: "Ann", Role: auth.Contributor, Scopes: auth.Contributor.Scopes()}
	rob = auth.Viewer{Subject: "rob", Name: "Rob", Role: auth.Reviewer, Scopes: auth.Reviewer.Scopes()}
)

// office is a desk over a store that can fail.
type office struct {
	*testing.T
	*review.Desk
	backend *faulty
	cat     *catalog.Catalog
	typ     *catalog.Type
}

// faulty is a store that can fail where a write is told to have happened, or a decision is kept.
type faulty struct {
	*embedded.Store
	lost   atomic.Bool // what is applied is told to have failed
	forget atomic.Bool // proposals cannot be changed behind the next change
	seen   atomic.Int32
}

var errAway = fault.New(fault.Unavailable, "away")

func (f *faulty) Apply(ctx context.Context, b *change.Batch, progress func(done, total int)) (change.Outcome, error) {
	out, err := f.Store.Apply(ctx, b, progress)
	if f.lost.Load() && len(b.Upserts) > 0 {
		return change.Outcome{}, errors.Join(err, errAway)
	}
	return out, err
}

func (f *faulty) ChangeProposal(ctx context.Context, number int, change func(*proposal.Proposal) error) (proposal.Proposal, error) {
	if f.forget.Load() && f.seen.Add(1) > 1 {
		return proposal.Proposal{}, errAway
	}
	return f.Store.ChangeProposal(ctx, number, change)
}

func newOffice(t *testing.T) *office {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	cat := domain.Catalog()
	backend := &faulty{Store: embedded.OpenMemory(cat, nil)}
	t.Cleanup(func() { backend.Close() })
	clock := func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }
	editor := edit.New(store.New(backend, store.Limits{}), cat)
	typ, _ := cat.Type("Source")
	return &office{t, review.New(backend, editor, cat, clock), backend, cat, typ}
}

// proposes keeps a proposal to create a source.
func (o *office) proposes(id string) proposal.Proposal {
	o.Helper()
	r := &change.Request{Action: change.Create, Type: o.typ, Input: []change.Input{{"id": id, "title": id, "publisher": "P"}}}
	p, _, err := o.Propose(o.Context(), ann, r)
	if err != nil {
		o.Fatal(err)
	}
	return p
}

func (o *office) approves(number int) (proposal.Proposal, error) {
	return o.Do(auth.With(o.Context(), rob), proposal.Approve, number, "")
}

func (o *office) status(number int) proposal.Status {
	o.Helper()
	p, err := o.Find(o.Context(), rob, number)
	if err != nil {
		o.Fatal(err)
	}
	return p.Status
}

func (o *office) changes() int {
	o.Helper()
	all, err := o.backend.Changes(o.Context(), &change.Ask{First: 1000})
	if err != nil {
		o.Fatal(err)
	}
	return len(all)
}

// Who is told that it failed does not know whether it was written. Nobody may reject it then, and
// approving again finds out.
func TestAnApprovalWhoseAnswerIsLostIsCarriedOutOnce(t *testing.T) {
	for name, breaks := range map[string]func(*faulty, bool){
		"the write is told to have failed": func(f *faulty, on bool) { f.lost.Store(on) },
		"the decision cannot be kept":      func(f *faulty, on bool) { f.forget.Store(on) },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			p := o.proposes("s")
			breaks(o.backend, true)
			if _, err := o.approves(p.Number); fault.KindOf(err) != fault.Unavailable && !errors.Is(err, errAway) {
				t.Fatalf("got %v, want that it cannot be told", err)
			}
			breaks(o.backend, false)
			if got := o.status(p.Number); got != proposal.Approving {
				t.Fatalf("the proposal is %s", got)
			}
			if _, err := o.Do(auth.With(t.Context(), rob), proposal.Reject, p.Number, ""); fault.KindOf(err) != fault.Conflict {
				t.Errorf("rejected all the same: %v", err)
			}
			p, err := o.approves(p.Number)
			if err != nil || p.Status != proposal.Approved || p.Change != 1 || o.changes() != 1 {
				t.Errorf("got %+v, %v after %d changes", p, err, o.changes())
			}
		})
	}
}

func TestManyWhoApproveAtOnceCarryItOutOnce(t *testing.T) {
	o := newOffice(t)
	p := o.proposes("s")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := o.approves(p.Number); err != nil && fault.KindOf(err) != fault.Conflict {
				t.Error(err)
			}
		})
	}
	all.Wait()
	found, err := o.Find(t.Context(), rob, p.Number)
	if err != nil || found.Status != proposal.Approved || len(found.Events) != 2 || o.changes() != 1 {
		t.Errorf("got %+v, %v after %d changes", found, err, o.changes())
	}
}

func TestOnlySoManyProposalsOfOnePersonWait(t *testing.T) {
	o := newOffice(t)
	for range review.MaxOpen {
		o.proposes("s")
	}
	r := &change.Request{Action: change.Create, Type: o.typ, Input: []change.Input{{"id": "s", "title": "S", "publisher": "P"}}}
	if _, _, err := o.Propose(t.Context(), ann, r); fault.KindOf(err) != fault.Limit {
		t.Errorf("got %v, want that too many wait", err)
	}
	bob := ann
	bob.Subject = "bob"
	if _, _, err := o.Propose(t.Context(), bob, r); err != nil {
		t.Errorf("somebody else may not propose: %v", err)
	}
	if _, err := o.Do(auth.With(t.Context(), ann), proposal.Withdraw, 1, ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.Propose(t.Context(), ann, r); err != nil {
		t.Errorf("after one was withdrawn: %v", err)
	}
}

func TestAFaultyRequestIsNotProposed(t *testing.T) {
	o := newOffice(t)
	r := &change.Request{Action: change.Update, Type: o.typ, Input: []change.Input{{"id": "nothing", "title": "S"}}}
	if _, _, err := o.Propose(t.Context(), ann, r); fault.KindOf(fault.Each(err)[0]) != fault.NotFound {
		t.Errorf("got %v, want that it is not there", err)
	}
	if all, err := o.List(t.Context(), rob, proposal.Ask{First: 10}); err != nil || len(all) > 0 {
		t.Errorf("it was kept: %v, %v", all, err)
	}
}

// A merge waits as any other write, and meets the two as they were when it was proposed.
func TestAMergeIsProposedAndCarriedOut(t *testing.T) {
	o := newOffice(t)
	for _, id := range []string{"one", "two", "three"} {
		o.approves(o.proposes(id).Number)
	}
	propose := func(remove string) proposal.Proposal {
		p, effect, err := o.Propose(t.Context(), ann, &change.Request{Action: change.Merge, Keep: "one", Remove: remove})
		if err != nil || effect.Deleted != 1 {
			t.Fatalf("%+v, %v", effect, err)
		}
		return p
	}
	first, second := propose("two"), propose("two")
	if _, err := o.approves(first.Number); err != nil {
		t.Fatal(err)
	}
	if _, err := o.approves(second.Number); err == nil {
		t.Error("what was merged already was merged again")
	}
	aliases, err := o.backend.Aliases(t.Context())
	if node := aliases.Node("two"); err != nil || node != "one" || o.status(second.Number) == proposal.Approved {
		t.Errorf("two stands for %s, the second proposal is %s, error %v", node, o.status(second.Number), err)
	}
}
