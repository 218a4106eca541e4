package change

import (
	"time"

	"nicgraph/internal/catalog"
)

// Recorded is a change as the history keeps it.
type Recorded struct {
	Number  int // 1, 2, …: the revision of the graph after it
	Note    Note
	Summary Summary
}

// Entry is what a change did to one node.
type Entry struct {
	Change int
	ID     string
	Type   *catalog.Type
	Before *Node // nil: the change created it
	After  *Node // nil: the change deleted it
}

// Ask asks the history for changes: those that meet all that is given.
type Ask struct {
	After, Before int       // numbers between which they lie, both left out; 0: any
	By            *string   // who wrote
	Since, Until  time.Time // when, both included; zero: any
	First         int       // how many at most
	Backward      bool      // the newest first
}

// Meets tells whether a change is asked for.
func (a *Ask) Meets(r *Recorded) bool {
	return r.Number > a.After && (a.Before == 0 || r.Number < a.Before) &&
		(a.By == nil || *a.By == r.Note.By) &&
		!r.Note.At.Before(a.Since) && (a.Until.IsZero() || !r.Note.At.After(a.Until))
}

// Past tells whether nothing that is asked for comes behind a change.
func (a *Ask) Past(r *Recorded) bool {
	if a.Backward {
		return r.Number <= a.After+1 || r.Note.At.Before(a.Since)
	}
	return a.Before > 0 && r.Number >= a.Before-1 || !a.Until.IsZero() && r.Note.At.After(a.Until)
}
