package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"go.etcd.io/bbolt"

	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
)

var (
	proposalsBucket    = []byte("proposals")    // number → proposal.Proposal as JSON
	proposalKeysBucket = []byte("proposalkeys") // subject, 0, key → number

	// highestKey stands for the highest number of a proposal that was taken away: nobody gets it again.
	highestKey = []byte{0}

	proposalBuckets = [][]byte{proposalsBucket, proposalKeysBucket}
)

var _ proposal.Keeper = (*Store)(nil)

// proposals are the proposals on a shelf.
type proposals struct{ shelf }

// AddProposal keeps a proposal under the next number.
func (s *Store) AddProposal(_ context.Context, p proposal.Proposal) (kept proposal.Proposal, err error) {
	err = s.updateShelf(func(shelf shelf) error { kept, err = proposals{shelf}.add(p); return err })
	return kept, err
}

func (s proposals) add(p proposal.Proposal) (proposal.Proposal, error) {
	last := 0
	err := s.each(math.MaxInt, func(p *proposal.Proposal) bool { last = p.Number; return false })
	if err != nil {
		return p, err
	}
	if raw, err := s.get(proposalKeysBucket, highestKey); err != nil {
		return p, err
	} else if raw != nil {
		last = max(last, numberOf(raw))
	}
	p.Number = last + 1
	if p.Key == "" {
		return p, s.set(&p)
	}
	raw, err := s.get(proposalKeysBucket, keyOf(&p))
	switch {
	case err != nil:
		return p, err
	case raw != nil:
		return s.find(numberOf(raw))
	}
	return p, s.keep(&p)
}

func keyOf(p *proposal.Proposal) []byte { return []byte(p.Subject + "\x00" + p.Key) }

// keep puts a proposal there that is not there.
func (s proposals) keep(p *proposal.Proposal) error {
	if p.Key != "" {
		if err := s.put(proposalKeysBucket, keyOf(p), numberKey(p.Number)); err != nil {
			return err
		}
	}
	return s.set(p)
}

// drop takes a proposal away. Its number is given to no other one.
func (s proposals) drop(p *proposal.Proposal) error {
	raw, err := s.get(proposalKeysBucket, highestKey)
	if err != nil {
		return err
	}
	if raw == nil || numberOf(raw) < p.Number {
		if err := s.put(proposalKeysBucket, highestKey, numberKey(p.Number)); err != nil {
			return err
		}
	}
	if p.Key != "" {
		if err := s.delete(proposalKeysBucket, keyOf(p)); err != nil {
			return err
		}
	}
	return s.delete(proposalsBucket, numberKey(p.Number))
}

func (s proposals) set(p *proposal.Proposal) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write proposal %d: %w", p.Number, err)
	}
	return s.put(proposalsBucket, numberKey(p.Number), raw)
}

func (s proposals) find(number int) (p proposal.Proposal, err error) {
	raw, err := s.get(proposalsBucket, numberKey(number))
	if err != nil {
		return p, err
	}
	if raw == nil {
		return p, proposal.NoProposal(number)
	}
	return readProposal(raw)
}

func readProposal(raw []byte) (p proposal.Proposal, err error) {
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, fmt.Errorf("read a proposal: %w", err)
	}
	return p, nil
}

// each visits the proposals from a number down, until visit says false.
func (s proposals) each(from int, visit func(*proposal.Proposal) bool) error {
	return s.scan(proposalsBucket, numberKey(from), true, func(_, raw []byte) (bool, error) {
		p, err := readProposal(raw)
		return err == nil && visit(&p), err
	})
}

// ChangeProposal changes what is kept of a proposal.
func (s *Store) ChangeProposal(_ context.Context, number int, change func(*proposal.Proposal) error) (p proposal.Proposal, err error) {
	err = s.updateShelf(func(shelf shelf) error {
		if p, err = (proposals{shelf}).find(number); err != nil {
			return err
		}
		if err := change(&p); err != nil {
			return err
		}
		return proposals{shelf}.set(&p)
	})
	return p, err
}

// Proposals lists the proposals that are asked for, the newest first.
func (s *Store) Proposals(_ context.Context, ask proposal.Ask) (all []proposal.Proposal, err error) {
	if ask.First < 1 {
		return nil, nil
	}
	from := math.MaxInt
	if ask.Number > 0 {
		from = ask.Number
	} else if ask.Before > 0 {
		from = ask.Before - 1
	}
	err = s.readJournal(func(j journal) error {
		return proposals(j).each(from, func(p *proposal.Proposal) bool {
			if ask.Meets(p) {
				all = append(all, *p)
			}
			return len(all) < ask.First && p.Number > ask.Number
		})
	})
	return all, err
}

// updateShelf writes beside the graph; when it returns without an error, what was written is
// safe.
func (s *Store) updateShelf(work func(shelf) error) error {
	if s.disk == nil {
		s.memory.mu.Lock()
		defer s.memory.mu.Unlock()
		return work(s.memory.shelf)
	}
	err := s.disk.db.Update(func(tx *bbolt.Tx) error { return work(fileShelf{tx}) })
	switch {
	case errors.Is(err, errDamaged):
		return damaged(s.disk.dir, err)
	case err == nil || fault.KindOf(err) != fault.Internal:
		return err
	default:
		return s.disk.notWritten(err)
	}
}
