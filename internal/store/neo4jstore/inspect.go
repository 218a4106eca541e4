package neo4jstore

import (
	"context"
	"fmt"
	"math"
	"strings"

	"nicgraph/internal/cypher"
)

// Inspect compares the lists of the ends of links with what the links lead to, and the nodes of aliases
// with those to which their steps lead, and reads what is hidden.
func (s *Store) Inspect(ctx context.Context, tell func(fault string)) error {
	if err := s.inspectAliases(ctx, tell); err != nil {
		return err
	}
	if _, err := s.Hidden(ctx, 0, math.MaxInt); err != nil {
		tell(fmt.Sprintf("what is hidden cannot be read: %v", err))
	}
	for _, t := range s.cat.Types {
		for _, l := range t.Out {
			if !l.Many {
				continue
			}
			answer, err := s.read(ctx, cypher.Unequal(t, l))
			if err != nil {
				return err
			}
			ids, err := texts(answer)
			if err != nil {
				return err
			}
			if len(ids) > 0 {
				tell(fmt.Sprintf("the list of %s of %s %s is not what the links lead to", l.Name, t.Name, strings.Join(ids, ", ")))
			}
		}
	}
	return nil
}

func (s *Store) inspectAliases(ctx context.Context, tell func(fault string)) error {
	answer, err := s.read(ctx, cypher.MisledAliases)
	if err != nil {
		return err
	}
	ids, err := texts(answer)
	if err == nil && len(ids) > 0 {
		tell(fmt.Sprintf("the aliases %s do not lead to what they stand for", strings.Join(ids, ", ")))
	}
	return err
}
