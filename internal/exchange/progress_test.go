package exchange

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLinesComeOnceASecondAndAtTheEnd(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	l := &lines{w: &out, now: func() time.Time { return now }}
	for done := range 7 {
		now = now.Add(400 * time.Millisecond)
		l.report(Progress{Step: "write", Done: done, Total: 6})
	}
	want := "write: 0 of 6\nwrite: 3 of 6\nwrite: 6 of 6\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestATerminalShowsABar(t *testing.T) {
	var out bytes.Buffer
	report := NewReporter(&out, true)
	report(Progress{Step: "read", Done: 1, Total: 1})
	report(Progress{Step: "write", Done: 0, Total: 0}) // nothing to write is no reason to fail
	report(Progress{Step: "write", Done: 2, Total: 2})
	if text := out.String(); !strings.Contains(text, "read 100%") || !strings.Contains(text, "\r") {
		t.Errorf("no bar in %q", text)
	}
}
