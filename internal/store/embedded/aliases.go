package embedded

import (
	"context"
	"fmt"
	"maps"

	"nicgraph/internal/change"
)

// The buckets of aliases: those that stand, and what each change did to them.
var (
	aliasesBucket = []byte("aliases") // id → the number of the change that made it, the id for which it stands
	aliasedBucket = []byte("aliased") // number, id → the same, of an alias that the change made or ended
)

// Aliases are the ids that stand for others.
func (s *Store) Aliases(ctx context.Context) (change.Aliases, error) {
	return s.snapshot(ctx).aliases, nil
}

// Aliased lists the aliases that a change made, and those that ended by it.
func (s *Store) Aliased(_ context.Context, number int) (all []change.Alias, err error) {
	if number > s.current.Load().last.Number {
		return nil, nil
	}
	err = s.readJournal(func(j journal) error {
		return j.aliasedFrom(number, func(by int, a change.Alias) (bool, error) {
			if by == number {
				all = append(all, a)
			}
			return by == number, nil
		})
	})
	return all, err
}

// standing is the alias that an id is, false when it is none.
func (s *snapshot) standing(id string) (change.Alias, bool) {
	a, ok := s.aliases[id]
	return a, ok
}

// nodeOf is the node for which an alias stands, false when there is none.
func (e *edit) nodeOf(id string) (node string, ok bool) {
	if _, stands := e.standing(id); !stands {
		return "", false
	}
	node = e.aliases.Node(id)
	_, ok = e.find(node)
	return node, ok
}

func aliasValue(a change.Alias) []byte { return append(numberKey(a.Since), a.Into...) }

func readAlias(id string, raw []byte) (change.Alias, error) {
	if len(raw) < 8 {
		return change.Alias{}, fmt.Errorf("the alias %q: %w", id, errDamaged)
	}
	return change.Alias{ID: id, Into: string(raw[8:]), Since: numberOf(raw)}, nil
}

// addAliases writes what a change did to aliases.
func (j journal) addAliases(r *record) error {
	for _, a := range r.aliased {
		if err := j.put(aliasedBucket, entryKey(r.Number, a.ID), aliasValue(a)); err != nil {
			return err
		}
		if a.Until > 0 {
			if err := j.delete(aliasesBucket, []byte(a.ID)); err != nil {
				return err
			}
			continue
		}
		if err := j.put(aliasesBucket, []byte(a.ID), aliasValue(a)); err != nil {
			return err
		}
	}
	return nil
}

// aliases reads those that stand.
func (j journal) aliases() (change.Aliases, error) {
	all := change.Aliases{}
	err := j.scan(aliasesBucket, nil, false, func(key, raw []byte) (more bool, err error) {
		all[string(key)], err = readAlias(string(key), raw)
		return true, err
	})
	return all, err
}

// aliasedFrom visits what changes did to aliases, from a change on: by number, then by id.
func (j journal) aliasedFrom(number int, visit func(number int, a change.Alias) (bool, error)) error {
	return j.scan(aliasedBucket, numberKey(number), false, func(key, raw []byte) (bool, error) {
		a, err := readAlias(string(key[8:]), raw)
		if err != nil {
			return false, err
		}
		by := numberOf(key)
		if a.Since < by {
			a.Until = by
		}
		return visit(by, a)
	})
}

// firstAliased is the first thing that the changes after one did to each alias.
func (j journal) firstAliased(number int) (first []change.Alias, err error) {
	known := map[string]bool{}
	err = j.aliasedFrom(number+1, func(_ int, a change.Alias) (bool, error) {
		if !known[a.ID] {
			known[a.ID] = true
			first = append(first, a)
		}
		return true, nil
	})
	return first, err
}

// inspectAliases compares the aliases that are written with those in memory.
func (j journal) inspectAliases(now *snapshot, tell func(fault string)) error {
	written, err := j.aliases()
	if err != nil {
		return err
	}
	if !maps.Equal(written, now.aliases) {
		tell(fmt.Sprintf("%d aliases are written, and they are not the %d that are known", len(written), len(now.aliases)))
	}
	var made change.Aliases
	err = j.aliasedFrom(0, func(_ int, a change.Alias) (bool, error) {
		made = made.After([]change.Alias{a})
		return true, nil
	})
	if err == nil && !maps.Equal(made, written) {
		tell("the history leads to other aliases than there are")
	}
	return err
}
