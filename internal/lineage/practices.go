package lineage

import (
	"context"
	"slices"

	"nicgraph/internal/computed"
)

// Practices are all practices by id. They are immutable and shared by requests.
type Practices map[string]*Practice

// Practice is a practice, the one of which it is a part or special case, and who began it.
type Practice struct {
	id, broader, origin string
	narrower            []string
}

// practicesName is the key of the practices.
type practicesName struct{}

// PracticesAt are the practices at a revision.
func PracticesAt(ctx context.Context, v computed.View) (Practices, error) {
	return computed.ReadOf(ctx, v, []string{"Practice"}, practicesName{}, func(ctx context.Context) (Practices, error) {
		all := Practices{}
		err := v.Engine.Each(ctx, "Practice", nil, nil, []string{"broader", "origin"}, func(l computed.Line) error {
			all[l.Text(0)] = &Practice{id: l.Text(0), broader: l.Link(1), origin: l.Link(2)}
			return nil
		})
		for _, id := range computed.SortedKeys(all) {
			if broader, ok := all[all[id].broader]; ok {
				broader.narrower = append(broader.narrower, id)
			}
		}
		return all, err
	})
}

// Narrower are a practice and all that are parts or special cases of it, however deep, ascending.
func (p Practices) Narrower(id string) []string {
	found := map[string]bool{id: true}
	for open := []string{id}; len(open) > 0; open = open[1:] {
		one, ok := p[open[0]]
		if !ok {
			continue
		}
		for _, next := range one.narrower {
			if !found[next] {
				found[next] = true
				open = append(open, next)
			}
		}
	}
	return computed.Sorted(found)
}

// broader are a practice and those of which it is a part or a special case, the nearest
// first. A practice that is broader than itself ends the row.
func (p Practices) broader(id string) []*Practice {
	var all []*Practice
	for one := p[id]; one != nil && !slices.Contains(all, one); one = p[one.broader] {
		all = append(all, one)
	}
	return all
}
