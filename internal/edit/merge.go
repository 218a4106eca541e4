package edit

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/stored"
	"nicgraph/internal/value"
)

// Merged is what came of joining two nodes, beside what comes of every write.
type Merged struct {
	Joined      []string             // the facts that became part of equal ones, in ascending order
	Differences []change.FieldChange // in which both had something: Before of the one that went, After of the one that stays
}

// The names of what a merge treats apart.
const (
	sourcesLink = "sources" // of a fact: what it rests on
	ownName     = "name"
	otherNames  = "aliases"
	mergeRemove = "remove" // the argument to which most faults belong
)

// readPair reads the two nodes of a merge.
func (d *draft) readPair() error {
	r := *d.request
	if err := d.lookUp([]string{r.Keep, r.Remove}); err != nil {
		return err
	}
	r.Keep, r.Remove = cmp.Or(d.stands[r.Keep], r.Keep), cmp.Or(d.stands[r.Remove], r.Remove)
	d.request = &r
	var err error
	d.old, err = d.there(d.ctx, []string{r.Keep, r.Remove})
	return err
}

// merge gathers what becomes of two nodes that are one, and of what leads to them.
func (d *draft) merge() error {
	keep, remove := d.old[d.request.Keep], d.old[d.request.Remove]
	if err := d.checkPair(keep, remove); err != nil || len(d.faults.list) > 0 {
		return err
	}
	m := &merging{draft: d, into: map[string]string{remove.ID: keep.ID}, changed: map[string]*change.Node{}}
	m.changed[keep.ID] = m.united(keep, remove)
	if err := m.spread(remove); err != nil {
		return err
	}
	m.refuse()
	m.finish(keep, remove)
	return d.circles(keep.Type)
}

// checkPair tells why two nodes cannot be merged, whatever leads to them.
func (d *draft) checkPair(keep, remove *change.Node) error {
	for _, side := range []struct {
		name, id string
		it, like *change.Node
	}{{"keep", d.request.Keep, keep, remove}, {mergeRemove, d.request.Remove, remove, keep}} {
		if side.it != nil {
			continue
		}
		types := d.catalog.All()
		if side.like != nil {
			types = catalog.SetOf(side.like.Type.ID)
		}
		if err := d.missing([]any{side.name}, side.name, side.id, types); err != nil {
			return err
		}
	}
	switch {
	case keep == nil || remove == nil:
	case keep.ID == remove.ID:
		d.faults.add(fault.Invalid, []any{mergeRemove}, "keep and remove are both %q; name two", keep.ID)
	case keep.Type != remove.Type:
		d.faults.add(fault.Invalid, []any{mergeRemove}, "%q is %s and %q is %s; only two of one type are merged", keep.ID, catalog.WithArticle(keep.Type.Name), remove.ID, catalog.WithArticle(remove.Type.Name))
	}
	return nil
}

// merging is what follows from joining two nodes.
type merging struct {
	*draft
	into    map[string]string       // by what goes: the node of which it becomes part
	changed map[string]*change.Node // what stays and changes, as it will be
}

// united is a node with what it lacks taken over from another.
func (m *merging) united(keep, remove *change.Node) *change.Node {
	n := clone(keep)
	for _, p := range n.Type.Properties[1:] {
		mine, other := n.Values[p.Index], remove.Values[p.Index]
		switch {
		case p.Managed:
		case p.Kind == value.Strings:
			n.Values[p.Index] = value.OfStrings(m.short(p.Name, union(mine.Strs(), other.Strs())))
		case mine.IsNull():
			n.Values[p.Index] = other
		}
	}
	m.nameToo(n, remove)
	if dating, ok := change.DatingOf(n.Type); ok && keep.Values[dating.Date.Index].IsNull() {
		n.Values[dating.Precision.Index] = remove.Values[dating.Precision.Index]
	}
	for _, l := range n.Type.Out {
		if l.Many || len(n.Links[l.Index]) == 0 {
			n.Links[l.Index] = m.short(l.Name, union(n.Links[l.Index], remove.Links[l.Index]))
		}
	}
	return n
}

