package exchange

import (
	"fmt"
	"regexp"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// A table may hold a date as a shorter text beside a column that says how to read it:
// "2013" beside SCHOOL_YEAR is 2013-08/2014-07. This file is the whole rule, both ways.
// It holds for every type with a date `started` and an enum `datePrecision`.
type dating struct{ date, precision *catalog.Property }

func datingOf(t *catalog.Type) (dating, bool) {
	date, hasDate := t.Property("started")
	precision, hasPrecision := t.Property("datePrecision")
	ok := hasDate && hasPrecision && date.Kind == value.Date && precision.Kind == value.Enum
	return dating{date, precision}, ok
}

var (
	yearText  = regexp.MustCompile(`^\d{4}$`)
	monthText = regexp.MustCompile(`^\d{4}-\d{2}(-\d{2})?$`)
	rangeText = regexp.MustCompile(`^\d{4}(/\d{4})?$`)
)

// expand is the date that a cell means under a precision; EDTF is taken as it is when
// it already says the same. A cell that does not fit the precision is an error.
func expand(precision, cell string) (string, error) {
	switch precision {
	case "UNKNOWN":
		return cell, want(cell == "", "an empty cell")
	case "MONTH":
		return cell, want(monthText.MatchString(cell), "a month such as 2013-09")
	case "SEASON", "YEAR":
		return cell, want(yearText.MatchString(cell), "a year such as 2013")
	case "RANGE":
		return cell, want(rangeText.MatchString(cell), "a year such as 2013, or two such as 2013/2015")
	case "SCHOOL_YEAR":
		if first, ok := value.SchoolYearBegin(cell); ok {
			cell = first
		}
		return value.SchoolYear(cell), want(yearText.MatchString(cell), "the year in which the school year begins, such as 2013")
	case "APPROXIMATE":
		cell = strings.TrimSuffix(cell, "~")
		return cell + "~", want(yearText.MatchString(cell), "a year such as 2013")
	default:
		return cell, nil
	}
}

func want(ok bool, what string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("wants %s", what)
}

// shorten is the inverse of expand.
func shorten(precision, date string) string {
	switch precision {
	case "SCHOOL_YEAR":
		if first, ok := value.SchoolYearBegin(date); ok {
			return first
		}
	case "APPROXIMATE":
		return strings.TrimSuffix(date, "~")
	}
	return date
}
