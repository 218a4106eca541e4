package neo4jstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
)

// Entries lists what a change did to each node, in ascending order of their ids.
func (s *Store) Entries(ctx context.Context, number int, after string, first int) ([]change.Entry, error) {
	return unbent(ctx, s, func() ([]change.Entry, error) { return s.entries(ctx, number, after, first) })
}

// unbent is what several reads of the history bring together, read again when something was hidden,
// shown or erased meanwhile.
func unbent[T any](ctx context.Context, s *Store, read func() (T, error)) (found T, err error) {
	_, before, err := s.withdrawn(ctx)
	if err != nil {
		return found, err
	}
	for {
		found, err = read()
		_, after, failed := s.withdrawn(ctx)
		if failed != nil || after == before {
			return found, cmp.Or(err, failed)
		}
		before = after
	}
}

func (s *Store) entries(ctx context.Context, number int, after string, first int) ([]change.Entry, error) {
	found, err := rows(s.read(ctx, cypher.Touched(number, after, first)))
	if err != nil {
		return nil, err
	}
	all := make([]change.Entry, len(found))
	for i, row := range found {
		all[i].Change = number
		if all[i].ID, err = as[string](row[0]); err != nil {
			return nil, err
		}
		if all[i].Before, err = s.state(row[1]); err != nil {
			return nil, err
		}
	}
	return all, s.fillAfter(ctx, all)
}

// NodeHistory lists what was done to a node, the newest first.
func (s *Store) NodeHistory(ctx context.Context, id string, before, first int) ([]change.Entry, error) {
	return unbent(ctx, s, func() ([]change.Entry, error) { return s.nodeHistory(ctx, id, before, first) })
}

func (s *Store) nodeHistory(ctx context.Context, id string, before, first int) ([]change.Entry, error) {
	found, err := rows(s.read(ctx, cypher.Written(id, before, first)))
	if err != nil {
		return nil, err
	}
	var all []change.Entry
	for _, row := range found {
		number, err := as[int64](row[0])
		if err != nil {
			return nil, err
		}
		e := change.Entry{Change: int(number), ID: id}
		if e.Before, err = s.state(row[1]); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	if len(all) < first {
		number, err := s.beginning(ctx, id)
		if err != nil {
			return nil, err
		}
		if number > 0 && (before == 0 || number < before) {
			all = append(all, change.Entry{Change: number, ID: id})
		}
	}
	return all, s.fillAfter(ctx, all)
}

// beginning is the number of the change that made a node first, 0 when the history does not know.
func (s *Store) beginning(ctx context.Context, id string) (int, error) {
	answer, err := s.read(ctx, cypher.Beginning(id))
	if number, ok := answer.(int64); ok || err != nil {
		return int(number), err
	}
	versions, err := rows(s.read(ctx, cypher.Versions([]string{id})))
	if err != nil || len(versions) == 0 {
		return 0, err
	}
	number, _ := versions[0][1].(int64)
	return int(number), nil
}

// state reads a state of the history, nil when there was none.
func (s *Store) state(cell any) (*change.Node, error) {
	text, ok := cell.(string)
	if !ok {
		return nil, nil
	}
	return change.ReadState(s.cat, []byte(text))
}

// written names a node as a change left it.
type written struct {
	change int
	id     string
}

// fillAfter tells what the changes left: what the next change of the node found, or what is
// there now. The present is read first, so that a change that comes meanwhile is a next one.
func (s *Store) fillAfter(ctx context.Context, all []change.Entry) error {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	now, err := s.presentOf(ctx, ids)
	if err != nil {
		return err
	}
	next, err := s.nexts(ctx, all)
	if err != nil {
		return err
	}
	for i := range all {
		e := &all[i]
		var overwritten bool
		if e.After, overwritten = next[written{e.Change, e.ID}]; !overwritten {
			e.After = now[e.ID]
		}
		for _, n := range []*change.Node{e.Before, e.After} {
			if n != nil {
				e.Type = n.Type
			}
		}
	}
	return nil
}

// nexts are the states that the next changes of the nodes found.
func (s *Store) nexts(ctx context.Context, all []change.Entry) (map[written]*change.Node, error) {
	next := map[written]*change.Node{}
	for some := range slices.Chunk(all, readRows) {
		pairs := make([]any, len(some))
		for i, e := range some {
			pairs[i] = []any{e.Change, e.ID}
		}
		found, err := rows(s.read(ctx, cypher.Nexts(pairs)))
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			n, err := s.state(row[2])
			if err != nil {
				return nil, err
			}
			number, id, err := pair[int64, string](row)
			if err != nil {
				return nil, err
			}
			next[written{int(number), id}] = n
		}
	}
	return next, nil
}

// presentOf reads the present state of those of some nodes that exist.
func (s *Store) presentOf(ctx context.Context, ids []string) (map[string]*change.Node, error) {
	present := map[string]*change.Node{}
	byType := map[*catalog.Type][]string{}
	for some := range slices.Chunk(ids, readRows) {
		types, err := rows(s.read(ctx, cypher.Types(some)))
		if err != nil {
			return nil, err
		}
		for _, row := range types {
			if row[1] == nil { // deleted meanwhile
				continue
			}
			t, ok := s.cat.Type(fmt.Sprint(row[1]))
			if !ok {
				return nil, fmt.Errorf("node %q has the type %v, which the schema does not have", row[0], row[1])
			}
			byType[t] = append(byType[t], row[0].(string))
		}
	}
	for t, some := range byType {
		for ids := range slices.Chunk(some, readRows) {
			if err := s.readStates(ctx, t, cypher.State(t, ids), present); err != nil {
				return nil, err
			}
		}
	}
	return present, nil
}

// readStates adds the nodes of a type that a statement brings.
func (s *Store) readStates(ctx context.Context, t *catalog.Type, st cypher.Statement, into map[string]*change.Node) error {
	found, err := rows(s.read(ctx, st))
	if err != nil {
		return err
	}
	for _, row := range found {
		n, err := node(t, row)
		if err != nil {
			return err
		}
		into[n.ID] = n
	}
	return nil
}
