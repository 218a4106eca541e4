package issuer

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// pause is how long nothing is asked for again. A key that nobody has makes us ask the issuer
// for its keys, and anybody can send tokens that name one.
const pause = 5 * time.Second

// largest bounds the bytes of an answer of the issuer.
const largest = 1 << 20

// unreached is an issuer that could not be asked.
type unreached struct{ cause error }

func (e *unreached) Error() string { return "ask the issuer: " + e.cause.Error() }
func (e *unreached) Unwrap() error { return e.cause }

// errAsked is the answer to whoever would ask again too soon.
var errAsked = errors.New("the issuer was asked a moment ago")

// patient asks each address now and then only, and reads no more than can be right.
type patient struct {
	next http.RoundTripper
	now  func() time.Time

	mu   sync.Mutex
	last map[string]attempt // by address, of which there are two
}

// attempt is the last time that something was asked for.
type attempt struct {
	at  time.Time
	err error
}

// RoundTrip asks. Its errors are errAsked and *unreached.
func (p *patient) RoundTrip(r *http.Request) (*http.Response, error) {
	address := r.URL.String()
	if err := p.begin(address); err != nil {
		return nil, err
	}
	response, err := p.next.RoundTrip(r)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.Join(fmt.Errorf("%s answers %s", address, response.Status), response.Body.Close())
	}
	if err != nil {
		err = &unreached{err}
		p.failed(address, err)
		return nil, err
	}
	response.Body = limited{io.LimitReader(response.Body, largest), response.Body}
	return response, nil
}

// begin tells why not to ask now. Whoever comes after a failure is told of it.
func (p *patient) begin(address string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if last, ok := p.last[address]; ok && !now.Before(last.at) && now.Sub(last.at) < pause {
		if last.err != nil {
			return last.err
		}
		return errAsked
	}
	p.last[address] = attempt{at: now}
	return nil
}

func (p *patient) failed(address string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last[address] = attempt{at: p.last[address].at, err: err}
}

type limited struct {
	io.Reader
	io.Closer
}
