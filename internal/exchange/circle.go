package exchange

import (
	"context"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/stored"
)

// checkCircles refuses a chain of links that comes back to its beginning, for every
// link to one node of the same type: no practice is broader than itself.
func (f *folder) checkCircles(ctx context.Context, stored *stored.Reader) error {
	for _, t := range f.cat.Types {
		for _, l := range t.Out {
			if l.Many || l.Targets != catalog.SetOf(t.ID) {
				continue
			}
			next, err := f.chain(ctx, stored, t, l)
			if err != nil {
				return err
			}
			f.circles(t, l, next)
		}
	}
	return nil
}

// chain tells for each id where the link leads, in the folder and on from there in
// what is stored.
func (f *folder) chain(ctx context.Context, stored *stored.Reader, t *catalog.Type, l *catalog.Link) (map[string]string, error) {
	next := map[string]string{}
	for i := range f.nodes {
		if n := &f.nodes[i]; n.Type == t && len(n.Links[l.Index]) == 1 {
			next[n.ID] = n.Links[l.Index][0]
		}
	}
	known := map[string]bool{}
	for ends := f.outside(next, known); len(ends) > 0; ends = f.outside(next, known) {
		old, err := stored.ByID(ctx, t, ends)
		if err != nil {
			return nil, err
		}
		for id, n := range old {
			if len(n.Links[l.Index]) == 1 {
				next[id] = n.Links[l.Index][0]
			}
		}
	}
	return next, nil
}

// outside lists the ends of a chain that the folder does not have and that are not yet
// known, and makes them known.
func (f *folder) outside(next map[string]string, known map[string]bool) []string {
	var ids []string
	for _, id := range next {
		if _, here := f.ids[id]; !here && !known[id] {
			known[id] = true
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// circles tells of each circle once. Every id is walked from once: a walk ends where an
// earlier one has been.
func (f *folder) circles(t *catalog.Type, l *catalog.Link, next map[string]string) {
	places := f.linkPlaces(t, l, next)
	walked := map[string]int{} // by id: the number of the walk that came by
	for i := range f.nodes {
		if f.nodes[i].Type != t {
			continue
		}
		id := f.nodes[i].ID
		for id != "" && walked[id] == 0 {
			walked[id] = i + 1
			id = next[id]
		}
		if id != "" && walked[id] == i+1 {
			f.circle(l, id, next, places)
		}
	}
}

// linkPlaces tells for each id of the folder where its row states a link.
func (f *folder) linkPlaces(t *catalog.Type, l *catalog.Link, next map[string]string) map[string]place {
	if !f.placed {
		return nil
	}
	lines := map[int32]place{}
	for _, r := range f.refs {
		if r.end.column == l.Column && r.place.source.file == t.Table+ending {
			lines[r.place.line] = r.place
		}
	}
	places := map[string]place{}
	for id := range next {
		home := f.home(id)
		if home.source == nil { // a node that was only brought has no row
			continue
		}
		places[id] = home
		if at, ok := lines[home.line]; ok { // not so when the row has several lines
			places[id] = at
		}
	}
	return places
}

// circle tells of a circle at the first of its rows.
func (f *folder) circle(l *catalog.Link, start string, next map[string]string, places map[string]place) {
	if !f.placed {
		f.fault(Fault{})
		return
	}
	path, first := []string{start}, place{}
	for id := next[start]; id != start; id = next[id] {
		path = append(path, id)
	}
	for _, id := range path {
		if at, ok := places[id]; ok && (first.source == nil || at.line < first.line) {
			first = at
		}
	}
	if first.source == nil { // all of it is stored already: these tables are not at fault
		return
	}
	if len(path) > shownFaults {
		path = append(path[:shownFaults], "and so on")
	}
	f.fault(first.fault(l.Column, "%s runs in a circle: %s, and back to %s", l.Column, strings.Join(path, ", "), start))
}
