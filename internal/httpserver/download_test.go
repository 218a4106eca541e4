package httpserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"nicgraph/internal/asktest"
	"nicgraph/internal/fault"
)

// toyDownloads are a table that does as it is told.
func toyDownloads(c *Config) {
	c.Downloads = []Download{{Path: "/toy/table.csv", Media: "text/csv", Options: []string{"word", "lost"}, Make: toyTable}}
}

func toyTable(ctx context.Context, input map[string]any, options url.Values) (*Content, error) {
	switch input["rows"] {
	case nil:
		return nil, fault.New(fault.Invalid, "say how many rows")
	case "panic":
		panic("a secret thing broke")
	case "slow":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return &Content{
		Header: http.Header{RowsHeader: {fmt.Sprint(input["rows"])}},
		Write: func(_ context.Context, w io.Writer) error {
			if options.Get("lost") == "first" {
				return errors.New("the secret disk is gone")
			}
			_, err := io.WriteString(w, strings.Repeat("row of "+options.Get("word")+"\n", 1000))
			if options.Get("lost") == "later" {
				return errors.New("the secret disk is gone")
			}
			return err
		},
	}, nil
}

func fetch(method, target, body string, headers ...string) *http.Request {
	return asktest.With(httptest.NewRequest(method, target, strings.NewReader(body)), headers...)
}

func TestADownloadTakesItsInputFromTheAddressOrTheBody(t *testing.T) {
	h := newServer(t, toyDownloads)
	for name, r := range map[string]*http.Request{
		"GET":  fetch(http.MethodGet, `/toy/table.csv?word=hope&input={"rows":7}`, ""),
		"POST": fetch(http.MethodPost, "/toy/table.csv?word=hope", `{"rows":7}`, "Content-Type", "application/json"),
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(h, r)
			if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "row of hope\n") {
				t.Fatalf("got %d %.100s", w.Code, w.Body)
			}
			for header, want := range map[string]string{
				"Content-Type": "text/csv; charset=utf-8", RowsHeader: "7", "Cache-Control": "no-store",
				"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			} {
				if got := w.Header().Get(header); got != want {
					t.Errorf("%s is %q, want %q", header, got, want)
				}
			}
		})
	}
}

func TestADownloadIsRefusedAsJSON(t *testing.T) {
	h := newServer(t, toyDownloads)
	for name, c := range map[string]struct {
		request *http.Request
		status  int
		want    string
	}{
		"no input":             {fetch(http.MethodGet, "/toy/table.csv", ""), 400, `"The input is missing.`},
		"an empty body":        {fetch(http.MethodPost, "/toy/table.csv", "", "Content-Type", "application/json"), 400, `"The input is missing.`},
		"an input of null":     {fetch(http.MethodGet, "/toy/table.csv?input=null", ""), 400, `"The input is missing.`},
		"input that is a list": {fetch(http.MethodGet, "/toy/table.csv?input=[]", ""), 400, `"BAD_USER_INPUT"`},
		"a misspelt option":    {fetch(http.MethodGet, "/toy/table.csv?input={}&wrod=hope", ""), 400, `There is no parameter \"wrod\" here; there are input, word, lost.`},
		"an option twice":      {fetch(http.MethodGet, "/toy/table.csv?input={}&word=a&word=b", ""), 400, `stands more than once`},
		"a form":               {fetch(http.MethodPost, "/toy/table.csv", "{}", "Content-Type", "text/plain"), 415, `"BAD_USER_INPUT"`},
		"a large body":         {fetch(http.MethodPost, "/toy/table.csv", `{"a":"`+strings.Repeat("a", 5000)+`"}`, "Content-Type", "application/json"), 413, `"LIMIT_EXCEEDED"`},
		"another method":       {fetch(http.MethodPut, "/toy/table.csv", "{}"), 405, `"BAD_USER_INPUT"`},
		"another origin":       {fetch(http.MethodPost, "/toy/table.csv", "{}", "Content-Type", "application/json", "Sec-Fetch-Site", "cross-site"), 403, `"FORBIDDEN"`},
		"a fault of the input": {fetch(http.MethodGet, "/toy/table.csv?input={}", ""), 400, `{"errors":[{"message":"say how many rows","extensions":{"code":"BAD_USER_INPUT"}}]}`},
		"too long":             {fetch(http.MethodGet, `/toy/table.csv?input={"rows":"slow"}`, ""), 504, `"TIMEOUT"`},
		"a panic":              {fetch(http.MethodGet, `/toy/table.csv?input={"rows":"panic"}`, ""), 500, `"INTERNAL"`},
		"a failure to begin":   {fetch(http.MethodGet, `/toy/table.csv?lost=first&input={"rows":1}`, ""), 500, `"INTERNAL"`},
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(h, c.request)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("got %d %s, want %d and %s", w.Code, w.Body, c.status, c.want)
			}
			if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, mediaResponse) {
				t.Errorf("told as %s", got)
			}
		})
	}
}

