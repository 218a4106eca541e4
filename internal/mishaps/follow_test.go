package mishaps

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// followed are the numbers of the changes that a subscription tells.
type followed struct {
	numbers chan int
	ended   chan string // what it ended with
}

const follows = `{"query": "subscription { changes(after: 0) { change { number } entries { id } } }"}`

// follow subscribes to all changes until the test ends.
func follow(t *testing.T, p *program) *followed {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.address, strings.NewReader(follows))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("subscribe: %s", resp.Status)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	f := &followed{make(chan int, 100_000), make(chan string, 1)}
	go f.read(resp.Body)
	return f
}

func (f *followed) read(stream io.Reader) {
	for lines := bufio.NewScanner(stream); lines.Scan(); {
		said, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var event struct {
			Data struct {
				Changes *struct {
					Change  struct{ Number int }
					Entries []struct{ ID string }
				}
			}
		}
		if err := json.Unmarshal([]byte(said), &event); err != nil || event.Data.Changes == nil || len(event.Data.Changes.Entries) == 0 {
			f.ended <- said
			return
		}
		f.numbers <- event.Data.Changes.Change.Number
	}
	f.ended <- "nothing"
}

// checkAll makes sure that the changes were told up to the last, each once and in order.
func (f *followed) checkAll(t *testing.T, last int) {
	t.Helper()
	late := time.After(time.Minute)
	for want := 1; want <= last; want++ {
		select {
		case got := <-f.numbers:
			if got != want {
				t.Fatalf("the subscription told change %d, want %d", got, want)
			}
		case said := <-f.ended:
			t.Fatalf("the subscription ended before change %d with %s", want, said)
		case <-late:
			t.Fatalf("the subscription did not tell change %d of %d", want, last)
		}
	}
}
