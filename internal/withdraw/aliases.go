package withdraw

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nicgraph/internal/change"
)

// Aliased is what a change did to an alias: it made it, or ended one that is since an earlier change.
type Aliased struct {
	Change int    `json:"change"`
	ID     string `json:"id"`
	Into   string `json:"into"`
	Since  int    `json:"since"`
}

// Alias is the alias as the change tells of it.
func (a Aliased) Alias() change.Alias {
	alias := change.Alias{ID: a.ID, Into: a.Into, Since: a.Since}
	if a.Since < a.Change {
		alias.Until = a.Change
	}
	return alias
}

func (a Aliased) leads(ids map[string]bool) bool { return ids[a.ID] || ids[a.Into] }

// standing are the aliases behind all that changes did to them.
func standing(all []Aliased) change.Aliases {
	slices.SortFunc(all, byChange)
	done := make([]change.Alias, len(all))
	for i, a := range all {
		done[i] = a.Alias()
	}
	return change.Aliases{}.After(done)
}

func byChange(a, b Aliased) int {
	return cmp.Or(cmp.Compare(a.Change, b.Change), strings.Compare(a.ID, b.ID))
}

// called is the person whom an id names, and all ids that stand for that one.
func (w *withdrawal) called(id string) (person string, also []string) {
	stand := standing(w.aliased)
	person = stand.Node(id)
	for alias := range stand {
		if stand.Node(alias) == person {
			also = append(also, alias)
		}
	}
	slices.Sort(also)
	return person, also
}

// part takes the names of whom is taken out from those who were merged with that one and parted again, as
// long as they were one. When that one is erased, so do the names that came along: nothing is to tell any
// more by which way they came.
func (w *withdrawal) part(all []Aliased) error {
	names := &Traces{IDs: w.person}
	for _, id := range w.person {
		names.learn(w.original[id])
	}
	if w.request.Action == Erase {
		if err := w.learnMerged(names, all); err != nil {
			return err
		}
	}
	for _, a := range names.parted(all) {
		if err := w.load([]string{a.Into}); err != nil {
			return err
		}
		life, known := w.cut.left[a.Into]
		if !known {
			life = w.original[a.Into]
		}
		w.cut.left[a.Into] = life.unnamed(names, a.Since, a.Change)
	}
	return nil
}

// learnMerged adds the names of all who ever were merged into a person, or into one of those.
func (w *withdrawal) learnMerged(names *Traces, all []Aliased) error {
	one := slices.Clone(names.IDs)
	for _, a := range slices.Backward(all) { // who was merged first is part of who was merged later
		if slices.Contains(one, a.Into) && !slices.Contains(one, a.ID) {
			one = append(one, a.ID)
		}
	}
	lives, err := w.ledger.Lives(one)
	if err != nil {
		return fmt.Errorf("read who was merged: %w", err)
	}
	for _, id := range one {
		names.learn(lives[id])
	}
	for i := range w.hidden {
		for _, l := range w.hidden[i].Lives {
			if slices.Contains(one, l.Before.ID) && slices.Contains(w.hidden[i].Gone, l.Before.ID) {
				names.learn(l.Before)
			}
		}
	}
	return nil
}

// parted are the times in which a person was merged into somebody, or into one with whom that one was merged
// then, until they were parted again.
func (t *Traces) parted(all []Aliased) (times []Aliased) {
	one := map[string]bool{}
	for _, id := range t.IDs {
		one[id] = true
	}
	for _, a := range slices.Backward(all) { // who was merged last was parted first
		if a.Since < a.Change && one[a.ID] && !slices.Contains(t.IDs, a.Into) {
			one[a.Into] = true
			times = append(times, a)
		}
	}
	return times
}

// ever is all that changes did to aliases, with what is kept of that with those who are hidden, and with some
// more.
func (w *withdrawal) ever(more ...*Hidden) []Aliased {
	all := slices.Clone(w.aliased)
	for i := range w.hidden {
		all = append(all, w.hidden[i].Aliased...)
	}
	for _, h := range more {
		all = append(all, h.Aliased...)
	}
	slices.SortFunc(all, byChange)
	return slices.Compact(all)
}