func TestADownloadThatBreaksOffBreaksTheConnection(t *testing.T) {
	server := httptest.NewServer(newServer(t, toyDownloads))
	defer server.Close()
	client := &http.Client{Timeout: 10 * time.Second}
	response, err := client.Get(server.URL + `/toy/table.csv?lost=later&input=` + url.QueryEscape(`{"rows":1}`))
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	if err == nil {
		t.Error("a part was taken for the whole")
	}
}

func TestADownloadStopsWhenTheClientGoesAway(t *testing.T) {
	stopped := make(chan error, 1)
	server := httptest.NewServer(newServer(t, func(c *Config) {
		c.Downloads = []Download{{Path: "/toy/endless.csv", Media: "text/csv", Make: func(context.Context, map[string]any, url.Values) (*Content, error) {
			return &Content{Write: func(ctx context.Context, w io.Writer) error {
				for ctx.Err() == nil {
					if _, err := io.WriteString(w, strings.Repeat("row\n", 10_000)); err != nil {
						break
					}
				}
				stopped <- ctx.Err()
				return ctx.Err()
			}}, nil
		}}}
	}))
	defer server.Close()
	response, err := http.Get(server.URL + "/toy/endless.csv?input={}")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	select {
	case <-stopped:
	case <-time.After(10 * time.Second):
		t.Error("the writing goes on")
	}
}

func TestTheHeadOfADownloadHasNoBody(t *testing.T) {
	w := ask(newServer(t, toyDownloads), fetch(http.MethodHead, `/toy/table.csv?input={"rows":7}`, ""))
	if w.Code != http.StatusOK || w.Body.Len() > 0 || w.Header().Get(RowsHeader) != "7" {
		t.Errorf("got %d, %d bytes and %s rows", w.Code, w.Body.Len(), w.Header().Get(RowsHeader))
	}
}

func TestAListedOriginMayReadDownloads(t *testing.T) {
	h := newServer(t, func(c *Config) { toyDownloads(c); c.Origins = []string{"https://lab.example.org"} })
	w := ask(h, fetch(http.MethodGet, `/toy/table.csv?input={"rows":7}`, "", "Origin", "https://lab.example.org"))
	if got := w.Header().Get("Access-Control-Allow-Origin"); got != "https://lab.example.org" {
		t.Errorf("allowed is %q", got)
	}
	if got := w.Header().Get("Access-Control-Expose-Headers"); !strings.Contains(got, RowsHeader) {
		t.Errorf("exposed are %q", got)
	}
}

func TestADownloadIsALineInTheLog(t *testing.T) {
	for target, want := range map[string]string{
		`/toy/table.csv?input={"rows":7}`: "operation=/toy/table.csv kind=download status=200 outcome=ok",
		`/toy/table.csv?input={}`:         "operation=/toy/table.csv kind=download status=400 outcome=BAD_USER_INPUT",
	} {
		var log strings.Builder
		h := newServer(t, func(c *Config) { toyDownloads(c); c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
		ask(h, fetch(http.MethodGet, target, ""))
		if !strings.Contains(log.String(), want) {
			t.Errorf("%s: %q is not in %q", target, want, &log)
		}
	}
}
