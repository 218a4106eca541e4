package httpserver

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"nicgraph/internal/asktest"

	"github.com/google/go-cmp/cmp"
)

func newServer(t *testing.T, change func(*Config)) http.Handler {
	t.Helper()
	config := Config{Schema: newToy(), Logger: slog.New(slog.DiscardHandler), Timeout: 200 * time.Millisecond, MaxBody: 4096}
	if change != nil {
		change(&config)
	}
	h, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(h http.Handler, r *http.Request) *httptest.ResponseRecorder { return asktest.Of(h, r) }

// post makes a POST of body; headers are pairs of name and value.
func post(body string, headers ...string) *http.Request { return asktest.Request(body, headers...) }

func get(params string, headers ...string) *http.Request {
	return asktest.With(httptest.NewRequest(http.MethodGet, "/graphql?"+params, nil), headers...)
}

func query(text string) string { return "query=" + url.QueryEscape(text) }

const (
	hello   = `{"query":"{ hello }"}`
	modern  = "application/graphql-response+json"
	classic = "application/json"
)

func TestAnswers(t *testing.T) {
	for _, test := range []struct {
		name   string
		ask    *http.Request
		status int
		body   string
	}{
		{"a query is answered without re-encoding", post(hello), 200, `{"data":{"hello":"hello \u003c\u003e"}}`},
		{"variables reach the executor", post(`{"query":"query($n:String){ hello(name:$n) }","variables":{"n":"Ana"}}`), 200, `{"data":{"hello":"hello \u003cAna\u003e"}}`},
		{"a byte order mark is no fault", post("\ufeff" + hello), 200, `{"data":{"hello":"hello \u003c\u003e"}}`},
		{"operationName chooses", post(`{"query":"query A{ a: hello } query B{ b: hello }","operationName":"B"}`), 200, `{"data":{"b":"hello \u003c\u003e"}}`},
		{"null parameters are absent ones", post(`{"query":"{ hello }","variables":null,"operationName":null,"extensions":null}`), 200, `{"data":{"hello":"hello \u003c\u003e"}}`},
		{"a mutation works over POST", post(`{"query":"mutation { set }"}`), 200, `{"data":{"set":"Query"}}`},
		{"GET reads", get(query("query($n:String){ hello(name:$n) }") + "&variables=" + url.QueryEscape(`{"n":"Bo"}`)), 200, `{"data":{"hello":"hello \u003cBo\u003e"}}`},
		{"errors come before data, with code and path", post(`{"query":"{ partial }"}`), 200,
			`{"errors":[{"message":"That practice has no origin.","path":["partial"],"extensions":{"code":"BAD_USER_INPUT"}}],"data":{"partial":null}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := ask(newServer(t, nil), test.ask)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			if diff := cmp.Diff(test.body, w.Body.String()); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	deep := `{"query":"{ hello }","variables":{"n":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}}`
	for _, test := range []struct {
		name   string
		ask    *http.Request
		status int
		code   string
		says   string
	}{
		{"no content type", post(hello, "Content-Type", ""), 415, "BAD_USER_INPUT", "Content-Type: application/json"},
		{"a form, as another site could send", post("query={hello}", "Content-Type", "application/x-www-form-urlencoded"), 415, "BAD_USER_INPUT", "application/json"},
		{"plain text, as another site could send", post(hello, "Content-Type", "text/plain"), 415, "BAD_USER_INPUT", "application/json"},
		{"a charset other than UTF-8", post(hello, "Content-Type", "application/json; charset=latin1"), 415, "BAD_USER_INPUT", "UTF-8"},
		{"a compressed body", post(hello, "Content-Encoding", "gzip"), 415, "BAD_USER_INPUT", "compressed"},
		{"a page of another origin", post(hello, "Sec-Fetch-Site", "cross-site"), 403, "FORBIDDEN", "--cors"},
		{"an empty body", post(""), 400, "BAD_USER_INPUT", "empty"},
		{"broken JSON", post(`{ "not a JSON`), 400, "BAD_USER_INPUT", "not valid JSON"},
		{"bytes that are not UTF-8", post("{\"query\":\"\xff\"}"), 400, "BAD_USER_INPUT", "UTF-8"},
		{"something after the JSON value", post(hello + hello), 400, "BAD_USER_INPUT", "after the JSON value"},
		{"a batch", post("[" + hello + "]"), 400, "BAD_USER_INPUT", "batches"},
		{"JSON that is no object", post(`"hello"`), 400, "BAD_USER_INPUT", "must be an object"},
		{"JSON that nests deep", post(deep), 400, "LIMIT_EXCEEDED", "64 deep"},
		{"a large body", post(`{"query":"` + strings.Repeat(" ", 5000) + `"}`), 413, "LIMIT_EXCEEDED", "4096 bytes"},
		{"no query", post(`{"qeury":"{ hello }"}`), 400, "BAD_USER_INPUT", `"query" is missing`},
		{"the hash of a query alone", post(`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}`), 400, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"},
		{"a query that is no text", post(`{"query":0}`), 400, "BAD_USER_INPUT", `"query" must be a string`},
		{"variables that are no object", post(`{"query":"{ hello }","variables":["a"]}`), 400, "BAD_USER_INPUT", `"variables" must be an object`},
		{"an Accept that allows no JSON", post(hello, "Accept", "image/png"), 406, "BAD_USER_INPUT", "Accept"},
		{"a method that nobody uses", httptest.NewRequest(http.MethodPut, "/graphql", nil), 405, "BAD_USER_INPUT", "PUT"},
		{"a mutation over GET", get(query("mutation { set }")), 405, "BAD_USER_INPUT", "POST"},
		{"a subscription", post(`{"query":"subscription { tick }"}`), 400, "BAD_USER_INPUT", "Subscriptions"},
		{"GET without a query", get("x=1"), 400, "BAD_USER_INPUT", `"query" is missing`},
		{"a parameter given twice", get(query("{hello}") + "&" + query("{hello}")), 400, "BAD_USER_INPUT", "more than once"},
		{"variables in the address that are no JSON", get(query("{hello}") + "&variables=x"), 400, "BAD_USER_INPUT", "variables"},
		{"a document that does not parse", post(`{"query":"{"}`, "Accept", modern), 400, "BAD_USER_INPUT", "Expected"},
		{"a document that is not valid", post(`{"query":"{ nope }"}`, "Accept", modern), 400, "BAD_USER_INPUT", "nope"},
		{"the same under application/json", post(`{"query":"{ nope }"}`, "Accept", classic), 200, "BAD_USER_INPUT", "nope"},
		{"no name among several operations", post(`{"query":"query A{ hello } query B{ hello }"}`), 200, "BAD_USER_INPUT", `several operations; say which one to run in "operationName"`},
		{"the name of no operation", post(`{"query":"query A{ hello } query B{ hello }","operationName":"C"}`), 200, "BAD_USER_INPUT", `In the document no operation is named "C"`},
		{"a variable that is missing", post(`{"query":"query($n: String!){ hello(name: $n) }"}`), 200, "BAD_USER_INPUT", "$n: must be defined"},
		{"a variable of a wrong kind", post(`{"query":"query($n: String){ hello(name: $n) }","variables":{"n":["a"]}}`), 200, "BAD_USER_INPUT", "$n: what is given is not of the type String"},
		{"a number where true or false is wanted", post(`{"query":"query($b: Boolean!){ hello @skip(if: $b) }","variables":{"b":1}}`), 200, "BAD_USER_INPUT", "$b: what is given is not of the type Boolean"},
		{"a variable of an object that is none", post(`{"query":"query($like: Like){ hello(like: $like) }","variables":{"like":7}}`), 200, "BAD_USER_INPUT", "$like: what is given is not of the type Like"},
		{"a misspelt field in a variable", post(`{"query":"query($like: Like){ hello(like: $like) }","variables":{"like":{"in":[{"tone":"WARM"},{"tnoe":"WARM"}]}}}`), 200, "BAD_USER_INPUT", "$like.in[1].tnoe: Like has no field tnoe; did you mean tone?"},
		{"a misspelt word in a variable", post(`{"query":"query($like: Like){ hello(like: $like) }","variables":{"like":{"tone":"WRAM"}}}`), 200, "BAD_USER_INPUT", "$like.tone: WRAM is not a value of Tone; did you mean WARM?"},
		{"a misspelt word", post(`{"query":"{ hello(like: {tone: WRAM}) }"}`), 200, "BAD_USER_INPUT", "WRAM is not a value of Tone; did you mean WARM?"},
		{"a word that is like none", post(`{"query":"{ hello(like: {tone: PURPLE}) }"}`), 200, "BAD_USER_INPUT", "PURPLE is not a value of Tone; take one of COLD, WARM"},
		{"a word in quotation marks", post(`{"query":"{ hello(like: {tone: \"WARM\"}) }"}`), 200, "BAD_USER_INPUT", `"WARM" is not a value of Tone; did you mean WARM?`},
		{"a selection of nothing", post(`{"query":"{ hello { } }"}`), 200, "BAD_USER_INPUT", "a selection must not be empty; name what is wanted between { and }"},
		{"parentheses around nothing", post(`{"query":"{ hello() }"}`), 200, "BAD_USER_INPUT", "nothing stands between ( and ); leave them out"},
		{"too many tokens", post(`{"query":"{`+strings.Repeat(" hello", 600)+`}"}`, "Accept", modern), 400, "BAD_USER_INPUT", "limit"},
		{"more than the executor allows", post(`{"query":"{ tooMuch }"}`, "Accept", modern), 400, "LIMIT_EXCEEDED", "costs 12"},
		{"an operation that takes too long", post(`{"query":"{ slow }"}`, "Accept", modern), 504, "TIMEOUT", "Ask for less"},
		{"a store that is away", post(`{"query":"{ away }"}`), 503, "UNAVAILABLE", "cannot be reached"},
		{"an error inside", post(`{"query":"{ inside }"}`), 500, "INTERNAL", "request id"},
		{"a panic", post(`{"query":"{ boom }"}`), 500, "INTERNAL", "request id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := ask(newServer(t, func(c *Config) { c.MaxTokens = 500 }), test.ask)
			var body struct {
				Data   *json.RawMessage
				Errors []struct {
					Message    string
					Extensions struct{ Code string }
				}
			}
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || len(body.Errors) == 0 {
				t.Fatalf("body %q: %v", w.Body, err)
			}
			first := body.Errors[0]
			if w.Code != test.status || first.Extensions.Code != test.code || !strings.Contains(first.Message, test.says) {
				t.Errorf("got %d %s %q, want %d %s and %q", w.Code, first.Extensions.Code, first.Message, test.status, test.code, test.says)
			}
			if body.Data != nil {
				t.Error("a request error has a data entry")
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Error("the inside is told to the client")
			}
			if w.Code == http.StatusMethodNotAllowed && !strings.Contains(w.Header().Get("Allow"), "POST") {
				t.Errorf("Allow is %q", w.Header().Get("Allow"))
			}
		})
	}
}

func TestMediaTypeFollowsAccept(t *testing.T) {
	for accept, want := range map[string]string{
		"":                              classic,
		"*/*":                           classic,
		"application/*":                 classic,
		classic:                         classic,
		modern:                          modern,
		modern + ", " + classic:         modern,
		classic + ", " + modern:         classic,
		classic + ";q=0.5," + modern:    modern,
		"text/html,*/*;q=0.8":           classic,
		modern + ";charset=utf-8":       modern,
		modern + ";q=0, " + classic:     classic,
		modern + "; charset=latin1,*/*": classic,
	} {
		w := ask(newServer(t, nil), post(hello, "Accept", accept))
		if got := w.Header().Get("Content-Type"); got != want+"; charset=utf-8" {
			t.Errorf("Accept %q: got %q, want %q", accept, got, want)
		}
	}
}

func TestAnAnswerToGETIsAskedAboutAgainByItsTag(t *testing.T) {
	h := newServer(t, nil)
	first := ask(h, get(query("{ hello }")))
	tag := first.Header().Get("ETag")
	if tag == "" || first.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("headers %v", first.Header())
	}
	again := ask(h, get(query("{ hello }"), "If-None-Match", `"other", `+tag))
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != tag {
		t.Errorf("got %d %q with tag %q", again.Code, again.Body, again.Header().Get("ETag"))
	}
	if other := ask(h, get(query("{ hello }"), "Accept", modern)); other.Header().Get("ETag") == tag {
		t.Error("two media types share a tag")
	}
	if other := ask(h, get(query(`{ hello(name: "x") }`), "If-None-Match", tag)); other.Code != http.StatusOK {
		t.Errorf("another answer has status %d", other.Code)
	}
	for _, r := range []*http.Request{post(hello), get(query("{ nope }"))} {
		if w := ask(h, r); w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %v", r.Method, w.Header())
		}
	}
}

func TestALongAnswerIsCompressedAndKeepsAnHonestTag(t *testing.T) {
	h := newServer(t, nil)
	plain := ask(h, get(query("{ long }")))
	w := ask(h, get(query("{ long }"), "Accept-Encoding", "gzip"))
	if w.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Accept-Encoding") {
		t.Fatalf("headers %v", w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(z)
	if diff := cmp.Diff(plain.Body.String(), string(body)); diff != "" {
		t.Errorf("body (-plain +unzipped):\n%s", diff)
	}
	tag := w.Header().Get("ETag")
	if tag == plain.Header().Get("ETag") {
		t.Error("two encodings share a strong tag")
	}
	if again := ask(h, get(query("{ long }"), "Accept-Encoding", "gzip", "If-None-Match", tag)); again.Code != http.StatusNotModified {
		t.Errorf("the compressed tag is not known again: %d", again.Code)
	}
}

func TestOtherPaths(t *testing.T) {
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "page "+r.URL.Path) })
	h := newServer(t, func(c *Config) {
		c.Explorer = page
		c.Ready = func(context.Context) error { return errors.New("secret address") }
	})
	for _, test := range []struct {
		path   string
		status int
		body   string
	}{
		{"/healthz", 200, "alive"},
		{"/readyz", 503, "not ready"},
		{"/", 200, "page /"},
		{"/explorer/app.js", 200, "page /explorer/app.js"},
		{"/wp-admin", 404, "There is nothing here"},
		{"/metrics", 200, "go_goroutines"},
	} {
		w := ask(h, httptest.NewRequest(http.MethodGet, test.path, nil))
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.body) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %.80q", test.path, w.Code, w.Body)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: headers %v", test.path, w.Header())
		}
	}
	if w := ask(newServer(t, nil), httptest.NewRequest(http.MethodGet, "/readyz", nil)); w.Code != http.StatusOK {
		t.Errorf("ready: %d", w.Code)
	}
	if w := ask(h, get("", "Accept", "text/html,*/*;q=0.8")); w.Code != http.StatusSeeOther {
		t.Errorf("a person at /graphql: %d", w.Code)
	}
}

