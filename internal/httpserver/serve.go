package httpserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// drainTime is how long requests under way may take to end after a shutdown was asked for.
const drainTime = 10 * time.Second

// Serve answers on listener until ctx ends, then waits up to ten seconds for requests under way.
// It returns nil after a shutdown that ctx asked for and that left no request behind.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	lasting := newDrain()
	server.BaseContext = lasting.base
	server.RegisterOnShutdown(lasting.tell)
	watched := watching(listener, lookAfter)
	defer watched.stop()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(watched) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	return shutDown(context.WithoutCancel(ctx), server, lasting, failed)
}

func shutDown(ctx context.Context, server *http.Server, lasting *drain, failed <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	err := errors.Join(server.Shutdown(ctx), lasting.wait(ctx))
	if err != nil {
		err = errors.Join(fmt.Errorf("requests were still under way after %s: %w", drainTime, err), server.Close())
	}
	if stopped := <-failed; !errors.Is(stopped, http.ErrServerClosed) {
		err = errors.Join(err, stopped)
	}
	return err
}
