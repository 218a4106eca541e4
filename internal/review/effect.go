package review

import (
	"context"
	"errors"

	"nicgraph/internal/change"
	"nicgraph/internal/edit"
	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
)

// Effect is what a proposal would do to the graph as it is now.
type Effect struct {
	change.Summary
	Entries   []change.Entry // in ascending order of their ids; none of what stays as it is
	Obstacles []string       // why it cannot be done now; nothing else is known then
}

// Effect tells what a proposal would do now, nil when it is decided.
func (d *Desk) Effect(ctx context.Context, p *proposal.Proposal) (*Effect, error) {
	if p.Status.Decided() {
		return nil, nil
	}
	r, err := change.ReadRequest(d.catalog, p.Request)
	if err != nil {
		return nil, err
	}
	e, _, err := d.foresee(ctx, r)
	if err == nil || !refused(err) {
		return e, err
	}
	e = &Effect{}
	for _, each := range fault.Each(err) {
		e.Obstacles = append(e.Obstacles, sentence(each))
	}
	return e, nil
}

// sentence is what a fault says to people.
func sentence(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Message
	}
	return err.Error()
}

// foresee tells what a request would do, and the versions that it meets.
func (d *Desk) foresee(ctx context.Context, r *change.Request) (*Effect, map[string]int, error) {
	dry := *r
	dry.DryRun = true
	var seen edit.Done
	err := d.editor.Do(ctx, &dry, edit.Writer{At: d.clock()}, func(_ context.Context, done edit.Done) error {
		seen = done
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	entries, err := d.editor.Entries(ctx, seen.Batch)
	return &Effect{Summary: seen.Summary, Entries: entries}, expected(seen.Request, seen.Batch), err
}

// expected are the versions of what a request names.
func expected(r *change.Request, b *change.Batch) map[string]int {
	versions := map[string]int{}
	for _, input := range r.Input {
		if version, met := b.Expect[input.ID()]; met {
			versions[input.ID()] = version
		}
	}
	for _, id := range []string{r.Keep, r.Remove} {
		if version, met := b.Expect[id]; met {
			versions[id] = version
		}
	}
	return versions
}
