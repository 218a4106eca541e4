package httpserver

import (
	"context"
	"net"
	"sync/atomic"
	"time"

	"nicgraph/internal/fault"
)

// drain tells what lasts that the server shuts down, and counts the WebSockets, of which net/http
// does not know.
type drain struct {
	ctx   context.Context
	begin context.CancelCauseFunc
	open  atomic.Int64
}

type drainKey struct{}

func newDrain() *drain {
	d := &drain{}
	d.ctx, d.begin = context.WithCancelCause(context.Background())
	return d
}

// base is the context of all requests.
func (d *drain) base(net.Listener) context.Context {
	return context.WithValue(context.Background(), drainKey{}, d)
}

// tell has all that lasts end.
func (d *drain) tell() {
	d.begin(fault.New(fault.Unavailable, "the server is shutting down; go on later, behind the last change that came"))
}

// wait waits until all WebSockets have ended, or ctx has.
func (d *drain) wait(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for d.open.Load() > 0 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// stoppingOf is the drain of the server that a request came to, nil when it has none.
func stoppingOf(ctx context.Context) *drain {
	d, _ := ctx.Value(drainKey{}).(*drain)
	return d
}
