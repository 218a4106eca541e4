// Package withdraw takes the record of a person out of the graph and out of its whole history,
// puts it back, or forgets it for good: it works out what goes along, and what is left of every
// state that led there. How nodes and their histories are kept is left to the stores.
package withdraw

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
)

// Action is what is done with the record of a person.
type Action uint8

// The actions.
const (
	Hide  Action = iota // take it out, so that it can be put back
	Show                // put it back
	Erase               // forget it for good
)

// Request asks for something to be done with the record of a person.
type Request struct {
	Action Action
	ID     string // of the person, where that is in the graph
	Number int    // of the hiding, where it is not
	Note   change.Note
	DryRun bool
}

// traces are what the history says of an action, to everybody.
var traces = [...]string{Hide: "something was hidden", Show: "something was shown again", Erase: "something was erased"}

// String is the request in one line.
func (r *Request) String() string {
	text := [...]string{Hide: "hide", Show: "show", Erase: "erase"}[r.Action] + " person"
	if r.ID != "" {
		text += " " + r.ID
	}
	if r.Number > 0 {
		text += fmt.Sprintf(" of hiding %d", r.Number)
	}
	if r.DryRun {
		text += " as a dry run"
	}
	return text
}

// Outcome is what came of a request, or would.
type Outcome struct {
	Change        int    // the number of the change; 0 on a dry run
	Things, Facts int    // how many go, or come back; the person is one of the things
	Links         int    // how many others lose links to them, or get them back
	Traces        Traces // what tells of the person in texts
}

// Keeper withdraws records of persons, in a store.
type Keeper interface {
	// Withdraw does what is asked for, all of it or nothing, as one change. fault.NotFound:
	// there is no such person or hiding; fault.Conflict: what must lead to the person, or to
	// which the person's facts must lead, stands in the way.
	Withdraw(ctx context.Context, r *Request) (Outcome, error)

	// Hidden lists what is hidden, the newest first: hidings before a number, 0 for all; first
	// of them at most.
	Hidden(ctx context.Context, before, first int) ([]Hidden, error)
}

// Ledger is a graph with its whole history inside one write, during which nobody else writes.
type Ledger interface {
	// Last is the newest change.
	Last() (change.Recorded, error)
	// Users lists the nodes that lead to one of some nodes, or led there at any time; it may
	// list others too.
	Users(ids []string) ([]string, error)
	// Lives brings the lives of nodes, of those that are or were there.
	Lives(ids []string) (map[string]Life, error)
	// Changes lists all changes.
	Changes() ([]change.Recorded, error)
	// Aliased lists all that changes did to aliases.
	Aliased() ([]Aliased, error)
	// Proposals lists all proposals.
	Proposals() ([]proposal.Proposal, error)
	// Hidden lists all that is hidden, the oldest first.
	Hidden() ([]Hidden, error)
	// Rewrite makes the graph, its history and what is beside them other ones.
	Rewrite(*Rewriting) error
}

// Rewriting is what is to become of a graph and of its history.
type Rewriting struct {
	Trace     change.Recorded   // the change that this is, behind all others
	Lives     []Rewritten       // of the nodes that differ
	Changes   []change.Recorded // that say something else than before
	Add, Drop []proposal.Proposal

	Alias, Unalias []Aliased      // what changes did to aliases that is to be told again, and no more
	Aliases        change.Aliases // that stand behind it
	Keep           []Hidden       // what is hidden from now on, or has changed
	Forget         []int          // the numbers of hidings of which nothing is kept
	Erased         bool           // no copy of what went may stay in any file
}

// Rewritten is a life as it was, and as it is to be.
type Rewritten struct{ Before, After Life }

// Hidden is the record of a person that was taken out, with all that puts it back.
type Hidden struct {
	Number               int // of the change that this was
	By, Why              string
	At                   time.Time
	ID, Name             string // of the person
	Things, Facts, Links int
	Also                 []string // the ids that stood for the person's
	Gone                 []string // the ids of all that went, in ascending order
	Lives                []Rewritten
	Changes              []lostWords
	Aliased              []Aliased
	Proposals            []proposal.Proposal
}

// lostWords is what was taken from a change.
type lostWords struct {
	Number    int    `json:"number"`
	Why       string `json:"why,omitempty"`
	Key       string `json:"key,omitempty"`
	Unchanged int    `json:"unchanged,omitempty"`
}

