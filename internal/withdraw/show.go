package withdraw

import (
	"fmt"
	"maps"
	"slices"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/proposal"
	"nicgraph/internal/search"
	"nicgraph/internal/value"
)

// find is the record of a hiding.
func (w *withdrawal) find() (*Hidden, error) {
	i := slices.IndexFunc(w.hidden, func(h Hidden) bool { return h.Number == w.request.Number })
	if i < 0 {
		return nil, fault.In(fault.NotFound, []any{"number"}, "nobody is hidden under the number %d", w.request.Number)
	}
	h := w.hidden[i]
	w.hidden = slices.Delete(slices.Clone(w.hidden), i, i+1)
	w.out.Forget = append(w.out.Forget, h.Number)
	w.tell(&h)
	return &h, nil
}

// show puts a hidden person back.
func (w *withdrawal) show() error {
	h, err := w.find()
	if err != nil {
		return err
	}
	wanted, err := w.wanted(h)
	if err != nil {
		return err
	}
	w.follow(h, wanted)
	w.hush(h, wanted)
	if err := w.settle(wanted); err != nil {
		return err
	}
	if err := w.lacking(wanted); err != nil {
		return err
	}
	w.rewrite()
	if err := w.returnWords(h); err != nil {
		return err
	}
	if err := w.returnProposals(h); err != nil {
		return err
	}
	if err := w.returnAliases(h); err != nil {
		return err
	}
	w.out.Keep = w.hidden // those that have taken words over
	return nil
}

// wanted are the lives as they should be again, unless their ids are used by others now.
func (w *withdrawal) wanted(h *Hidden) (map[string]Life, error) {
	var ids, used []string
	for _, l := range h.Lives {
		ids = append(ids, l.Before.ID)
	}
	if err := w.load(ids); err != nil {
		return nil, err
	}
	for _, id := range h.Gone {
		if len(w.original[id].States) > 0 {
			used = append(used, id)
		}
	}
	if used != nil {
		return nil, fault.In(fault.Conflict, []any{"number"}, "this person cannot be shown again, for these ids were given to others meanwhile: %s", listed(used))
	}
	wanted := make(map[string]Life, len(h.Lives))
	for _, l := range h.Lives {
		if _, there := w.original[l.Before.ID]; !there {
			w.original[l.Before.ID] = Life{ID: l.Before.ID}
		}
		wanted[l.Before.ID] = back(l, w.original[l.Before.ID])
	}
	return wanted, nil
}

// back is a life with what was taken from it, given what it is by now.
func back(l Rewritten, is Life) Life {
	if is.same(l.After) {
		return l.Before
	}
	again := Life{ID: is.ID}
	numbers := map[int]bool{}
	for _, s := range slices.Concat(l.Before.States, is.States) {
		numbers[s.From] = true
	}
	for _, number := range slices.Sorted(maps.Keys(numbers)) {
		before, after, n := l.Before.at(number), l.After.at(number), is.at(number)
		switch {
		case n == nil && after == nil:
			again.add(number, before)
		case n == nil || after == nil || before == nil || n.Type != before.Type:
			again.add(number, n)
		case n.Equal(after):
			again.add(number, before)
		default:
			again.add(number, regained(n, before, after))
		}
	}
	return again
}

// regained is a state with the links and the names that another one has lost. What leads elsewhere by now
// stays so.
func regained(n, before, after *change.Node) *change.Node {
	again := *n
	again.Links, again.Values = slices.Clone(n.Links), slices.Clone(n.Values)
	for i, l := range n.Type.Out {
		if l.Many || slices.Equal(n.Links[i], after.Links[i]) {
			again.Links[i] = rejoined(n.Links[i], before.Links[i], after.Links[i])
		}
	}
	for _, p := range search.Properties(n.Type) {
		if p.Kind == value.Strings {
			again.Values[p.Index] = value.OfStrings(rejoined(n.Values[p.Index].Strs(), before.Values[p.Index].Strs(), after.Values[p.Index].Strs()))
		}
	}
	return &again
}

// rejoined is a list with what another one has lost, behind its others.
func rejoined(is, before, after []string) []string {
	if slices.Equal(is, after) {
		return before
	}
	lost := slices.DeleteFunc(slices.Clone(before), func(s string) bool { return slices.Contains(after, s) || slices.Contains(is, s) })
	return slices.Concat(is, lost)
}

// settle takes the links to what is not there any more out of what comes back.
func (w *withdrawal) settle(wanted map[string]Life) error {
	var targets []string
	for _, l := range wanted {
		for _, s := range l.States {
			if s.Node != nil {
				targets = append(targets, slices.Concat(s.Node.Links...)...)
			}
		}
	}
	slices.Sort(targets)
	targets = slices.Compact(targets)
	if err := w.load(targets); err != nil {
		return err
	}
	for _, id := range targets {
		w.cut.left[id] = w.original[id]
	}
	maps.Copy(w.cut.left, wanted)
	w.cut.all(wanted)
	return nil
}

// all cuts lives that may lead to each other, until none gets shorter.
func (c *cut) all(lives map[string]Life) {
	for shorter := true; shorter; {
		shorter = false
		for id, l := range lives {
			left := c.life(l)
			shorter = shorter || !left.same(c.left[id])
			c.left[id] = left
		}
	}
}

