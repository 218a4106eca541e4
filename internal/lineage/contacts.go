package lineage

import (
	"cmp"
	"context"
	"math"
	"slices"

	"nicgraph/internal/computed"
)

// sureness says how sure it is that somebody still holds a position, the surest first.
var sureness = [...]string{"BEGAN", "SEEN", "UNDATED"}

// contacts are the people who hold a position in a body now, as far as sources show.
func contacts(ctx context.Context, call computed.Call) (any, error) {
	b, err := bodiesOf(ctx, call.Engine)
	if err != nil {
		return nil, err
	}
	var now []Stay
	for _, position := range b.positions[call.ID] {
		if position.Ended == "" && position.note != "former" {
			now = append(now, position)
		}
	}
	slices.SortStableFunc(now, func(a, b Stay) int { // they came by id
		return cmp.Or(cmp.Compare(sure(a), sure(b)), cmp.Compare(latest(b), latest(a)))
	})
	return computed.Object{
		"website": computed.OrNull(b.websites[call.ID]), "totalCount": len(now),
		"people": computed.Records(now, func(s Stay) computed.Record {
			return computed.Object{"person": computed.ID(s.Who), "title": s.title, "role": computed.ID(s.ID), "sureness": sureness[sure(s)]}
		}),
	}, nil
}

// sure is the place of a position in sureness.
func sure(s Stay) int {
	switch {
	case s.Started != "":
		return 0
	case s.seenIn != "":
		return 1
	default:
		return 2
	}
}

// latest is the first day of the last date that is known of a position.
func latest(s Stay) int64 {
	day := int64(math.MinInt64)
	for _, date := range []string{s.Started, s.seenIn} {
		if span, ok := interval(date); ok {
			day = max(day, span.From)
		}
	}
	return day
}
