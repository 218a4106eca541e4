package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"

	"nicgraph/internal/auth"
	"nicgraph/internal/cypher"
)

var _ auth.Keeper = (*Store)(nil)

// Tokens lists all tokens.
func (s *Store) Tokens(ctx context.Context) ([]auth.Token, error) {
	return listOf(readToken)(s.read(ctx, cypher.Tokens))
}

func readToken(answer any) (t auth.Token, err error) {
	text, err := as[string](answer)
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return t, fmt.Errorf("read a token: %w", err)
	}
	return t, nil
}

// AddToken keeps a token whose id is new.
func (s *Store) AddToken(ctx context.Context, t auth.Token) error {
	text, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write token %q: %w", t.ID, err)
	}
	return s.write(ctx, cypher.AddToken(t.ID, string(text)))
}

// ChangeToken changes what is kept of a token.
func (s *Store) ChangeToken(ctx context.Context, id string, change func(*auth.Token)) error {
	return s.transact(ctx, func(tx *transaction) error {
		answer, err := tx.run(cypher.LockToken(id))
		if err != nil {
			return err
		}
		if answer == nil {
			return auth.NoToken(id)
		}
		t, err := readToken(answer)
		if err != nil {
			return err
		}
		change(&t)
		text, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("write token %q: %w", id, err)
		}
		_, err = tx.run(cypher.SetToken(id, string(text)))
		return err
	})
}
