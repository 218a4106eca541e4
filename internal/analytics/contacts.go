package analytics

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// sureness says how sure it is that somebody still holds a position, the surest first.
var sureness = [...]string{"BEGAN", "SEEN", "UNDATED"}

// contacts are the people who hold a position in a body now, as far as sources show.
func contacts(ctx context.Context, call Call) (any, error) {
	n, err := call.Engine.network(ctx)
	if err != nil {
		return nil, err
	}
	var now []stay
	for _, position := range n.positions[call.ID] {
		if position.ended == "" && position.note != "former" {
			now = append(now, position)
		}
	}
	slices.SortStableFunc(now, func(a, b stay) int { // they came by id
		return cmp.Or(cmp.Compare(sure(a), sure(b)), cmp.Compare(latest(b), latest(a)))
	})
	return object{
		"website": orNull(n.websites[call.ID]), "totalCount": len(now),
		"people": records(now, func(s stay) Record {
			return object{"person": ID(s.who), "title": s.title, "role": ID(s.id), "sureness": sureness[sure(s)]}
		}),
	}, nil
}

// sure is the place of a position in sureness.
func sure(s stay) int {
	switch {
	case s.started != "":
		return 0
	case s.seenIn != "":
		return 1
	default:
		return 2
	}
}

// latest is the first day of the last date that is known of a position.
func latest(s stay) int64 {
	day := int64(math.MinInt64)
	for _, date := range []string{s.started, s.seenIn} {
		if span, ok := interval(date); ok {
			day = max(day, span.From)
		}
	}
	return day
}
