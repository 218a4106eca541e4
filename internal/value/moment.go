package value

import (
	"fmt"
	"time"
)

// ParseMoment reads a date, time and offset as RFC 3339 has them.
func ParseMoment(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, fmt.Errorf("%q is no moment; write date, time and offset, such as 2026-03-01T09:30:00Z", Clip(text))
	}
	return at.UTC(), nil
}

// FormatMoment writes a moment in UTC, with as much of the second as it has.
func FormatMoment(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }
