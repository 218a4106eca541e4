package load

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheGeneratorReadsAnswersOfAnyForm(t *testing.T) {
	for name, c := range map[string]struct {
		said, body, rest string
		head             head
	}{
		"of a length":         {"HTTP/1.1 200 OK\r\nA: b\r\ncontent-length: 2\r\n\r\n{}HTTP", "{}", "HTTP", head{status: "200", length: 2}},
		"in chunks":           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\nHTTP", "{}", "HTTP", head{status: "200", length: -1, chunked: true}},
		"chunks and trailers": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\nHTTP", "{}", "HTTP", head{status: "200", length: -1, chunked: true}},
		"and closed":          {"HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", "{}", "", head{status: "503", length: 2, closed: true}},
		"until it is closed":  {"HTTP/1.0 200 OK\r\n\r\n{}", "{}", "", head{status: "200", length: -1, closed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			from := bufio.NewReader(strings.NewReader(c.said))
			h, err := readHead(from)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(h.body(from))
			if err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(from)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{c.body, c.rest}, []string{string(body), string(rest)}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if h != c.head {
				t.Errorf("want %+v, got %+v", c.head, h)
			}
		})
	}
}

func TestTheGeneratorRefusesWhatIsNoAnswer(t *testing.T) {
	for _, said := range []string{"", "HTTP/1.1", "SMTP 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n", "HTTP/1.1 200 OK\r\nA"} {
		if h, err := readHead(bufio.NewReader(strings.NewReader(said))); err == nil {
			t.Errorf("%q: %+v", said, h)
		}
	}
}
