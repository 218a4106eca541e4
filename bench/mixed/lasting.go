package main

import (
	"context"
	"fmt"
	"time"
)

// lasting has readers and writers go on together for long, and tells the memory as time goes by.
func lasting(ctx context.Context, server *server, s *setting) error {
	if s.lasting == 0 {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, s.lasting)
	defer cancel()
	fmt.Printf("%d + %d for %s; MB of heap in use, of heap at which the collector begins, held, of that pages of files, most held, on disk\n", s.readers, s.writers, s.lasting)
	fmt.Printf("%-9s %8s %9s %9s %8s %8s %7s %7s %7s %7s %7s %7s\n", "after", "reads/s", "p50", "p99", "refused", "writes/s", "heap", "goal", "held", "files", "most", "disk")
	begun := time.Now()
	w := server.begin(limited, s.usual(s.writers))
	defer w.all.Wait()
	defer cancel()
	var g growth
	for limited.Err() == nil {
		pause(limited, s.each)
		if ctx.Err() != nil {
			break // what was found until now is told all the same
		}
		r := w.take()
		m, err := server.memory(ctx)
		if err != nil {
			return err
		}
		if err := r.problem(); err != nil {
			return err
		}
		g.add(r, m)
		fmt.Printf("%-9s %8.0f %9s %9s %8d %8.0f %7.1f %7.1f %7.1f %7.1f %7.1f %7.1f\n", time.Since(begun).Round(time.Second), r.perSecond(len(r.reads)), r.read(50), r.read(99), len(r.refused), r.perSecond(r.writes),
			mb(m.heap), mb(m.goal), mb(m.held), mb(m.mapped), mb(r.held), mb(m.disk))
	}
	fmt.Print(g.String())
	return ctx.Err()
}

func mb(bytes int) float64 { return float64(bytes) / (1 << 20) }

// growth is what became of the memory between the first time it was told and the last.
type growth struct {
	times       int
	first, last memory
	most        int // bytes that the server held
	writes      int // behind the first time
}

func (g *growth) add(r *result, m memory) {
	if g.times == 0 {
		g.first = m
	} else {
		g.writes += r.writes
	}
	g.times++
	g.last, g.most = m, max(g.most, r.held, m.held)
}

func (g *growth) String() string {
	own := func(m memory) int { return m.held - m.mapped }
	said := fmt.Sprintf("at most %.1f MB held", mb(g.most))
	if g.writes == 0 {
		return said + "\n"
	}
	disk := g.last.disk - g.first.disk
	return said + fmt.Sprintf("; from the first time to the last: goal of the heap %+.1f MB, held beside pages of files %+.1f MB, on disk %+.1f MB, %d bytes for each of %d writes\n",
		mb(g.last.goal-g.first.goal), mb(own(g.last)-own(g.first)), mb(disk), disk/g.writes, g.writes)
}
