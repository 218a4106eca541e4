package neo4jstore

import (
	"context"
	"fmt"
	"slices"

	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
)

// Aliases are the ids that stand for others.
func (s *Store) Aliases(ctx context.Context) (change.Aliases, error) { return aliases(ctx, s) }

// Aliases are the ids that would stand for others.
func (p *preview) Aliases(ctx context.Context) (change.Aliases, error) { return aliases(ctx, p) }

func aliases(ctx context.Context, from reader) (change.Aliases, error) {
	found, err := readAliases(from.read(ctx, cypher.Aliases))
	return change.Aliases(nil).After(found), err
}

// Aliased lists the aliases that a change made, and those that ended by it.
func (s *Store) Aliased(ctx context.Context, number int) ([]change.Alias, error) {
	all, err := readAliases(s.read(ctx, cypher.AliasedBy(number)))
	for i := range all {
		if all[i].Since < number {
			all[i].Until = number
		}
	}
	return all, err
}

// aliasesAt are the aliases as a change left them.
func (s *Store) aliasesAt(ctx context.Context, number int) (change.Aliases, error) {
	now, err := s.Aliases(ctx) // before the history: what is done meanwhile is undone with the rest
	if err != nil {
		return nil, err
	}
	first, err := readAliases(s.read(ctx, cypher.AliasedAfter(number)))
	return now.Before(number, first), err
}

// readAliases reads rows of an id, the one into which it was merged, and the change that did it.
func readAliases(answer any, err error) ([]change.Alias, error) {
	return listOf(readAlias)(answer, err)
}

func readAlias(row []any) (change.Alias, error) {
	id, isText := row[0].(string)
	into, isAlsoText := row[1].(string)
	since, isNumber := row[2].(int64)
	if !isText || !isAlsoText || !isNumber {
		return change.Alias{}, fmt.Errorf("an alias is written as %v", row)
	}
	return change.Alias{ID: id, Into: into, Since: int(since)}, nil
}

// standing is an alias with the node for which it stands.
type standing struct {
	change.Alias
	node  string
	there bool // the node has not gone
}

// checkAliases refuses to create nodes with ids that stand for others, and keeps in mind which end.
func (a *applier) checkAliases() error {
	a.standing = map[string]standing{}
	created := slices.DeleteFunc(a.upserts(), func(id string) bool { return a.types[id] != nil })
	for some := range slices.Chunk(created, readRows) {
		found, err := a.rows(cypher.AliasesOf(some))
		if err != nil {
			return err
		}
		for _, row := range found {
			alias, err := readAlias(row)
			if err != nil {
				return err
			}
			node, _ := row[3].(string)
			there, _ := row[4].(bool)
			a.standing[alias.ID] = standing{alias, node, there}
		}
	}
	return a.batch.CheckAliases(created, func(id string) (string, bool) {
		s := a.standing[id]
		return s.node, s.there
	})
}

// alias writes what the change does to aliases.
func (a *applier) alias(created []string) error {
	aliased := a.batch.Aliased(a.record.Number, created, a.typeOf, func(id string) (change.Alias, bool) {
		s, ok := a.standing[id]
		return s.Alias, ok
	})
	if len(aliased) == 0 {
		return nil
	}
	var nodes []string // those whose aliases may lead elsewhere after it
	for _, one := range aliased {
		nodes = append(nodes, one.ID)
		if s, ends := a.standing[one.ID]; ends {
			nodes = append(nodes, s.node)
		}
	}
	found, err := readAliases(a.run(cypher.AliasesTo(nodes)))
	if err != nil {
		return err
	}
	near := change.Aliases(nil).After(found).After(aliased)
	for _, st := range cypher.Alias(a.record.Number, aliased, near) {
		if _, err := a.run(st); err != nil {
			return err
		}
	}
	return nil
}
