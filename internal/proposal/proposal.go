// Package proposal is what somebody puts before a reviewer: a write that is not carried out yet,
// and what was said about it. Keeping proposals is left to the stores, carrying them out to
// package review.
package proposal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"nicgraph/internal/auth"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
)

// Proposal is a write that somebody proposes.
type Proposal struct {
	Number  int             `json:"number"`        // 1, 2, …
	Request json.RawMessage `json:"request"`       // a change.Request
	Subject string          `json:"subject"`       // of who proposes
	By      string          `json:"by"`            // the signature of who proposes
	Key     string          `json:"key,omitempty"` // the proposer's own name for it, empty when none
	Status  Status          `json:"status"`
	Change  int             `json:"change,omitempty"` // that its approval made; 0: none
	Events  []Event         `json:"events"`           // in the order of time; the first is that it was proposed
}

// Event is something that was done with a proposal.
type Event struct {
	Action Action    `json:"action"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Text   string    `json:"text,omitempty"`
}

// Status is what became of a proposal.
type Status string

// What can become of a proposal.
const (
	Open      Status = "OPEN"      // it waits for a reviewer
	Asked     Status = "ASKED"     // it waits for an answer of the proposer
	Approving Status = "APPROVING" // an approval was begun, and what came of it is not known
	Approved  Status = "APPROVED"  // it was carried out
	Rejected  Status = "REJECTED"
	Withdrawn Status = "WITHDRAWN"
)

// Decided tells whether nothing can be done any more.
func (s Status) Decided() bool { return s == Approved || s == Rejected || s == Withdrawn }

// Action is what somebody does with a proposal.
type Action string

// What can be done with a proposal.
const (
	Propose  Action = "PROPOSE"
	Question Action = "ASK"
	Answer   Action = "ANSWER"
	Approve  Action = "APPROVE"
	Reject   Action = "REJECT"
	Withdraw Action = "WITHDRAW"
)

// Keeper keeps proposals beside the graph. Its methods may be called at any time from any
// goroutine, also while another process keeps proposals in the same place.
type Keeper interface {
	// AddProposal keeps a proposal under the next number. One with a key that the same proposer
	// has used before is not kept again: the one of then is told.
	AddProposal(ctx context.Context, p Proposal) (Proposal, error)
	// ChangeProposal changes what is kept of a proposal; nobody else changes it meanwhile. When
	// change gives an error, nothing is changed. It may be called again when it could not be
	// kept. fault.NotFound: there is none.
	ChangeProposal(ctx context.Context, number int, change func(*Proposal) error) (Proposal, error)
	// Proposals lists the proposals that are asked for, the newest first.
	Proposals(ctx context.Context, ask Ask) ([]Proposal, error)
}

// Ask asks for proposals: those that meet all that is given.
type Ask struct {
	Number  int    // this one; 0: any
	Before  int    // with a smaller number; 0: any
	Subject string // of this proposer; empty: any
	Status  Status // empty: any
	First   int    // how many at most
}

// Meets tells whether a proposal is asked for.
func (a *Ask) Meets(p *Proposal) bool {
	return (a.Number == 0 || p.Number == a.Number) && (a.Before == 0 || p.Number < a.Before) &&
		(a.Subject == "" || p.Subject == a.Subject) && (a.Status == "" || p.Status == a.Status)
}

// NoProposal is the fault of a number that no proposal has.
func NoProposal(number int) error {
	return fault.New(fault.NotFound, "there is no proposal %d", number)
}

const (
	maxText   = 2000 // characters of what is said
	maxEvents = 100
)

// New makes a proposal of a request. It has no number yet.
func New(by auth.Viewer, r *change.Request, at time.Time) (p Proposal, err error) {
	p = Proposal{Subject: by.Subject, By: by.Signature(), Key: r.Key, Status: Open}
	p.say(Propose, by, r.Why, at)
	if p.Request, err = json.Marshal(r); err != nil {
		return p, fmt.Errorf("write a proposal: %w", err)
	}
	return p, nil
}

// Do does something with the proposal, or tells why that may not be: fault.Forbidden by this
// viewer, fault.Conflict as things stand, fault.Invalid with this text. An approval is begun.
func (p *Proposal) Do(action Action, by auth.Viewer, text string, at time.Time) error {
	if err := p.mayBe(action, by); err != nil {
		return err
	}
	if err := p.canBe(action); err != nil {
		return err
	}
	if err := checkText(action, text); err != nil {
		return err
	}
	if len(p.Events) >= maxEvents && (action == Question || action == Answer) {
		return fault.New(fault.Limit, "%d things were said about this proposal, and no more can be; decide on it", len(p.Events))
	}
	p.Status = map[Action]Status{Question: Asked, Answer: Open, Approve: Approving, Reject: Rejected, Withdraw: Withdrawn}[action]
	if action != Approve {
		p.say(action, by, text, at)
	}
	return nil
}

// Carried notes that an approval was carried out, whatever was done meanwhile: the change is
// there. number is that of the change, 0 when nothing differed.
func (p *Proposal) Carried(by auth.Viewer, why string, number int, at time.Time) {
	if p.Status == Approved {
		return
	}
	p.Status, p.Change = Approved, number
	p.say(Approve, by, why, at)
}

// Refused notes that an approval could not be carried out: the proposal waits again.
func (p *Proposal) Refused() {
	if p.Status == Approving {
		p.Status = Open
	}
}

func (p *Proposal) say(action Action, by auth.Viewer, text string, at time.Time) {
	p.Events = append(slices.Clone(p.Events), Event{action, by.Signature(), at.UTC().Truncate(time.Microsecond), text})
}

// mayBe tells whether somebody may do something with the proposal.
func (p *Proposal) mayBe(action Action, by auth.Viewer) error {
	own := by.Subject == p.Subject
	switch action {
	case Answer, Withdraw:
		if !own {
			return fault.New(fault.Forbidden, "proposal %d is somebody else's, and only who proposed it may %s it", p.Number, verbs[action])
		}
	case Approve:
		if own && by.Role != auth.Administrator {
			return fault.New(fault.Forbidden, "proposal %d is your own; somebody else has to approve it", p.Number)
		}
	}
	return nil
}

var verbs = map[Action]string{Question: "ask about", Answer: "answer for", Approve: "approve", Reject: "reject", Withdraw: "withdraw"}

// canBe tells whether something can be done with the proposal as it stands.
func (p *Proposal) canBe(action Action) error {
	switch {
	case p.Status.Decided():
		return fault.New(fault.Conflict, "proposal %d is %s and stays so", p.Number, words[p.Status])
	case p.Status == Approving && action != Approve:
		return fault.New(fault.Conflict, "somebody has begun to approve proposal %d, and what came of it is not known; approve it to find out", p.Number)
	case action == Answer && p.Status != Asked:
		return fault.New(fault.Conflict, "nothing was asked about proposal %d that is not answered", p.Number)
	default:
		return nil
	}
}

var words = map[Status]string{Approved: "approved", Rejected: "rejected", Withdrawn: "withdrawn"}

// texts are the arguments that hold what is said.
var texts = map[Action]string{Question: "question", Answer: "answer", Approve: "why", Reject: "why", Withdraw: "why"}

func checkText(action Action, text string) error {
	name := texts[action]
	if err := change.CheckText(text, maxText); err != nil {
		return fault.In(fault.Invalid, []any{name}, "%s %s", name, err)
	}
	if text == "" && (action == Question || action == Answer) {
		return fault.In(fault.Invalid, []any{name}, "%s is empty; say what you mean", name)
	}
	return nil
}