// hidden is a Hidden as JSON has it.
type hidden struct {
	Number    int                 `json:"number"`
	By        string              `json:"by,omitempty"`
	Why       string              `json:"why,omitempty"`
	At        time.Time           `json:"at"`
	ID        string              `json:"id"`
	Name      string              `json:"name"`
	Things    int                 `json:"things"`
	Facts     int                 `json:"facts"`
	Links     int                 `json:"links"`
	Also      []string            `json:"also,omitempty"`
	Gone      []string            `json:"gone"`
	Lives     []rewritten         `json:"lives"`
	Changes   []lostWords         `json:"changes,omitempty"`
	Aliased   []Aliased           `json:"aliased,omitempty"`
	Proposals []proposal.Proposal `json:"proposals,omitempty"`
}

type rewritten struct {
	ID     string  `json:"id"`
	Before []state `json:"before"`
	After  []state `json:"after,omitempty"`
}

// MarshalJSON writes the record by names.
func (h *Hidden) MarshalJSON() ([]byte, error) {
	out := hidden{h.Number, h.By, h.Why, h.At, h.ID, h.Name, h.Things, h.Facts, h.Links, h.Also, h.Gone, nil, h.Changes, h.Aliased, h.Proposals}
	for _, l := range h.Lives {
		before, err := l.Before.write()
		if err != nil {
			return nil, err
		}
		after, err := l.After.write()
		if err != nil {
			return nil, err
		}
		out.Lives = append(out.Lives, rewritten{l.Before.ID, before, after})
	}
	return json.Marshal(out)
}

// ReadHidden reads what MarshalJSON has written.
func ReadHidden(cat *catalog.Catalog, raw []byte) (h Hidden, err error) {
	var in hidden
	if err := json.Unmarshal(raw, &in); err != nil {
		return h, fmt.Errorf("read what is hidden: %w", err)
	}
	h = Hidden{in.Number, in.By, in.Why, in.At, in.ID, in.Name, in.Things, in.Facts, in.Links, in.Also, in.Gone, nil, in.Changes, in.Aliased, in.Proposals}
	for _, l := range in.Lives {
		var read Rewritten
		if read.Before, err = readLife(cat, l.ID, l.Before); err == nil {
			read.After, err = readLife(cat, l.ID, l.After)
		}
		if err != nil {
			return h, fmt.Errorf("read what hiding %d took out: %w", h.Number, err)
		}
		h.Lives = append(h.Lives, read)
	}
	return h, nil
}

// traces are what tells of the hidden person in texts.
func (h *Hidden) traces() *Traces {
	t := &Traces{IDs: append([]string{h.ID}, h.Also...), gone: make(map[string]bool, len(h.Gone))}
	for _, id := range h.Gone {
		t.gone[id] = true
	}
	for _, l := range h.Lives {
		if slices.Contains(t.IDs, l.Before.ID) {
			t.learn(l.Before)
		}
	}
	return t
}

// Do carries a request out on a ledger.
func Do(l Ledger, r *Request) (Outcome, error) {
	last, err := l.Last()
	if err != nil {
		return Outcome{}, err
	}
	w := &withdrawal{ledger: l, request: r, original: map[string]Life{}, cut: cut{left: map[string]Life{}}}
	w.out.Trace = traceOf(r, &last)
	if w.hidden, err = l.Hidden(); err != nil {
		return Outcome{}, err
	}
	if w.aliased, err = l.Aliased(); err != nil {
		return Outcome{}, fmt.Errorf("read the aliases: %w", err)
	}
	if err := w.carryOut(); err != nil || r.DryRun {
		return w.outcome, err
	}
	w.outcome.Change = w.out.Trace.Number
	return w.outcome, l.Rewrite(&w.out)
}

// traceOf is the change as which everybody sees what is done.
func traceOf(r *Request, last *change.Recorded) change.Recorded {
	at := r.Note.At
	if at.Before(last.Note.At) {
		at = last.Note.At
	}
	note := change.Note{By: r.Note.By, Why: traces[r.Action], At: at.UTC().Truncate(time.Microsecond)}
	return change.Recorded{Number: last.Number + 1, Note: note}
}

func (w *withdrawal) carryOut() error {
	r := w.request
	switch {
	case (r.ID == "") == (r.Number == 0):
		return fault.New(fault.Invalid, "name either the person, by id, or the hiding, by number")
	case r.Action == Show:
		return w.show()
	case r.ID == "":
		return w.eraseHidden()
	default:
		return w.take()
	}
}
