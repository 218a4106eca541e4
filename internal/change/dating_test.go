package change_test

import (
	"testing"

	"nicgraph/internal/change"
	"nicgraph/internal/value"
)

func TestAPrecisionIsReadAndWrittenBack(t *testing.T) {
	tests := []struct{ name, precision, cell, date string }{
		{"a month", "MONTH", "2015-10", "2015-10"},
		{"a day, for which the tables have no word of their own", "MONTH", "2015-10-03", "2015-10-03"},
		{"a year", "YEAR", "2015", "2015"},
		{"a season as its year", "SEASON", "2015", "2015"},
		{"the first year of a range", "RANGE", "2015", "2015"},
		{"a range whose end is known", "RANGE", "2015/2017", "2015/2017"},
		{"a school year from August to July", "SCHOOL_YEAR", "2013", "2013-08/2014-07"},
		{"the last school year of a century", "SCHOOL_YEAR", "1999", "1999-08/2000-07"},
		{"a year that is near", "APPROXIMATE", "2015", "2015~"},
		{"nothing", "UNKNOWN", "", ""},
		{"a precision without a rule", "CENTURY", "2015", "2015"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			date, err := change.Expand(tt.precision, tt.cell)
			if err != nil || date != tt.date {
				t.Fatalf("expand: %q, %v; want %q", date, err, tt.date)
			}
			if _, err := value.ParseDate(date); date != "" && err != nil {
				t.Error(err)
			}
			if cell := change.Shorten(tt.precision, date); cell != tt.cell {
				t.Errorf("shorten: %q, want %q", cell, tt.cell)
			}
			if again, err := change.Expand(tt.precision, date); err != nil || again != date {
				t.Errorf("expand of EDTF: %q, %v; want %q", again, err, date)
			}
		})
	}
}
