package load

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
)

// head is what the generator of the load must know of an answer's header. net/http would make a
// map of all of it, which takes as much of the processor as the server takes for a small answer,
// and takes it from the server.
type head struct {
	status  string
	length  int64 // -1: as long as it comes
	chunked bool
	closed  bool // by the server, behind the answer
}

// readHead reads the status line and the fields of the header (RFC 9112, sections 4 and 5).
func readHead(from *bufio.Reader) (h head, err error) {
	line, err := readLine(from)
	if err != nil {
		return h, err
	}
	_, status, _ := bytes.Cut(line, []byte(" "))
	if !bytes.HasPrefix(line, []byte("HTTP/1.")) || len(status) < 3 {
		return h, fmt.Errorf("this is no answer of HTTP: %q", line)
	}
	h = head{status: string(status[:3]), length: -1}
	for {
		if line, err = readLine(from); err != nil || len(line) == 0 {
			return h, err
		}
		if err := h.field(line); err != nil {
			return h, err
		}
	}
}

func (h *head) field(line []byte) (err error) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimSpace(value)
	switch {
	case bytes.EqualFold(name, []byte("Content-Length")):
		h.length, err = strconv.ParseInt(string(value), 10, 64)
	case bytes.EqualFold(name, []byte("Transfer-Encoding")):
		h.chunked = bytes.EqualFold(value, []byte("chunked"))
	case bytes.EqualFold(name, []byte("Connection")):
		h.closed = bytes.EqualFold(value, []byte("close"))
	}
	return err
}

// body reads what stands behind the head.
func (h *head) body(from *bufio.Reader) io.Reader {
	switch {
	case h.chunked:
		return io.MultiReader(httputil.NewChunkedReader(from), &trailer{from})
	case h.length >= 0:
		return io.LimitReader(from, h.length)
	default:
		h.closed = true
		return from
	}
}

// trailer is what stands behind the last chunk; nothing of it is part of the body.
type trailer struct{ from *bufio.Reader }

func (t *trailer) Read([]byte) (int, error) {
	for {
		if line, err := readLine(t.from); err != nil || len(line) == 0 {
			return 0, end(err)
		}
	}
}

func end(err error) error {
	if err == nil {
		return io.EOF
	}
	return err
}

// readLine reads a line without its end. It holds until the next one is read.
func readLine(from *bufio.Reader) ([]byte, error) {
	line, err := from.ReadSlice('\n')
	if err == io.EOF && len(line) > 0 {
		err = io.ErrUnexpectedEOF
	}
	return bytes.TrimRight(line, "\r\n"), err
}
