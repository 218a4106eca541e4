package neo4jstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// readRows bounds how many nodes one statement reads.
const readRows = 1000

// maxNamed bounds how many links a refusal names.
const maxNamed = 5

// Apply writes a batch in one transaction. Writers wait for each other at the meta
// node, so what a batch was checked against is what it changes.
func (s *Store) Apply(ctx context.Context, batch *change.Batch, progress func(done, total int)) (change.Outcome, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	var out change.Outcome
	err := s.transact(ctx, func(t *transaction) (err error) {
		w := &applier{transaction: t, store: s, batch: batch, progress: progress}
		out, err = w.apply()
		return err
	})
	if err != nil {
		return change.Outcome{}, err
	}
	if out.Created >= manyCreated {
		s.replan(ctx)
	}
	return out, nil
}

// manyCreated is how many new nodes make it worth a tenth of a second to count them at once.
const manyCreated = 1000

// replan has Neo4j count what there is, and forget how it worked off what it was asked before. It counts
// by itself only now and then, and keeps its plans: those that it makes while it believes that nothing is
// there, when to read all nodes costs as little as to find one, would stay. Who may not ask for it
// has slower answers for a while, and what was written is written.
func (s *Store) replan(ctx context.Context) {
	_ = s.write(ctx, cypher.Statement{Text: "CALL db.prepareForReplanning()"})
}

// applier is one batch under way in one transaction.
type applier struct {
	*transaction
	store    *Store
	batch    *change.Batch
	progress func(done, total int)
	types    map[string]*catalog.Type // of the nodes that the batch names and that exist
	standing map[string]standing      // the aliases whose ids the batch gives to new nodes
	record   change.Recorded
}

func (a *applier) apply() (change.Outcome, error) {
	if err := a.begin(); err != nil {
		return change.Outcome{}, err
	}
	if out, err := a.repeated(); err != nil || out.Repeated {
		return out, err
	}
	if err := a.check(); err != nil {
		return change.Outcome{}, err
	}
	changed, sum, err := a.diff()
	if err != nil {
		return change.Outcome{}, err
	}
	gone, err := a.present(a.deletes())
	if err != nil {
		return change.Outcome{}, err
	}
	if err := a.upsert(changed); err != nil {
		return change.Outcome{}, err
	}
	if sum.Deleted, err = a.remove(); err != nil {
		return change.Outcome{}, err
	}
	a.record.Summary = sum
	total := len(a.batch.Upserts) + len(a.batch.Deletes)
	a.progress(total, total)
	if !sum.Changed() {
		return change.Outcome{Summary: sum}, nil
	}
	return change.Outcome{Summary: sum, Change: a.record.Number}, a.recorded(changed, gone)
}

// check tells why the batch must not be applied.
func (a *applier) check() error {
	if err := a.readTypes(); err != nil {
		return err
	}
	if err := a.batch.Check(a.typeOf); err != nil {
		return err
	}
	if err := a.checkVersions(); err != nil {
		return err
	}
	return a.checkAliases()
}

// typeOf is the type of a node that the batch names and that exists.
func (a *applier) typeOf(id string) (*catalog.Type, bool) {
	t, ok := a.types[id]
	return t, ok
}

// readTypes reads the types of all nodes that the batch writes, links to or deletes.
func (a *applier) readTypes() error {
	a.types = make(map[string]*catalog.Type, len(a.batch.Upserts))
	for ids := range slices.Chunk(a.named(), readRows) {
		rows, err := a.rows(cypher.Types(ids))
		if err != nil {
			return err
		}
		for _, row := range rows {
			id, name := row[0].(string), row[1]
			t, ok := a.store.cat.Type(fmt.Sprint(name))
			if !ok {
				return fmt.Errorf("node %q has the type %v, which the schema does not have", id, name)
			}
			a.types[id] = t
		}
	}
	return nil
}

