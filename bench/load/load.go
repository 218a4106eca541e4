// Package load asks servers the same again and again, over connections that stay open, and tells
// how long the answers took. Whether an answer is the right one, others have seen before.
package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Load is what is asked: one request, over so many connections, for so long.
type Load struct {
	Addresses   []string // of the servers among which the connections are divided
	Body        []byte
	Length      int // of the right answer
	Connections int
	Time        time.Duration
}

// wrong tells whether the length of an answer is not that of the right one. Some servers say
// beside it how long they took, so it may differ a little.
func (l *Load) wrong(length int) bool {
	return max(length-l.Length, l.Length-length) > 64+l.Length/50
}

// Drive asks until the time is over, in a closed loop over each connection, and gives the time that
// each answer took.
func Drive(ctx context.Context, l Load) ([]time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, l.Time+longest)
	defer cancel()
	all := make([][]time.Duration, l.Connections)
	errs := make([]error, l.Connections)
	until := time.Now().Add(l.Time)
	var working sync.WaitGroup
	for i := range l.Connections {
		working.Go(func() { all[i], errs[i] = l.over(ctx, NewLine(l.Addresses[i%len(l.Addresses)]), until) })
	}
	working.Wait()
	return slices.Concat(all...), errors.Join(errs...)
}

// longest is how long an answer may take; a connection always waits for its first one.
const longest = 60 * time.Second

// over asks over one connection, at least once.
func (l *Load) over(ctx context.Context, line *Line, until time.Time) ([]time.Duration, error) {
	defer line.HangUp()
	var times []time.Duration
	for began := time.Now(); len(times) == 0 || began.Before(until); {
		if err := l.ask(ctx, line); err != nil {
			return times, err
		}
		now := time.Now()
		times = append(times, now.Sub(began))
		began = now
	}
	return times, nil
}

func (l *Load) ask(ctx context.Context, line *Line) error {
	answer, err := line.Ask(ctx, l.Body)
	switch {
	case err != nil:
		return err
	case !answer.Good():
		return fmt.Errorf("answered with %s: %q", answer.Status, answer.Start)
	case l.wrong(answer.Length):
		return fmt.Errorf("the answer had %d bytes, the right one %d", answer.Length, l.Length)
	}
	return nil
}
