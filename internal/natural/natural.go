// Package natural orders ids as people do. What ids are it leaves to others.
package natural

import (
	"cmp"
	"slices"
	"strings"
)

// Compare compares ids as people order them: runs of digits as numbers, all else by code
// point, so that p2 comes before p10. Ids that differ in leading zeros only are ordered by
// their texts.
func Compare(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		if digit(x[0]) && digit(y[0]) {
			m, restX := number(x)
			n, restY := number(y)
			if c := cmp.Or(cmp.Compare(len(m), len(n)), strings.Compare(m, n)); c != 0 {
				return c
			}
			x, y = restX, restY
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// number is the number with which a text begins, without leading zeros, and what follows.
func number(text string) (digits, rest string) {
	end := 0
	for end < len(text) && digit(text[end]) {
		end++
	}
	return strings.TrimLeft(text[:end], "0"), text[end:]
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// Sort sorts ids in their natural order.
func Sort(ids []string) []string {
	slices.SortFunc(ids, Compare)
	return ids
}