func TestOtherOriginsReadOnlyWhereAllowed(t *testing.T) {
	const other = "https://example.org"
	for _, test := range []struct {
		name    string
		origins []string
		status  int
		allow   string
	}{
		{"same origin only", nil, 403, ""},
		{"listed", []string{other}, 200, other},
		{"another one listed", []string{"https://example.com"}, 403, ""},
		{"all", []string{"*"}, 200, "*"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newServer(t, func(c *Config) { c.Origins = test.origins })
			w := ask(h, post(hello, "Origin", other, "Sec-Fetch-Site", "cross-site"))
			if w.Code != test.status || w.Header().Get("Access-Control-Allow-Origin") != test.allow {
				t.Errorf("got %d and %q", w.Code, w.Header().Get("Access-Control-Allow-Origin"))
			}
			if w.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Error("credentials are allowed")
			}
		})
	}
	if _, err := New(Config{Schema: newToy(), Origins: []string{"example.org/x"}}); err == nil {
		t.Error("an origin that is none is taken")
	}
}

func TestEveryResponseHasARequestID(t *testing.T) {
	h := newServer(t, nil)
	if got := ask(h, post(hello, "X-Request-Id", "abc-1")).Header().Get("X-Request-Id"); got != "abc-1" {
		t.Errorf("a sane id became %q", got)
	}
	for _, bad := range []string{"", "a b", strings.Repeat("x", 200), "a\"b"} {
		if got := ask(h, post(hello, "X-Request-Id", bad)).Header().Get("X-Request-Id"); got == bad || len(got) < 20 {
			t.Errorf("id %q became %q", bad, got)
		}
	}
}

