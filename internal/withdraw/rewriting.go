package withdraw

import (
	"slices"

	"nicgraph/internal/change"
)

// Made is how the list of what a change created differs.
type Made struct{ Come, Gone []string }

// Correct is the list, in ascending order.
func (m Made) Correct(ids []string) []string {
	ids = slices.DeleteFunc(slices.Concat(ids, m.Come), func(id string) bool { return slices.Contains(m.Gone, id) })
	slices.Sort(ids)
	return ids
}

// Created tells, by their numbers, of which changes the lists of what they created differ.
func (r *Rewriting) Created() map[int]Made {
	all := map[int]Made{}
	for _, l := range r.Lives {
		before, after := l.Before.Done(), l.After.Done()
		for number, did := range before {
			if made := all[number]; did.Created > after[number].Created {
				made.Gone = append(made.Gone, l.Before.ID)
				all[number] = made
			}
		}
		for number, did := range after {
			if made := all[number]; did.Created > before[number].Created {
				made.Come = append(made.Come, l.After.ID)
				all[number] = made
			}
		}
	}
	return all
}

// Presence is a node as it is to be now; Was is nil when it comes.
type Presence struct{ Now, Was *change.Node }

// Present lists the nodes that are to be there otherwise than they are.
func (r *Rewriting) Present() (all []Presence) {
	for _, l := range r.Lives {
		was, is := l.Before.Now(), l.After.Now()
		if is != nil && (was == nil || !is.Equal(was) || is.Version() != was.Version()) {
			all = append(all, Presence{is, was})
		}
	}
	return all
}

// Absent lists the ids of the nodes that are to go.
func (r *Rewriting) Absent() (ids []string) {
	for _, l := range r.Lives {
		if l.Before.Now() != nil && l.After.Now() == nil {
			ids = append(ids, l.Before.ID)
		}
	}
	return ids
}
