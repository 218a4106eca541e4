package value

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Interval is a span of days, both ends included, counted from 1970-01-01.
type Interval struct{ From, To int64 }

const dateHelp = "write a year, month or day such as 2013, 2013-09 or 2013-09-14, with ~ behind it when approximate, or two of them with / between"

// ParseDate reads a date of the EDTF subset that nicgraph stores and returns the
// days that it may mean: 2013, 2013-09, 2013-09-14, 2013~ (the year before to the
// year after; a month or day likewise by one of its kind), 2013/2014 (from the
// first day of the first to the last day of the last).
func ParseDate(text string) (Interval, error) {
	first, last, ranged := strings.Cut(text, "/")
	from, err := parsePart(first)
	if err != nil || !ranged {
		return from, err
	}
	to, err := parsePart(last)
	if err != nil {
		return Interval{}, err
	}
	if to.To < from.From {
		return Interval{}, fmt.Errorf("date %q ends before it begins", text)
	}
	return Interval{From: from.From, To: to.To}, nil
}

// ParseWritten reads a date that ParseDate accepts and returns the days of what is
// written, which people count by: an approximate date without its margin (2015~ is
// 2015), a school year as the year in which it begins (2013-08/2014-07 is 2013), any
// other date as ParseDate does.
func ParseWritten(text string) (Interval, error) {
	days, err := ParseDate(text)
	if err != nil || !strings.ContainsAny(text, "~/") {
		return days, err
	}
	plain := strings.ReplaceAll(text, "~", "")
	if year, ok := SchoolYearBegin(plain); ok {
		plain = year
	}
	if written, err := ParseDate(plain); err == nil {
		return written, nil
	}
	return days, nil // 2014~/2013 ends before it begins when it has no margin
}

// SchoolYear is the school year that begins in a year: August to July.
func SchoolYear(year string) string {
	n := number(year)
	return fmt.Sprintf("%04d-08/%04d-07", n, n+1)
}

// SchoolYearBegin is the year in which a date that is a school year begins.
func SchoolYearBegin(date string) (year string, ok bool) {
	year, _, ok = strings.Cut(date, "-08/")
	return year, ok && SchoolYear(year) == date
}

// parsePart reads a year, month or day of EDTF level 0 with the level 1 mark for
// "approximate" (ISO 8601-2:2019, 4.2 and 8.2.2).
func parsePart(text string) (Interval, error) {
	plain, approximate := strings.CutSuffix(text, "~")
	if !isDate(plain) {
		return Interval{}, fmt.Errorf("%q is not a date: %s", Clip(text), dateHelp)
	}
	slack := 0
	if approximate {
		slack = 1
	}
	year, month, day := numbers(plain)
	switch {
	case len(plain) == yearLength:
		return days(date(year-slack, 1, 1), date(year+1+slack, 1, 1)), nil
	case month < 1 || month > 12:
		return Interval{}, fmt.Errorf("%q is not a date: there is no month %s", text, plain[5:7])
	case len(plain) == monthLength:
		return days(date(year, month-slack, 1), date(year, month+1+slack, 1)), nil
	case date(year, month, day).Day() != day:
		return Interval{}, fmt.Errorf("%q is not a date: that month has no day %s", text, plain[8:])
	default:
		return days(date(year, month, day-slack), date(year, month, day+1+slack)), nil
	}
}

// The three forms of a date: 2013, 2013-09, 2013-09-14.
const (
	yearLength  = len("2013")
	monthLength = len("2013-09")
	dayLength   = len("2013-09-14")
)

// isDate tells whether a text has one of the three forms. It stands for a regular expression,
// which takes ten times as long: an import asks a million times.
func isDate(text string) bool {
	if n := len(text); n != yearLength && n != monthLength && n != dayLength {
		return false
	}
	for i := range len(text) {
		hyphen := i == yearLength || i == monthLength
		if hyphen != (text[i] == '-') || !hyphen && (text[i] < '0' || text[i] > '9') {
			return false
		}
	}
	return true
}

// numbers are those in a text of one of the three forms, 0 for what it leaves out.
func numbers(text string) (year, month, day int) {
	year = number(text[:yearLength])
	if len(text) > yearLength {
		month = number(text[yearLength+1 : monthLength])
	}
	if len(text) > monthLength {
		day = number(text[monthLength+1:])
	}
	return year, month, day
}

// FormatDay writes a day of an Interval as a date.
func FormatDay(day int64) string {
	return time.Unix(day*24*60*60, 0).UTC().Format(time.DateOnly)
}

// number reads digits.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// days is the interval from the first day up to, not including, the second.
func days(first, after time.Time) Interval {
	const perDay = 24 * 60 * 60
	return Interval{From: first.Unix() / perDay, To: after.Unix()/perDay - 1}
}

func compareDates(a, b string) int {
	x, errX := ParseDate(a)
	y, errY := ParseDate(b)
	if errX != nil || errY != nil { // not reached with stored dates
		return strings.Compare(a, b)
	}
	return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), strings.Compare(a, b))
}

// Clip shortens a text that is told in a message.
func Clip(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
