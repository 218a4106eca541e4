package edit

import (
	"fmt"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/suggest"
)

// link checks the ends of a link.
func (d *draft) link(i int, l *catalog.Link, n *change.Node) error {
	ids := n.Links[l.Index]
	switch {
	case l.Required && len(ids) == 0:
		d.faults.add(fault.Invalid, in(i, l.Name), "%s is missing; %s always has one", l.Name, catalog.WithArticle(n.Type.Name))
	case len(ids) > maxList:
		d.faults.add(fault.Limit, in(i, l.Name), "%s has %d ids and may have %d", l.Name, len(ids), maxList)
		return nil
	}
	seen := make(map[string]bool, len(ids))
	for k, id := range ids {
		at := in(i, l.Name)
		if l.Many {
			at = append(at, k)
		}
		if seen[id] {
			d.faults.add(fault.Invalid, at, "%s names %q twice", l.Name, id)
			continue
		}
		seen[id] = true
		if err := d.target(at, l, id); err != nil {
			return err
		}
	}
	return nil
}

// target checks an end of a link: it is stored, or comes with the same request.
func (d *draft) target(at []any, l *catalog.Link, id string) error {
	t := d.known[id]
	if _, comes := d.inputs[id]; comes && t == nil && d.request.Action != change.Update {
		t = d.request.Type
	}
	switch {
	case t == nil:
		return d.missing(at, l.Name, id, l.Targets)
	case !l.Targets.Has(t.ID):
		d.faults.add(fault.Invalid, at, "%s %q is %s, and %s is wanted", l.Name, id, catalog.WithArticle(t.Name), catalog.WithArticle(l.Target))
	}
	return nil
}

// A like id is searched for a few times only, and among so many ids at most.
const (
	maxHints  = 5
	maxLooked = 50_000
)

// missing tells that there is no node with an id, and which one may have been meant.
func (d *draft) missing(at []any, name, id string, types catalog.TypeSet) error {
	hint := ""
	if d.hints++; d.hints <= maxHints {
		var err error
		if hint, err = d.hint(id, types); err != nil {
			return fmt.Errorf("look for ids like %q: %w", id, err)
		}
	}
	d.faults.add(fault.NotFound, at, "%s %q does not exist%s", name, id, hint)
	return nil
}

func (d *draft) hint(id string, types catalog.TypeSet) (hint string, err error) {
	looked := 0
	return suggest.DidYouMean(id, func(yield func(string) bool) {
		for like, failed := range d.stored.IDs(d.ctx, types) {
			if err = failed; err != nil || looked == maxLooked || !yield(like) {
				return
			}
			looked++
		}
	}), err
}
