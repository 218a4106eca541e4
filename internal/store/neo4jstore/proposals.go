package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"

	"nicgraph/internal/cypher"
	"nicgraph/internal/proposal"
)

var _ proposal.Keeper = (*Store)(nil)

// AddProposal keeps a proposal under the next number.
func (s *Store) AddProposal(ctx context.Context, p proposal.Proposal) (kept proposal.Proposal, err error) {
	err = s.transact(ctx, func(t *transaction) error {
		if _, err := t.run(cypher.Lock); err != nil { // two must not take one number
			return err
		}
		known, err := t.keyedProposal(&p)
		if known != nil || err != nil {
			if known != nil {
				kept = *known
			}
			return err
		}
		last, err := t.run(cypher.LastProposal)
		if err != nil {
			return err
		}
		number, _ := last.(int64)
		kept = p
		kept.Number = int(number) + 1
		text, err := json.Marshal(kept)
		if err != nil {
			return fmt.Errorf("write proposal %d: %w", kept.Number, err)
		}
		_, err = t.run(cypher.AddProposal(&kept, string(text)))
		return err
	})
	return kept, err
}

// keyedProposal finds the proposal with the same proposer and key, nil when there is none.
func (t *transaction) keyedProposal(p *proposal.Proposal) (*proposal.Proposal, error) {
	if p.Key == "" {
		return nil, nil
	}
	answer, err := t.run(cypher.KeyedProposal(p.Subject, p.Key))
	if err != nil || answer == nil {
		return nil, err
	}
	known, err := readProposal(answer)
	return &known, err
}

func readProposal(answer any) (p proposal.Proposal, err error) {
	text, err := as[string](answer)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("read a proposal: %w", err)
	}
	return p, nil
}

// ChangeProposal changes what is kept of a proposal.
func (s *Store) ChangeProposal(ctx context.Context, number int, change func(*proposal.Proposal) error) (p proposal.Proposal, err error) {
	err = s.transact(ctx, func(t *transaction) error {
		answer, err := t.run(cypher.LockProposal(number))
		if err != nil {
			return err
		}
		if answer == nil {
			return proposal.NoProposal(number)
		}
		if p, err = readProposal(answer); err != nil {
			return err
		}
		if err := change(&p); err != nil {
			return err
		}
		text, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("write proposal %d: %w", number, err)
		}
		_, err = t.run(cypher.SetProposal(&p, string(text)))
		return err
	})
	return p, err
}

// Proposals lists the proposals that are asked for, the newest first.
func (s *Store) Proposals(ctx context.Context, ask proposal.Ask) ([]proposal.Proposal, error) {
	if ask.First < 1 {
		return nil, nil
	}
	return listOf(readProposal)(s.read(ctx, cypher.Proposals(&ask)))
}
