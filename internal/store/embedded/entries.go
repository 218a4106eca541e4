package embedded

import (
	"context"
	"slices"
	"strings"

	"nicgraph/internal/change"
)

// Entries lists what a change did to each node, in ascending order of their ids.
func (s *Store) Entries(_ context.Context, number int, after string, first int) (all []change.Entry, err error) {
	s.rewriting.RLock()
	defer s.rewriting.RUnlock()
	h := chronicle{snapshot: s.current.Load(), store: s} // before the journal, which may be ahead of it but not behind
	if number > h.snapshot.last.Number {
		return nil, nil
	}
	err = s.readJournal(func(j journal) error {
		h.journal = j
		all, err = h.entries(number, after, first)
		return err
	})
	return all, err
}

// NodeHistory lists what was done to a node, the newest first.
func (s *Store) NodeHistory(_ context.Context, id string, before, first int) (all []change.Entry, err error) {
	s.rewriting.RLock()
	defer s.rewriting.RUnlock()
	h := chronicle{snapshot: s.current.Load(), store: s}
	err = s.readJournal(func(j journal) error {
		h.journal = j
		all, err = h.of(id, before, first)
		return err
	})
	return all, err
}

// chronicle tells the history from the journal and a present state that it is not behind.
type chronicle struct {
	journal
	snapshot *snapshot
	store    *Store
}

func (h *chronicle) entries(number int, after string, first int) ([]change.Entry, error) {
	ids, err := h.touched(number, after, first)
	if err != nil {
		return nil, err
	}
	all := make([]change.Entry, len(ids))
	for i, id := range ids {
		if all[i], err = h.entry(number, id); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// touched lists the nodes that a change wrote or deleted, by id from the one after an id on.
func (h *chronicle) touched(number int, after string, first int) (ids []string, err error) {
	err = h.createdFrom(number, func(by int, id string) (bool, error) {
		if by == number && id > after {
			ids = append(ids, id)
		}
		return by == number && len(ids) < first, nil
	})
	if err != nil {
		return nil, err
	}
	changed := 0
	err = h.replacedFrom(number, after, func(by int, id string, _ []byte) (bool, error) {
		if by == number {
			ids = append(ids, id)
			changed++
		}
		return by == number && changed < first, nil
	})
	slices.SortFunc(ids, strings.Compare)
	return ids[:min(first, len(ids))], err
}

// entry is what a change did to a node.
func (h *chronicle) entry(number int, id string) (e change.Entry, err error) {
	e = change.Entry{Change: number, ID: id}
	if e.Before, err = h.found(number, id); err != nil {
		return e, err
	}
	if e.After, err = h.left(number, id); err != nil {
		return e, err
	}
	for _, n := range []*change.Node{e.Before, e.After} {
		if n != nil {
			e.Type = n.Type
		}
	}
	return e, nil
}

// found is the state of a node that a change found, nil when there was none.
func (h *chronicle) found(number int, id string) (*change.Node, error) {
	raw, err := h.before(number, id)
	if err != nil || raw == nil {
		return nil, err
	}
	return change.ReadState(h.store.layout.catalog, raw)
}

// left is the state of a node that a change left, nil when it deleted it.
func (h *chronicle) left(number int, id string) (*change.Node, error) {
	next, err := h.next(number, id)
	if err != nil {
		return nil, err
	}
	if next > 0 {
		return h.found(next, id)
	}
	at, there := h.snapshot.find(id, h.store.numbers)
	if !there {
		return nil, nil
	}
	n := h.snapshot.state(at)
	return &n, nil
}

// of lists what was done to a node, the newest first.
func (h *chronicle) of(id string, before, first int) (all []change.Entry, err error) {
	number, err := h.latest(id, before)
	for err == nil && number > 0 && len(all) < first {
		var e change.Entry
		if e, err = h.entry(number, id); err != nil {
			break
		}
		all = append(all, e)
		number, err = h.previous(&e)
	}
	return all, err
}

// latest is the number of the last change of a node before another one, or of all when that is 0.
func (h *chronicle) latest(id string, before int) (int, error) {
	if before > 0 { // the usual case: a change of this node
		switch found, err := h.found(before, id); {
		case err != nil:
			return 0, err
		case found != nil:
			return found.Version(), nil
		}
	}
	number, err := h.newest(id)
	for err == nil && before > 0 && number >= before {
		var e change.Entry
		if e, err = h.entry(number, id); err == nil {
			number, err = h.previous(&e)
		}
	}
	return number, err
}

// newest is the number of the last change of a node.
func (h *chronicle) newest(id string) (int, error) {
	if at, there := h.snapshot.find(id, h.store.numbers); there {
		return at.version(), nil
	}
	return h.gone(id)
}

// previous is the number of the change of the node before that of an entry, 0 for none.
func (h *chronicle) previous(e *change.Entry) (int, error) {
	if e.Before == nil {
		return h.back(e.Change, e.ID)
	}
	return e.Before.Version(), nil
}
