package live

import (
	"context"
	"sync"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
)

// Reader brings one change after the other, at the pace of whoever calls Next: it holds a part of the
// changes ahead of it and no queue, so nobody waits for it. Close may be called from any
// goroutine, Next from one.
type Reader struct {
	feed    *Feed
	where   Where
	at      int               // the last change that was brought, or passed over
	allowed int               // how far it may be behind
	ahead   []change.Recorded // the changes after at, as far as they were read
	back    int               // as of the moment when it began
	forgot  int               // as of the moment when ahead was read
	left    sync.Once
}

// batch is how many changes a reader reads ahead.
const batch = 100

// Next waits for the next change that is asked for, also while the store is away. A reader that has
// fallen too far behind is told so (fault.Limit), with the number from which to go on.
func (r *Reader) Next(ctx context.Context) (*change.Recorded, error) {
	for ctx.Err() == nil {
		if err := r.fill(ctx); err != nil {
			return nil, err
		}
		next := &r.ahead[0]
		meets := false
		if err := Patiently(ctx, func() (err error) { meets, err = r.feed.meets(ctx, &r.where, next); return err }); err != nil {
			return nil, err
		}
		r.ahead, r.at = r.ahead[1:], next.Number
		if meets {
			return next, nil
		}
	}
	return nil, context.Cause(ctx)
}

// fill waits until a change is ahead.
func (r *Reader) fill(ctx context.Context) error {
	for {
		now := r.feed.now()
		if err := r.mayGoOn(&now); err != nil {
			return err
		}
		if len(r.ahead) > 0 && r.forgot == now.forgot {
			return nil
		}
		if r.at < now.newest {
			return Patiently(ctx, func() error { return r.read(ctx, &now) })
		}
		select {
		case <-now.moved:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// mayGoOn tells when a reader cannot go on.
func (r *Reader) mayGoOn(now *moment) error {
	if r.back != now.back {
		return fault.New(fault.Invalid, "the graph was restored to an earlier state, and the changes behind it are other ones; begin anew")
	}
	return r.keepsUp(now.newest)
}

// keepsUp tells when the reader is too far behind. One that began far behind may stay as far
// until it has caught up.
func (r *Reader) keepsUp(newest int) error {
	behind := max(newest-r.at, 0)
	r.allowed = min(r.allowed, behind+r.feed.limits.Behind)
	if behind > r.allowed {
		return fault.New(fault.Limit, "the subscription is %d changes behind, since they are read too slowly, and was ended; go on with after: %d", behind, r.at)
	}
	return nil
}

// read takes the changes ahead from the recent ones, or else from the history.
func (r *Reader) read(ctx context.Context, now *moment) (err error) {
	r.forgot = now.forgot
	if r.ahead = now.behind(r.at); len(r.ahead) > 0 {
		return nil
	}
	r.ahead, err = r.feed.changes(ctx, between(r.at, now.newest, batch))
	if err == nil && len(r.ahead) == 0 {
		err = fault.New(fault.Internal, "the history has no change between %d and %d", r.at, now.newest)
	}
	return err
}

// At is the number of the last change that was brought, or passed over.
func (r *Reader) At() int { return r.at }

// Close gives the reader's place to another one.
func (r *Reader) Close() { r.left.Do(r.feed.leave) }
