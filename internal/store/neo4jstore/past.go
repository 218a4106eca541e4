package neo4jstore

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

// pasts keeps the graphs of the past that were asked for last. One at a time is read.
type pasts struct {
	turn chan struct{}
	kept *simplelru.LRU[moment, store.Backend]
}

// moment is a change, and the last one that hid, showed or erased something: that was another
// past before.
type moment struct{ number, withdrawn int }

// keptPasts bounds how many there are: each is a whole graph.
const keptPasts = 3

func newPasts() pasts {
	kept, err := simplelru.NewLRU[moment, store.Backend](keptPasts, nil)
	if err != nil {
		panic(err) // the size is positive
	}
	return pasts{turn: make(chan struct{}, 1), kept: kept}
}

// At is the graph as a change left it: the present is read into memory, and then the nodes
// that changed since become what the first change of them found.
func (s *Store) At(ctx context.Context, number int) (store.Backend, error) {
	select {
	case s.pasts.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-s.pasts.turn }()
	return unbent(ctx, s, func() (store.Backend, error) { return s.at(ctx, number) })
}

func (s *Store) at(ctx context.Context, number int) (store.Backend, error) {
	revision, withdrawn, err := s.withdrawn(ctx)
	if err != nil {
		return nil, err
	}
	if number < 0 || number > revision {
		return nil, store.NoChange(number, revision)
	}
	at := moment{number, withdrawn}
	if was, ok := s.pasts.kept.Get(at); ok {
		return was, nil
	}
	was, err := s.past(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("go back to change %d: %w", number, err)
	}
	s.pasts.kept.Add(at, was)
	return was, nil
}

// withdrawn is the number of the newest change, and that of the last one that hid, showed or
// erased something.
func (s *Store) withdrawn(ctx context.Context) (revision, number int, err error) {
	answer, err := s.read(ctx, cypher.Withdrawn)
	if err != nil {
		return 0, 0, err
	}
	cells, err := as[[]any](answer)
	if err != nil {
		return 0, 0, err
	}
	newest, _ := cells[0].(int64)
	last, _ := cells[1].(int64)
	return int(newest), int(last), nil
}

func (s *Store) past(ctx context.Context, number int) (store.Backend, error) {
	if err := s.checkSize(ctx, number); err != nil {
		return nil, err
	}
	nodes := map[string]*change.Node{}
	for _, t := range s.cat.Types { // before the history: what is written meanwhile is undone with the rest
		for id, size := "", -1; size < len(nodes); {
			size = len(nodes)
			page := map[string]*change.Node{}
			if err := s.readStates(ctx, t, cypher.StatesAfter(t, id), page); err != nil {
				return nil, err
			}
			maps.Copy(nodes, page)
			for found := range page {
				id = max(id, found)
			}
		}
	}
	if err := s.undo(ctx, number, nodes); err != nil {
		return nil, err
	}
	last, err := s.Changes(ctx, &change.Ask{After: number - 1, Before: number + 1, First: 1})
	if err != nil {
		return nil, err
	}
	aliases, err := s.aliasesAt(ctx, number)
	if err != nil {
		return nil, err
	}
	return embedded.Still(s.cat, slices.Collect(maps.Values(nodes)), aliases, s, append(last, change.Recorded{})[0])
}

// checkSize refuses what would take too much memory.
func (s *Store) checkSize(ctx context.Context, number int) error {
	answer, err := s.read(ctx, cypher.HowMuch(number))
	if err != nil {
		return err
	}
	cells, err := as[[]any](answer)
	if err != nil {
		return err
	}
	nodes, states, err := pair[int64, int64](cells)
	if err != nil {
		return err
	}
	if nodes+states > int64(s.config.MaxPast) {
		return fault.New(fault.Limit, "to look into the past, a graph in Neo4j is read whole; this one has %d things and facts and %d changes of them since, and the server allows %d together; use the embedded store, which needs no more than what changed", nodes, states, s.config.MaxPast)
	}
	return nil
}

// undo makes the nodes that changed after a change what the first change of each found.
func (s *Store) undo(ctx context.Context, number int, nodes map[string]*change.Node) error {
	firsts := map[string]int{}
	if err := s.undoCreated(ctx, number, nodes, firsts); err != nil {
		return err
	}
	return s.undoReplaced(ctx, number, nodes, firsts)
}

func (s *Store) undoCreated(ctx context.Context, number int, nodes map[string]*change.Node, firsts map[string]int) error {
	for from, place, more := number+1, -1, true; more; {
		found, err := rows(s.read(ctx, cypher.CreatedAfter(from, place)))
		if err != nil {
			return err
		}
		for _, row := range found {
			number, at, err := pair[int64, int64](row)
			if err != nil {
				return err
			}
			from, place = int(number), int(at)
			ids, err := texts(row[2])
			if err != nil {
				return err
			}
			for _, id := range ids {
				if firsts[id] == 0 {
					firsts[id] = from
					delete(nodes, id)
				}
			}
		}
		more = len(found) > 0
	}
	return nil
}

func (s *Store) undoReplaced(ctx context.Context, number int, nodes map[string]*change.Node, firsts map[string]int) error {
	for from, id, more := number+1, "", true; more; {
		found, err := rows(s.read(ctx, cypher.ReplacedAfter(from, id)))
		if err != nil {
			return err
		}
		for _, row := range found {
			number, node, err := pair[int64, string](row)
			if err != nil {
				return err
			}
			from, id = int(number), node
			if first := firsts[id]; first > 0 && first <= from {
				continue
			}
			firsts[id] = from
			n, err := s.state(row[2])
			if err != nil {
				return err
			}
			if n == nil { // it came back meanwhile: then there was none
				delete(nodes, id)
				continue
			}
			nodes[id] = n
		}
		more = len(found) > 0
	}
	return nil
}
