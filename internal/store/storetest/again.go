package storetest

import (
	"slices"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

// question is a plan with its variables, and what of the more demanding was drawn for it.
type question struct {
	plan   *plan.Plan
	params plan.Params
	points []string
}

// again asks the same questions when little has changed, so that a store which keeps what it has
// worked out has to tell what is still right; also of the state before, where the store
// can hold on to one. Each change is noted by its number.
func (d *drawer) again(t *testing.T, backend store.Backend, questions []question, note func(number int)) {
	for range 1 + d.upTo("more changes", 2) {
		before, was := t.Context(), d.graph
		if steadier, ok := backend.(store.Steadier); ok {
			before = steadier.Steady(before)
		}
		if number := d.alter(t, backend); number > 0 {
			note(number)
		}
		for _, q := range questions {
			d.points = q.points
			d.agree(t, backend, q.plan, q.params)
			if before == t.Context() || !d.chance("before", 30) {
				continue
			}
			now := d.graph
			d.graph = was
			d.agreeIn(before, backend, q.plan, q.params)
			d.graph = now
		}
	}
}

// alter changes one or two nodes, has one come, or has one go that nothing links to, and tells the
// number of the change.
func (d *drawer) alter(t *testing.T, backend store.Backend) int {
	batch := &change.Batch{}
	for range 1 + d.upTo("more nodes", 1) {
		if len(d.nodes) > 0 && d.chance("altered", 70) {
			d.alterOne(batch)
		} else {
			d.addOne(batch)
		}
	}
	if gone := d.unlinked(batch); len(gone) > 0 && d.chance("gone", 30) {
		batch.Deletes = append(batch.Deletes, pick(d, "gone", gone))
	}
	got, err := backend.Apply(t.Context(), batch, nil)
	if err != nil {
		d.Fatalf("apply: %v", err)
	}
	d.merged = d.mergedBy(batch)
	d.nodes = applied(d.nodes, batch, got.Change)
	return got.Change
}

// alterOne draws some values and links of a node anew.
func (d *drawer) alterOne(batch *change.Batch) {
	n := pick(d, "node", d.nodes)
	if find(batch.Upserts, n.ID) != nil {
		return
	}
	n.Values, n.Links = slices.Clone(n.Values), slices.Clone(n.Links)
	for _, p := range n.Type.Properties[1:] {
		if !p.Managed && d.chance("another "+p.Name, 40) {
			n.Values[p.Index] = d.otherValue(n.Type, p)
		}
	}
	if d.chance("other links", 60) {
		for i := range n.Links {
			n.Links[i] = nil
		}
		d.links(&n, d.nodes)
	}
	batch.Upserts = append(batch.Upserts, n)
}

// otherValue draws a value of a property: any, or the one of some node of the type.
func (d *drawer) otherValue(t *catalog.Type, p *catalog.Property) value.Value {
	if d.chance("as another has it", 50) {
		return find(d.nodes, pick(d, "another", idsOf(d.nodes, catalog.SetOf(t.ID)))).Values[p.Index]
	}
	return d.property(p)
}

// addOne draws a node with an id of its own, where there is what it has to link to.
func (d *drawer) addOne(batch *change.Batch) {
	t := pick(d, "type", d.cat.Types)
	n := d.node(t, d.upTo("another", 5))
	if d.merged[n.ID] != "" || lacksTarget(n, d.nodes) || find(d.nodes, n.ID) != nil || find(batch.Upserts, n.ID) != nil {
		return
	}
	d.links(&n, d.nodes)
	batch.Upserts = append(batch.Upserts, n)
}

// unlinked are the nodes that a batch may delete.
func (d *drawer) unlinked(batch *change.Batch) (ids []string) {
	linked := map[string]bool{}
	for _, nodes := range [][]change.Node{d.nodes, batch.Upserts} {
		for i := range nodes {
			for _, ends := range nodes[i].Links {
				for _, end := range ends {
					linked[end] = true
				}
			}
		}
	}
	for i := range d.nodes {
		if id := d.nodes[i].ID; !linked[id] && find(batch.Upserts, id) == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
