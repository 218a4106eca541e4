package inside

import (
	"net/http"
	"testing"

	"nicgraph/graph"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

func handler(t *testing.T) http.Handler {
	t.Helper()
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	h, err := Handler(store.New(embedded.OpenMemory(domain.Catalog(), nil), store.Limits{}), domain.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestTheHandlerAnswersWithoutASocket(t *testing.T) {
	answer, err := Query(t.Context(), handler(t), "{ people { totalCount } }")
	if want := `{"data":{"people":{"totalCount":0}}}`; err != nil || string(answer) != want {
		t.Errorf("%s and error %v, want %s", answer, err, want)
	}
}

func TestWhatIsRefusedIsAnError(t *testing.T) {
	for name, query := range map[string]string{"no question": "{", "no field": "{ peoples { id } }"} {
		if answer, err := Query(t.Context(), handler(t), query); err == nil {
			t.Errorf("%s passed, with %s", name, answer)
		}
	}
}
