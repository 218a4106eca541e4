package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/proposal"
	"nicgraph/internal/withdraw"
)

var _ withdraw.Keeper = (*Store)(nil)

// Withdraw does what is asked for with the record of a person, in one transaction. Writers wait
// meanwhile.
func (s *Store) Withdraw(ctx context.Context, r *withdraw.Request) (out withdraw.Outcome, err error) {
	err = s.transact(ctx, func(t *transaction) (err error) {
		out, err = withdraw.Do(&ledger{transaction: t, store: s}, r)
		return err
	})
	if err != nil {
		return withdraw.Outcome{}, err
	}
	return out, nil
}

// Hidden lists what is hidden, the newest first.
func (s *Store) Hidden(ctx context.Context, before, first int) ([]withdraw.Hidden, error) {
	if before == 0 {
		before = math.MaxInt
	}
	return s.readHidden(s.read(ctx, cypher.Hidden(before, first)))
}

func (s *Store) readHidden(answer any, err error) ([]withdraw.Hidden, error) {
	return listOf(func(text string) (withdraw.Hidden, error) { return withdraw.ReadHidden(s.cat, []byte(text)) })(answer, err)
}

// ledger is the graph with its history inside one transaction.
type ledger struct {
	*transaction
	store *Store
}

var _ withdraw.Ledger = (*ledger)(nil)

// Last is the newest change; nobody else makes one until the transaction has ended.
func (l *ledger) Last() (change.Recorded, error) {
	a := &applier{transaction: l.transaction, store: l.store, batch: &change.Batch{}}
	if err := a.begin(); err != nil {
		return change.Recorded{}, err
	}
	return change.Recorded{Number: a.record.Number - 1, Note: change.Note{At: a.record.Note.At}}, nil
}

// Users lists the nodes that lead to one of some nodes, or led there at any time.
func (l *ledger) Users(ids []string) ([]string, error) {
	users := map[string]bool{}
	for some := range slices.Chunk(ids, readRows) {
		found, err := rows(l.run(cypher.LinkedTo(l.store.cat, some)))
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			users[row[1].(string)] = true
		}
		answer, err := l.run(cypher.LedOnce(some))
		if err != nil {
			return nil, err
		}
		once, err := texts(answer)
		if err != nil {
			return nil, err
		}
		for _, id := range once {
			users[id] = true
		}
	}
	return slices.Sorted(maps.Keys(users)), nil
}

// Lives brings the lives of nodes, of those that are or were there.
func (l *ledger) Lives(ids []string) (map[string]withdraw.Life, error) {
	lives := make(map[string]withdraw.Life, len(ids))
	for some := range slices.Chunk(ids, readRows) {
		found, err := rows(l.run(cypher.StatesOf(some)))
		if err != nil {
			return nil, err
		}
		for _, row := range found {
			id := row[0].(string)
			life := lives[id]
			life.ID = id
			if err := l.grow(&life, row); err != nil {
				return nil, err
			}
			lives[id] = life
		}
	}
	a := &applier{transaction: l.transaction, store: l.store, batch: &change.Batch{Deletes: ids}} // which names them
	if err := a.readTypes(); err != nil {
		return nil, err
	}
	now, err := a.present(a.deletes())
	if err != nil {
		return nil, err
	}
	for id, n := range now {
		life := lives[id]
		life.ID, life.States = id, append(life.States, withdraw.State{From: n.Version(), Node: n})
		lives[id] = life
	}
	return lives, nil
}

// grow adds what a change found, and that it deleted the node.
func (l *ledger) grow(life *withdraw.Life, row []any) error {
	number, was := int(row[1].(int64)), int(row[2].(int64))
	n, err := l.store.state(row[4])
	if err != nil || n == nil { // it came back
		return err
	}
	life.States = append(life.States, withdraw.State{From: was, Node: n})
	if row[3] == true {
		life.States = append(life.States, withdraw.State{From: number})
	}
	return nil
}

// Changes lists all changes.
func (l *ledger) Changes() ([]change.Recorded, error) {
	return readChanges(l.run(cypher.Changes(&change.Ask{First: math.MaxInt})))
}

// Aliased lists all that changes did to aliases.
func (l *ledger) Aliased() ([]withdraw.Aliased, error) {
	return listOf(func(row []any) (withdraw.Aliased, error) {
		a, err := readAlias(row)
		return withdraw.Aliased{Change: int(row[3].(int64)), ID: a.ID, Into: a.Into, Since: a.Since}, err
	})(l.run(cypher.AllAliased))
}

