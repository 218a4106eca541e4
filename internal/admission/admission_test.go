package admission_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"nicgraph/internal/admission"
	"nicgraph/internal/fault"
)

func TestNoMoreIsWorkedOnThanThereArePlaces(t *testing.T) {
	queue := admission.New(admission.Limits{Places: 4, Wait: time.Minute})
	var now, most atomic.Int64
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			places := 1 + i%3
			leave, err := queue.Enter(t.Context(), places)
			if err != nil {
				t.Error(err)
				return
			}
			defer leave()
			taken := now.Add(int64(places))
			for old := most.Load(); taken > old && !most.CompareAndSwap(old, taken); old = most.Load() {
			}
			time.Sleep(time.Millisecond)
			now.Add(-int64(places))
		})
	}
	all.Wait()
	if most.Load() > 4 || most.Load() < 2 {
		t.Errorf("%d places were taken at once, of 4", most.Load())
	}
}

func TestWhatTakesMoreThanAllPlacesTakesAll(t *testing.T) {
	queue := admission.New(admission.Limits{Places: 4})
	leave, err := queue.Enter(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	leave()
}

func TestWhoWaitsForTooLongIsTurnedAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queue := admission.New(admission.Limits{Places: 1, Wait: time.Second})
		leave := enter(t, queue)
		began := time.Now()
		_, err := queue.Enter(t.Context(), 1)
		if took := time.Since(began); fault.KindOf(err) != fault.Overloaded || took != time.Second {
			t.Errorf("after %s: %v", took, err)
		}
		leave()
		enter(t, queue)()
	})
}

func TestWhoWouldWaitForTooLongIsTurnedAwayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queue := admission.New(admission.Limits{Places: 1, Wait: time.Second})
		for range 3 { // learns that a place is held for 400 ms
			leave := enter(t, queue)
			time.Sleep(400 * time.Millisecond)
			leave()
		}
		leave := enter(t, queue)
		for range 2 { // the first waits 400 ms, the second 800
			go func() {
				if leave, err := queue.Enter(t.Context(), 1); err == nil {
					time.Sleep(400 * time.Millisecond)
					leave()
				} else {
					t.Error(err)
				}
			}()
			synctest.Wait()
		}
		began := time.Now()
		_, err := queue.Enter(t.Context(), 1)
		if took := time.Since(began); fault.KindOf(err) != fault.Overloaded || took != 0 {
			t.Errorf("after %s: %v", took, err)
		}
		time.Sleep(400 * time.Millisecond)
		leave()
		time.Sleep(2 * time.Second)
		enter(t, queue)() // once the others have left there is room again
	})
}

func TestWhoGoesAwayWaitsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queue := admission.New(admission.Limits{Places: 1, Wait: time.Minute})
		defer enter(t, queue)()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := queue.Enter(ctx, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func enter(t *testing.T, queue *admission.Queue) (leave func()) {
	t.Helper()
	leave, err := queue.Enter(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return leave
}

func BenchmarkEnter(b *testing.B) {
	queue := admission.New(admission.Limits{})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			leave, err := queue.Enter(b.Context(), 1)
			if err != nil {
				b.Fatal(err)
			}
			leave()
		}
	})
}
