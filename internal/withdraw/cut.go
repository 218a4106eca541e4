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

// stripped is a state without the links to what was not there then.
func (c *cut) stripped(s State) *change.Node {
	if s.Node == nil {
		return nil
	}
	absent := func(id string) bool {
		l, known := c.left[id]
		return known && l.at(s.From) == nil
	}
	if !slices.ContainsFunc(slices.Concat(s.Node.Links...), absent) {
		return s.Node
	}
	n := *s.Node
	n.Links = make([][]string, len(s.Node.Links))
	for i, targets := range s.Node.Links {
		n.Links[i] = slices.DeleteFunc(slices.Clone(targets), absent)
	}
	return &n
}

// bare tells whether a node has lost what it cannot be without, by a link that meets a condition.
func bare(before, after *change.Node, meets func(*catalog.Link) bool) bool {
	return slices.ContainsFunc(before.Type.Out, func(l *catalog.Link) bool {
		return l.Required && meets(l) && len(before.Links[l.Index]) > 0 && len(after.Links[l.Index]) == 0
	})
}

func anyLink(*catalog.Link) bool { return true }

func toMany(l *catalog.Link) bool { return l.Many }
