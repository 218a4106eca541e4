package storetest

import (
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// hub is a node of a type, with a link that leads to a crowd.
type hub struct {
	id    string
	types catalog.TypeSet
	link  *catalog.Link
}

// crowd adds so many nodes of a type, and has links lead to all of them, that a store may go about pages of
// them in other ways. Their values are those of a few, so that most share a key with others.
func (d *drawer) crowd(nodes []change.Node) []change.Node {
	t := pick(d, "type of the crowd", d.cat.Types)
	var models []change.Node
	for i := range 2 + d.upTo("more models", 5) {
		models = append(models, d.node(t, i))
	}
	if lacksTarget(models[0], nodes) {
		return nodes
	}
	d.links(&models[0], nodes)
	all := slices.Clone(nodes)
	for i := range 40 + d.upTo("more of the crowd", 40) {
		n := d.node(t, 100+i)
		for at := range n.Values[1:] {
			n.Values[1+at] = models[i*(at+1)%len(models)].Values[1+at]
		}
		n.Links = models[0].Links
		all = append(all, n)
	}
	d.lead(nodes, all[len(nodes):])
	return all
}

// lead has links lead to a crowd, and notes which do, and those that lead back to it.
func (d *drawer) lead(nodes, crowd []change.Node) {
	t, ids := crowd[0].Type, idsOf(crowd, catalog.SetOf(crowd[0].Type.ID))
	for i := range nodes {
		n := &nodes[i]
		types := catalog.SetOf(n.Type.ID)
		for _, l := range n.Type.Links {
			switch {
			case !l.Many || l.Shortcut != nil:
			case l.Direction == catalog.Out && l.Targets.Has(t.ID):
				n.Links[l.Index] = ids
				d.hubs = append(d.hubs, hub{n.ID, types, l})
			case l.Direction == catalog.In && leads(&crowd[0], l.Relationship, n.ID):
				d.hubs = append(d.hubs, hub{n.ID, types, l})
			}
		}
	}
}

// leads tells whether a node leads to another one over a relationship.
func leads(n *change.Node, relationship, id string) bool {
	return slices.ContainsFunc(n.Type.Out, func(l *catalog.Link) bool {
		return l.Relationship == relationship && slices.Contains(n.Links[l.Index], id)
	})
}

// ofCrowd draws a page of a crowd, a long one as often as not.
func (d *drawer) ofCrowd() plan.Read {
	h := pick(d, "hub", d.hubs)
	page := d.many(plan.Follow{Link: h.link}, h.link.Targets, 1)
	if page.Rows && page.Last == (plan.Operand{}) && d.chance("long", 50) {
		page.First = plan.Operand{Const: value.OfInt(30)}
	}
	row := plan.Row{Types: h.types, Slots: []plan.Slot{{Types: h.types, Read: page}}}
	return &plan.Find{Types: h.types, ID: plan.Operand{Const: value.OfID(h.id)}, Row: row}
}