// lacking tells what cannot come back because of what is not there, or is hidden itself.
func (w *withdrawal) lacking(wanted map[string]Life) error {
	var missing []string
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		now := wanted[id].Now()
		if now == nil {
			continue
		}
		for _, h := range w.hidden {
			if i := slices.IndexFunc(slices.Concat(now.Links...), func(id string) bool { return slices.Contains(h.Gone, id) }); i >= 0 {
				return fault.In(fault.Conflict, []any{"number"}, "this person cannot be shown before the one of hiding %d: %s %s leads to both", h.Number, now.Type.Name, id)
			}
		}
		if w.cut.left[id].Now() == nil {
			missing = append(missing, now.Type.Name+" "+id)
		}
	}
	if missing == nil {
		return nil
	}
	return fault.In(fault.Conflict, []any{"number"}, "this person cannot be shown again, for what these must lead to is gone: %s", listed(missing))
}

// returnWords corrects what changes say of themselves, and gives them their reasons and keys
// back.
func (w *withdrawal) returnWords(h *Hidden) error {
	changes, err := w.ledger.Changes()
	if err != nil {
		return fmt.Errorf("read the changes: %w", err)
	}
	keys, lost := map[string]bool{}, map[int]lostWords{}
	for i := range changes {
		keys[changes[i].Note.Key] = true
	}
	for _, words := range h.Changes {
		lost[words.Number] = words
	}
	differ := differences(w.out.Lives)
	for i := range changes {
		r := &changes[i]
		is := corrected(r, differ[r.Number])
		words := w.others(lost[r.Number])
		is.Summary.Unchanged += words.Unchanged
		if is.Note.Why == "" {
			is.Note.Why = words.Why
		}
		if is.Note.Key == "" && !keys[words.Key] {
			is.Note.Key = words.Key
		}
		if is != *r {
			w.out.Changes = append(w.out.Changes, is)
		}
	}
	return nil
}

// others leaves words that tell of others who are hidden with those.
func (w *withdrawal) others(words lostWords) lostWords {
	for i := range w.hidden {
		h := &w.hidden[i]
		if of := h.traces(); of.In(words.Why) || of.In(words.Key) {
			h.Changes = append(slices.Clone(h.Changes), lostWords{Number: words.Number, Why: words.Why, Key: words.Key})
			words.Why, words.Key = "", ""
		}
	}
	return words
}

// returnProposals puts proposals back, those that tell of others who are hidden with these.
func (w *withdrawal) returnProposals(h *Hidden) error {
	there, err := w.ledger.Proposals()
	if err != nil {
		return fmt.Errorf("read the proposals: %w", err)
	}
	for _, p := range h.Proposals {
		if i := slices.IndexFunc(w.hidden, func(o Hidden) bool { return o.traces().InProposal(&p) }); i >= 0 {
			w.hidden[i].Proposals = append(slices.Clone(w.hidden[i].Proposals), p)
			continue
		}
		if slices.ContainsFunc(there, func(o proposal.Proposal) bool { return o.Subject == p.Subject && o.Key == p.Key }) {
			p.Key = "" // it was used again meanwhile
		}
		w.out.Add = append(w.out.Add, p)
	}
	return nil
}

// eraseHidden forgets what is hidden.
func (w *withdrawal) eraseHidden() error {
	if w.request.Action != Erase {
		return fault.In(fault.Invalid, []any{"id"}, "a person is hidden by id")
	}
	h, err := w.find()
	if err != nil {
		return err
	}
	w.out.Erased = true
	all := w.ever(h)
	w.person = w.outcome.Traces.IDs
	if err := w.part(all); err != nil {
		return err
	}
	w.rewrite()
	if _, err := w.headers(&w.outcome.Traces); err != nil {
		return err
	}
	if _, err := w.proposals(&w.outcome.Traces); err != nil {
		return err
	}
	return w.scrub(h, all)
}

// scrub takes what is erased, and the names that came along with it, out of what is hidden of others.
func (w *withdrawal) scrub(erased *Hidden, all []Aliased) error {
	traces := &w.outcome.Traces
	names := &Traces{IDs: traces.IDs, Names: slices.Clone(traces.Names)}
	if err := w.learnMerged(names, all); err != nil {
		return err
	}
	parted := names.parted(all)
	for _, h := range w.hidden {
		w.out.Keep = append(w.out.Keep, h.without(erased.Gone, traces, names, parted))
	}
	return nil
}

func (h *Hidden) without(gone []string, traces, names *Traces, parted []Aliased) Hidden {
	c, before := cut{left: map[string]Life{}}, map[string]Life{}
	for _, id := range gone {
		c.left[id] = Life{ID: id}
	}
	lives := slices.DeleteFunc(slices.Clone(h.Lives), func(l Rewritten) bool { return slices.Contains(gone, l.Before.ID) })
	for i := range lives {
		lives[i] = lives[i].unnamed(names, parted)
	}
	for _, l := range lives {
		before[l.Before.ID], c.left[l.Before.ID] = l.Before, l.Before
	}
	c.all(before)
	left := *h
	left.Lives, left.Changes = nil, nil
	for _, l := range lives {
		r := Rewritten{c.left[l.Before.ID], c.life(l.After)}
		if !r.Before.same(r.After) {
			left.Lives = append(left.Lives, r)
		}
	}
	left.count()
	for _, words := range h.Changes {
		if !traces.In(words.Why) && !traces.In(words.Key) {
			left.Changes = append(left.Changes, words)
		}
	}
	left.Proposals = slices.DeleteFunc(slices.Clone(h.Proposals), func(p proposal.Proposal) bool { return traces.InProposal(&p) })
	left.Aliased = slices.DeleteFunc(slices.Clone(h.Aliased), func(a Aliased) bool { return a.leads(traces.gone) })
	if traces.In(h.Why) {
		left.Why = ""
	}
	return left
}
