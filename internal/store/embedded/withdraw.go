package embedded

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/proposal"
	"nicgraph/internal/withdraw"
)

// hiddenBucket holds the records of persons who are hidden: number → withdraw.Hidden as JSON.
var hiddenBucket = []byte("hidden")

var _ withdraw.Keeper = (*Store)(nil)

// withdrawing is a request on its way to the writer.
type withdrawing struct {
	request *withdraw.Request
	done    chan struct{}
	outcome withdraw.Outcome
	err     error
}

// Withdraw does what is asked for with the record of a person. Batches wait meanwhile.
func (s *Store) Withdraw(ctx context.Context, r *withdraw.Request) (withdraw.Outcome, error) {
	w := &withdrawing{request: r, done: make(chan struct{})}
	select {
	case s.withdrawals <- w:
	case <-s.quit:
		return withdraw.Outcome{}, errClosed()
	case <-ctx.Done():
		return withdraw.Outcome{}, ctx.Err()
	}
	<-w.done
	return w.outcome, w.err
}

// withdraw carries a request out, as the writer. Who reads the history waits, lest what was
// before meets what is after.
func (s *Store) withdraw(gen uint64, w *withdrawing) {
	defer close(w.done)
	s.rewriting.Lock()
	defer s.rewriting.Unlock()
	l := &ledger{store: s, edit: s.edit(gen)}
	w.err = s.updateShelf(func(shelf shelf) (err error) {
		l.journal = journal{shelf}
		w.outcome, err = withdraw.Do(l, w.request)
		return err
	})
	if w.err != nil {
		w.outcome = withdraw.Outcome{}
		return
	}
	if len(l.edit.records) > 0 {
		s.pasts.clear()
		s.reveal(l.edit)
	}
}

// Hidden lists what is hidden, the newest first.
func (s *Store) Hidden(_ context.Context, before, first int) (all []withdraw.Hidden, err error) {
	from := uint64(math.MaxUint64)
	if before > 0 {
		from = uint64(before - 1)
	}
	err = s.readJournal(func(j journal) error {
		return j.scan(hiddenBucket, numberKey(int(from)), true, func(_, raw []byte) (bool, error) {
			if len(all) >= first {
				return false, nil
			}
			h, err := withdraw.ReadHidden(s.layout.catalog, raw)
			all = append(all, h)
			return true, err
		})
	})
	return all, err
}

// ledger is the graph with its history inside one write.
type ledger struct {
	journal
	store *Store
	edit  *edit
}

var _ withdraw.Ledger = (*ledger)(nil)

// Last is the newest change.
func (l *ledger) Last() (change.Recorded, error) { return l.edit.last, nil }

// Users lists the nodes that lead to one of some nodes, or led there at any time.
func (l *ledger) Users(ids []string) ([]string, error) {
	users, wanted := map[string]bool{}, make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
		at, there := l.edit.find(id)
		if !there {
			continue
		}
		for rel := range at.table.in {
			for _, source := range at.table.in[rel].at(at.row) {
				users[l.edit.ids.at(source)] = true
			}
		}
	}
	err := l.replacedFrom(0, "", func(_ int, id string, state []byte) (bool, error) {
		if !users[id] && quotes(state, wanted) {
			users[id] = true
		}
		return true, nil
	})
	return slices.Sorted(maps.Keys(users)), err
}

// quotes tells whether one of some ids stands between quotation marks in a state.
func quotes(state []byte, ids map[string]bool) bool {
	for {
		_, rest, found := bytes.Cut(state, []byte{'"'})
		end := bytes.IndexByte(rest, '"')
		if !found || end < 0 {
			return false
		}
		if ids[string(rest[:end])] {
			return true
		}
		state = rest // the mark at the end of one text may be escaped, and so the one before another
	}
}

// Lives brings the lives of nodes, of those that are or were there.
func (l *ledger) Lives(ids []string) (map[string]withdraw.Life, error) {
	h := chronicle{journal: l.journal, snapshot: l.edit.snapshot, store: l.store}
	lives := make(map[string]withdraw.Life, len(ids))
	for _, id := range ids {
		entries, err := h.of(id, 0, math.MaxInt)
		if err != nil {
			return nil, err
		}
		var now *change.Node
		if at, there := l.edit.find(id); there {
			n := l.edit.state(at)
			now = &n
		}
		if life := withdraw.LifeOf(id, entries, now); len(life.States) > 0 {
			lives[id] = life
		}
	}
	return lives, nil
}

// Changes lists all changes.
func (l *ledger) Changes() ([]change.Recorded, error) {
	return l.changes(&change.Ask{First: math.MaxInt})
}

// Aliased lists all that changes did to aliases.
func (l *ledger) Aliased() (all []withdraw.Aliased, err error) {
	err = l.aliasedFrom(0, func(number int, a change.Alias) (bool, error) {
		all = append(all, withdraw.Aliased{Change: number, ID: a.ID, Into: a.Into, Since: a.Since})
		return true, nil
	})
	return all, err
}

// Proposals lists all proposals.
func (l *ledger) Proposals() (all []proposal.Proposal, err error) {
	err = proposals(l.journal).each(math.MaxInt, func(p *proposal.Proposal) bool { all = append(all, *p); return true })
	return all, err
}

// Hidden lists all that is hidden.
func (l *ledger) Hidden() (all []withdraw.Hidden, err error) {
	err = l.scan(hiddenBucket, nil, false, func(_, raw []byte) (bool, error) {
		h, err := withdraw.ReadHidden(l.store.layout.catalog, raw)
		all = append(all, h)
		return true, err
	})
	return all, err
}