func TestOneLinePerRequestWithoutVariablesOrQuery(t *testing.T) {
	var log bytes.Buffer
	h := newServer(t, func(c *Config) { c.Logger = slog.New(slog.NewJSONHandler(&log, nil)) })
	ask(h, post(`{"query":"query Q($n:String){ hello(name:$n) }","variables":{"n":"confidential"}}`, "X-Request-Id", "id-1"))
	var got map[string]any
	if err := json.Unmarshal(log.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v", log.String(), err)
	}
	for _, changing := range []string{"time", "duration"} {
		if got[changing] == nil {
			t.Errorf("no %s", changing)
		}
		delete(got, changing)
	}
	want := map[string]any{
		"level": "INFO", "msg": "request", "operation": "Q", "kind": "query", "status": 200.0, "outcome": "ok",
		"bytes": 51.0, "request_id": "id-1", "cost": 7.0, "rows": 3.0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestACauseInsideIsLoggedWithTheRequestID(t *testing.T) {
	for _, field := range []string{"inside", "boom"} {
		var log bytes.Buffer
		h := newServer(t, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
		ask(h, post(`{"query":"{ `+field+` }"}`, "X-Request-Id", "id-2"))
		if !strings.Contains(log.String(), "secret") || !strings.Contains(log.String(), "id-2") {
			t.Errorf("%s: %s", field, log.String())
		}
	}
}

func TestMetricsCountByKindAndOutcome(t *testing.T) {
	h := newServer(t, nil)
	ask(h, post(hello))
	ask(h, post(`{"query":"{ tooMuch }"}`))
	ask(h, post(`nonsense`))
	body := ask(h, httptest.NewRequest(http.MethodGet, "/metrics", nil)).Body.String()
	for _, line := range []string{
		`nicgraph_requests_total{kind="query",outcome="ok"} 1`,
		`nicgraph_requests_total{kind="query",outcome="LIMIT_EXCEEDED"} 1`,
		`nicgraph_requests_total{kind="none",outcome="BAD_USER_INPUT"} 1`,
		`nicgraph_requests_in_flight 0`,
		`nicgraph_answer_bytes_count 3`,
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}

func TestWhoeverAsksAndLeavesIsNoFaultOfTheServer(t *testing.T) {
	var log bytes.Buffer
	h := newServer(t, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if w := ask(h, post(`{"query":"{ slow }"}`, "Accept", modern).WithContext(ctx)); w.Code != http.StatusGatewayTimeout {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if said := log.String(); strings.Contains(said, "level=ERROR") || strings.Contains(said, "level=WARN") || !strings.Contains(said, "status=499 outcome=gone") {
		t.Errorf("the log says: %s", said)
	}
}

func TestServeWaitsForRequestsUnderWay(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun := make(chan struct{})
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		time.Sleep(100 * time.Millisecond)
		io.WriteString(w, "done")
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, listener, slow) }()
	answer := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-begun
	stop()
	if got := <-answer; got != "done" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func FuzzReadParams(f *testing.F) {
	for _, seed := range []string{hello, "\ufeff{}", "[1]", `{"query":0}`, `{"variables":{"a":[[["\\\"]"]]]}}`, "{\"query\":\"\xff\"}", `"`, `\`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		params, err := readParams([]byte(body), http.Header{})
		if refused, ok := errors.AsType[*refusal](err); err != nil && (!ok || refused.status < 400 || refused.status > 499) {
			t.Errorf("%q: %v", body, err)
		}
		if err == nil && params.Query == "" {
			t.Errorf("%q: accepted without a query", body)
		}
	})
}

func BenchmarkHello(b *testing.B) {
	h, err := New(Config{Schema: newToy(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		ask(h, post(hello))
	}
}
