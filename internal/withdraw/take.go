package withdraw

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
)

// Person is the type of what can be withdrawn.
const Person = "Person"

// factInterface is the interface of what may go with its last source.
const factInterface = "Fact"

// maxTouched bounds how many nodes may go or lose links together.
const maxTouched = 20_000

// maxNamed bounds how many things one sentence names.
const maxNamed = 20

// withdrawal is a request under way.
type withdrawal struct {
	ledger   Ledger
	request  *Request
	hidden   []Hidden
	original map[string]Life // of all that may differ
	cut      cut
	person   []string  // the ids of whom is taken out: those that stand for the first behind it
	aliased  []Aliased // all that changes did to aliases
	out      Rewriting
	outcome  Outcome
}

// take takes a person out of the graph and its history, for good when asked to. One who was deleted is in
// the history still.
func (w *withdrawal) take() error {
	id, also := w.called(w.request.ID)
	w.person = append([]string{id}, also...)
	if err := w.load(w.person); err != nil {
		return err
	}
	if n := w.original[id].last(); n == nil || n.Type.Name != Person {
		return fault.In(fault.NotFound, []any{"id"}, "there is no person %q", w.request.ID)
	}
	for _, id := range w.person {
		w.cut.left[id] = Life{ID: id}
	}
	if err := w.spread(w.person...); err != nil {
		return err
	}
	if err := w.part(w.ever()); err != nil {
		return err
	}
	if err := w.refuse(); err != nil {
		return err
	}
	w.rewrite()
	return w.keep(w.taken())
}

// rewrite notes the lives that differ.
func (w *withdrawal) rewrite() {
	for _, id := range slices.Sorted(maps.Keys(w.original)) {
		if before, after := w.original[id], w.cut.left[id]; !before.same(after) {
			w.out.Lives = append(w.out.Lives, Rewritten{before, after})
		}
	}
}

// load adds lives to those that may differ.
func (w *withdrawal) load(ids []string) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, known := w.original[id]; return known })
	lives, err := w.ledger.Lives(ids)
	if err != nil {
		return fmt.Errorf("read what was known: %w", err)
	}
	maps.Copy(w.original, lives)
	if len(w.original) > maxTouched {
		return fault.New(fault.Limit, "more than %d things and facts would go or lose links; delete some of them first", maxTouched)
	}
	return nil
}

// spread follows every link to what has less of a life now, until nothing more has.
func (w *withdrawal) spread(news ...string) error {
	for len(news) > 0 {
		users, err := w.ledger.Users(news)
		if err != nil {
			return fmt.Errorf("look for what leads to what goes: %w", err)
		}
		if err := w.load(users); err != nil {
			return err
		}
		news = nil
		for _, id := range users {
			if slices.Contains(w.person, id) { // who leads to oneself
				continue
			}
			before, known := w.cut.left[id]
			if !known {
				before = w.original[id]
			}
			after := w.cut.life(w.original[id])
			w.cut.left[id] = after
			if started(before) != started(after) {
				news = append(news, id)
			}
		}
	}
	return nil
}

// started is the change with which a life begins, -1 when there is none.
func started(l Life) int {
	if len(l.States) == 0 {
		return -1
	}
	return l.States[0].From
}

// refuse tells what cannot be without what goes, and is no fact that goes along.
func (w *withdrawal) refuse() error {
	var left []string
	for id, l := range w.original {
		if now := l.Now(); now != nil && !isFact(now.Type) && w.cut.left[id].Now() == nil && bare(now, w.cut.stripped(State{w.out.Trace.Number, now}), toMany) {
			left = append(left, now.Type.Name+" "+id)
		}
	}
	if left == nil {
		return nil
	}
	slices.Sort(left)
	return fault.In(fault.Conflict, []any{"id"}, "%q cannot be withdrawn, for nothing else of its kind is left to %s; lead these elsewhere first", w.request.ID, listed(left))
}

func isFact(t *catalog.Type) bool {
	return slices.ContainsFunc(t.Interfaces, func(i *catalog.Interface) bool { return i.Name == factInterface })
}

func listed(names []string) string {
	if len(names) > maxNamed {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNamed], ", "), len(names)-maxNamed)
	}
	return strings.Join(names, ", ")
}