// Rewrite makes the graph, its history and what is beside them other ones.
func (l *ledger) Rewrite(r *withdraw.Rewriting) error {
	for _, part := range []func(*withdraw.Rewriting) error{l.rewriteLives, l.rewriteCreated, l.rewriteHeaders, l.rewriteAliases, l.rewriteProposals, l.rewriteHidden, l.rewriteGraph} {
		if err := part(r); err != nil {
			return err
		}
	}
	l.edit.last = r.Trace
	l.edit.records = []*record{{Recorded: r.Trace}}
	file, onDisk := l.shelf.(fileShelf)
	if !onDisk {
		return addAll(l.shelf, l.edit.records)
	}
	if r.Erased {
		if err := file.tx.Bucket(metaBucket).Put(compactKey, []byte{1}); err != nil {
			return err
		}
	}
	return l.store.disk.writeIn(file.tx, l.edit)
}

func (l *ledger) rewriteLives(r *withdraw.Rewriting) error {
	for _, life := range r.Lives {
		if err := l.forget(life.Before); err != nil {
			return err
		}
		if err := l.remember(life.After); err != nil {
			return err
		}
	}
	return nil
}

// forget takes a life out of the journal, but for the lists of what changes created.
func (j journal) forget(l withdraw.Life) error {
	for _, s := range l.States {
		for _, bucket := range [][]byte{statesBucket, nextBucket, backBucket} {
			if err := j.delete(bucket, entryKey(s.From, l.ID)); err != nil {
				return err
			}
		}
	}
	return j.delete(goneBucket, []byte(l.ID))
}

// remember puts a life into the journal, but for the lists of what changes created.
func (j journal) remember(l withdraw.Life) error {
	for i := 1; i < len(l.States); i++ {
		was, is := l.States[i-1], l.States[i]
		if was.Node == nil {
			if err := j.comeBack(is.From, l.ID); err != nil {
				return err
			}
			continue
		}
		state, err := was.Node.AppendState(nil)
		if err != nil {
			return err
		}
		if err := j.addReplaced(is.From, &replaced{id: l.ID, was: was.From, gone: is.Node == nil, state: state}); err != nil {
			return err
		}
	}
	return nil
}

// rewriteCreated corrects the lists of what changes created.
func (l *ledger) rewriteCreated(r *withdraw.Rewriting) error {
	for number, made := range r.Created() {
		var ids []string
		err := l.createdFrom(number, func(by int, id string) (bool, error) {
			if by == number {
				ids = append(ids, id)
			}
			return by == number, nil
		})
		if err != nil {
			return err
		}
		for place := range uint32(len(ids)/chunk + 1) {
			if err := l.delete(createdBucket, binary.BigEndian.AppendUint32(numberKey(number), place)); err != nil {
				return err
			}
		}
		if err := l.putCreated(number, made.Correct(ids)); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) rewriteHeaders(r *withdraw.Rewriting) error {
	for i := range r.Changes {
		is := &r.Changes[i]
		was, _, err := l.recorded(is.Number)
		if err != nil {
			return err
		}
		if was.Note.Key != is.Note.Key {
			if err := l.delete(keysBucket, []byte(was.Note.Key)); err != nil {
				return err
			}
		}
		if err := l.addHeader(&record{Recorded: *is}); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) rewriteAliases(r *withdraw.Rewriting) error {
	for _, a := range r.Unalias {
		if err := l.delete(aliasedBucket, entryKey(a.Change, a.ID)); err != nil {
			return err
		}
	}
	for _, a := range r.Alias {
		if err := l.put(aliasedBucket, entryKey(a.Change, a.ID), aliasValue(a.Alias())); err != nil {
			return err
		}
	}
	if len(r.Alias)+len(r.Unalias) == 0 {
		return nil
	}
	for id := range l.edit.aliases {
		if err := l.delete(aliasesBucket, []byte(id)); err != nil {
			return err
		}
	}
	for id, a := range r.Aliases {
		if err := l.put(aliasesBucket, []byte(id), aliasValue(a)); err != nil {
			return err
		}
	}
	l.edit.aliases = r.Aliases
	return nil
}

func (l *ledger) rewriteProposals(r *withdraw.Rewriting) error {
	kept := proposals(l.journal)
	for i := range r.Drop {
		if err := kept.drop(&r.Drop[i]); err != nil {
			return err
		}
	}
	for i := range r.Add {
		if err := kept.keep(&r.Add[i]); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) rewriteHidden(r *withdraw.Rewriting) error {
	for _, number := range r.Forget {
		if err := l.delete(hiddenBucket, numberKey(number)); err != nil {
			return err
		}
	}
	for i := range r.Keep {
		raw, err := json.Marshal(&r.Keep[i])
		if err != nil {
			return fmt.Errorf("write hiding %d: %w", r.Keep[i].Number, err)
		}
		if err := l.put(hiddenBucket, numberKey(r.Keep[i].Number), raw); err != nil {
			return err
		}
	}
	return nil
}

// rewriteGraph makes the present what the lives end with.
func (l *ledger) rewriteGraph(r *withdraw.Rewriting) error {
	var nodes []*change.Node
	for _, n := range r.Present() {
		nodes = append(nodes, n.Now)
	}
	if err := checkDates(nodes); err != nil {
		return err
	}
	l.edit.replaceAll(nodes, r.Absent())
	return nil
}

// inspectHidden checks that what is hidden can be read.
func (j journal) inspectHidden(cat *catalog.Catalog, tell func(fault string)) error {
	return j.scan(hiddenBucket, nil, false, func(key, raw []byte) (bool, error) {
		if h, err := withdraw.ReadHidden(cat, raw); err != nil || h.Number != numberOf(key) {
			tell(fmt.Sprintf("what is hidden under %d cannot be read: %v", numberOf(key), err))
		}
		return true, nil
	})
}
