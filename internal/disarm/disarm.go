// Package disarm keeps what people wrote from being run by the spreadsheet that opens it.
// Tables, their columns and whether anybody asked for this are left to others.
package disarm

import (
	"regexp"
	"strings"
)

// formula finds where a cell would begin that is run: with one of the signs of OWASP, CSV
// injection, full-width ones among them, and blanks before it. Where semicolons part the cells,
// as in much of Europe, quotes inside a line part nothing, so that a semicolon and a line break
// in a text begin a cell, too.
var formula = regexp.MustCompile("(^|[;\r\n])([ \t\u00a0\ufeff]*[=+\\-@＝＋－＠])")

// Formulas is a text with a ' before all that a spreadsheet would run as a formula. It is for
// reading only: the text cannot be had back from it.
func Formulas(text string) string {
	safe := formula.ReplaceAllString(text, "$1'$2")
	if strings.ContainsAny(safe[:min(1, len(safe))], "\t\r\n") {
		return "'" + safe
	}
	return safe
}
