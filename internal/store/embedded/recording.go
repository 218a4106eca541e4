package embedded

import (
	"time"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
)

// repeated finds the batch that was applied with a key before, in this edit or ahead of it.
func (e *edit) repeated(key string) (out change.Outcome, err error) {
	if key == "" {
		return out, nil
	}
	for _, r := range e.records {
		if r.Note.Key == key {
			return again(r.Recorded), nil
		}
	}
	number, err := e.history.keyed(key)
	if err != nil || number == 0 {
		return out, err
	}
	r, _, err := e.history.recorded(number)
	return again(r), err
}

// again is the outcome of a change when it is asked for once more.
func again(r change.Recorded) change.Outcome {
	return change.Outcome{Summary: r.Summary, Change: r.Number, Repeated: true}
}

// version is the version of a node, change.Absent when there is none.
func (e *edit) version(id string) int {
	n, ok := e.find(id)
	if !ok {
		return change.Absent
	}
	return n.version()
}

// version is the number of the change that wrote the node last.
func (n node) version() int {
	p, ok := n.table.typ.Property(catalog.Version)
	if !ok {
		return 0
	}
	return int(n.table.columns[p.Index].at(n.row).num.n)
}

// record notes what a batch is about to replace, and the number that the change will have.
func (e *edit) record(b *change.Batch, changed []*change.Node) (*record, error) {
	r := &record{Recorded: change.Recorded{Number: e.last.Number + 1, Note: b.Note}}
	if r.Note.At.Before(e.last.Note.At) {
		r.Note.At = e.last.Note.At
	}
	r.Note.At = r.Note.At.UTC().Truncate(time.Microsecond)
	for _, n := range changed {
		if err := e.replace(r, n.ID, false); err != nil {
			return nil, err
		}
	}
	for _, id := range b.Deletes {
		if err := e.replace(r, id, true); err != nil {
			return nil, err
		}
	}
	if err := b.CheckAliases(r.created, e.nodeOf); err != nil {
		return nil, err
	}
	r.aliased = b.Aliased(r.Number, r.created, e.typeOf, e.standing)
	return r, nil
}

// replace notes the state of a node, or that it is new.
func (e *edit) replace(r *record, id string, gone bool) error {
	at, ok := e.find(id)
	switch {
	case !ok && gone:
		return nil
	case !ok:
		r.created = append(r.created, id)
		return nil
	}
	before := e.state(at)
	state, err := before.AppendState(nil)
	r.replaced = append(r.replaced, replaced{id: id, was: at.version(), gone: gone, state: state})
	return err
}

// recorded keeps the record of a batch that made a difference.
func (e *edit) recorded(r *record, sum change.Summary) change.Outcome {
	if !sum.Changed() {
		return change.Outcome{Summary: sum}
	}
	r.Summary = sum
	e.last = r.Recorded
	e.aliases = e.aliases.After(r.aliased)
	e.records = append(e.records, r)
	return change.Outcome{Summary: sum, Change: r.Number}
}
