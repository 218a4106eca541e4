package exchange

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// NewReporter shows progress to a person: as a bar on a terminal, elsewhere as lines,
// at most one a second and one at the end of each step.
func NewReporter(w io.Writer, terminal bool) func(Progress) {
	if terminal {
		b := &bar{w: w}
		return b.report
	}
	l := &lines{w: w, now: time.Now}
	return l.report
}

type bar struct {
	w    io.Writer
	step string
	bar  *progressbar.ProgressBar
}

// report draws the bar. What goes wrong in drawing must not stop the work.
func (b *bar) report(p Progress) {
	if b.bar == nil || p.Step != b.step {
		b.step = p.Step
		b.bar = progressbar.NewOptions(p.Total,
			progressbar.OptionSetWriter(b.w), progressbar.OptionSetDescription(p.Step), progressbar.OptionShowCount(),
			progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionOnCompletion(func() { fmt.Fprintln(b.w) }))
	}
	_ = b.bar.Set(p.Done)
}

type lines struct {
	w    io.Writer
	now  func() time.Time
	last time.Time
}

func (l *lines) report(p Progress) {
	now, ended := l.now(), p.Done == p.Total
	if !ended && now.Sub(l.last) < time.Second {
		return
	}
	l.last = now
	fmt.Fprintf(l.w, "%s: %d of %d\n", p.Step, p.Done, p.Total)
}
