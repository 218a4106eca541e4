package httpserver

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

type name struct{}

func TestAContextEndsInTime(t *testing.T) {
	for what, end := range map[string]struct {
		by    func(parent context.CancelFunc, ctx *within)
		want  error
		cause error
	}{
		"at its moment":         {func(context.CancelFunc, *within) { time.Sleep(time.Second) }, context.DeadlineExceeded, context.DeadlineExceeded},
		"with its parent":       {func(parent context.CancelFunc, _ *within) { parent() }, context.Canceled, context.Canceled},
		"when it is released":   {func(_ context.CancelFunc, ctx *within) { ctx.release() }, context.Canceled, context.Canceled},
		"not before its moment": {func(context.CancelFunc, *within) { time.Sleep(time.Second - 1) }, nil, nil},
	} {
		for how, watch := range map[string]func(*within) (context.Context, context.CancelFunc){
			"nobody waits":         func(ctx *within) (context.Context, context.CancelFunc) { return ctx, func() {} },
			"somebody waits":       func(ctx *within) (context.Context, context.CancelFunc) { ctx.Done(); return ctx, func() {} },
			"one made of it waits": func(ctx *within) (context.Context, context.CancelFunc) { return context.WithCancel(ctx) },
		} {
			t.Run(what+", "+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					parent, cancel := context.WithCancel(context.WithValue(t.Context(), name{}, "kept"))
					defer cancel()
					ctx := newWithin(parent, time.Second)
					defer ctx.release()
					watched, unwatch := watch(ctx)
					defer unwatch()
					end.by(cancel, ctx)
					synctest.Wait()
					if err := watched.Err(); !errors.Is(err, end.want) || (end.want == nil) != (err == nil) {
						t.Errorf("ended with %v, want %v", err, end.want)
					}
					if cause := context.Cause(watched); !errors.Is(cause, end.cause) {
						t.Errorf("because of %v, want %v", cause, end.cause)
					}
					select {
					case <-watched.Done():
						if end.want == nil {
							t.Error("done too early")
						}
					default:
						if end.want != nil {
							t.Error("not done")
						}
					}
					if ctx.Value(name{}) != "kept" {
						t.Error("the value of the parent is lost")
					}
				})
			})
		}
	}
}

func TestAContextTellsTheEarlierDeadline(t *testing.T) {
	soon, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	want, _ := soon.Deadline()
	if got, _ := newWithin(soon, time.Minute).Deadline(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