// nameToo keeps the name of what goes among the other names of what stays. A semicolon parts these in
// tables, so none can hold one.
func (m *merging) nameToo(n, remove *change.Node) {
	name, named := n.Type.Property(ownName)
	others, listed := n.Type.Property(otherNames)
	if !named || !listed {
		return
	}
	was := strings.ReplaceAll(remove.Values[name.Index].Str, listMark, ",")
	all := union(n.Values[others.Index].Strs(), []string{was})
	all = slices.DeleteFunc(all, func(text string) bool { return text == n.Values[name.Index].Str })
	n.Values[others.Index] = value.OfStrings(m.short(others.Name, all))
}

// union is a list and what another one has beside it.
func union(list, other []string) []string {
	all := slices.Clone(list)
	for _, one := range other {
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

// short refuses a list that has become too long.
func (m *merging) short(name string, list []string) []string {
	if len(list) > maxList {
		m.faults.add(fault.Limit, []any{mergeRemove}, "%s of both together are %d and may be %d", name, len(list), maxList)
	}
	return list
}

// spread leads elsewhere whatever leads to what goes, and joins the facts that become equal by it, until
// nothing more goes.
func (m *merging) spread(remove *change.Node) error {
	for news := []*change.Node{remove}; len(news) > 0; {
		met := meetings{}
		err := m.leading(news, func(t *catalog.Type, l *catalog.Link, ids []string) error { return m.redirect(t, l, ids, met) })
		if err != nil {
			return err
		}
		if news, err = m.join(met); err != nil {
			return err
		}
	}
	return nil
}

// meetings are the nodes to which facts lead by a link that led elsewhere before: there they may meet
// facts that say the same.
type meetings map[*catalog.Link]map[string]bool

// redirect leads the nodes of a type elsewhere that lead by a link to some ids.
func (m *merging) redirect(t *catalog.Type, l *catalog.Link, ids []string, met meetings) error {
	return m.each(t, l, ids, func(n *change.Node) error {
		if m.into[n.ID] != "" {
			return nil
		}
		now := m.changed[n.ID]
		if now == nil {
			m.old[n.ID], now = n, clone(n)
		}
		now.Links[l.Index] = m.redirected(now.Links[l.Index])
		m.changed[n.ID] = now
		if isFact(t) {
			for _, id := range ids {
				if met[l] == nil {
					met[l] = map[string]bool{}
				}
				met[l][m.final(id)] = true
			}
		}
		if len(m.into)+len(m.changed) > maxGone {
			return fault.In(fault.Limit, []any{mergeRemove}, "more than %d things and facts would be changed or deleted; lead some of what leads to %q elsewhere before", maxGone, m.request.Remove)
		}
		return nil
	})
}

// each visits the stored nodes of a type that lead by a link to some ids.
func (m *merging) each(t *catalog.Type, l *catalog.Link, ids []string, visit func(*change.Node) error) error {
	for part := range slices.Chunk(ids, stored.PageSize) {
		where := plan.Linked{Link: l, Quant: plan.Some, Where: plan.IDIn(part)}
		for n, err := range m.stored.Nodes(m.ctx, t, where) {
			if err != nil {
				return fmt.Errorf("look for what leads to what is merged: %w", err)
			}
			if err := visit(&n); err != nil {
				return err
			}
		}
	}
	return nil
}

// final is the node of which one becomes part in the end: itself, when it stays.
func (m *merging) final(id string) string {
	for into := m.into[id]; into != ""; into = m.into[id] {
		id = into
	}
	return id
}

// redirected are the ends of a link when all is merged, each once.
func (m *merging) redirected(ids []string) []string {
	var all []string
	for _, id := range ids {
		all = union(all, []string{m.final(id)})
	}
	return all
}

// join joins facts that say the same but for their sources: those that lead elsewhere now with each other,
// and with those that led there before. It tells which go.
func (m *merging) join(met meetings) (gone []*change.Node, err error) {
	alike := map[string][]string{} // the facts that changed, by what they say
	for _, id := range slices.Sorted(maps.Keys(m.changed)) {
		if n := m.changed[id]; isFact(n.Type) {
			alike[saying(n)] = append(alike[saying(n)], id)
		}
	}
	stay, err := m.met(met, alike)
	if err != nil {
		return nil, err
	}
	for _, said := range slices.Sorted(maps.Keys(alike)) {
		ids, first := alike[said], stay[said]
		if first == nil {
			first, ids = m.changed[ids[0]], ids[1:]
		} else {
			m.old[first.ID], first = first, clone(first)
		}
		for _, id := range ids {
			m.joinInto(first, id)
			gone = append(gone, m.old[id])
		}
	}
	return gone, nil
}

// met finds facts that were there before and say what others say now: of equal ones the first by id.
func (m *merging) met(met meetings, alike map[string][]string) (map[string]*change.Node, error) {
	stay := map[string]*change.Node{}
	for _, t := range m.catalog.Types {
		for _, l := range t.Out {
			err := m.each(t, l, slices.Sorted(maps.Keys(met[l])), func(n *change.Node) error {
				if m.changed[n.ID] != nil || m.into[n.ID] != "" {
					return nil
				}
				said := saying(n)
				if alike[said] != nil && (stay[said] == nil || n.ID < stay[said].ID) {
					stay[said] = n
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return stay, nil
}

// joinInto makes a fact part of another one.
func (m *merging) joinInto(first *change.Node, id string) {
	sources, _ := first.Type.Link(sourcesLink)
	first.Links[sources.Index] = union(first.Links[sources.Index], m.changed[id].Links[sources.Index])
	m.changed[first.ID], m.into[id] = first, first.ID
	delete(m.changed, id)
}

// saying is what a fact says, whatever its id and its sources.
func saying(n *change.Node) string {
	bare := clone(n)
	bare.ID = ""
	for _, p := range n.Type.Properties {
		if p.Managed {
			bare.Values[p.Index] = value.Value{}
		}
	}
	for _, l := range n.Type.Out {
		bare.Links[l.Index] = slices.Sorted(slices.Values(n.Links[l.Index]))
		if l.Name == sourcesLink {
			bare.Links[l.Index] = nil
		}
	}
	text, err := bare.AppendState(nil)
	if err != nil {
		panic(err) // states are plain values
	}
	return string(text)
}

// refuse tells what would make no sense when all is merged.
func (m *merging) refuse() {
	for _, id := range slices.Sorted(maps.Keys(m.changed)) {
		n, was := m.changed[id], m.old[id]
		for i, l := range n.Type.Out {
			m.refuseItself(n, was, l)
			for _, other := range n.Type.Out[i+1:] {
				m.refuseBoth(n, was, l, other)
			}
		}
	}
	keep := m.changed[m.request.Keep]
	if from, to, found := keep.Backward(); found {
		m.faults.add(fault.Invalid, []any{mergeRemove}, "%s %s would lie before %s %s; correct one of the two before", to.Name, keep.Values[to.Index].Str, from.Name, keep.Values[from.Index].Str)
	}
}

// refuseItself refuses a link that would lead from a node to itself. Circles are told elsewhere.
func (m *merging) refuseItself(n, was *change.Node, l *catalog.Link) {
	circle := !l.Many && l.Targets == catalog.SetOf(n.Type.ID)
	if !circle && slices.Contains(n.Links[l.Index], n.ID) && !slices.Contains(was.Links[l.Index], n.ID) {
		m.faults.add(fault.Invalid, []any{mergeRemove}, "%s of %q would lead to itself; take that away before", l.Name, n.ID)
	}
}

// refuseBoth refuses that two links which are about different things lead to the same one.
func (m *merging) refuseBoth(n, was *change.Node, a, b *catalog.Link) {
	if !apart(a, b) {
		return
	}
	for _, id := range n.Links[a.Index] {
		both := func(n *change.Node) bool {
			return slices.Contains(n.Links[a.Index], id) && slices.Contains(n.Links[b.Index], id)
		}
		if both(n) && !both(was) {
			m.faults.add(fault.Invalid, []any{mergeRemove}, "%s %q would lead from %q to itself, by %s and %s; delete it, or lead it elsewhere before", n.Type.Name, n.ID, id, a.Name, b.Name)
		}
	}
}

// apart tells whether two links of a type are about different things: who learns and who teaches, the
// member and the network.
func apart(a, b *catalog.Link) bool {
	if a.Targets == b.Targets {
		return true
	}
	return a.Required && !a.Many && b.Required && !b.Many && a.Targets&b.Targets != 0
}

// finish puts all of it into the batch. Nobody may have written any of it since.
func (m *merging) finish(keep, remove *change.Node) {
	m.ids, m.merged = []string{keep.ID}, &Merged{Differences: differences(m.changed[keep.ID], remove)}
	m.batch.Deletes, m.batch.Aliases = slices.Sorted(maps.Keys(m.into)), map[string]string{}
	for _, id := range m.batch.Deletes {
		m.batch.Aliases[id] = m.final(id)
		m.batch.Expect[id] = m.old[id].Version()
		if id != remove.ID {
			m.merged.Joined = append(m.merged.Joined, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(m.changed)) {
		m.batch.Upserts = append(m.batch.Upserts, *m.changed[id])
		m.batch.Expect[id] = m.old[id].Version()
	}
}

// differences lists the fields of which what goes had something else than what stays. Lists are
// united, and a name becomes one of the others.
func differences(stays, goes *change.Node) []change.FieldChange {
	_, kept := stays.Type.Property(otherNames)
	return slices.DeleteFunc(change.Difference(goes, stays), func(f change.FieldChange) bool {
		p, ok := stays.Type.Property(f.Field)
		l, linked := stays.Type.Link(f.Field)
		return f.Before == nil || f.After == nil || ok && p.Kind == value.Strings || linked && l.Many || kept && f.Field == ownName
	})
}

// mergedBefore is what came of a merge the first time.
func (e *Editor) mergedBefore(ctx context.Context, r *change.Request, done Done) (Done, error) {
	made, err := e.store.Aliased(ctx, done.Change)
	if err != nil {
		return done, fmt.Errorf("read what change %d has merged: %w", done.Change, err)
	}
	standing, err := e.store.Aliases(ctx)
	if err != nil {
		return done, fmt.Errorf("read what stands for what: %w", err)
	}
	remove := r.Remove // it may have been an alias then
	for a, ok := standing[remove]; ok && a.Since < done.Change; a, ok = standing[remove] {
		remove = a.Into
	}
	keep := ""
	done.Merged = &Merged{}
	for _, a := range made {
		if a.ID == remove {
			keep = a.Into
			continue
		}
		done.Merged.Joined = append(done.Merged.Joined, a.ID)
	}
	return e.pairBefore(ctx, keep, remove, done)
}

// pairBefore adds what became of the two nodes of a merge.
func (e *Editor) pairBefore(ctx context.Context, keep, remove string, done Done) (Done, error) {
	now, err := e.stored.Known(ctx, []string{keep})
	if err != nil {
		return done, err
	}
	if node, there := now[keep]; there {
		done.IDs = []string{node.ID}
	}
	there, err := e.there(ctx, []string{keep})
	if err != nil {
		return done, err
	}
	stays, goes := there[keep], (*change.Node)(nil)
	err = e.entries(ctx, done.Change, func(entry *change.Entry) {
		switch entry.ID {
		case keep:
			stays = entry.After
		case remove:
			goes = entry.Before
		}
	})
	if stays != nil && goes != nil {
		done.Merged.Differences = differences(stays, goes)
	}
	return done, err
}
