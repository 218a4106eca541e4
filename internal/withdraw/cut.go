package withdraw

import (
	"maps"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
)

// cut takes links to what is not there out of lives. What it does not know is there whenever
// something leads to it.
type cut struct {
	left map[string]Life // what is left of the nodes that it knows
}

// life is what is left of a life: every state without the links to what was not there then. A
// state that lacks what its type cannot be without goes, with all before it.
func (c *cut) life(l Life) Life {
	left := Life{ID: l.ID}
	for _, s := range c.moments(l) {
		n := c.stripped(s)
		if s.Node != nil && bare(s.Node, n, anyLink) {
			left.States = nil
			continue
		}
		left.add(s.From, n)
	}
	return left
}

// moments are the states of a life, again from each moment on at which something that it leads
// to comes or goes.
func (c *cut) moments(l Life) (all []State) {
	for i, s := range l.States {
		all = append(all, s)
		if s.Node == nil {
			continue
		}
		from := map[int]bool{}
		for _, target := range slices.Concat(s.Node.Links...) {
			for _, t := range c.left[target].States {
				from[t.From] = t.From > s.From && (i+1 == len(l.States) || t.From < l.States[i+1].From)
			}
		}
		for _, number := range slices.Sorted(maps.Keys(from)) {
			if from[number] {
				all = append(all, State{number, s.Node})
			}
		}
	}
	return all
}

// stripped is a state without the links to what was not there then, or was nothing to which they may lead:
// an id can be given to something else.
func (c *cut) stripped(s State) *change.Node {
	if s.Node == nil {
		return nil
	}
	absent := func(l *catalog.Link) func(id string) bool {
		return func(id string) bool { return c.absent(l, id, s.From) }
	}
	if !slices.ContainsFunc(s.Node.Type.Out, func(l *catalog.Link) bool { return slices.ContainsFunc(s.Node.Links[l.Index], absent(l)) }) {
		return s.Node
	}
	n := *s.Node
	n.Links = slices.Clone(s.Node.Links)
	for _, l := range n.Type.Out {
		n.Links[l.Index] = slices.DeleteFunc(slices.Clone(n.Links[l.Index]), absent(l))
	}
	return &n
}

// absent tells whether there was nothing by an id to which a link may lead.
func (c *cut) absent(l *catalog.Link, id string, number int) bool {
	life, known := c.left[id]
	if !known {
		return false
	}
	n := life.at(number)
	return n == nil || !l.Targets.Has(n.Type.ID)
}

// bare tells whether a node has lost what it cannot be without, by a link that meets a condition.
func bare(before, after *change.Node, meets func(*catalog.Link) bool) bool {
	return slices.ContainsFunc(before.Type.Out, func(l *catalog.Link) bool {
		return l.Required && meets(l) && len(before.Links[l.Index]) > 0 && len(after.Links[l.Index]) == 0
	})
}

func anyLink(*catalog.Link) bool { return true }

func toMany(l *catalog.Link) bool { return l.Many }
