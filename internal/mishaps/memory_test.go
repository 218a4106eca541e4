package mishaps

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// mixed is how long the mixed load lasts; for the memory of a day's work, `-mixed 1h`.
var mixed = flag.Duration("mixed", 5*time.Second, "how long many read and write at once, while the memory is watched")

// mostHeld bounds the memory that the server holds with the curated data, whatever is asked, in kB.
const mostHeld = 1 << 20

// dear are questions that come right up to the limits, or are stopped by them underway.
var dear = []string{
	"{ learnings(first: 300) { nodes { practice { learnings(first: 30) { nodes {" + numbered(80, " a%d: practice { summary }") + "} } } } } }",
	"{ learnings(first: 1000) { nodes {" + numbered(150, " a%d: learner { name }") + "} } }",
	"{ learnings(first: 1) {" + numbered(120, " a%d: groups(by: [TEACHER, LEARNER, PRACTICE, STAGE], first: 1000) { totalCount groups { count } }") + "} }",
	"{ parties(first: 1000) { nodes { downstream(maxHops: 12) { totalCount } upstream(maxHops: 12) { totalCount } } } }",
	"{" + numbered(100, ` a%d: search(text: "the of a school %[1]d", first: 1000) { totalCount nodes { id } }`) + "}",
}

// usual is what pages and people ask.
var usual = []string{
	"{ networks(first: 20) { totalCount nodes { name members(first: 10) { totalCount nodes { id } } } } }",
	"{ practices(first: 10, orderBy: [{learnings: {count: DESC}}]) { nodes { name learnings { totalCount } } } }",
	`{ search(text: "improvement", first: 10) { nodes { id } } }`,
}

func numbered(n int, format string) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, format, i)
	}
	return all.String()
}

func TestMemoryIsBoundedWhateverIsAskedAtOnce(t *testing.T) {
	p := launch(t, exec.Command(binary, "serve", "--quiet", "--listen", "127.0.0.1:0", "--data", t.TempDir()))
	ctx, stop := context.WithTimeout(t.Context(), *mixed)
	defer stop()
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() { askAll(ctx, t, p, usual, i) })
	}
	for i := range 32 {
		all.Go(func() { askAll(ctx, t, p, dear, i) })
	}
	all.Go(func() { newLoad(8).run(ctx, p, func(err error) bool { return served(ctx, t, err) }) })
	held := 0
	for ctx.Err() == nil {
		held = max(held, resident(t, p))
		time.Sleep(20 * time.Millisecond)
	}
	all.Wait()
	t.Logf("the server held %d MB at most", held>>10)
	if held > mostHeld {
		t.Errorf("the server held %d MB, want at most %d", held>>10, mostHeld>>10)
	}
}

// askAll asks one question after the other.
func askAll(ctx context.Context, t *testing.T, p *program, questions []string, first int) {
	for i := first; ctx.Err() == nil; i++ {
		var data struct{}
		if !served(ctx, t, p.ask(ctx, &data, questions[i%len(questions)], nil)) {
			return
		}
	}
}

// served tells whether something was answered, or refused for what it costs or for there being
// too much to do.
func served(ctx context.Context, t *testing.T, err error) bool {
	refused, _ := errors.AsType[*refusal](err)
	switch {
	case err == nil, ctx.Err() != nil:
		return true
	case refused == nil, !slices.Contains([]string{"OVERLOADED", "LIMIT_EXCEEDED", "TIMEOUT"}, refused.Code):
		t.Error(err)
		return false
	}
	return true
}
