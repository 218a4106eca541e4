package edit

import (
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
)

// circles refuses a chain of links that comes back to its beginning, for every link to one
// node of the same type: no practice is broader than itself.
func (d *draft) circles(t *catalog.Type) error {
	for _, l := range t.Out {
		if l.Many || l.Targets != catalog.SetOf(t.ID) {
			continue
		}
		w := circleWalk{draft: d, typ: t, link: l, written: map[string]*change.Node{}, told: map[string]bool{}}
		for i := range d.batch.Upserts {
			w.written[d.batch.Upserts[i].ID] = &d.batch.Upserts[i]
		}
		for i, id := range d.ids {
			if err := w.from(i, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// circleWalk follows one link.
type circleWalk struct {
	*draft
	typ     *catalog.Type
	link    *catalog.Link
	written map[string]*change.Node
	told    map[string]bool // those in circles that were told
}

func (w *circleWalk) from(i int, start string) error {
	path, met := []string{}, map[string]bool{}
	for id := start; id != "" && !w.told[id]; {
		if met[id] && id != start {
			return nil // the circle is another's
		}
		if met[id] {
			w.tell(i, path)
			return nil
		}
		path, met[id] = append(path, id), true
		var err error
		if id, err = w.next(id); err != nil {
			return err
		}
	}
	return nil
}

// next is where the link of a node leads, empty when nowhere. What is stored must not have
// changed when the batch is applied.
func (w *circleWalk) next(id string) (string, error) {
	n := w.written[id]
	if n == nil {
		found, err := w.stored.ByID(w.ctx, w.typ, []string{id})
		if n = found[id]; err != nil || n == nil {
			return "", err
		}
		w.batch.Expect[id] = n.Version()
	}
	if ids := n.Links[w.link.Index]; len(ids) > 0 {
		return ids[0], nil
	}
	return "", nil
}

func (w *circleWalk) tell(i int, path []string) {
	for _, id := range path {
		w.told[id] = true
	}
	shown := strings.Join(path[:min(len(path), maxNamed)], ", ")
	if len(path) > maxNamed {
		shown += " and so on"
	}
	at, help := in(i, w.link.Name), ""
	if w.request.Action == change.Merge {
		at, help = []any{"remove"}, "; lead one of them elsewhere before"
	}
	w.faults.add(fault.Invalid, at, "%s runs in a circle: %s, and back to %s%s", w.link.Name, shown, path[0], help)
}
