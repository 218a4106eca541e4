package program

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func shell(t *testing.T, script string) *Process {
	t.Helper()
	p, err := Start(Server(t.Context(), "sh", "-c", script), filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Stop() })
	return p
}

func TestAServerIsReadyWhenItAnswers(t *testing.T) {
	asked := 0
	err := shell(t, "sleep 60").Await(t.Context(), func(context.Context) error {
		if asked++; asked < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	if err != nil || asked != 3 {
		t.Errorf("asked %d times, error %v; want 3 times and none", asked, err)
	}
}

func TestWhatAServerSaidIsToldWhenItEndsWhileStarting(t *testing.T) {
	err := shell(t, "echo no such folder >&2; exit 1").Await(t.Context(), func(context.Context) error { return errors.New("not yet") })
	if err == nil || !strings.Contains(err.Error(), "no such folder") {
		t.Errorf("error %v, want one with what the server said", err)
	}
}

func TestAServerLastsUntilItIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, err := Start(Server(ctx, "sleep", "60"), filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case <-p.ended:
		t.Error("it ended with who started it")
	case <-time.After(10 * time.Millisecond):
	}
	for range 2 {
		if err := p.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	}
	<-p.ended
}

func TestNoServerNeedsNoStop(t *testing.T) {
	var none *Process
	if err := none.Stop(); err != nil {
		t.Error(err)
	}
}

func TestWhatACommandSaidIsInItsError(t *testing.T) {
	err := Run(Server(t.Context(), "sh", "-c", "echo out of memory; exit 3"))
	if err == nil || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("error %v, want one with what the command said", err)
	}
}