// Proposals lists all proposals.
func (l *ledger) Proposals() ([]proposal.Proposal, error) {
	return listOf(readProposal)(l.run(cypher.Proposals(&proposal.Ask{First: math.MaxInt})))
}

// Hidden lists all that is hidden.
func (l *ledger) Hidden() ([]withdraw.Hidden, error) {
	all, err := l.store.readHidden(l.run(cypher.Hidden(math.MaxInt, math.MaxInt)))
	slices.Reverse(all)
	return all, err
}

// Rewrite makes the graph, its history and what is beside them other ones.
func (l *ledger) Rewrite(r *withdraw.Rewriting) error {
	for _, part := range []func(*withdraw.Rewriting) error{l.rewriteStates, l.rewriteCreated, l.rewriteAliases, l.rewriteBeside, l.rewriteGraph} {
		if err := part(r); err != nil {
			return err
		}
	}
	highest := 0
	for _, p := range r.Drop {
		highest = max(highest, p.Number)
	}
	return l.runAll(append(cypher.Record(&r.Trace, nil, nil), cypher.SetWithdrawn(r.Trace.Number, highest)))
}

// runAll runs statements.
func (l *ledger) runAll(all []cypher.Statement) error {
	for _, st := range all {
		if _, err := l.run(st); err != nil {
			return err
		}
	}
	return nil
}

// rewriteStates replaces the states that the history keeps.
func (l *ledger) rewriteStates(r *withdraw.Rewriting) error {
	var ids []string
	var changes []int
	var all []cypher.Replaced
	for _, life := range r.Lives {
		ids = append(ids, life.Before.ID)
		for i := 1; i < len(life.After.States); i++ {
			was, is := life.After.States[i-1], life.After.States[i]
			old := cypher.Replaced{ID: life.After.ID, Was: was.From}
			if was.Node != nil {
				state, err := was.Node.AppendState(nil)
				if err != nil {
					return err
				}
				old.Gone, old.State = is.Node == nil, string(state)
			}
			changes, all = append(changes, is.From), append(all, old)
		}
	}
	return l.runAll(append(cypher.ForgetStates(ids), cypher.PutStates(changes, all)...))
}

// rewriteCreated corrects the lists of what changes created.
func (l *ledger) rewriteCreated(r *withdraw.Rewriting) error {
	for number, made := range r.Created() {
		answer, err := l.run(cypher.CreatedBy(number))
		if err != nil {
			return err
		}
		parts, err := as[[]any](answer)
		if err != nil {
			return err
		}
		var ids []string
		for _, part := range parts {
			some, err := texts(part)
			if err != nil {
				return err
			}
			ids = append(ids, some...)
		}
		if err := l.runAll(cypher.SetCreated(number, made.Correct(ids))); err != nil {
			return err
		}
	}
	return nil
}

// rewriteAliases replaces what is told of aliases, and those that stand.
func (l *ledger) rewriteAliases(r *withdraw.Rewriting) error {
	if len(r.Alias)+len(r.Unalias) == 0 {
		return nil
	}
	return l.runAll(slices.Concat(cypher.Unalias(r.Unalias), cypher.Realias(r.Alias), cypher.SetAliases(r.Aliases)))
}

// rewriteBeside replaces what changes say of themselves, proposals, and what is hidden.
func (l *ledger) rewriteBeside(r *withdraw.Rewriting) error {
	all := append(cypher.SetHeaders(r.Changes), cypher.DropProposals(r.Drop)...)
	for i := range r.Add {
		text, err := json.Marshal(r.Add[i])
		if err != nil {
			return fmt.Errorf("write proposal %d: %w", r.Add[i].Number, err)
		}
		all = append(all, cypher.AddProposal(&r.Add[i], string(text)))
	}
	all = append(all, cypher.DropHidden(r.Forget))
	for i := range r.Keep {
		text, err := json.Marshal(&r.Keep[i])
		if err != nil {
			return fmt.Errorf("write hiding %d: %w", r.Keep[i].Number, err)
		}
		all = append(all, cypher.PutHidden(r.Keep[i].Number, string(text)))
	}
	return l.runAll(all)
}

// rewriteGraph makes the present what the lives end with.
func (l *ledger) rewriteGraph(r *withdraw.Rewriting) error {
	var nodes []cypher.Upsert
	for _, n := range r.Present() {
		nodes = append(nodes, cypher.Upsert{New: n.Now, Old: n.Was})
	}
	for ids := range slices.Chunk(r.Absent(), readRows) {
		if _, err := l.run(cypher.Delete(ids)); err != nil {
			return err
		}
	}
	return l.runAll(cypher.Write(nodes))
}
