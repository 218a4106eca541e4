package httpserver

import (
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Requests that two programs may part differently: whoever asks through a proxy must not be able to
// put the beginning of somebody else's request behind its own.
func TestARequestIsReadInOneWayOrNotAtAll(t *testing.T) {
	server := httptest.NewServer(newServer(t, nil))
	defer server.Close()
	const second = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
	for name, test := range map[string]struct{ raw, want string }{
		"a length and chunks":          {"POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second, "400"},
		"chunks":                       {"POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n{\"query\":\"{ hello }\"}\r\n0\r\n\r\n" + second, "200"},
		"two lengths":                  {"POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n" + second, "400"},
		"a length that is none":        {"POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\n" + second, "400"},
		"chunks under another name":    {"POST /graphql HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + second, "501"},
		"two hosts":                    {"GET /healthz HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n" + second, "400"},
		"a blank before the colon":     {"GET /healthz HTTP/1.1\r\nHost : h\r\n\r\n" + second, "400"},
		"a line that goes on":          {"GET /healthz HTTP/1.1\r\nHost: h\r\nX: a\r\n Content-Length: 5\r\n\r\n", "200"},
		"a carriage return in a field": {"GET /healthz HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n" + second, "400"},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, test.raw); err != nil {
				t.Fatal(err)
			}
			_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond)) // connections that stay open say nothing more
			all, _ := io.ReadAll(conn)
			answers := strings.Count(string(all), "HTTP/1.1 ")
			if !strings.HasPrefix(string(all), "HTTP/1.1 "+test.want) || answers != 1 {
				t.Errorf("%d answers, want one, %s:\n%s", answers, test.want, all)
			}
		})
	}
}
