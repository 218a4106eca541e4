package neo4jstore

import (
	"context"
	"slices"
	"time"

	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
)

// begin locks the graph against other writers and gives the change its number and time.
func (a *applier) begin() error {
	if _, err := a.run(cypher.Lock); err != nil {
		return err
	}
	answer, err := a.run(cypher.Last)
	if err != nil {
		return err
	}
	if answer == nil {
		return a.store.emptied()
	}
	cells, err := as[[]any](answer)
	if err != nil {
		return err
	}
	revision, _ := cells[0].(int64)
	at, _ := cells[1].(int64)
	last := time.UnixMicro(at)
	a.record = change.Recorded{Number: int(revision) + 1, Note: a.batch.Note}
	if a.record.Note.At.Before(last) {
		a.record.Note.At = last
	}
	a.record.Note.At = a.record.Note.At.UTC().Truncate(time.Microsecond)
	return nil
}

// repeated finds the batch that was applied with the same key before.
func (a *applier) repeated() (change.Outcome, error) {
	if a.batch.Note.Key == "" {
		return change.Outcome{}, nil
	}
	answer, err := a.run(cypher.Keyed(a.batch.Note.Key))
	if err != nil || answer == nil {
		return change.Outcome{}, err
	}
	row, err := as[[]any](answer)
	if err != nil {
		return change.Outcome{}, err
	}
	r := cypher.ReadRecorded(row)
	return change.Outcome{Summary: r.Summary, Change: r.Number, Repeated: true}, nil
}

// checkVersions compares the versions that the batch expects with those that are there.
func (a *applier) checkVersions() error {
	ids := make([]string, 0, len(a.batch.Expect))
	for id := range a.batch.Expect {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	versions := make(map[string]int, len(ids))
	for some := range slices.Chunk(ids, readRows) {
		rows, err := a.rows(cypher.Versions(some))
		if err != nil {
			return err
		}
		for _, row := range rows {
			version, _ := row[1].(int64)
			versions[row[0].(string)] = int(version)
		}
	}
	return a.batch.CheckVersions(func(id string) int {
		version, there := versions[id]
		if !there {
			return change.Absent
		}
		return version
	})
}

// recorded writes the change into the history.
func (a *applier) recorded(changed []cypher.Upsert, gone map[string]*change.Node) error {
	var created []string
	var replaced []cypher.Replaced
	for _, n := range changed {
		if n.Old == nil {
			created = append(created, n.New.ID)
			continue
		}
		old, err := replacedBy(n.Old, false)
		if err != nil {
			return err
		}
		replaced = append(replaced, old)
	}
	for _, id := range a.deletes() {
		old, err := replacedBy(gone[id], true)
		if err != nil {
			return err
		}
		replaced = append(replaced, old)
	}
	slices.Sort(created)
	back, err := a.cameBack(created)
	if err != nil {
		return err
	}
	replaced = append(replaced, back...)
	for _, st := range cypher.Record(&a.record, created, replaced) {
		if _, err := a.run(st); err != nil {
			return err
		}
	}
	return a.alias(created)
}

// cameBack lists those of some new nodes that were there before: what they replace is nothing,
// which a deletion has left.
func (a *applier) cameBack(created []string) (all []cypher.Replaced, err error) {
	for ids := range slices.Chunk(created, readRows) {
		deletions, err := a.rows(cypher.Deletions(ids))
		if err != nil {
			return nil, err
		}
		for _, row := range deletions {
			all = append(all, cypher.Replaced{ID: row[0].(string), Was: int(row[1].(int64))})
		}
	}
	return all, nil
}

func replacedBy(old *change.Node, gone bool) (cypher.Replaced, error) {
	state, err := old.AppendState(nil)
	return cypher.Replaced{ID: old.ID, Was: old.Version(), Gone: gone, State: string(state)}, err
}

// Changes lists the changes that are asked for.
func (s *Store) Changes(ctx context.Context, ask *change.Ask) ([]change.Recorded, error) {
	return readChanges(s.read(ctx, cypher.Changes(ask)))
}

func readChanges(answer any, err error) ([]change.Recorded, error) {
	return listOf(func(row []any) (change.Recorded, error) { return cypher.ReadRecorded(row), nil })(answer, err)
}
