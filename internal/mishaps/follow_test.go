package mishaps

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// followed are the numbers of the changes that subscriptions told, each going on behind the last.
type followed struct {
	numbers chan int
	ended   chan string // what it ended with, for good
	breaks  atomic.Int64
}

const follows = `{"query": "subscription ($after: Int!) { changes(after: $after) { change { number } entries { id } } }", "variables": {"after": %d}}`

// follow subscribes to all changes until the test ends. Whoever is told that the store takes too long
// begins again.
func follow(t *testing.T, p *program) *followed {
	t.Helper()
	f := &followed{numbers: make(chan int, 100_000), ended: make(chan string, 1)}
	stream, err := f.open(t.Context(), p, 0)
	must(t, err)
	go func() {
		for last := 0; ; {
			var said string
			last, said = f.read(stream, last)
			_ = stream.Close()
			if !strings.Contains(said, `"TIMEOUT"`) {
				f.ended <- said
				return
			}
			f.breaks.Add(1)
			if stream, err = f.open(t.Context(), p, last); err != nil {
				f.ended <- err.Error()
				return
			}
		}
	}()
	return f
}

func (f *followed) open(ctx context.Context, p *program, after int) (io.ReadCloser, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address, strings.NewReader(fmt.Sprintf(follows, after)))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(r)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("subscribe: %s", resp.Status)
	}
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// read passes on what a stream tells, and says what it ended with and behind which change.
func (f *followed) read(stream io.Reader, last int) (int, string) {
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
			return last, said
		}
		last = event.Data.Changes.Change.Number
		f.numbers <- last
	}
	return last, "nothing"
}

// checkAll makes sure that the changes were told up to the last, each once and in order.
func (f *followed) checkAll(t *testing.T, last int) {
	t.Helper()
	late := time.After(2 * time.Minute)
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
