package edit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/stored"
)

// maxGone bounds what one deletion may delete and change together.
const maxGone = 10_000

// maxNamed bounds how many things one sentence names.
const maxNamed = 20

// factInterface is the interface of what may go with its last source.
const factInterface = "Fact"

// deletes gathers what is to go, and what follows from it.
func (d *draft) deletes() error {
	w := &wake{draft: d, gone: map[string]*change.Node{}, cut: map[string]*change.Node{}, rests: map[string][]*change.Node{}}
	for i, input := range d.request.Input {
		id := input.ID()
		switch old := d.old[id]; {
		case !d.identified(i, id):
		case old == nil:
			if err := d.missing(in(i, "id"), "id", id, catalog.SetOf(d.request.Type.ID)); err != nil {
				return err
			}
		case d.atVersion(i, input, old):
			w.gone[id] = old
		}
	}
	if len(d.faults.list) > 0 {
		return nil
	}
	if err := w.spread(); err != nil {
		return err
	}
	w.refuse()
	w.finish()
	return nil
}

// wake is what a deletion leaves behind it.
type wake struct {
	*draft
	gone  map[string]*change.Node   // what is deleted
	cut   map[string]*change.Node   // what stays and loses links, as it will be
	rests map[string][]*change.Node // what stands in the way, by what it leads to
}

// spread follows every link to what goes, until nothing more goes.
func (w *wake) spread() error {
	for news := slices.Collect(maps.Values(w.gone)); len(news) > 0; {
		var next []*change.Node
		err := w.leading(news, func(t *catalog.Type, l *catalog.Link, ids []string) error {
			more, err := w.users(t, l, ids)
			next = append(next, more...)
			return err
		})
		if err != nil {
			return err
		}
		news = next
	}
	return nil
}

// leading visits the links by which nodes of a type lead to some of these, with the ids of these.
func (d *draft) leading(nodes []*change.Node, visit func(t *catalog.Type, l *catalog.Link, ids []string) error) error {
	followed, err := d.followed(nodes)
	if err != nil {
		return err
	}
	for _, t := range d.catalog.Types {
		for _, l := range t.Out {
			if !followed[l.Relationship].Has(t.ID) {
				continue
			}
			if err := visit(t, l, idsOf(nodes, l.Targets)); err != nil {
				return err
			}
		}
	}
	return nil
}

// followed tells by relationship which types lead to nodes. Most do not, and to ask for all
// together takes one read for each type of the nodes.
func (d *draft) followed(nodes []*change.Node) (map[string]catalog.TypeSet, error) {
	all := make(map[string]catalog.TypeSet)
	for _, t := range d.catalog.Types {
		ids := idsOf(nodes, catalog.SetOf(t.ID))
		if len(ids) == 0 {
			continue
		}
		led, err := d.stored.Led(d.ctx, t, ids)
		if err != nil {
			return nil, fmt.Errorf("look for what leads to what goes: %w", err)
		}
		for relationship, types := range led {
			all[relationship] |= types
		}
	}
	return all, nil
}

// idsOf are the ids of those nodes that have one of the types, in ascending order.
func idsOf(nodes []*change.Node, types catalog.TypeSet) []string {
	var ids []string
	for _, n := range nodes {
		if types.Has(n.Type.ID) {
			ids = append(ids, n.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// users decides on the nodes of a type that lead by a link to what goes, and tells which of
// them go too.
func (w *wake) users(t *catalog.Type, l *catalog.Link, ids []string) (next []*change.Node, err error) {
	for part := range slices.Chunk(ids, stored.PageSize) {
		where := plan.Linked{Link: l, Quant: plan.Some, Where: plan.IDIn(part)}
		for n, err := range w.stored.Nodes(w.ctx, t, where) {
			if err != nil {
				return nil, fmt.Errorf("look for what rests on what goes: %w", err)
			}
			if w.gone[n.ID] == nil && w.goes(l, &n) {
				w.gone[n.ID] = &n
				delete(w.cut, n.ID)
				next = append(next, &n)
			}
			if len(w.gone)+len(w.cut) > maxGone {
				return nil, fault.New(fault.Limit, "more than %d things and facts would be deleted or changed; delete in parts", maxGone)
			}
		}
	}
	return next, nil
}

// goes tells whether a node goes with what its link leads to. One that does not loses the
// link, or stands in the way.
func (w *wake) goes(l *catalog.Link, n *change.Node) bool {
	lost := slices.DeleteFunc(slices.Clone(n.Links[l.Index]), func(id string) bool { return w.gone[id] == nil })
	if w.cut[n.ID] != nil {
		n = w.cut[n.ID]
	}
	left := slices.DeleteFunc(slices.Clone(n.Links[l.Index]), func(id string) bool { return w.gone[id] != nil })
	bare := l.Required && len(left) == 0
	switch {
	case !w.request.WithFacts, bare && l.Many && !isFact(n.Type):
		for _, id := range lost {
			w.rests[id] = append(w.rests[id], n)
		}
		return false
	case bare:
		return true
	}
	changed := clone(n)
	changed.Links[l.Index] = left
	w.cut[n.ID] = changed
	return false
}

func isFact(t *catalog.Type) bool {
	return slices.ContainsFunc(t.Interfaces, func(i *catalog.Interface) bool { return i.Name == factInterface })
}

// refuse tells what stands in the way, at the input that names what it leads to, or at the
// whole input where that goes only along.
func (w *wake) refuse() {
	for _, id := range slices.Sorted(maps.Keys(w.rests)) {
		at := []any{"input"}
		if i, named := w.inputs[id]; named {
			at = in(i, "id")
		}
		help := "delete these first, or lead them elsewhere"
		if !w.request.WithFacts {
			help += "; or delete with mode WITH_FACTS"
		}
		w.faults.add(fault.Conflict, at, "%q cannot be deleted, for %s; %s", id, reason(w.rests[id], w.request.WithFacts), help)
	}
}

// reason names what rests on a node.
func reason(users []*change.Node, withFacts bool) string {
	var names []string
	for _, n := range users {
		if name := n.Type.Name + " " + n.ID; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	what := fmt.Sprintf("%d rest on it", len(names))
	if withFacts {
		what = fmt.Sprintf("%d have nothing else of its kind", len(names))
	}
	if len(names) > maxNamed {
		return fmt.Sprintf("%s: %s and %d more", what, strings.Join(names[:maxNamed], ", "), len(names)-maxNamed)
	}
	return what + ": " + strings.Join(names, ", ")
}

// finish puts all of it into the batch. Nobody may have written any of it since.
func (w *wake) finish() {
	w.batch.Deletes = slices.Sorted(maps.Keys(w.gone))
	for id, n := range w.gone {
		w.batch.Expect[id] = n.Version()
	}
	for _, id := range slices.Sorted(maps.Keys(w.cut)) {
		w.batch.Upserts = append(w.batch.Upserts, *w.cut[id])
		w.batch.Expect[id] = w.cut[id].Version()
	}
}
