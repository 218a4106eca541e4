// Package suggest finds the name that somebody meant who wrote another one. Where the names
// come from is left to others.
package suggest

import (
	"iter"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest is the name most like a word, empty when none is near enough to be meant.
// Of several it is the first in the alphabet.
func Nearest(word string, names iter.Seq[string]) string {
	best, limit := "", 1+len(word)/4
	for name := range names {
		if abs(len(name)-len(word)) > limit {
			continue
		}
		d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(name))
		if d < limit || d == limit && (best == "" || name < best) {
			best, limit = name, d
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// DidYouMean is the tail of a message that suggests a name, or nothing.
func DidYouMean(word string, names iter.Seq[string]) string {
	if name := Nearest(word, names); name != "" {
		return "; did you mean " + name + "?"
	}
	return ""
}
