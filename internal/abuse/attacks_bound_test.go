package abuse

import (
	"testing"

	"nicgraph/internal/store/embedded"
)

// Each attack ends as it should and makes the server allocate no more than its bound,
// whatever the machine: CPU time follows from that, but for filters over links, whose
// work the store counts itself.
func TestAttacksCostTheServerLittle(t *testing.T) {
	h := newServer(t)
	for _, a := range attacks() {
		if a.long {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			got := send(h, post(a.body()))
			if got.code() != a.code {
				t.Errorf("code %q, want %q: %.300s", got.code(), a.code, got.body)
			}
			f := measure(h, a.body())
			if allocated := int(f.allocated / 1000); allocated > a.kilobytes {
				t.Errorf("the server allocates %d kB, want %d at most", allocated, a.kilobytes)
			}
			if a.code == limit && f.answered > 300 {
				t.Errorf("a refusal of %d bytes, want 300 at most", f.answered)
			}
		})
	}
}

// The store counts the nodes that it looks at, so that the work for filters over links is
// bounded whatever their depth. The bound is lower here, for the sake of the test's time.
func TestFiltersInsideEachOtherEndAtTheNumberOfNodes(t *testing.T) {
	h := serverOf(t, &embedded.Options{MaxSteps: 50_000})
	for links, want := range map[int]string{2: "", 8: limit} {
		got := send(h, post(asked(filtered, map[string]any{"w": counts(links / 2)})))
		if got.code() != want {
			t.Errorf("%d links: code %q, want %q: %.300s", links, got.code(), want, got.body)
		}
	}
}

// Distinct questions and variables must not fill the memory: what is kept of them is
// bounded each, and so is their number.
func TestWhatIsKeptOfQuestionsIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("asks hundreds of large questions")
	}
	h := newServer(t)
	for _, a := range []attack{
		{name: "long texts", query: "{ __typename " + blanks(20_000) + "}"},
		{name: "introspection", query: "{ __schema { types { name description fields { name description } } } }"},
		{name: "long variables", query: filtered, variables: map[string]any{"w": map[string]any{"name": map[string]any{"eq": blanks(60_000)}}}},
	} {
		t.Run(a.name, func(t *testing.T) {
			before := heap()
			for range 40 {
				send(h, post(a.body()))
			}
			if kept := (heap() - before) / 40; kept > 20_000 {
				t.Errorf("%d bytes are kept of each question", kept)
			}
		})
	}
}