// named lists the ids that the batch names, each once.
func (a *applier) named() []string {
	ids := slices.Clone(a.batch.Deletes)
	for _, n := range a.batch.Upserts {
		ids = append(ids, n.ID)
		for _, targets := range n.Links {
			ids = append(ids, targets...)
		}
	}
	for _, into := range a.batch.Aliases {
		ids = append(ids, into)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rows runs a statement whose answer is a list of lists.
func (a *applier) rows(st cypher.Statement) ([][]any, error) { return rows(a.run(st)) }

// diff tells which nodes are not yet as they should be.
func (a *applier) diff() ([]cypher.Upsert, change.Summary, error) {
	var sum change.Summary
	present, err := a.present(a.upserts())
	if err != nil {
		return nil, sum, err
	}
	var changed []cypher.Upsert
	for i := range a.batch.Upserts {
		n := &a.batch.Upserts[i]
		old := present[n.ID]
		switch {
		case old == nil:
			sum.Created++
		case old.Equal(n):
			sum.Unchanged++
			continue
		default:
			sum.Updated++
		}
		changed = append(changed, cypher.Upsert{New: n.WithVersion(a.record.Number), Old: old})
	}
	return changed, sum, nil
}

func (a *applier) upserts() []string {
	ids := make([]string, len(a.batch.Upserts))
	for i := range a.batch.Upserts {
		ids[i] = a.batch.Upserts[i].ID
	}
	return ids
}

// present reads the state of those of some nodes that exist.
func (a *applier) present(ids []string) (map[string]*change.Node, error) {
	byType := map[*catalog.Type][]string{}
	for _, id := range ids {
		if t := a.types[id]; t != nil {
			byType[t] = append(byType[t], id)
		}
	}
	present := map[string]*change.Node{}
	for t, all := range byType {
		for chunk := range slices.Chunk(all, readRows) {
			rows, err := a.rows(cypher.State(t, chunk))
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				n, err := node(t, row)
				if err != nil {
					return nil, err
				}
				present[n.ID] = n
			}
		}
	}
	return present, nil
}

// node reads a node from its values and links.
func node(t *catalog.Type, row []any) (*change.Node, error) {
	n := &change.Node{Type: t, Values: make([]value.Value, len(t.Properties)), Links: make([][]string, len(t.Out))}
	for i, p := range t.Properties {
		v, err := scalar(p.Kind, row[i])
		if err != nil {
			return nil, fmt.Errorf("read %s of a %s: %w", p.Name, t.Name, err)
		}
		n.Values[i] = v
	}
	n.ID = n.Values[0].Str
	for i, l := range t.Out {
		ids, err := texts(row[len(t.Properties)+i])
		if err != nil {
			return nil, fmt.Errorf("read %s of %s %q: %w", l.Name, t.Name, n.ID, err)
		}
		n.Links[i] = ids
	}
	return n, nil
}

func scalar(kind value.Kind, answer any) (value.Value, error) {
	if kind == value.Strings {
		all, err := texts(answer)
		return value.OfStrings(all), err
	}
	switch answer := answer.(type) {
	case nil:
		return value.Value{}, nil
	case string:
		return value.Value{Kind: kind, Str: answer}, nil
	case int64:
		return value.OfInt(answer), nil
	case float64:
		return value.OfFloat(answer), nil
	case bool:
		return value.OfBool(answer), nil
	default:
		return value.Value{}, fmt.Errorf("a %T where a %s should be", answer, kind)
	}
}

func (a *applier) upsert(changed []cypher.Upsert) error {
	all := cypher.Write(changed)
	for i, st := range all {
		if _, err := a.run(st); err != nil {
			return err
		}
		a.progress(len(a.batch.Upserts)*i/len(all), len(a.batch.Upserts)+len(a.batch.Deletes))
	}
	return nil
}

// deletes lists what is to go and is there, each once.
func (a *applier) deletes() []string {
	ids := slices.DeleteFunc(slices.Clone(a.batch.Deletes), func(id string) bool { return a.types[id] == nil })
	slices.Sort(ids)
	return slices.Compact(ids)
}

// remove deletes what is to go and tells how many that were.
func (a *applier) remove() (int, error) {
	ids := a.deletes()
	if len(ids) == 0 {
		return 0, nil
	}
	if _, err := a.run(cypher.Unlink(ids)); err != nil {
		return 0, err
	}
	links, err := a.rows(cypher.LinkedTo(a.store.cat, ids))
	if err != nil {
		return 0, err
	}
	if len(links) > 0 {
		return 0, stillLinked(links)
	}
	_, err = a.run(cypher.Delete(ids))
	return len(ids), err
}

func stillLinked(links [][]any) error {
	var named []string
	for _, l := range links[:min(len(links), maxNamed)] {
		named = append(named, fmt.Sprintf("%q is linked to by %q", l[0], l[1]))
	}
	text := strings.Join(named, "; ")
	if more := len(links) - maxNamed; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return fault.New(fault.Invalid, "cannot delete: %s; change or delete those too", text)
}
