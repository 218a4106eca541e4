package neo4jstore

import (
	"context"
	"fmt"
	"strings"

	"nicgraph/internal/cypher"
)

// Inspect compares the lists of the ends of links with what the links lead to.
func (s *Store) Inspect(ctx context.Context, tell func(fault string)) error {
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
