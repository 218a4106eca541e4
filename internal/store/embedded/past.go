package embedded

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
)

// pasts keeps the states of the past that were asked for last.
type pasts struct {
	mu sync.Mutex
	of *simplelru.LRU[int, store.Backend]
}

// keptPasts bounds how many there are: each holds on to the pages that have changed since.
const keptPasts = 8

func (p *pasts) get(number int) (store.Backend, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil {
		return nil, false
	}
	return p.of.Get(number)
}

func (p *pasts) add(number int, was store.Backend) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil {
		kept, err := simplelru.NewLRU[int, store.Backend](keptPasts, nil)
		if err != nil {
			return fmt.Errorf("make room for states of the past: %w", err)
		}
		p.of = kept
	}
	p.of.Add(number, was)
	return nil
}

// clear forgets them all.
func (p *pasts) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of = nil
}

// maxUndone bounds how many nodes a state of the past may have otherwise than the present.
const maxUndone = 1_000_000

// At is the graph as a change left it: the present, in which all nodes that changed since
// are as the first change of them found them.
func (s *Store) At(ctx context.Context, number int) (store.Backend, error) {
	if err := s.Ready(ctx); err != nil {
		return nil, err
	}
	s.rewriting.RLock()
	defer s.rewriting.RUnlock()
	now := s.current.Load() // before the journal, which may be ahead of it but not behind
	switch {
	case number < 0 || number > now.last.Number:
		return nil, store.NoChange(number, now.last.Number)
	case number == now.last.Number:
		return store.Past(s.still(now), s, number), nil
	}
	if was, ok := s.pasts.get(number); ok {
		return was, nil
	}
	left, err := s.undo(ctx, now, number)
	if err != nil {
		return nil, fmt.Errorf("go back to change %d: %w", number, err)
	}
	was := store.Past(s.still(left), s, number)
	return was, s.pasts.add(number, was)
}

// undo makes the state that a change left out of a later one.
func (s *Store) undo(ctx context.Context, from *snapshot, number int) (*snapshot, error) {
	var first firsts
	var aliased []change.Alias
	e := s.beside(from)
	err := s.readJournal(func(j journal) (err error) {
		if e.last, _, err = j.recorded(number); err != nil {
			return err
		}
		if first, err = j.firstsAfter(ctx, number); err != nil {
			return err
		}
		aliased, err = j.firstAliased(number)
		return err
	})
	if err != nil {
		return nil, err
	}
	e.aliases = e.aliases.Before(number, aliased)
	return e.snapshot, e.restore(first)
}

// firsts are the nodes that changed after a change, with what the first change of each found.
type firsts map[string]found

// found is the state that a change found, nil when there was none.
type found struct {
	change int
	state  []byte
}

func (j journal) firstsAfter(ctx context.Context, number int) (firsts, error) {
	all := firsts{}
	err := j.createdFrom(number+1, func(by int, id string) (bool, error) {
		return true, all.add(ctx, id, found{change: by})
	})
	if err != nil {
		return nil, err
	}
	err = j.replacedFrom(number+1, "", func(by int, id string, state []byte) (bool, error) {
		return true, all.add(ctx, id, found{by, state})
	})
	return all, err
}

func (f firsts) add(ctx context.Context, id string, one found) error {
	if old, known := f[id]; known && old.change < one.change {
		return nil
	}
	f[id] = one
	if len(f) > maxUndone {
		return fault.New(fault.Limit, "more than %d things and facts have changed since; ask for a later moment", maxUndone)
	}
	if len(f)%tickEvery == 0 {
		return ctx.Err()
	}
	return nil
}

// restore makes the nodes what they were.
func (e *edit) restore(first firsts) error {
	var nodes []*change.Node
	var gone []string
	for id, was := range first {
		if was.state == nil {
			gone = append(gone, id)
			continue
		}
		n, err := change.ReadState(e.layout.catalog, was.state)
		if err != nil {
			return err
		}
		nodes = append(nodes, n)
	}
	if err := checkDates(nodes); err != nil {
		return err
	}
	e.replaceAll(nodes, gone)
	return nil
}

// replaceAll writes nodes and deletes others, all of them checked before. A node may become
// another type, so every link of what it touches goes before any comes.
func (e *edit) replaceAll(nodes []*change.Node, gone []string) {
	for _, id := range gone {
		e.delete(id)
	}
	for _, n := range nodes {
		switch at, there := e.find(n.ID); {
		case there && at.table.typ == n.Type:
			e.blank(at)
		case there:
			e.delete(n.ID)
		}
	}
	for _, n := range nodes {
		e.declare(n)
	}
	for _, n := range nodes {
		e.write(e.numberOf(n.ID), n, n.Version(), e.found(n))
	}
}

// Still is the graph as a change left it, in memory: the nodes, their versions included, the
// aliases, and the store that has the history.
func Still(cat *catalog.Catalog, nodes []*change.Node, aliases change.Aliases, of store.Backend, last change.Recorded) (store.Backend, error) {
	s := newStore(cat, nil)
	e := s.layout.empty().edit(s.layout, s.numbers, loadGen)
	if err := checkDates(nodes); err != nil {
		return nil, err
	}
	e.last, e.aliases = last, aliases
	e.replaceAll(nodes, nil)
	return store.Past(s.still(e.snapshot), of, last.Number), nil
}
