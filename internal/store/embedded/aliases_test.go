package embedded

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/change"
	"nicgraph/internal/store/storetest"
)

// What stands for what, and what each change did to it, outlasts the process.
func TestAliasesAreThereWhenAStoreIsOpenedAgain(t *testing.T) {
	cat, dir := storetest.Catalog(), t.TempDir()
	person := func(id string) change.Node {
		n, err := storetest.NewNode(cat, "Person", id, nil)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, batch := range []*change.Batch{
		{Upserts: []change.Node{person("a"), person("b"), person("c")}},
		{Deletes: []string{"b"}, Aliases: map[string]string{"b": "a"}},
		{Deletes: []string{"a"}, Aliases: map[string]string{"a": "c"}},
		{Upserts: []change.Node{person("b")}, Aliases: map[string]string{"b": ""}},
	} {
		s, err := Open(dir, cat, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Apply(t.Context(), batch, nil); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(dir, cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for number, want := range []change.Aliases{
		{}, {}, {"b": {ID: "b", Into: "a", Since: 2}}, {"a": {ID: "a", Into: "c", Since: 3}, "b": {ID: "b", Into: "a", Since: 2}}, {"a": {ID: "a", Into: "c", Since: 3}},
	} {
		then, err := s.At(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		got, err := then.Aliases(t.Context())
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("after change %d: error %v (-want +got):\n%s", number, err, diff)
		}
	}
	if err := s.Inspect(t.Context(), func(fault string) { t.Error(fault) }); err != nil {
		t.Error(err)
	}
}