// hush takes the names of others who are hidden out of what comes back, as part would have done, and keeps
// with those what it takes.
func (w *withdrawal) hush(h *Hidden, wanted map[string]Life) {
	all := w.ever(h)
	for i := range w.hidden {
		other := &w.hidden[i]
		names, taken := other.traces(), map[string]Life{}
		for _, a := range names.parted(all) {
			if life, comes := wanted[a.Into]; comes {
				if _, known := taken[a.Into]; !known {
					taken[a.Into] = life
				}
				wanted[a.Into] = life.unnamed(names, a.Since, a.Change)
			}
		}
		other.Lives = slices.Clone(other.Lives)
		for _, id := range slices.Sorted(maps.Keys(taken)) {
			if r := (Rewritten{taken[id], wanted[id]}); !r.Before.same(r.After) {
				other.Lives = append(other.Lives, r)
			}
		}
	}
}

// unnamed is a life without some names in the lists of names that it had from one change on until another.
func (l Life) unnamed(names *Traces, from, until int) Life {
	left := Life{ID: l.ID}
	for _, s := range l.States {
		if s.Node != nil && from <= s.From && s.From < until {
			s.Node = names.outOf(s.Node)
		}
		left.add(s.From, s.Node)
	}
	return left
}

// unnamed is the same without the names of somebody who was part of it for some times.
func (r Rewritten) unnamed(names *Traces, times []Aliased) Rewritten {
	for _, a := range times {
		if a.Into == r.Before.ID {
			r.Before, r.After = r.Before.unnamed(names, a.Since, a.Change), r.After.unnamed(names, a.Since, a.Change)
		}
	}
	return r
}

// unalias takes away what was done to aliases of what goes, and tells it.
func (w *withdrawal) unalias(gone *Traces) []Aliased {
	w.out.Unalias = slices.DeleteFunc(slices.Clone(w.aliased), func(a Aliased) bool { return !a.leads(gone.gone) })
	left := slices.DeleteFunc(slices.Clone(w.aliased), func(a Aliased) bool { return a.leads(gone.gone) })
	w.out.Aliases = standing(left)
	return w.out.Unalias
}

// follow leads what comes back to those of which others became part meanwhile, from the changes on that
// merged them, as these would have done.
func (w *withdrawal) follow(h *Hidden, wanted map[string]Life) {
	meanwhile := map[int][]change.Alias{}
	for _, a := range w.aliased {
		if a.Change > h.Number {
			meanwhile[a.Change] = append(meanwhile[a.Change], a.Alias())
		}
	}
	there := map[string]*change.Node{}
	for _, id := range h.Gone {
		if n := wanted[id].Now(); n != nil {
			there[id] = n
		}
	}
	stand := change.Aliases{}
	for _, number := range slices.Sorted(maps.Keys(meanwhile)) {
		stand = stand.After(meanwhile[number])
		for id, was := range there {
			life := wanted[id]
			life.add(number, led(was, stand))
			wanted[id] = life
		}
	}
}

// led is a state whose links lead to those for which ids stand, to each once.
func led(n *change.Node, stand change.Aliases) *change.Node {
	is := *n
	is.Links = make([][]string, len(n.Links))
	for i, ids := range n.Links {
		for _, id := range ids {
			if id = stand.Node(id); !slices.Contains(is.Links[i], id) {
				is.Links[i] = append(is.Links[i], id)
			}
		}
	}
	return &is
}

// returnAliases puts back what was done to aliases, but for those whose ids lead elsewhere now. Those of others
// who are hidden wait for them; of what is gone for good there are none.
func (w *withdrawal) returnAliases(h *Hidden) error {
	var ids []string
	for _, a := range h.Aliased {
		ids = append(ids, a.ID, a.Into)
	}
	if err := w.load(slices.Compact(slices.Sorted(slices.Values(ids)))); err != nil {
		return err
	}
	now, then := standing(w.aliased), standing(slices.Clone(h.Aliased))
	for _, a := range h.Aliased {
		if i := slices.IndexFunc(w.hidden, func(o Hidden) bool { return slices.Contains(o.Gone, a.ID) || slices.Contains(o.Gone, a.Into) }); i >= 0 {
			w.hidden[i].Aliased = append(slices.Clone(w.hidden[i].Aliased), a)
			continue
		}
		_, stood := then[a.ID]
		_, leads := now[a.ID]
		if w.lived(a.ID) && w.lived(a.Into) && (!stood || !leads && w.original[a.ID].Now() == nil) {
			w.out.Alias = append(w.out.Alias, a)
		}
	}
	w.out.Aliases = standing(slices.Concat(w.aliased, w.out.Alias))
	return nil
}

// lived tells whether there is, or was, something by an id.
func (w *withdrawal) lived(id string) bool {
	life, known := w.cut.left[id]
	if !known {
		life = w.original[id]
	}
	return len(life.States) > 0
}
