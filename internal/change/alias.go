package change

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nicgraph/internal/fault"
)

// Alias is an id that stands for another since its node was merged into that one's.
type Alias struct {
	ID, Into string
	Since    int // the number of the change that merged it
	Until    int // that of the change that gave the id to a node again; 0: it still stands
}

// Aliases are the aliases of a state of the graph, by id.
type Aliases map[string]Alias

// Node is the id for which an id stands in the end: itself, where it is no alias.
func (a Aliases) Node(id string) string {
	for one, ok := a[id]; ok; one, ok = a[id] { // each was made after the one before it
		id = one.Into
	}
	return id
}

// After are the aliases behind what a change did to some.
func (a Aliases) After(aliased []Alias) Aliases {
	if len(aliased) == 0 {
		return a
	}
	next := a.copied()
	for _, one := range aliased {
		if one.Until > 0 {
			delete(next, one.ID)
			continue
		}
		next[one.ID] = one
	}
	return next
}

// Before are the aliases as a change left them, given the first thing that later ones did to each.
func (a Aliases) Before(number int, first []Alias) Aliases {
	if len(first) == 0 {
		return a
	}
	was := a.copied()
	for _, one := range first {
		if one.Since > number {
			delete(was, one.ID)
			continue
		}
		one.Until = 0
		was[one.ID] = one
	}
	return was
}

// copied is a copy to be changed. Few changes touch an alias, so all are copied.
func (a Aliases) copied() Aliases {
	if a == nil {
		return Aliases{}
	}
	return maps.Clone(a)
}

// checkAliases tells what is wrong with what the batch says of aliases.
func (c *checker) checkAliases(aliases map[string]string) {
	for _, id := range slices.Sorted(maps.Keys(aliases)) {
		into := aliases[id]
		was, there := c.typeOf(id)
		_, written := c.places[id]
		t, _, stays := c.find(into)
		switch {
		case into == "" && !written:
			c.fault("%q is to stand for itself again and is not written", id)
		case into == "":
		case !c.deleted[id]:
			c.fault("%q is to stand for %q and is not deleted", id, into)
		case !there: // the batch was applied already
		case !stays || t != was:
			c.fault("%q is to stand for %q, which is no %s", id, into, was.Name)
		}
	}
}

// CheckAliases tells which of the nodes that the batch creates have ids that stand for others,
// unless it ends that. nodeOf tells the node for which an id stands, false when it is no alias, or that
// of a node that is gone.
func (b *Batch) CheckAliases(created []string, nodeOf func(id string) (node string, ok bool)) error {
	var faults []string
	for _, id := range created {
		into, said := b.Aliases[id]
		node, taken := nodeOf(id)
		if taken && (!said || into != "") && len(faults) < maxFaults {
			faults = append(faults, Merged(id, node))
		}
	}
	if faults == nil {
		return nil
	}
	return fault.New(fault.Conflict, "%s", strings.Join(faults, "; "))
}

// Merged says that an id is taken by an alias.
func Merged(id, node string) string {
	return fmt.Sprintf("%q was merged into %q; write to that one, or choose another id", id, node)
}

// Aliased lists what the batch does to aliases as the change with a number, by id: those that it makes,
// and those that end, since their ids are given to nodes that it creates. typeOf and standing tell
// what is there before it.
func (b *Batch) Aliased(number int, created []string, typeOf TypeOf, standing func(id string) (Alias, bool)) []Alias {
	var all []Alias
	for id, into := range b.Aliases {
		if _, there := typeOf(id); there && into != "" {
			all = append(all, Alias{ID: id, Into: into, Since: number})
		}
	}
	for _, id := range created {
		if a, ok := standing(id); ok {
			a.Until = number
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(x, y Alias) int { return strings.Compare(x.ID, y.ID) })
	return all
}
