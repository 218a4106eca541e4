package clients

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"nicgraph/internal/auth"
	"nicgraph/internal/explorer"
	"nicgraph/internal/store/embedded"
)

// What the page is made of, as GraphiQL names it.
const (
	runButton = `.graphiql-execute-button`
	question  = `.graphiql-query-editor .CodeMirror`
	headers   = `[aria-label='Headers'] .graphiql-editor:not(.hidden) .CodeMirror`
	answer    = `.result-window .CodeMirror-code`
	tab       = `.graphiql-tab-button`
	docs      = `.graphiql-doc-explorer`
	docsField = `.graphiql-doc-explorer-search [role="combobox"]`
	docsTitle = `.graphiql-doc-explorer-title`
	docsMatch = `.graphiql-doc-explorer-search [role="option"]`
)

func TestGraphiQLAnswersAndExplainsWithoutTheNetwork(t *testing.T) {
	url := serverURL(t)
	ctx, seen := browser(t)
	var tabs int
	var title, text, described string
	err := chromedp.Run(ctx,
		chromedp.EmulateViewport(1600, 1000),
		chromedp.Navigate(url+"/"),
		chromedp.WaitVisible(runButton),
		chromedp.Title(&title),
		chromedp.Evaluate(`document.querySelectorAll("`+tab+`").length`, &tabs),
		until(`document.querySelector("`+docs+`")?.getBoundingClientRect().left > 0`),
		chromedp.Click(runButton),
		until(`document.querySelector("`+answer+`")?.innerText.includes('"data"')`),
		chromedp.Text(answer, &text),
		screenshot(t, "answer.png"),
		typed(docsField, "LearningStage", `document.querySelector('`+docsMatch+`')?.innerText === "LearningStage"`),
		chromedp.Click(docsMatch),
		until(`document.querySelector("`+docsTitle+`")?.innerText.includes("LearningStage")`),
		chromedp.Text(docs, &described),
		screenshot(t, "docs.png"),
	)
	if err != nil {
		t.Fatalf("drive the page: %v; it wrote %q", err, seen.complaints())
	}
	if want := len(explorer.Examples()); tabs != want {
		t.Errorf("%d tabs, want %d", tabs, want)
	}
	if !strings.Contains(title, "nicgraph") {
		t.Errorf("the title is %q", title)
	}
	if !strings.Contains(text, "Carnegie Foundation for the Advancement of Teaching") {
		t.Errorf("the answer is %q", text)
	}
	if !strings.Contains(described, "ADOPTED") {
		t.Errorf("the description of LearningStage is %q", described)
	}
	if asked := seen.count(); asked < 8 {
		t.Errorf("only %d requests were seen: the watch does not work", asked)
	}
	for _, request := range seen.outside(url) {
		t.Errorf("the page asked for %s", request)
	}
	if complaints := seen.complaints(); len(complaints) > 0 {
		t.Errorf("the page wrote %q", complaints)
	}
}

// However many tabs there are, and however narrow the window is, what people ask and what comes back can be seen,
// and the documentation leaves them where they are.
func TestGraphiQLShowsTheTabThatIsBegunAndTheAnswerBelowOnANarrowWindow(t *testing.T) {
	url := serverURL(t)
	ctx, seen := browser(t)
	const inSight = `(() => {
		const row = document.querySelector(".graphiql-tabs").getBoundingClientRect();
		const tab = document.querySelector(".graphiql-tab-active").getBoundingClientRect();
		return tab.left >= row.left - 1 && tab.right <= row.right + 1;
	})()`
	const below = `document.querySelector(".graphiql-response").getBoundingClientRect().top >=
		document.querySelector(".graphiql-editors").getBoundingClientRect().bottom`
	const over = `(() => {
		const page = document.querySelector(".graphiql-sessions").getBoundingClientRect();
		const over = document.querySelector(".graphiql-plugin").getBoundingClientRect();
		return page.width > 300 && over.left <= page.left && over.right >= page.right && over.top <= page.top && over.bottom >= page.bottom;
	})()`
	const button = `document.querySelector("` + runButton + `")`
	const free = `(at => document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2)?.closest("` + runButton + `"))(` + button + `.getBoundingClientRect()) === ` + button
	err := chromedp.Run(ctx,
		chromedp.EmulateViewport(1000, 800),
		chromedp.Navigate(url+"/"),
		chromedp.WaitVisible(runButton),
		pressed(`.graphiql-tab-add`, fmt.Sprintf(`document.querySelectorAll(%q).length === %d`, tab, len(explorer.Examples())+1)),
		until(inSight),
		pressed(runButton, `document.querySelector("`+answer+`")?.innerText.includes('"search"')`),
		chromedp.EmulateViewport(390, 844),
		until(below),
		screenshot(t, "narrow.png"),
		pressed(`button[aria-label="Show Documentation Explorer"]`, over),
		screenshot(t, "narrow-docs.png"),
		pressed(`button[aria-label="Hide Documentation Explorer"]`, free),
	)
	if err != nil {
		t.Fatalf("drive the page: %v; it wrote %q", err, seen.complaints())
	}
}

