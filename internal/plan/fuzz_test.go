package plan_test

import (
	"testing"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// What is read from a cursor is what the cursor was made of; everything else is refused.
func FuzzDecodeCursor(f *testing.F) {
	order := []plan.Key{
		{Property: "name", Kind: value.Text}, {Property: "started", Kind: value.Date, Desc: true},
		{Property: "year", Kind: value.Int}, {Property: "id", Kind: value.ID},
	}
	id := value.OfID("fresno")
	for _, keys := range [][]value.Value{
		{value.OfText("É"), value.OfDate("2015~"), value.OfInt(-7), id}, {{}, {}, {}, id}, {value.OfText(""), {}, value.OfInt(1 << 40), id},
	} {
		f.Add(string(plan.AppendCursor(nil, order, keys)))
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		keys, err := plan.DecodeCursor(order, cursor)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v", cursor, err)
			}
			return
		}
		if _, err := plan.DecodeCursor(order, string(plan.AppendCursor(nil, order, keys))); err != nil {
			t.Errorf("%q is read but cannot be written and read again: %v", cursor, err)
		}
	})
}
