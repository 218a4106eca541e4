package value_test

import (
	"strings"
	"testing"
	"time"

	"nicgraph/internal/value"
)

func TestParseDateGivesTheDaysThatAreMeant(t *testing.T) {
	for text, want := range map[string][2]string{
		"2013":              {"2013-01-01", "2013-12-31"},
		"2013-09":           {"2013-09-01", "2013-09-30"},
		"2012-02":           {"2012-02-01", "2012-02-29"},
		"2013-09-14":        {"2013-09-14", "2013-09-14"},
		"2013~":             {"2012-01-01", "2014-12-31"},
		"2013-01~":          {"2012-12-01", "2013-02-28"},
		"2013-01-01~":       {"2012-12-31", "2013-01-02"},
		"2013/2014":         {"2013-01-01", "2014-12-31"},
		"2013-08/2014-07":   {"2013-08-01", "2014-07-31"},
		"2013~/2014":        {"2012-01-01", "2014-12-31"},
		"2013-05/2013":      {"2013-05-01", "2013-12-31"},
		"1969-12-31":        {"1969-12-31", "1969-12-31"},
		"0000":              {"0000-01-01", "0000-12-31"},
		"9999":              {"9999-01-01", "9999-12-31"},
		"2000-02-29":        {"2000-02-29", "2000-02-29"},
		"2013-09-14/2013-9": {}, "1900-02-29": {}, "2013-13": {}, "2013-00": {}, "2013-04-31": {}, "2013-04-00": {},
		"": {}, "13": {}, "2013-9": {}, "2013~~": {}, "~2013": {}, "2013/": {}, "/2013": {}, "2013/2014/2015": {}, "2014/2013": {},
		//nolint:gocritic // the space is what is tested
		"2013 ": {}, "２０１３": {}, "2013?": {}, "-2013": {}, "2013-09-14T00:00": {}, "2013\n": {},
	} {
		t.Run(text, func(t *testing.T) {
			got, err := value.ParseDate(text)
			if want == [2]string{} {
				if err == nil {
					t.Errorf("it was taken as %v", got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if from, to := day(got.From), day(got.To); from != want[0] || to != want[1] {
				t.Errorf("got %s to %s, want %s to %s", from, to, want[0], want[1])
			}
		})
	}
}

func TestParseWrittenGivesTheDaysThatAreWritten(t *testing.T) {
	for text, same := range map[string]string{
		"2013": "2013", "2013-09": "2013-09", "2013-09-14": "2013-09-14", "2013/2014": "2013/2014", "2013-05/2013": "2013-05/2013",
		"2013~": "2013", "2013-09~": "2013-09", "2013-09-14~": "2013-09-14", "2013~/2014": "2013/2014",
		"2013-08/2014-07": "2013", "2013-08~/2014-07": "2013", "1999-08/2000-07": "1999",
		"2013-08/2015-07": "2013-08/2015-07", "2013-09/2014-06": "2013-09/2014-06", "2013-08-01/2014-07-31": "2013-08-01/2014-07-31",
		"2014~/2013": "2014~/2013",
	} {
		t.Run(text, func(t *testing.T) {
			got, err := value.ParseWritten(text)
			if err != nil {
				t.Fatal(err)
			}
			if want, _ := value.ParseDate(same); got != want {
				t.Errorf("got %s to %s, want those of %s", day(got.From), day(got.To), same)
			}
		})
	}
}

func TestWhatIsNoDateIsNoneAsItIsWrittenEither(t *testing.T) {
	for _, text := range []string{"", "2013~~", "~", "2014/2013", "2013-8/2014-07", "May 2013"} {
		if got, err := value.ParseWritten(text); err == nil {
			t.Errorf("%q was taken as %v", text, got)
		}
	}
}

func day(n int64) string { return time.Unix(n*24*60*60, 0).UTC().Format(time.DateOnly) }

func TestADateThatIsNoneSaysHowToWriteOne(t *testing.T) {
	_, err := value.ParseDate("May 2013")
	if err == nil || !strings.Contains(err.Error(), "2013-09-14") {
		t.Errorf("the error is %v", err)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2013", "2013-09~", "2013-08/2014-07", "0000~", "9999-12-31/9999-12-31~", "2013-02-30", "", "~/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		days, err := value.ParseDate(text)
		if err != nil {
			return
		}
		if days.From > days.To {
			t.Errorf("%q ends before it begins: %v", text, days)
		}
		if written, err := value.ParseWritten(text); err != nil || written.From > written.To {
			t.Errorf("%q as written is %v: %v", text, written, err)
		}
		if c := value.Compare(value.OfDate(text), value.OfDate(text)); c != 0 {
			t.Errorf("%q differs from itself", text)
		}
	})
}
