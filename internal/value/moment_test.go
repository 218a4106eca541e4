package value_test

import (
	"testing"

	"nicgraph/internal/value"
)

func TestMomentsAreReadAndWrittenInUTC(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-01T09:30:00Z":             "2026-03-01T09:30:00Z",
		"2026-03-01T09:30:00.123456+02:00": "2026-03-01T07:30:00.123456Z",
		"2024-02-29T00:00:00-11:00":        "2024-02-29T11:00:00Z",
		"2026-03-01":                       "",
		"2026-03-01T09:30:00":              "",
		"2026-02-29T09:30:00Z":             "",
		"2026-03-01T25:30:00Z":             "",
		"":                                 "",
	} {
		at, err := value.ParseMoment(text)
		if got := value.FormatMoment(at); (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%q: got %s, error %v, want %q", text, got, err, want)
		}
	}
}
