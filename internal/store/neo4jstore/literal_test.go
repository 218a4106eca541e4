package neo4jstore_test

import (
	"slices"
	"testing"

	"nicgraph/internal/change"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// TestTextsBeyondTheFirstPlaneCompareByCodePoint asks which names are less than each
// name, in a way that mixes stored texts with given ones; the texts also try to break
// out of a literal.
func TestTextsBeyondTheFirstPlaneCompareByCodePoint(t *testing.T) {
	names := []string{"\uFFFC", "\uFFFC'", "\uFFFC\\", "\uFFFC\\'", "😀' OR true //", "😀\n\r\t\x00", "😀\\u0027 \"`$p0", "𝒜", "日本", "Ａ", "a", "", "zz"}
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	s := open(t, server, cat)
	batch := &change.Batch{}
	for i, name := range names {
		n, err := storetest.NewNode(cat, "Person", string(rune('a'+i)), storetest.Fields{"name": name})
		if err != nil {
			t.Fatal(err)
		}
		batch.Upserts = append(batch.Upserts, n)
	}
	apply(t, s, batch)
	set := cat.TypesOf("Person")
	for _, op := range []plan.Op{plan.Lt, plan.Gte} {
		for _, name := range names {
			p := &plan.Plan{Catalog: cat, Query: plan.Row{Slots: []plan.Slot{{Read: &plan.Many{
				From: plan.Scan{Types: set}, Order: []plan.Key{{Property: "name", Kind: value.Text}, {Property: "id", Kind: value.ID}}, Total: true,
				Where: plan.Compare{Property: "name", Kind: value.Text, Op: op, CaseSensitive: true, Operand: plan.Operand{Const: value.OfText(name)}},
			}}}}}
			prepared, err := store.New(s, store.Limits{}).Prepare(p)
			if err != nil {
				t.Fatal(err)
			}
			result, err := prepared.Run(t.Context(), nil)
			if err != nil {
				t.Fatalf("%s %q: %v", op, name, err)
			}
			want := int64(len(slices.DeleteFunc(slices.Clone(names), func(other string) bool { return (other < name) != (op == plan.Lt) })))
			if got := storetest.TreeOf(p, result).(storetest.Row).Slots[0].(storetest.Page).Total; got != want {
				t.Errorf("%d names %s %q, want %d", got, op, name, want)
			}
		}
	}
}