// Where a token is needed, the page says so where the answer would be, and takes it in Headers.
func TestGraphiQLTakesATokenWhereOneIsNeeded(t *testing.T) {
	keeper := embedded.TokensIn(t.TempDir())
	token, text, err := auth.NewToken("Ann Example", auth.Reader, 0, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.AddToken(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	gate := &auth.Gate{Tokens: auth.NewTokens(keeper, time.Now, slog.New(slog.DiscardHandler)), RequireToken: true}
	url := serveTo(t, seeded(t), gate.Admit)
	ctx, _ := browser(t) // it complains of the refusal
	var refused, answered, kept, since, settings string
	var broken *string
	err = chromedp.Run(ctx,
		chromedp.EmulateViewport(1600, 1000),
		chromedp.Navigate(url+"/"),
		chromedp.WaitVisible(runButton),
		until(`document.querySelector("`+answer+`")?.innerText.includes("open Headers")`),
		chromedp.Text(answer, &refused),
		screenshot(t, "refused.png"),
		pressed(`//button[text()="Headers"]`, `!!document.querySelector("`+headers+`")?.CodeMirror`),
		chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).CodeMirror.setValue(%q)`, headers, `{"Authorization": "Bearer `+text+`"}`), nil),
		pressed(runButton, `document.querySelector("`+answer+`")?.innerText.includes('"data"')`),
		chromedp.Text(answer, &answered),
		chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).CodeMirror.setValue("query LearnedFromCarnegie { viewer { role } }")`, question), nil),
		until(`localStorage.getItem("graphiql:tabState")?.includes("viewer { role }")`), // what is kept of a question is what its tab knows
		pressed(runButton, `document.querySelector("`+answer+`")?.innerText.includes("READER")`),
		until(`localStorage.getItem("graphiql:queries")?.includes("viewer { role }")`),
		chromedp.Evaluate(`JSON.stringify(localStorage)`, &kept),
		chromedp.Evaluate(fmt.Sprintf(`localStorage.setItem("graphiql:favorites", JSON.stringify({favorites: [{query: "{ once }", headers: %q}]}))`, text), nil),
		chromedp.Evaluate(`localStorage.setItem("graphiql:queries", "{broken")`, nil),
		chromedp.Evaluate(persisted(text), nil),
		chromedp.Navigate(url+"/"), // as if it had been another page that kept that
		chromedp.WaitVisible(runButton),
		chromedp.Evaluate(`localStorage.getItem("graphiql:favorites")`, &since),
		chromedp.Evaluate(`localStorage.getItem("graphiql:queries")`, &broken),
		screenshot(t, "admitted.png"),
		until(fmt.Sprintf(`!JSON.stringify(localStorage).includes(%q)`, text)),
		pressed(`button[aria-label="Open settings dialog"]`, `document.querySelectorAll(".graphiql-dialog-section-title").length > 1`),
		chromedp.Evaluate(`document.querySelector(".graphiql-dialog").innerText`, &settings),
	)
	if err != nil {
		t.Fatalf("drive the page: %v; it says %q", err, refused)
	}
	if !strings.Contains(answered, "Carnegie Foundation for the Advancement of Teaching") {
		t.Errorf("the answer is %q", answered)
	}
	if strings.Contains(kept, text) {
		t.Errorf("the page keeps the token in the browser: %s", kept)
	}
	if strings.Contains(since, text) || !strings.Contains(since, "{ once }") {
		t.Errorf("what was kept before is now %s", since)
	}
	if broken != nil {
		t.Errorf("the broken text that was kept is now %s", *broken)
	}
	if !strings.Contains(settings, "Theme") || strings.Contains(settings, "headers") {
		t.Errorf("the settings are %q", settings)
	}
}

