package neo4jstore

import (
	"context"
	"slices"
	"time"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/value"
)

// begin locks the graph against other writers and gives the change its number and time.
func (a *applier) begin() error {
	answer, err := a.run(cypher.Last)
	if err != nil {
		return err
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

// versioned is a node with the number of the change that writes it.
func versioned(n *change.Node, number int) *change.Node {
	p, ok := n.Type.Property(catalog.Version)
	if !ok {
		return n
	}
	copied := *n
	copied.Values = slices.Clone(n.Values)
	copied.Values[p.Index] = value.OfInt(int64(number))
	return &copied
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
	for _, st := range cypher.Record(&a.record, created, replaced) {
		if _, err := a.run(st); err != nil {
			return err
		}
	}
	return nil
}

func replacedBy(old *change.Node, gone bool) (cypher.Replaced, error) {
	state, err := old.AppendState(nil)
	return cypher.Replaced{ID: old.ID, Was: old.Version(), Gone: gone, State: string(state)}, err
}

// Changes lists the changes that are asked for.
func (s *Store) Changes(ctx context.Context, ask *change.Ask) ([]change.Recorded, error) {
	answer, err := s.read(ctx, cypher.Changes(ask))
	if err != nil {
		return nil, err
	}
	rows, err := as[[]any](answer)
	if err != nil {
		return nil, err
	}
	all := make([]change.Recorded, len(rows))
	for i, row := range rows {
		cells, err := as[[]any](row)
		if err != nil {
			return nil, err
		}
		all[i] = cypher.ReadRecorded(cells)
	}
	return all, nil
}
