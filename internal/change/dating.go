package change

import (
	"fmt"
	"regexp"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// Dating is a date that may be written as a shorter text beside a name that says how to read
// it: "2013" beside SCHOOL_YEAR is 2013-08/2014-07. This file is the whole rule, both ways.
type Dating struct{ Date, Precision *catalog.Property }

// DatingOf finds the dating of a type: a date `started` and an enum `datePrecision`.
func DatingOf(t *catalog.Type) (Dating, bool) {
	date, hasDate := t.Property("started")
	precision, hasPrecision := t.Property("datePrecision")
	ok := hasDate && hasPrecision && date.Kind == value.Date && precision.Kind == value.Enum
	return Dating{date, precision}, ok
}

var (
	yearText  = regexp.MustCompile(`^\d{4}$`)
	monthText = regexp.MustCompile(`^\d{4}-\d{2}(-\d{2})?$`)
	rangeText = regexp.MustCompile(`^\d{4}(/\d{4})?$`)
)

// Expand is the date that a text means under a precision; EDTF is taken as it is when
// it already says the same. A text that does not fit the precision is an error.
func Expand(precision, cell string) (string, error) {
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

// Shorten is the inverse of Expand.
func Shorten(precision, date string) string {
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

// Backward finds a date of a node whose every day lies after every day of the date that
// should follow it: an end before the beginning.
func (n *Node) Backward() (from, to *catalog.Property, found bool) {
	for _, span := range [][2]string{{"started", "ended"}, {"startsOn", "endsOn"}} {
		from, hasFrom := n.Type.Property(span[0])
		to, hasTo := n.Type.Property(span[1])
		if hasFrom && hasTo && from.Kind == value.Date && to.Kind == value.Date && n.backward(from, to) {
			return from, to, true
		}
	}
	return nil, nil, false
}

func (n *Node) backward(from, to *catalog.Property) bool {
	first, errFirst := value.ParseDate(n.Values[from.Index].Str)
	last, errLast := value.ParseDate(n.Values[to.Index].Str)
	return errFirst == nil && errLast == nil && first.From > last.To
}
