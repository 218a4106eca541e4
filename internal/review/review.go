// Package review is the desk at which writes are proposed and decided on: it tells what a
// proposal would do, and carries out what is approved. What may be done with a proposal is left
// to package proposal, how a write is carried out to package edit.
package review

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"nicgraph/internal/auth"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/edit"
	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
)

// MaxOpen bounds how many proposals of one person may wait at a time.
const MaxOpen = 200

// Desk takes proposals and decisions. It may be used by many goroutines at once.
type Desk struct {
	keeper  proposal.Keeper
	editor  *edit.Editor
	catalog *catalog.Catalog
	clock   func() time.Time
}

// New makes a desk at which what an editor writes is proposed.
func New(keeper proposal.Keeper, editor *edit.Editor, cat *catalog.Catalog, clock func() time.Time) *Desk {
	return &Desk{keeper, editor, cat, clock}
}

// keyPrefix begins the keys of the batches that approvals apply, so that none is applied twice.
const keyPrefix = "proposal:"

// CheckKey tells when a writer's key is one that approvals use.
func CheckKey(key string) error {
	if strings.HasPrefix(key, keyPrefix) {
		return fault.In(fault.Invalid, []any{"key"}, "keys that begin with %s are those of approvals; choose another one", keyPrefix)
	}
	return nil
}

// Propose keeps a request that could be carried out now, and tells what it would do. It is
// expected to meet what it would change as it is now. A request whose key the proposer has used
// before is not proposed again.
func (d *Desk) Propose(ctx context.Context, by auth.Viewer, r *change.Request) (p proposal.Proposal, e *Effect, err error) {
	if err := d.room(ctx, by); err != nil {
		return p, nil, err
	}
	pinned := *r
	e, expect, err := d.foresee(ctx, r)
	if err != nil {
		return p, nil, err
	}
	pinned.Expect = expect
	if p, err = proposal.New(by, &pinned, d.clock()); err != nil {
		return p, nil, err
	}
	p, err = d.keeper.AddProposal(ctx, p)
	return p, e, err
}

// Known finds what somebody proposed under a key before.
func (d *Desk) Known(ctx context.Context, by auth.Viewer, key string) (p proposal.Proposal, known bool, err error) {
	if key == "" {
		return p, false, nil
	}
	for ask := (proposal.Ask{Subject: by.Subject, First: listSize}); ; {
		some, err := d.keeper.Proposals(ctx, ask)
		if err != nil {
			return p, false, err
		}
		if i := slices.IndexFunc(some, func(p proposal.Proposal) bool { return p.Key == key }); i >= 0 {
			return some[i], true, nil
		}
		if len(some) < listSize {
			return p, false, nil
		}
		ask.Before = some[len(some)-1].Number
	}
}

const listSize = 500

// room tells when too many proposals of somebody wait.
func (d *Desk) room(ctx context.Context, by auth.Viewer) error {
	waiting := 0
	for _, status := range []proposal.Status{proposal.Open, proposal.Asked} {
		some, err := d.keeper.Proposals(ctx, proposal.Ask{Subject: by.Subject, Status: status, First: MaxOpen})
		if err != nil {
			return err
		}
		waiting += len(some)
	}
	if waiting >= MaxOpen {
		return fault.New(fault.Limit, "%d of your proposals wait for a reviewer, and no more may; withdraw some, or wait", waiting)
	}
	return nil
}

// Find is the proposal with a number that somebody may see: reviewers all, others their own.
// fault.NotFound: there is none, or it is somebody else's.
func (d *Desk) Find(ctx context.Context, by auth.Viewer, number int) (p proposal.Proposal, err error) {
	ask, err := d.seen(by, proposal.Ask{Number: number, First: 1})
	if err != nil {
		return p, err
	}
	found, err := d.keeper.Proposals(ctx, ask)
	if err == nil && len(found) == 0 {
		err = proposal.NoProposal(number)
	}
	if err != nil {
		return p, err
	}
	return found[0], nil
}

// List lists the proposals that are asked for and that somebody may see.
func (d *Desk) List(ctx context.Context, by auth.Viewer, ask proposal.Ask) ([]proposal.Proposal, error) {
	ask, err := d.seen(by, ask)
	if err != nil {
		return nil, err
	}
	return d.keeper.Proposals(ctx, ask)
}

// seen narrows what is asked for to what somebody may see.
func (d *Desk) seen(by auth.Viewer, ask proposal.Ask) (proposal.Ask, error) {
	if !by.May(auth.Review) {
		if _, err := auth.Allow(auth.With(context.Background(), by), auth.Propose); err != nil {
			return ask, err
		}
		ask.Subject = by.Subject
	}
	return ask, nil
}

// needs is what somebody must be allowed to for an action.
func needs(action proposal.Action) auth.Scopes {
	if action == proposal.Answer || action == proposal.Withdraw {
		return auth.Propose
	}
	return auth.Review
}

// Do does something with a proposal, and tells how it stands then.
func (d *Desk) Do(ctx context.Context, action proposal.Action, number int, text string) (p proposal.Proposal, err error) {
	by, err := auth.Allow(ctx, needs(action))
	if err != nil {
		return p, err
	}
	if _, err := d.Find(ctx, by, number); err != nil {
		return p, err
	}
	p, err = d.keeper.ChangeProposal(ctx, number, func(p *proposal.Proposal) error { return p.Do(action, by, text, d.clock()) })
	if err != nil || action != proposal.Approve {
		return p, err
	}
	return d.approve(ctx, by, p, text)
}

// approve carries out a proposal whose approval was begun. When it cannot be carried out, the
// error says why and the proposal waits again; when it is not known whether it was, approving
// once more finds out, since the batch has a key.
func (d *Desk) approve(ctx context.Context, by auth.Viewer, p proposal.Proposal, why string) (proposal.Proposal, error) {
	number, applied, err := d.apply(ctx, by, &p, why)
	switch {
	case applied:
		return d.keeper.ChangeProposal(context.WithoutCancel(ctx), p.Number, func(p *proposal.Proposal) error {
			p.Carried(by, why, number, d.clock())
			return nil
		})
	case !refused(err):
		return p, err
	}
	_, put := d.keeper.ChangeProposal(context.WithoutCancel(ctx), p.Number, func(p *proposal.Proposal) error { p.Refused(); return nil })
	return p, errors.Join(err, put)
}

// refused tells whether an error says that nothing was written, and why.
func refused(err error) bool {
	switch fault.KindOf(fault.Each(err)[0]) {
	case fault.Conflict, fault.Invalid, fault.NotFound, fault.Limit:
		return true
	default:
		return false
	}
}

// apply writes what is proposed, in the name of who proposed it. number is that of the change.
func (d *Desk) apply(ctx context.Context, by auth.Viewer, p *proposal.Proposal, why string) (number int, applied bool, err error) {
	r, err := change.ReadRequest(d.catalog, p.Request)
	if err != nil {
		return 0, false, err
	}
	r.Key = fmt.Sprint(keyPrefix, p.Number)
	approval := fmt.Sprintf("Proposal %d, approved by %s", p.Number, by.Signature())
	if why != "" {
		approval += ": " + why
	}
	writer := edit.Writer{Name: p.By, At: d.clock(), Approval: approval}
	err = d.editor.Do(ctx, r, writer, func(_ context.Context, done edit.Done) error {
		number, applied = done.Change, true
		return nil
	})
	return number, applied, err
}