// taken is the record of what goes.
func (w *withdrawal) taken() *Hidden {
	id, trace := w.person[0], &w.out.Trace
	h := &Hidden{Number: trace.Number, By: trace.Note.By, Why: w.request.Note.Why, At: trace.Note.At, ID: id, Name: nameOf(w.original[id].last()), Also: w.person[1:], Lives: w.out.Lives}
	h.count()
	return h
}

// count tells how much went, and what: it follows from the lives.
func (h *Hidden) count() {
	h.Things, h.Facts, h.Links, h.Gone = 0, 0, 0, nil
	for _, l := range h.Lives {
		now, left := l.Before.Now(), l.After.Now()
		if len(l.After.States) == 0 {
			h.Gone = append(h.Gone, l.Before.ID)
		}
		switch {
		case now == nil:
		case left != nil:
			if !now.Equal(left) {
				h.Links++
			}
		case isFact(now.Type):
			h.Facts++
		default:
			h.Things++
		}
	}
}

func nameOf(n *change.Node) string {
	if p, ok := n.Type.Property("name"); ok {
		return n.Values[p.Index].Str
	}
	return ""
}

// keep takes out what tells of the person beside the graph, and keeps the record when the
// person is to be hidden.
func (w *withdrawal) keep(h *Hidden) error {
	w.tell(h)
	var err error
	if h.Changes, err = w.headers(&w.outcome.Traces); err != nil {
		return err
	}
	h.Aliased = w.unalias(&w.outcome.Traces)
	if h.Proposals, err = w.proposals(&w.outcome.Traces); err != nil {
		return err
	}
	if w.request.Action == Hide {
		w.out.Keep = append(w.out.Keep, *h)
		return nil
	}
	w.out.Erased = true
	return w.scrub(h, w.ever(h))
}

// tell makes the record the outcome.
func (w *withdrawal) tell(h *Hidden) {
	w.outcome = Outcome{Things: h.Things, Facts: h.Facts, Links: h.Links, Traces: *h.traces()}
}

// headers corrects what changes say of themselves: their counts, and reasons and keys that tell
// of the person. It tells what they lose.
func (w *withdrawal) headers(gone *Traces) (lost []lostWords, err error) {
	changes, err := w.ledger.Changes()
	if err != nil {
		return nil, fmt.Errorf("read the changes: %w", err)
	}
	differ := differences(w.out.Lives)
	for i := range changes {
		r := &changes[i]
		is := corrected(r, differ[r.Number])
		if emptied := differ[r.Number] != (change.Summary{}) && !is.Summary.Changed(); emptied {
			is.Note.Why, is.Summary.Unchanged = "", 0
		}
		if gone.In(is.Note.Why) {
			is.Note.Why = ""
		}
		if gone.In(is.Note.Key) {
			is.Note.Key = ""
		}
		if is == *r {
			continue
		}
		w.out.Changes = append(w.out.Changes, is)
		if words := (lostWords{r.Number, without(r.Note.Why, is.Note.Why), without(r.Note.Key, is.Note.Key), r.Summary.Unchanged - is.Summary.Unchanged}); words != (lostWords{Number: r.Number}) {
			lost = append(lost, words)
		}
	}
	return lost, nil
}

// without is a text that is gone, empty when it is still there.
func without(before, after string) string {
	if before == after {
		return ""
	}
	return before
}

// differences tells by change how much more or less it did.
func differences(lives []Rewritten) map[int]change.Summary {
	all := map[int]change.Summary{}
	for _, l := range lives {
		for number, did := range l.After.Done() {
			all[number] = all[number].Add(did)
		}
		for number, did := range l.Before.Done() {
			all[number] = all[number].Add(change.Summary{Created: -did.Created, Updated: -did.Updated, Deleted: -did.Deleted})
		}
	}
	return all
}

func corrected(r *change.Recorded, by change.Summary) change.Recorded {
	is := *r
	is.Summary = r.Summary.Add(by)
	return is
}

// proposals takes out those that tell of the person.
func (w *withdrawal) proposals(gone *Traces) ([]proposal.Proposal, error) {
	all, err := w.ledger.Proposals()
	if err != nil {
		return nil, fmt.Errorf("read the proposals: %w", err)
	}
	w.out.Drop = slices.DeleteFunc(all, func(p proposal.Proposal) bool { return !gone.InProposal(&p) })
	return w.out.Drop, nil
}
