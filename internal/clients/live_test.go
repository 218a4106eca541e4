package clients

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"nicgraph/internal/asktest"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// following is what live/program.mjs prints.
type following struct {
	Gaps    bool
	IDs     []string
	Actions []string
	Refused []string
}

func TestGraphqlWSFollowsChangesOverCuts(t *testing.T) {
	got := program[following](t, "live", serverURL(t)+"/graphql")
	want := following{
		IDs:     []string{"live-1", "live-2", "live-3", "live-4", "live-5"},
		Actions: []string{"SOURCE CREATED"}, Refused: []string{"BAD_USER_INPUT"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// addSource adds a source to the graph of a server.
func addSource(t *testing.T, url, id string) {
	t.Helper()
	got := asktest.Post(t, url+"/graphql", asktest.Question{
		Query:     `mutation ($id: ID!) { createSources(input: [{id: $id, title: "Seen as it came", publisher: "P"}]) { created } }`,
		Variables: map[string]string{"id": id},
	})
	var answer struct{ Errors []any }
	if err := json.Unmarshal(got.Body, &answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%v, %v", answer.Errors, err)
	}
}

// The command is that of the README.
func TestCurlFollowsChanges(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		missing(t, "curl")
	}
	url := serverURL(t)
	cmd := exec.CommandContext(t.Context(), "curl", "-sN", url+"/graphql", "-H", "Accept: text/event-stream", "--json",
		`{"query": "subscription { changes(after: 1) { change { number created } entries { id } } }"}`)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cut := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer cut.Stop()
	addSource(t, url, "by-curl")
	var got []string
	for lines := bufio.NewScanner(out); len(got) < 2 && lines.Scan(); {
		if line := lines.Text(); line != "" && !strings.HasPrefix(line, ":") {
			got = append(got, line)
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
	want := []string{"event: next", `data: {"data":{"changes":{"change":{"number":2,"created":1},"entries":[{"id":"by-curl"}]}}}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// clicked clicks until the page shows it: GraphiQL learns the name of a tab's operation a little
// after the tab is there.
func clicked(button, shown string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		var err error
		for range 10 {
			err = chromedp.Run(ctx, chromedp.Click(button), chromedp.Poll(shown, nil, chromedp.WithPollingTimeout(5*time.Second)))
			if err == nil {
				return nil
			}
		}
		return fmt.Errorf("click %s: %w", button, err)
	})
}

func TestGraphiQLShowsChangesAsTheyAreWritten(t *testing.T) {
	url := serverURL(t)
	ctx, seen := browser(t)
	shows := func(id string) chromedp.Action {
		return until(`document.querySelector("` + answer + `")?.innerText.includes("` + id + `")`)
	}
	writes := func(id string) chromedp.Action {
		return chromedp.ActionFunc(func(ctx context.Context) error { addSource(t, url, id); return nil })
	}
	err := chromedp.Run(ctx,
		chromedp.EmulateViewport(1600, 1000),
		chromedp.Navigate(url+"/"),
		chromedp.WaitVisible(runButton),
		chromedp.Evaluate(`[...document.querySelectorAll("`+tab+`")].find((t) => t.innerText.includes("Follow")).click()`, nil),
		clicked(runButton, `document.querySelector("`+answer+`")?.innerText.includes("CREATED")`),
		writes("and-later"),
		shows("and-later"),
		screenshot(t, "live.png"),
		chromedp.Click(runButton), // stops
		until(`document.querySelector("`+runButton+`")?.ariaLabel.startsWith("Execute")`),
	)
	if err != nil {
		t.Fatalf("drive the page: %v; it wrote %q", err, seen.complaints())
	}
	if complaints := seen.complaints(); len(complaints) > 0 {
		t.Errorf("the page wrote %q", complaints)
	}
}