// persisted leaves in the browser what GraphiQL leaves there when it is to keep headers.
func persisted(token string) string {
	return fmt.Sprintf(`(token => {
		localStorage.setItem("graphiql:shouldPersistHeaders", "true");
		localStorage.setItem("graphiql:headers", token);
		const state = JSON.parse(localStorage.getItem("graphiql:tabState"));
		for (const tab of state.tabs) tab.headers = token;
		localStorage.setItem("graphiql:tabState", JSON.stringify(state));
	})(%q)`, token)
}

// until waits for a condition; machines that run all tests at once are slow.
func until(condition string) chromedp.Action {
	return chromedp.Poll(condition, nil, chromedp.WithPollingTimeout(2*time.Minute))
}

// pressed clicks on something until the page shows what comes of it: what is still being drawn moves away
// under a click, or does not hear it yet.
func pressed(button, shown string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) (err error) {
		for range 10 {
			err = chromedp.Run(ctx, chromedp.Click(button), chromedp.Poll(shown, nil, chromedp.WithPollingTimeout(15*time.Second)))
			if err == nil {
				return nil
			}
		}
		return fmt.Errorf("press %q: %w", button, err)
	})
}

// typed types into a field until the page shows it: a field that is still being drawn
// loses keys.
func typed(field, text, shown string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		var err error
		for range 20 {
			err = chromedp.Run(ctx,
				chromedp.Click(field),
				chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).select()`, field), nil),
				chromedp.KeyEvent(text),
				chromedp.Poll(shown, nil, chromedp.WithPollingTimeout(5*time.Second)))
			if err == nil {
				return nil
			}
		}
		return fmt.Errorf("type %q: %w", text, err)
	})
}

// screenshot keeps what the page looks like in the folder that NICGRAPH_PICTURES names, if any.
func screenshot(t *testing.T, name string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		folder := os.Getenv("NICGRAPH_PICTURES")
		if folder == "" {
			return nil
		}
		var png []byte
		if err := chromedp.CaptureScreenshot(&png).Do(ctx); err != nil {
			return err
		}
		t.Logf("%s shows the page", name)
		return os.WriteFile(filepath.Join(folder, name), png, 0o644)
	})
}

// browser starts Chromium with a profile of its own, which chromedp removes, and watches what its page asks for and complains of.
func browser(t *testing.T) (context.Context, *watch) {
	t.Helper()
	program := chromium(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.WSURLReadTimeout(2*time.Minute), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	seen := &watch{}
	chromedp.ListenTarget(ctx, seen.note)
	return ctx, seen
}

func chromium(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	missing(t, "Chromium")
	return ""
}

// watch remembers requests and complaints of a page; the browser tells it from another goroutine.
type watch struct {
	mu       sync.Mutex
	requests []string
	written  []string
}

func (w *watch) note(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, e.Request.URL)
	case *log.EventEntryAdded: // a breach of the content policy comes here
		if e.Entry.Level == log.LevelError {
			w.written = append(w.written, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		w.written = append(w.written, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError {
			w.written = append(w.written, string(e.Args[0].Value))
		}
	}
}

func (w *watch) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.requests)
}

// outside are the requests to other servers than the one at url.
func (w *watch) outside(url string) (list []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, request := range w.requests {
		if !strings.HasPrefix(request, url+"/") && !strings.HasPrefix(request, "data:") {
			list = append(list, request)
		}
	}
	return list
}

func (w *watch) complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.written...)
}
